"""Ask a folder of articles from your own program.

    python examples/ask_in_python.py "Who received the Ho Chi Minh Order?"

Run it in the repository's folder: the articles are in seeds/, the index is kept in data/.
"""

import sys
from pathlib import Path

from retrieval import Library, QuestionError

with Library.open(Path("seeds"), Path("data")) as library:
    # Brings the index up to the files. Only what is new or has changed is embedded.
    library.reload()

    try:
        answer = library.ask(" ".join(sys.argv[1:]) or "Who received the Ho Chi Minh Order?")
    except QuestionError as error:  # It is empty, too long, or holds no words.
        sys.exit(str(error))

    for quote in answer.quotes:
        print(f"“{quote.text}”")
        print(f"  {quote.title}, {quote.link or quote.article}, score {quote.score:.2f}")

    if not answer.answered:
        print("The articles do not answer this.")
        for quote in answer.nearest:
            print(f"Near it: {quote.title}")
