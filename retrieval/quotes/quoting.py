"""Words of an article → a quote of them, with what opens its published page at them. Pure."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from ..articles.plain_view import as_published, plain_view
from ..formats.file_text import Content
from ..models import MAX_QUOTE, Article, Quote, Source, Span
from .text_fragments import text_fragment


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


def shown_parts(quote: Quote) -> tuple[str, str, str]:
    """The words of a quote as its published page shows them: those before the sentence that
    answers, the sentence, and those after it. The quote's own text is the file's, with its markup.
    """
    first, last = (offset - quote.start for offset in quote.answer)
    parts = quote.text[:first], quote.text[first:last], quote.text[last:]
    before, sentence, after = (as_published(part, quote.article) for part in parts)
    return before, sentence, after


def shown_head(quote: Quote) -> str:
    """Return the head of a quote's table as its published page shows it, in a line above one that
    marks what is left out between; empty where the quote has no such head."""
    return f"{as_published(quote.head.text, quote.article)}\n…\n" if quote.head else ""


def shown(quote: Quote) -> str:
    """The words of a quote as its published page shows them. See `shown_parts`."""
    return "".join(shown_parts(quote))
