"""Text → paragraphs, each with its kind: prose, caption, heading, or the page's furniture.

A paragraph is a line, or several where a text is wrapped at a fixed width. What a website
leaves between paragraphs (buttons, counters, credits) is furniture and never quoted.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from ..formats.lines import (
    ENDING,
    ITEM_NUMBER,
    LIST_MARKS,
    begins_paragraph,
    breaks_between,
    ends_sentence,
)
from ..formats.wrapped import paragraph_spans
from ..languages import language_words
from ..languages.sections import section_at_start
from ..languages.terms import WORD
from ..models import Kind
from .headings import (
    FIELD,
    MAX_HEADING_WORDS,
    count_words,
    heading_number,
    is_code,
    is_drawn,
    is_section_title,
    is_short_title,
    numbering,
)
from .lists import ListLine, is_listed, is_short_item, with_joined_items
from .tables import is_table, with_joined_rows

MAX_HEADING = 200
"""A first line of more characters is prose, however it ends."""

SHORT = 20
"""What kind a line of no more characters is, is remembered: it may stand there a million times."""

LABEL_LENGTH = 80
"""A line of more characters says something, even without a stop."""

MIN_WORDS = 4
"""A line of fewer words that does not end as a sentence does is a label, not prose."""


class Paragraph(NamedTuple):
    """A span of the text without the white space around it."""

    start: int
    end: int
    kind: Kind


_MARKUP_ONLY = re.compile(
    r"\[[^\]]*\]\W*|[|\-=*_#\s]+|<[^>]*>\W*|```.*"
    r"|(?:\[?!\[[^\]]{0,500}\]\([^()\s]{0,2000}\)(?:\]\([^()\s]{0,2000}\))?\s*)+"  # Badges.
    r"|:::.*"  # A box.
    r"|(?:(?:[-*+]|\d{1,3}[.)])\s+)?\[[^\[\]]{1,200}\]\(#[^()\s]{0,200}\)"  # Contents.
    r"|\*?\[\^?[^\]]{1,60}\]:\s(?s:.*)"  # The definition of a link, a footnote, a short form.
    r"|(?:\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{:[^{}]*\}|\s)+"  # Marks of Hugo, Jekyll and others.
    r"|[!?]{3}\+?\s[^\"]*|-+8<-+.*|%%[^%]*%%|\\[a-z]{3,20}"
    r"|(?:import|export)\s[^.!?]{1,200}\s(?:from|=)\s.*;?"  # A line of code in MDX.
)
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,2000}\)")
_PICTURES = re.compile(
    r"(?:!\[[^\[\]]{0,500}\](?:\([^()\n]{0,2000}\)|\[[^\[\]]{0,200}\])(?:\{[^{}]{0,200}\})?\s*)+"
)
_HEADING = re.compile(r"#{1,6}\s|<(h[1-6])(?:\s[^<>\n]*)?>[^\n]*</\1>$")
_RIGHTS = re.compile(r".*©|\W*copyright\b|\W*\(c\)\s*\d{4}", re.IGNORECASE)
_STOP_WITHIN = re.compile(r"\w\w[.!?。！？]\s")
_WITH_LETTER = re.compile(r"[^\W\d_]|§")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_UNSPACED_ITEM = re.compile(
    r"(?:[（(]?[一二三四五六七八九十百\d]{1,4}[）)、．.\s]|[①-⑳])\s?(?=[\u3040-\u30ff\u3400-\u9fff])"
)
MIN_UNSPACED = 12
"""A line of fewer characters of a script without spaces, and without a stop, is a label."""
_ITEM_FACT = re.compile(rf"[{LIST_MARKS}]\s+" r"[^\W\d_][^\n:]{1,60}:\s*\S{0,3}\d")
"""An item that says something in however few words: "- Adults: 4.50"."""
_ITEM = re.compile(r"[-*+]\s")
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
    spans = list(with_joined_rows(text, paragraph_spans(text, body)))
    in_code = is_code(text, body)
    for start, end, is_list in with_joined_items(text, spans):
        if is_list or is_table(text, start, end):
            collected.append(Paragraph(start, end, Kind.TABLE))
            continue
        line = text[start:end]
        if in_code(start):
            line, first = line.lstrip("# "), False
        tell = _kind if end - start > SHORT else _kind_of_short
        kind = tell(line, first)
        if kind is not None:
            first = first and kind is Kind.FURNITURE
            collected.append(Paragraph(start, end, kind))
    if collected and collected[0].kind is Kind.PROSE and is_drawn(text, *collected[0][:2]):
        collected[0] = collected[0]._replace(kind=Kind.HEADING)
    # From the last one up: a heading may head another.
    for number in range(len(collected) - 2, 0, -1):
        if in_code(collected[number].start):
            continue
        if _is_below_picture(text, collected[number], collected[number - 1]):
            collected[number] = collected[number]._replace(kind=Kind.CAPTION)
        elif _heads(text, *collected[number - 1 : number + 2]):
            collected[number] = collected[number]._replace(kind=Kind.HEADING)
    numbers = range(len(collected) - 1)
    for number in (*numbers, *reversed(numbers)):
        # The shortest field of a form may be asked for ("Chair: Ida Holm"), or item of a list.
        part, below = collected[number : number + 2]
        if _are_fields(text, part, below) or _are_items(text, part, below):
            collected[number : number + 2] = (p._replace(kind=Kind.PROSE) for p in (part, below))
    return tuple(collected)


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


def _are_fields(text: str, part: Paragraph, below: Paragraph) -> bool:
    """Whether two lines right above one another are fields of a form, and no credits or buttons."""
    lines = (part, below)
    return (
        any(one.kind is Kind.FURNITURE for one in lines)
        and all(one.kind in (Kind.FURNITURE, Kind.PROSE) for one in lines)
        and breaks_between(text, part.end, below.start) == 1
        and all(FIELD.match(text, one.start, one.end) for one in lines)
        and not any(is_stamp(text[one.start : min(one.end, one.start + ENDING)]) for one in lines)
    )


def _are_items(text: str, part: Paragraph, below: Paragraph) -> bool:
    """Whether two lines are items of a list, one short and one that is prose."""
    kinds = {part.kind: part, below.kind: below}
    if kinds.keys() != {Kind.FURNITURE, Kind.PROSE}:
        return False
    short, prose = kinds[Kind.FURNITURE], kinds[Kind.PROSE]
    near = breaks_between(text, part.end, below.start) <= 2
    return near and is_short_item(text, *short[:2]) and bool(ListLine.at(text, prose.start).mark)


def _heads(text: str, above: Paragraph, part: Paragraph, below: Paragraph) -> bool:
    """Whether a line is a heading by its shape: short, without a sentence's end, and above prose
    that has one."""
    line = text[part.start : part.end]
    may_head = part.kind in (Kind.PROSE, Kind.FURNITURE) and len(line) <= MAX_HEADING // 2
    may_head = may_head and "...." not in line  # A table of contents.
    if not may_head or line.endswith((",", ";", ":")) or not _WITH_LETTER.search(line):
        return False
    if is_drawn(text, *part[:2]):
        return True
    numbered = heading_number(text, line, below.start)
    return (
        _is_title(text, line, numbered, below)
        and not is_listed(text, above[:2], part[:2], below[:2])
        and _is_above_its_text(text, part, line, numbered, below)
        and is_short_title(line, bool(numbered), below.end - below.start)
        and (part.kind is Kind.PROSE or not _is_furniture(line))
    )


def _is_title(text: str, line: str, numbered: re.Match[str] | None, below: Paragraph) -> bool:
    """Whether a line ends as no sentence does, or is the number of a section with its title; and no
    section begins right below it."""
    section = section_at_start(line) if numbered or _UNSPACED.search(line) else None
    is_section = numbered and is_section_title(line, numbered.end(), section)
    if ends_sentence(line) and not is_section:
        return False
    is_above_section = section and section_at_start(text[below.start : below.start + ENDING])
    return below.kind is Kind.HEADING or not is_above_section


def _is_above_its_text(
    text: str, part: Paragraph, line: str, numbered: re.Match[str] | None, below: Paragraph
) -> bool:
    """Whether below a line stands what it may head: prose, or of a numbered one a heading."""
    section = section_at_start(line) if numbered else None
    if below.kind is not Kind.PROSE:  # "§ 6 Bodies / The bodies are: the board …"
        is_list = section and below.kind is Kind.TABLE
        return bool(is_list or (numbered and below.kind is Kind.HEADING))
    is_item = section and ITEM_NUMBER.match(text, below.start)
    if is_item or ends_sentence(text, below.start, below.end):
        return True
    if numbered is None or (part.kind is Kind.PROSE and len(line.splitlines()) == 1):
        return False
    # "3. Planning / The council considered the following:", but not an item above another.
    begins = line[0].isalnum() or line[0] == "§"
    return begins and numbering(text, part.start) != numbering(text, below.start)


def _is_below_picture(text: str, part: Paragraph, above: Paragraph) -> bool:
    """Whether a line stands right below a picture, as a caption does."""
    is_picture = text.startswith("![", above.start) and above.kind is Kind.FURNITURE
    near = breaks_between(text, above.end, part.start) == 1
    return part.kind is Kind.PROSE and is_picture and near and part.end - part.start <= MAX_HEADING


def _is_furniture(line: str) -> bool:
    if line.startswith("!["):  # An editor may have left no line between a picture and the text.
        pictures = _PICTURES.match(line)
        return not pictures or len(line) - pictures.end() <= MAX_HEADING
    furniture, _, _ = _patterns()
    words = (_LINK.sub(r"\1", line) or line) if "](" in line else line
    return bool(_MARKUP_ONLY.fullmatch(line) or furniture.fullmatch(words))


def _kind(line: str, first: bool) -> Kind | None:
    if not WORD.search(line):
        return None
    _, caption, _ = _patterns()
    if _is_furniture(line):
        return Kind.FURNITURE
    if _HEADING.match(line):
        return Kind.HEADING
    if caption.search(line, max(0, len(line) - ENDING)):
        return Kind.CAPTION
    ends = ends_sentence(line)
    may_head = first and not ends and not _ITEM.match(line)
    # "Here are the days that the club has so far, with the hall booked for each of them:"
    may_head = may_head and not (line.endswith(":") and count_words(line) > MAX_HEADING_WORDS)
    if may_head and len(line) <= MAX_HEADING and not _STOP_WITHIN.search(line):
        return Kind.HEADING
    says = ends or _MIN_WORDS.match(line) or _ITEM_FACT.match(line) or _says_unspaced(line)
    return Kind.PROSE if says else Kind.FURNITURE


def _says_unspaced(line: str) -> bool:
    """Whether a line of a script without spaces is no label: it is an item of a list, or long."""
    characters = len(_UNSPACED.findall(line))
    is_item = line.endswith(("；", "：", "，")) or bool(_UNSPACED_ITEM.match(line))
    return characters >= MIN_UNSPACED or (characters > 0 and is_item)


_kind_of_short = lru_cache(maxsize=1_000)(_kind)
