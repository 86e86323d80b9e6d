"""A quote → what stands around it in its article's file: paragraphs, or all of it; and what stands
for it there once its article has changed. Nothing is embedded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

from ..articles.metadata import body_of, of_bytes
from ..articles.paragraphs import paragraphs
from ..articles.passages import passages
from ..files import contained
from ..formats.file_text import file_bytes
from ..languages.terms import UNSPACED, accented_words
from ..models import MAX_QUOTE, Article, Context, Kind, Quote, Source, Span
from ..quotes.quoting import present, quote_of, verified

LEAST_LIKE = 0.7
"""The share of a quote's words, in their order, that a passage in its place holds at least. Of
passages taken out of their articles, in six corpora, others of the article hold as much for 1 to 16
of 100 (at .5 for 5 to 38); of those of which every tenth word is another one, nearly all do."""


def article(folder: Path, path: str) -> str | None:
    """The text of an article as its file holds it now, past front matter; None if there is none."""
    parsed = _parsed(folder, path)
    return parsed.text[parsed.body :] if parsed else None


def _parsed(folder: Path, path: str) -> Article | None:
    """An article as its file holds it now; None if there is none."""
    try:
        return of_bytes(file_bytes(contained(folder, path)), path)
    except (OSError, ValueError):
        return None


def context(folder: Path, quote: Quote) -> Context | None:
    """The quote's paragraphs and their neighbours, as they are now; None if its words no longer
    stand in the file."""
    present_quote = present(folder, quote)
    if present_quote is None:
        return None
    text, quote = present_quote
    try:
        body = body_of(text, quote.article).body
    except ValueError:  # Its front matter is broken by now.
        return None
    parts = [part for part in paragraphs(text, body) if part.kind is not Kind.FURNITURE]
    indices = [
        n for n, part in enumerate(parts) if part.start < quote.end and quote.start < part.end
    ]
    if not indices or quote.start < parts[indices[0]].start:
        return None  # What is left of its words is in a button's label, or the like.
    first, last = indices[0], indices[-1]
    before = parts[first - 1] if first else None
    after = parts[last + 1] if last + 1 < len(parts) else None
    return Context(
        before=text[before.start : before.end] if before else "",
        lead=text[parts[first].start : quote.start],
        quote=quote,
        rest=text[quote.end : parts[last].end],
        after=text[after.start : after.end] if after else "",
    )


def renewed(folder: Path, quote: Quote, source: Source) -> Quote | None:
    """Return what stands for a quote in its article as the file is now.

    It is the quote itself, at its place and address of now, where its words still stand there.
    Else it is the passage, or passages in a row, most like it (`difflib`'s ratio of the words) of
    those that still hold most of its words.

    Args:
        folder: the folder of articles.
        quote: the quote as it was shown.
        source: its article, which may have another path, address or title since.

    Returns:
        The words of now; None where there is nothing like the quote, or the file is gone.

    Raises:
        CorpusError: no more files may be opened.
    """
    facts = {name: getattr(source, name) for name in ("title", "date", "url", "original")}
    moved = replace(quote, article=source.path, **facts)
    if present := context(folder, moved):
        return present.quote
    article = _parsed(folder, source.path)
    span = _most_like(quote.text, article) if article else None
    if article is None or span is None:
        return None
    current = replace(source, sha256=article.source.sha256)
    words = article.text[slice(*span)]
    return verified(folder, quote_of(current, span[0], words, span, quote.score))


def _most_like(words: str, article: Article) -> Span | None:
    """The place of the passages in a row that are most like some words, if they hold most of
    them."""
    old, best = _units(words), (0.0, (0, 0))
    for span in _runs([(passage.start, passage.end) for passage in passages(article)]):
        new = _units(article.text[slice(*span)])
        if (Counter(old) & Counter(new)).total() < LEAST_LIKE * len(old):
            continue
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        if sum(block.size for block in matcher.get_matching_blocks()) >= LEAST_LIKE * len(old):
            best = max(best, (matcher.ratio(), span))
    return best[1] if best[0] else None


def _runs(spans: Sequence[Span]) -> Iterator[Span]:
    """The spans from the start of each passage to the end of a later one that can be quoted."""
    for number, (start, _) in enumerate(spans):
        for _, end in spans[number:]:
            if end - start > MAX_QUOTE:
                break
            yield start, end


def _units(text: str) -> list[str]:
    """The words of a text; the letters of words in a script that puts no space between them."""
    return [
        unit for word in accented_words(text) for unit in (word if UNSPACED.match(word) else [word])
    ]
