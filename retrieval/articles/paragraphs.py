"""Text → paragraphs, each with its kind: prose, caption, heading, or the page's furniture.

A paragraph is a line, or several where a text is wrapped at a fixed width. What a website
leaves between paragraphs (buttons, counters, credits) is furniture and never quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from ..formats.lines import ENDING, begins_paragraph, breaks_between, ends_in_stop, paragraph_spans
from ..languages import language_words
from ..models import MAX_QUOTE, Kind, Span

MAX_HEADING = 200
"""A first line of more characters is prose, however it ends."""

SHORT = 20
"""What kind a line of no more characters is, is remembered: it may stand there a million times."""

LABEL_LENGTH = 80
"""A line of more characters says something, even without a stop."""

MIN_WORDS = 4
"""A line of fewer words that does not end as a sentence does is a label, not prose."""

MAX_HEADING_WORDS, MAX_PLAIN_HEADING_WORDS = 10, 6
"""A heading that nothing marks has no more words; the first if it is numbered."""


class Paragraph(NamedTuple):
    """A span of the text without the white space around it."""

    start: int
    end: int
    kind: Kind


_MARKUP_ONLY = re.compile(
    r"\[[^\]]*\]\W*|!\[.*|[|\-=*_#\s]+|<[^>]*>\W*|```.*"
    r"|:::.*"  # A box.
    r"|\[\^?[^\]]{1,60}\]:\s.*"  # The definition of a link or a footnote.
    r"|(?:import|export)\s[^.!?]{1,200}\s(?:from|=)\s.*;?"  # A line of code in MDX.
)
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,2000}\)")
_HEADING = re.compile(r"#{1,6}\s")
_RIGHTS = re.compile(r".*©|\W*copyright\b|\W*\(c\)\s*\d{4}", re.IGNORECASE)
_STOP_WITHIN = re.compile(r"\w\w[.!?。！？]\s")
_WORD = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(
    r"\W*(?:§+\s*|[^\W\d_]{1,12}\.?\s)?\d{1,3}(?:\.\d{1,3}){0,3}[a-z]?[.)]?(?:\s|$)"
)
"""What a numbered heading begins with: "§ 2", "3.", "Article 4", "Điều 5."."""
_ROW = re.compile(
    r"\|[^\n|]*\||[^\n|]{1,200} \| "
    r"|[^\W\d_][^\n\t:]{0,80}?(?:\t| {3,})\S|(?!\d{1,3}[.)]\s)\d[\w.,:%]{0,20}(?:\t| {3,})\S"
    r"|[^\n,]{1,60},(?!\d{3}\b)[^\s,][^\n,]{0,60},(?!\d{3}\b)\S"
    r"|[^\n;]{1,60};[^\s;][^\n;]{0,60};\S"
)
"""A row of a table: cells with bars, tabs or wide gaps between, or as a spreadsheet exports it."""
_ROW_LINE = re.compile(r"\S(?:[^\n\r]*\S)?")
_ITEM_FACT = re.compile(r"[-*+•‣▪◦–—]\s+[^\W\d_][^\n:]{1,60}:\s*\S{0,3}\d")
"""An item that says something in however few words: "- Adults: 4.50"."""
_ITEM = re.compile(r"(?:[-*+•‣▪◦–—]|\(?(?:\d{1,3}|[a-z])[.)])\s+(?!\[[^\]]*\]\()")
"""What an item of a list begins with, but for one that is a link, as a page's menu has them."""
_LIST_MARK = re.compile(r"[-*+•‣▪◦–—|>]")
_MIN_WORDS = re.compile(rf"(?:[\W_]*+[^\W_]++){{{MIN_WORDS}}}")
_FACT = re.compile(r"[\d:]")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What the page's furniture, a caption and a labelled control look like, in the words of all
    languages."""
    credit, source, control = (
        "|".join(map(re.escape, language_words(f"page.{kind}")))
        for kind in ("credits", "sources", "controls")
    )
    credit = rf"(?:{credit})\s*[:/©]"
    notices = (
        re.escape(words).replace("…", ".{1,300}") for words in language_words("page.notices")
    )
    notice = "|".join(f"{words}.{{1,100}}" for words in notices)
    furniture = rf"""\W*+ (?:
        (?:{control}) \W*+ \d*+ \W*+             # Comment (0)
      | (?:{source}) \b (?: \W* | \s*[:\-–] .* | (?:\s+\S+){{1,3}} )   # Source: …
      | {credit} .{{0,80}}                       # Photo: somebody
      | (?:{notice})                             # The post … appeared first on …
      | https?://\S+
    ) """
    caption = rf"\b{credit}[^().!?\n]{{1,60}}\)?.{{0,20}}$"
    return (
        re.compile(furniture, re.IGNORECASE | re.VERBOSE),
        re.compile(caption, re.IGNORECASE),
        re.compile(rf"\W*+(?:{control})\s*:", re.IGNORECASE),  # Tags: …
    )


@lru_cache(maxsize=1)  # Whoever reads a file asks for them two or three times.
def paragraphs(text: str, body: int = 0) -> tuple[Paragraph, ...]:
    """All paragraphs of the text from offset `body` on, in order, but for those without a word."""
    collected: list[Paragraph] = []
    first = True
    for start, end, is_table in _with_tables(text, list(paragraph_spans(text, body))):
        if is_table:
            collected.append(Paragraph(start, end, Kind.TABLE))
            continue
        kind = (_kind if end - start > SHORT else _kind_of_short)(text[start:end], first)
        if kind is not None:
            first = first and kind is Kind.FURNITURE
            collected.append(Paragraph(start, end, kind))
    # From the last one up: a heading may head another.
    for number in range(len(collected) - 2, 0, -1):
        if _heads(text, collected[number], collected[number + 1]):
            collected[number] = collected[number]._replace(kind=Kind.HEADING)
        elif _is_below_picture(text, collected[number], collected[number - 1]):
            collected[number] = collected[number]._replace(kind=Kind.CAPTION)
    return tuple(collected)


def ends_sentence(line: str) -> bool:
    """Return whether a line ends as a sentence does, with a stop."""
    return ends_in_stop(line, 0, len(line))


@lru_cache(maxsize=1_000)  # Whoever looks for the day of an article asks of its first lines.
def is_stamp(line: str) -> bool:
    """Return whether a line is a picture, a credit, an address, tags or a notice of copyright: what
    dates it holds are not its article's."""
    _, caption, control = _patterns()
    return bool(
        _is_furniture(line)
        or caption.search(line, max(0, len(line) - ENDING))
        or control.match(line)
        or (len(line) <= MAX_HEADING and _RIGHTS.match(line))
    )


def is_label(line: str) -> bool:
    """Return whether a line of prose may be a heading or a label that is not marked as one: short,
    without a stop at its end, and neither an item of a list nor a fact ("Tickets: 40 €").

    Where a script has no capitals it may have no stops either, and nothing is taken for a label.
    """
    plain = len(line) <= LABEL_LENGTH and line.upper() != line.lower() and not _FACT.search(line)
    return plain and not ends_sentence(line) and not begins_paragraph(line)


def heading_above(text: str, start: int) -> Span | None:
    """Return the span of the line above the line that begins at an offset, if it is marked as a
    heading; blank lines do not count."""
    above = text[:start].rstrip()
    begin = above.rfind("\n") + 1
    line = above[begin:].strip()
    begin += len(above[begin:]) - len(line)
    parted = "\n" in text[len(above) : start]
    return (begin, len(above)) if parted and _HEADING.match(line) else None


def _with_tables(text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    """The spans, and whether they are a table: those of its rows as one. A list of short items
    below a heading, or with the line that leads to it, is a table of one column."""
    at = 0
    while at < len(spans):
        first, last = spans[at]
        is_table = _is_row(text, first, last) and breaks_between(text, first, last) > 0
        at += 1
        if _is_row(text, first, last):
            belongs, most_breaks = _is_row, 1
        elif text.endswith(":", first, last) and last - first <= LABEL_LENGTH:
            belongs, most_breaks = _is_short_item, 2
        elif _is_short_item(text, first, last) and at > 1 and text[spans[at - 2][0]] == "#":
            belongs, most_breaks = _is_short_item, 1
        else:
            yield first, last, False
            continue
        while (
            at < len(spans)
            and belongs(text, *spans[at])
            and breaks_between(text, last, spans[at][0]) <= most_breaks
        ):
            last, at, most_breaks, is_table = spans[at][1], at + 1, 1, True
        yield first, last, is_table


def _is_short_item(text: str, start: int, end: int) -> bool:
    """Whether a line is an item of a list with too few words to be prose by itself."""
    if end - start > LABEL_LENGTH or not _ITEM.match(text, start, end):
        return False
    line = text[start:end]
    return not (_MIN_WORDS.match(line) or ends_sentence(line) or _is_furniture(line))


def _is_row(text: str, start: int, end: int) -> bool:
    """Whether a line, or the first of several, is a row of a table: cells with bars between."""
    return bool(_ROW.match(text, start, end))


def table_head(text: str, start: int) -> Span | None:
    """Return the span of the first row of the table in which text[start:] begins below that row;
    None where it begins elsewhere, or the row could not be quoted."""
    head, above = None, text.rfind("\n", 0, start)
    line = text.find("\n", start)
    if not _is_row(text, above + 1, line if line >= 0 else len(text)):
        return None
    while above > 0:
        begin = text.rfind("\n", 0, above) + 1
        row = _ROW_LINE.search(text, begin, above)
        if row is None or not _is_row(text, *row.span()):
            break
        head, above = row.span(), begin - 1
    return head if head and head[1] - head[0] <= MAX_QUOTE else None


def table_rows(text: str, start: int, end: int) -> list[Span]:
    """The rows of a table that have words."""
    lines = (match.span() for match in _ROW_LINE.finditer(text, start, end))
    return [span for span in lines if _WORD.search(text, *span)]


def _heads(text: str, part: Paragraph, below: Paragraph) -> bool:
    """Whether a line is a heading by its shape: short, without a sentence's end, and above prose
    that has one."""
    line = text[part.start : part.end]
    may_head = part.kind in (Kind.PROSE, Kind.FURNITURE) and len(line) <= MAX_HEADING // 2
    if not may_head or line.endswith((",", ";", ":")) or ends_sentence(line):
        return False
    numbered = _NUMBERED.match(line)
    heads = below.kind is Kind.PROSE and ends_in_stop(text, below.start, below.end)
    lines = len(line.splitlines())
    if numbered and below.kind is Kind.PROSE and (part.kind is Kind.FURNITURE or lines > 1):
        # "3. Planning / The council considered the following:", but not an item above another.
        heads = heads or not begins_paragraph(text, below.start)
    heads = heads or bool(numbered and below.kind is Kind.HEADING)
    if not heads or lines > (2 if numbered else 1):
        return False
    words = len(_WORD.findall(line))
    if not (numbered and words <= MAX_HEADING_WORDS):
        plain = words <= MAX_PLAIN_HEADING_WORDS and not any(map(str.isdigit, line))
        longer = below.end - below.start > 2 * len(line)
        if not plain or not longer or line[:1].islower() or _LIST_MARK.match(line):
            return False
    return part.kind is Kind.PROSE or not _is_furniture(line)


def _is_below_picture(text: str, part: Paragraph, above: Paragraph) -> bool:
    """Whether a line stands right below a picture, as a caption does."""
    is_picture = text.startswith("![", above.start) and above.kind is Kind.FURNITURE
    near = breaks_between(text, above.end, part.start) == 1
    return part.kind is Kind.PROSE and is_picture and near and part.end - part.start <= MAX_HEADING


def _is_furniture(line: str) -> bool:
    furniture, _, _ = _patterns()
    words = (_LINK.sub(r"\1", line) or line) if "](" in line else line
    return bool(_MARKUP_ONLY.fullmatch(line) or furniture.fullmatch(words))


def _kind(line: str, first: bool) -> Kind | None:
    if not _WORD.search(line):
        return None
    _, caption, _ = _patterns()
    if _is_furniture(line):
        return Kind.FURNITURE
    if _HEADING.match(line):
        return Kind.HEADING
    if caption.search(line, max(0, len(line) - ENDING)):
        return Kind.CAPTION
    ends = ends_sentence(line)
    if first and not ends and len(line) <= MAX_HEADING and not _STOP_WITHIN.search(line):
        return Kind.HEADING
    says = ends or _MIN_WORDS.match(line) or _ITEM_FACT.match(line)
    return Kind.PROSE if says else Kind.FURNITURE


_kind_of_short = lru_cache(maxsize=1_000)(_kind)
