"""Article → Passages: spans of whole sentences within one paragraph. Pure.

A passage is as long as a quote may be and no longer, so that what is found is what is quoted.
Sentences are found in the plain view of the text; a passage has the file's own characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from ..languages.sections import section_at_start
from ..languages.terms import QUESTION_MARKS
from ..models import MAX_QUOTE, Article, Kind, Passage, Span
from .lists import ListLine
from .paragraphs import MAX_HEADING, paragraphs
from .plain_view import PlainView, plain, plain_line, plain_view, stripped
from .sentences import clauses, sentences
from .tables import table_rows

VERSION = "30"
"""Changes when of the same article other passages, or other vectors of them, would be kept: an
index remembers it."""

ENOUGH = 300
"""A passage of so many characters takes no further sentence (from 200 to 500: little odds)."""

TOO_SHORT = 80
"""A last sentence of fewer characters joins the passage before it where it fits."""

_SENTENCE_END = re.compile(r"(?<!\b\w)[.!?]\s")

_QUOTABLE = (Kind.PROSE, Kind.CAPTION)


def passages(article: Article) -> list[Passage]:
    """All passages of an article that may be quoted, in order, each with the heading above it.

    What `#` marks as a heading is not given but for the number of a section ("## § 2 Cycling") or a
    question: in Markdown it stands above all and says little, and first quotes got worse by it
    ("Usage"); a quote takes it in where a question asks for it. A question that is a paragraph by
    itself is the heading of the next one, which answers it. The line that leads to a list is given
    with each of its items, which often say nothing without it ("- Approved.").
    """
    view = plain_view(article.text, article.source.path)
    collected: list[Passage] = []
    heading = table_heading = ""
    leads: list[ListLine] = []
    """Those to the list that a paragraph is in, the nearest last."""
    parts = paragraphs(article.text, article.body)
    for (start, end, kind), below in zip_longest(parts, parts[1:]):
        if kind is Kind.HEADING:
            leads.clear()
            heading = _words_of_heading(article, start, end)
            is_question = heading.endswith(QUESTION_MARKS)
            is_over_table = below and below.kind is Kind.TABLE
            if article.text[start] == "#" and not (is_question or section_at_start(heading)):
                table_heading, heading = (heading if is_over_table else ""), ""
        elif below and below.kind in _QUOTABLE and _is_lone_question(article.text[start:end]):
            heading = _words_of_heading(article, start, end)
        elif kind is Kind.TABLE:
            collected += _of_table(article, start, end, heading or table_heading)
            table_heading = ""
        elif kind in _QUOTABLE:
            spans = _sentences(view, start, end, article.source.language)
            groups = _groups(article.text, spans)
            line = ListLine.at(article.text, start)
            while leads and not leads[-1].has(line):
                leads.pop()
            above = [heading, *(lead.words for lead in leads[-1:])]
            given = "\n".join(filter(None, above))
            collected += (_passage(article, kind, group, given) for group in groups)
            if groups and below and (item := ListLine.at(article.text, below.start)).mark:
                words = plain_line(article.text[slice(*groups[-1][-1])], article.source.path)
                lead = line._replace(items=item.mark, words=words)
                leads += [lead] if lead.leads_to(item) else []
    return collected


def _is_lone_question(text: str) -> bool:
    """Whether a paragraph is one short question, as above an answer in an interview or a FAQ."""
    is_short = len(text) <= MAX_HEADING and "\n" not in text
    return is_short and text.endswith(QUESTION_MARKS) and not _SENTENCE_END.search(text)


def _of_table(article: Article, start: int, end: int, heading: str) -> Iterator[Passage]:
    """The passages of a table: all of it if it can be quoted, else as many rows as can. Its rows
    are their sentences; what is apart from the first row has that for its heading."""
    rows = [
        clause
        for row in table_rows(article.text, start, end)
        for clause in clauses(article.text, *row)
    ]
    head = plain(article.text[slice(*rows[0])], article.source.path)[:MAX_HEADING] if rows else ""
    groups: list[list[Span]] = []
    for row in rows:
        if not groups or row[1] - groups[-1][0][0] > MAX_QUOTE:
            groups.append([])
        groups[-1].append(row)
    for group in groups:
        yield _passage(article, Kind.TABLE, group, heading if group is groups[0] else head)


def _words_of_heading(article: Article, start: int, end: int) -> str:
    """The words of a heading; none where the article's title has them."""
    words = plain_line(article.text[start:end], article.source.path).strip("#*_ ")
    folded, title = words.casefold(), article.source.title.casefold()
    is_title = folded in title or (title[-1:] == "…" and folded.startswith(title.rstrip("… ")))
    return "" if len(words) > MAX_HEADING or is_title else words


def _sentences(view: PlainView, start: int, end: int, language: str) -> Iterator[Span]:
    """The sentences of a paragraph, as spans of the file."""
    after = start
    for sentence in sentences(view.text, view.offset(start), view.offset(end), language):
        # What stands between two sentences belongs to the first.
        first, last = view.stripped_span(*sentence, within=(after, end))
        if first == last or not any(map(str.isalnum, view.text[slice(*sentence)])):
            continue
        after = last
        if last - first <= MAX_QUOTE:
            yield first, last
            continue
        # Its marks take much room, as long addresses do: the fewer words of it can be quoted.
        most = max(1, (sentence[1] - sentence[0]) * MAX_QUOTE // (last - first + 1))
        for clause in clauses(view.text, *sentence, most):
            yield from _fitting(view, clause)


def _fitting(view: PlainView, span: Span) -> Iterator[Span]:
    """A span of the view as spans of the file that can each be quoted."""
    start, end = stripped(view.text, *span)
    if start == end:
        return
    first, last = view.exact_span(start, end)
    if last - first <= MAX_QUOTE or end - start < 2:
        yield first, min(last, first + MAX_QUOTE)
        return
    middle = (start + end) // 2
    cut = view.text.find(" ", middle, end - 1) + 1 or middle
    yield from _fitting(view, (start, cut))
    yield from _fitting(view, (cut, end))


def _passage(article: Article, kind: Kind, group: list[Span], heading: str) -> Passage:
    start, end = group[0][0], group[-1][1]
    text = article.text[start:end]
    return Passage(article.source, start, end, text, kind, tuple(group), heading)


def _groups(text: str, spans: Iterable[Span]) -> list[list[Span]]:
    """The spans that are a passage together."""
    groups: list[list[Span]] = []
    for span in spans:
        if groups and _fits(text, groups[-1], *span):
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _fits(text: str, group: list[Span], start: int, end: int) -> bool:
    """Whether a sentence goes into the passage of those before it. A clause does not that begins a
    section of those that its sentence lists."""
    first, last = group[0][0], group[-1][1]
    is_wanted = last - first < ENOUGH or end - start < TOO_SHORT
    begins_section = text[last - 1] in "，；" and section_at_start(text[start:end]) is not None
    return is_wanted and end - first <= MAX_QUOTE and not begins_section
