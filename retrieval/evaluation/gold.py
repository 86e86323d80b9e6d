"""Gold questions, asked.

A gold file has one JSON object a line: `question`, `lang`, `answerable`, and `gold`, a list of
{`seed`: an article's path, `contains`: words of it}. A quote is a hit when it is from a gold
article and contains its words. An unanswerable question may have a `kind`, such as `near` or `far`
from what the articles are about. Any may have a `style`, how it is written, and a `wh`, what it
asks for.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..embedding.encoder import Progress
from ..errors import OperatorError, PassageError, reason_of
from ..library import DEPTH, Library
from ..models import Outcome
from .metrics import Evaluation, GoldResult, measure


@dataclass(frozen=True, slots=True)
class Gold:
    """A gold question. `passages` are pairs of an article's path and words of it; `kind`, `style`
    and `asks` (the gold file's `wh`) are classes that figures go by."""

    question: str
    language: str
    answerable: bool
    passages: tuple[tuple[str, str], ...]
    kind: str | None = None
    style: str | None = None
    asks: str | None = None

    def held_by(self, article: str, text: str) -> bool:
        """Whether a text of an article is a hit."""
        return any(article == path and words in text for path, words in self.passages)


def read_gold(path: Path) -> list[Gold]:
    """Read a gold file.

    Raises:
        OperatorError: it cannot be read, or a line is not a gold question.
    """
    golds, number = list[Gold](), 0
    try:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):  # noqa: B007
            if line.strip():
                golds.append(_gold(json.loads(line)))
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(
            f"The gold questions in {path} cannot be read ({reason_of(error)})."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        reason = (
            "it is not JSON" if isinstance(error, ValueError) else "its fields are not those of one"
        )
        if isinstance(error, KeyError):
            reason = f"it has no {error}"
        raise OperatorError(
            f"Line {number} of {path} is not a gold question ({reason})."
        ) from error
    if not golds:
        raise OperatorError(f"There is no gold question in {path}.")
    return golds


def evaluate(library: Library, path: Path, progress: Progress | None = None) -> Evaluation:
    """Ask every question of a gold file and measure how well it is answered.

    Args:
        library: what is asked.
        path: the gold file (see `read_gold`).
        progress: is told after each question how many have been asked, and of how many.

    Raises:
        OperatorError: the file is not a gold file, or one of its questions cannot be asked.
    """
    golds = read_gold(path)
    library.warm()
    languages = {source.path: source.language for source in library.sources()}
    results = []
    for number, gold in enumerate(golds, 1):
        results.append(_result(library, gold, languages))
        if progress:
            progress(number, len(golds))
    return measure(results)


def _gold(row: dict[str, Any]) -> Gold:
    passages = tuple((str(gold["seed"]), str(gold["contains"])) for gold in row["gold"])
    question, language = str(row["question"]), str(row["lang"])
    optional = (row.get(name) for name in ("kind", "style", "wh"))
    classes = (None if value is None else str(value) for value in optional)
    return Gold(question, language, bool(row["answerable"]), passages, *classes)


def _result(library: Library, gold: Gold, languages: Mapping[str, str]) -> GoldResult:
    started = time.perf_counter()
    try:
        answer = library.ask(gold.question)
        ms = (time.perf_counter() - started) * 1000
        hits = [] if answer.outcome is Outcome.SMALL_TALK else library.search(gold.question, DEPTH)
    except PassageError as error:
        raise OperatorError(f"{gold.question[:60]!r} cannot be asked: {error}") from error
    matches = [gold.held_by(hit.passage.source.path, hit.passage.text) for hit in hits]
    score = hits[0].score if hits else 0.0
    right, quote_score = matches[:1] == [True], score
    if answer.quotes:
        quote = answer.quotes[0]
        right, quote_score = gold.held_by(quote.article, quote.text), quote.score
    return GoldResult(
        language=gold.language,
        pair=_pair(gold, languages) if gold.answerable else None,
        kind=gold.kind,
        rank=matches.index(True) + 1 if True in matches else None,
        right_article=bool(hits) and hits[0].passage.source.path in dict(gold.passages),
        score=score,
        right=right and gold.answerable,
        quote_score=quote_score,
        answered=answer.answered,
        ms=ms,
    )


def _pair(gold: Gold, languages: Mapping[str, str]) -> str:
    """The question's language and that of the gold articles, `en-de`.

    Of several languages it is the question's own, else that of the first article in the gold file:
    so a pair has the same questions whatever is retrieved. `?`: no gold article is indexed.
    """
    indexed = [languages[article] for article, _ in gold.passages if article in languages]
    return f"{gold.language}-{gold.language if gold.language in indexed else [*indexed, '?'][0]}"
