"""A passage as a quote."""

from __future__ import annotations

from retrieval.models import Passage, Quote


def quote_of(passage: Passage) -> Quote:
    source = passage.source
    return Quote(
        source.path, passage.start, passage.end, passage.text, 1.0, source.language, source.title,
        source.date, source.url, source.sha256, passage.sentences[0],
    )  # fmt: skip
