"""Use another model: any sentence encoder that sentence-transformers can load.

    python examples/custom_model.py FOLDER_OR_NAME "Who received the Ho Chi Minh Order?"

A name is looked up on a model hub, a folder is taken as it is. The index remembers which model
made it, so each model gets a data folder of its own here. The bot takes the same folder or name in
PASSAGE_EMBEDDING_MODEL. Scores are only calibrated for the default model: with another one, look at
the order of the hits first.
"""

import sys
from pathlib import Path

from retrieval import Library

model, *words = sys.argv[1:]

with Library.open(Path("seeds"), Path("data-of-another-model"), model) as library:
    report = library.reload()
    print(f"{report.embedded} texts embedded by {library.status().model}.")

    # `search` gives the hits in order, whatever their scores; `ask` quotes those above a threshold.
    for hit in library.search(" ".join(words), limit=3):
        print(f"{hit.score:.2f}  {hit.passage.source.title}: {hit.passage.text[:60]} …")
