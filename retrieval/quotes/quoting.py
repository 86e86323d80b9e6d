"""Words of an article → a quote of them, with what opens its published page at them; and whether
they stand in the article's file, at the very place that the quote names."""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from ..articles.plain_view import as_published, plain_view
from ..articles.tables import table_head
from ..errors import CorpusError, reason_of
from ..files import contained
from ..formats.file_text import Content, file_bytes, read
from ..models import MAX_QUOTE, Answer, Article, Outcome, Quote, Source, Span, TableHead
from .text_fragments import text_fragment

ReadArticle = Callable[[str, str], Content | None]
"""`indexed_content` of a folder."""


def quoted(article: Article, start: int, end: int) -> Quote:
    """The words between two offsets of an article's text, cut to what a quote may have."""
    end = min(end, start + MAX_QUOTE, len(article.text))
    quote = quote_of(article.source, start, article.text[start:end], (start, end))
    return linked(quote, Content(article.text, pages=article.pages))


def quote_of(source: Source, start: int, words: str, answer: Span, score: float = 1.0) -> Quote:
    """A quote of these words, which begin at an offset of the source's article; no fragment yet."""
    return Quote(
        article=source.path,
        start=start,
        end=start + len(words),
        text=words,
        score=score,
        language=source.language,
        title=source.title,
        date=source.date,
        url=source.url,
        sha256=source.sha256,
        answer=answer,
        original=source.original,
        corpus=source.corpus,
    )


def linked(quote: Quote, content: Content) -> Quote:
    """The quote with the page of a PDF that it stands on, and with its fragment if its words are at
    the article's address; `content` is that of its file."""
    page = content.page_at(quote.answer[0])
    if quote.url is None or quote.original:
        return replace(quote, fragment=None, page=page)
    if page and urlsplit(quote.url).path.lower().endswith(".pdf"):
        return replace(quote, fragment=f"page={page}", page=page)
    # The published page has no markup.
    view = plain_view(content.text, quote.article)
    span = view.offset(quote.start), view.offset(quote.end)
    fragment = text_fragment(view.text, *span)
    # The address may lead to the file or to a page about it, which overlooks the number.
    if page:
        fragment = f"page={page}{fragment or ''}"
    return replace(quote, fragment=fragment, page=page)


def shown_parts(quote: Quote, lead: str = "") -> tuple[str, str, str]:
    """The words of a quote as its published page shows them: those before the sentence that
    answers, the sentence, and those after it. The quote's own text is the file's, with its markup.
    `lead` is what stands before it in its paragraph, where that is known.
    """
    first, last = (offset - quote.start for offset in quote.answer)
    spans = (0, first), (first, last), (last, len(quote.text))
    before, sentence, after = (
        as_published(quote.text[start:end], quote.article, lead + quote.text[:start])
        for start, end in spans
    )
    return before, sentence, after


def shown_head(quote: Quote) -> str:
    """Return the head of a quote's table as its published page shows it, in a line above one that
    marks what is left out between; empty where the quote has no such head."""
    return f"{as_published(quote.head.text, quote.article)}\n…\n" if quote.head else ""


def shown(quote: Quote, lead: str = "") -> str:
    """The words of a quote as its published page shows them. See `shown_parts`."""
    return "".join(shown_parts(quote, lead))


def verified_answer(answer: Answer, read: ReadArticle) -> Answer:
    """Return an answer without the quotes of articles that no longer hold one as it was indexed; it
    names these articles, which are read with `read`."""
    checked = [
        (quote, _verified_in(read(quote.article, quote.sha256), quote)) for quote in answer.quotes
    ]
    changed = {quote.article for quote, held in checked if held is None}
    quotes = tuple(held for _, held in checked if held and held.article not in changed)
    outcome = Outcome.OUT_OF_DATE if changed and not quotes else answer.outcome
    return replace(answer, outcome=outcome, quotes=quotes, out_of_date=tuple(sorted(changed)))


def verified(folder: Path, quote: Quote) -> Quote | None:
    """The quote with what links to its words and the head of its table, if its article's file holds
    it; else None. Raises CorpusError as `indexed_content` does."""
    return _verified_in(indexed_content(folder, quote.article, quote.sha256), quote)


def _verified_in(content: Content | None, quote: Quote) -> Quote | None:
    """As `verified`, by what the article's file holds."""
    if content is None or not content.text.startswith(quote.text, quote.start):
        return None
    span = table_head(content.text, quote.start)
    head = TableHead(*span, content.text[slice(*span)]) if span else None
    return replace(linked(quote, content), head=head)


def indexed_content(folder: Path, article: str, sha256: str) -> Content | None:
    """What the file of an article in a folder holds, if it is the one of this hash, which was
    indexed; else None. The file is read each time.

    Raises CorpusError where no more files may be opened, which says nothing of this one.
    """
    held = _content_and_hash(folder, article, sha256)
    return held[0] if held else None


def present(folder: Path, quote: Quote) -> tuple[str, Quote] | None:
    """The text of the quote's article as it is now, and the quote as it stands in it.

    If the article has changed, the quote has the new file's hash, and the place of its words that
    is nearest to where they stood. None if they stand there no longer, or the file is gone.
    Raises CorpusError as `indexed_content` does.
    """
    if (held := _content_and_hash(folder, quote.article)) is None:
        return None
    content, sha256 = held
    places = [match.start() for match in re.finditer(re.escape(quote.text), content.text)]
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - quote.start))
    by = start - quote.start
    answer = (quote.answer[0] + by, quote.answer[1] + by)
    moved = replace(quote, start=start, end=quote.end + by, answer=answer, sha256=sha256)
    now = _verified_in(content, moved)
    return (content.text, now) if now else None


def _content_and_hash(
    folder: Path, article: str, sha256: str | None = None
) -> tuple[Content, str] | None:
    """What an article's file holds, and its hash; None if there is no such file, or not of
    `sha256`, or it holds nothing."""
    try:
        data = file_bytes(contained(folder, article))
        current = hashlib.sha256(data).hexdigest()
        if sha256 in (None, current):
            return read(data, Path(article).suffix), current
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}:
            raise CorpusError(f"{article} cannot be read ({reason_of(error)}).") from error
    return None
