"""Answers of which every quote is verified."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ..models import Answer
from ..quotes.verify import verified


def verified_answer(folder: Path, compose: Callable[[Sequence[str]], Answer]) -> Answer:
    """Return what `compose` makes without the articles in `folder` that no longer hold a quote as
    it was indexed; it is given their paths, and is called until all quotes are held."""
    changed: list[str] = []
    while True:
        answer = compose(changed)
        checked = [(quote.article, verified(folder, quote)) for quote in answer.quotes]
        changed += [article for article, quote in checked if quote is None]
        quotes = tuple(quote for _, quote in checked if quote)
        if len(quotes) == len(answer.quotes):
            return replace(answer, quotes=quotes)
