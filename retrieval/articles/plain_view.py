"""A file's text → the same words as a reader sees them, with a way back to the file. Pure.

A file may spell a letter as two characters, hold soft hyphens, divide words at the ends of lines,
or mark them up in Markdown. Sentences, meetings and the models are given the plain view; what is
quoted are the file's own characters, for of each part of the view it is known where it stands.
What a line of Markdown begins with, as `#`, stays: it says what kind of line it is.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from functools import lru_cache
from pathlib import PurePosixPath

from ..formats.file_text import DOCUMENTS, MARKDOWN, PAGES, RST
from ..formats.lines import between_parts, counted_words
from ..models import Span

REACH = 500
"""The end of an emphasis is looked for in so many characters."""

_INVISIBLE = "\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_TONES = "\u0300-\u036f\u3099\u309a"
_TEXT_RULES = rf"""
    (?P<divided> (?<=[^\W\d_])[-\xad\u2010][ \t]{{0,9}}
      (?:\r?\n|[\r\x85\u2028])[ \t]{{0,40}}(?=[^\W\d_]) )
  | (?P<dropped> \x1b\[[0-9;]{{0,20}}[A-Za-z] | [{_INVISIBLE}]+ )
  | (?P<quoted> (?:\r\n?|\n)[ \t]{{0,3}}(?:>[ \t]?){{1,5}}(?=[^\s>]) )
  | (?P<composed> [^\s{_TONES}{_INVISIBLE}][{_TONES}]{{1,20}}
      | [\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]? )
"""
_TEMPLATE = (
    r"(?:\{\{[<%][^{}]{0,300}[%>]\}\}|\{%[^{}]{0,300}%\}|\{\{-?[ ]?[\w.\"'/#][^{}\n]{0,300}\}\})"
)
_ADDRESS = (
    rf"\((?:<[^<>\n]{{0,2000}}>|(?:[^()\s\\{{}}]|{_TEMPLATE}|\([^()\s]{{0,200}}\)){{0,2000}})"
    r"(?:(?:[ ]|[ ]?\n[ ]{0,9})(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'))?\)(?:\{[^{}\n]{1,200}\})?"
)
_TAG_END = r"(?:\s[^<>\n]{0,300})?>"
_LINE_END = r"\n(?![ \t]*(?:\r?\n|\Z))"
_LABEL = rf"(?:[^\[\]\n]|{_LINE_END}|\[[^\[\]\n]{{0,200}}\])"
_PICTURE = rf"!\[{_LABEL}{{0,300}}+\](?:{_ADDRESS}|\[[^\[\]\n]{{0,100}}\])"
_MARKDOWN_RULES = rf"""
    (?P<code> (?:(?<!\S)|(?<!`)(?=`{{1,2}}\S))(?P<ticks>`{{1,2}})(?!`)
      (?P<verbatim>(?:[^`\\\n]|\\(?!\|)|(?!(?P=ticks)(?!`))`++
        |{_LINE_END}(?![ \t]*>)){{1,{REACH}}}+)(?:(?<!\s)|(?!`+\w))(?P=ticks)(?!`) )
  | (?P<escape> \\[!-/:-@\[-`{{-~] | (?<=[^\s:])\\[ ](?=\S) )
  | (?P<entity> &(?:\#\d{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[a-zA-Z][a-zA-Z0-9]{{1,30}}); )
  | (?P<cell> </t[hd]>\s{{0,99}}(?:</?t(?:r|head|body){_TAG_END}\s{{0,99}}){{0,6}}<t[hd]{_TAG_END}
      | </t[hd]>\s{{0,99}}</tr> | <tr{_TAG_END}\s{{0,99}}<t[hd]{_TAG_END} )
  | (?P<address> <https?://[^<>\s]{{1,2000}}> )
  | (?P<block> <br\s{{0,9}}/?>
      | </?(?:p|div|li|t[hdr]|summary|details|h[1-6]|d[td]|section|figcaption){_TAG_END} )
  | (?P<title> ^(?:[!?]{{3}}\+?|===[!+]?)[ ][^"\n]{{0,60}}"(?P<titled>[^"\n]{{0,200}})"[ \t]*$ )
  | (?P<wiki> !?\[\[(?!\d{{1,3}}\]\])[^\[\]\n]{{1,200}}\]\](?!\() )
  | (?P<script> (?<=\w)(?P<around>[~^])(?P<small>\w{{1,12}})(?P=around)(?![~^]) )
  | (?P<template> (?:(?<=\s)(?:{_TEMPLATE}|<!--[^<>]{{0,500}}-->)[ ]
      | {_TEMPLATE} | <!--[^<>]{{0,500}}--> | %%[^%]{{0,1000}}%% ) )
  | (?P<markup>
        {_PICTURE}
      | \\(?=\r?$) | \[\^[^\[\]\s]{{1,60}}\]           # hard breaks, footnotes
      | \[?\[\d{{1,3}}\]\]?(?:{_ADDRESS})? | \^\[[^\[\]\n]{{0,1000}}\]
      | \[(?=(?:{_PICTURE}|{_LABEL}){{1,500}}+\](?:[(\[]|\{{[.#]))
      | \]{_ADDRESS} | \]\[(?:[^\[\]\n]|{_LINE_END}){{0,100}}\] | \]\{{[.#][^{{}}\n]{{0,200}}\}}
      | [ ]?\[(?:[^\[\]@\n]{{0,60}}\s)?-?@\w[^\[\]\n]{{0,200}}\]      # citations
      | [ ]?\{{[.#:][^{{}}\n]{{0,200}}\}} | [ ]\^[a-zA-Z0-9-]{{4,20}}$
      | </?[a-zA-Z][a-zA-Z0-9]{{0,15}}(?:\s[^<>\n]{{0,300}})?/?>
    )
  | (?P<emphasis> \*{{1,3}} | ~~ | (?<!`)`{{1,3}}(?!`) | (?<!\w)(?:==|\^\^|\+\+)(?=\w)
      | (?<=\w)(?:==|\^\^|\+\+)(?!\w) | (?<!\w)_{{1,3}}(?=\S) | (?<=\S)_{{1,3}}(?!\w) )
"""
_TEXT = re.compile(_TEXT_RULES, re.VERBOSE)
_MARKDOWN = re.compile(f"{_MARKDOWN_RULES} | {_TEXT_RULES}", re.VERBOSE | re.MULTILINE)
_LAST_WORD = re.compile(r"[^\W\d_]+$")


def stripped(text: str, start: int, end: int) -> Span:
    """Return the span text[start:end] without white space around it."""
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


class PlainView:
    """The plain view of a text. Its parts are runs of the text as they stand there, and what
    stands for other characters."""

    def __init__(self, text: str, markdown: bool) -> None:
        self.file = text
        """The text as it is in the file."""
        self._pieces: list[str] = []
        self._views: list[int] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        """Where each part begins in the view, in the file, and where it ends there."""
        self._length = 0
        self._words: Counter[str] | None = None
        self._open: dict[str, int] = {}
        """Marks of emphasis that are not closed yet, and where the closing one stands."""
        self._sought: dict[str, int] = {}
        """Up to where no closing mark stands: each place is looked at once."""
        at = 0
        for match in (_MARKDOWN if markdown else _TEXT).finditer(text):
            plain = self._plain(match)
            if plain != match[0]:
                self._add(at, match.start(), text[at : match.start()])
                if match.lastgroup == "address":
                    self._add(match.start() + 1, match.end() - 1, match[0][1:-1])
                elif match.lastgroup == "code":
                    start = match.start("verbatim") + (len(match["verbatim"]) - len(plain)) // 2
                    self._add(start, start + len(plain), plain)
                else:
                    self._add(match.start(), match.end(), plain)
                at = match.end()
        self._add(at, len(text), text[at:])
        self.text = "".join(self._pieces)
        """The text as it is read."""

    @property
    def is_same(self) -> bool:
        """Whether it is the file's text, character by character."""
        return self.text == self.file

    def stripped_span(self, start: int, end: int, within: Span | None = None) -> Span:
        """The file's characters for text[start:end], which is not empty, with the marks around them
        that have no character of the view, and without white space around these; what lies `within`
        a span of the file of it, which may be nothing."""
        first, last = self.exact_span(start, end)
        part = bisect_right(self._views, start) - 1
        if self._views[part] == start and part:
            first = self._ends[part - 1]
        part = bisect_left(self._views, end)
        if part < len(self._views) and self._views[part] == end:
            last = self._starts[part]
        if within:
            first, last = max(first, within[0]), max(min(last, within[1]), within[0])
        return stripped(self.file, first, last)

    def exact_span(self, start: int, end: int) -> Span:
        """The file's characters for text[start:end], without the marks around them."""
        first = bisect_right(self._views, start) - 1
        last = bisect_left(self._views, end) - 1
        return self._to_file(first, start), self._to_file(last, end)

    def _to_file(self, part: int, offset: int) -> int:
        into = offset - self._views[part]
        if len(self._pieces[part]) == self._ends[part] - self._starts[part]:
            return self._starts[part] + into
        return self._starts[part] if not into else self._ends[part]

    def offset(self, file_offset: int) -> int:
        """Where in the view the file's characters from an offset on begin."""
        part = bisect_right(self._starts, file_offset) - 1
        if part < 0:
            return 0
        into, length = file_offset - self._starts[part], len(self._pieces[part])
        if length != self._ends[part] - self._starts[part]:
            into = length if into else 0
        return self._views[part] + min(into, length)

    def _add(self, start: int, end: int, plain: str) -> None:
        if plain:
            self._pieces.append(plain)
            self._views.append(self._length)
            self._starts.append(start)
            self._ends.append(end)
            self._length += len(plain)

    def _plain(self, match: re.Match[str]) -> str:
        """What stands in the view for a match; nothing for marks."""
        words, kind = match[0], match.lastgroup
        plain = ""
        if kind == "code":
            plain = match["verbatim"]
            # CommonMark 6.1: one space at both ends keeps a backtick from the marks.
            padded = plain[0] == plain[-1] == " " and plain.strip()
            plain = plain[1:-1] if padded else plain
        elif kind == "composed":
            plain = unicodedata.normalize("NFC", words)
        elif kind == "divided":
            plain = self._between(match)
        elif kind == "quoted":
            begin = max(self.file.rfind(end, 0, match.start()) for end in "\r\n") + 1
            is_within = self.file[begin : match.start()].lstrip().startswith(">")
            plain = "\n" if is_within else words
        elif kind == "escape":
            plain = words[1]
        elif kind == "entity":
            plain = html.unescape(words).replace("\xa0", " ")
        elif kind == "block":
            plain = " "
        elif kind == "cell" and words[1] == "/" and words[-2] != "r":
            plain = "\n" if "<tr" in words.lower() else " | "
        elif kind in ("title", "script"):
            plain = match["titled"] if kind == "title" else match["small"]
        elif kind == "wiki" and words[0] != "!":
            plain = words[2:-2].rpartition("|")[2]
        elif kind == "emphasis" and not self._is_emphasis(words, match.start(), match.end()):
            plain = words
        return plain

    def _between(self, match: re.Match[str]) -> str:
        """What stands between the parts of a word that a line's end divides."""
        self._words = self._words or counted_words(self.file)
        first = _LAST_WORD.search(self.file, max(0, match.start() - 60), match.start())
        return between_parts(
            first[0] if first else "", match[0][0], self.file, match.end(), self._words
        )

    def _is_emphasis(self, mark: str, start: int, end: int) -> bool:
        """Whether a mark begins or ends words that are emphasised or code."""
        text = self.file
        if self._open.get(mark) == start:
            return True
        before, behind = text[start - 1 : start], text[end : end + 1]
        # CommonMark 6.2: "a*, b" begins nothing.
        begins = behind.isalnum() or (behind.strip() and not before.isalnum())
        if not begins or start < self._open.get(mark, -1):
            return False
        closing = text.find(mark, max(end + 1, self._sought.get(mark, 0)), end + REACH)
        while closing > 0 and not _can_close(text, closing, mark):
            closing = text.find(mark, closing + len(mark), end + REACH)
        self._sought[mark] = closing if closing > 0 else end + REACH - len(mark) + 1
        if closing < 0 or "\n\n" in text[end:closing].replace("\r", ""):
            return False
        self._open[mark] = closing
        return True


def _can_close(text: str, at: int, mark: str) -> bool:
    """Whether a mark may end an emphasis: none of more characters, behind a word."""
    before, behind = text[at - 1], text[at + len(mark) : at + len(mark) + 1]
    return not before.isspace() and before not in ("\\", mark[0]) and behind != mark[0]


@lru_cache(maxsize=1)  # Whoever reads a file asks for it several times.
def plain_view(text: str, path: str) -> PlainView:
    """The plain view of the text of an article's file; the ending of its `path` says whether it is
    Markdown."""
    return PlainView(text, _is_markdown(path))


def plain(text: str, path: str) -> str:
    """The words of a part of an article's file as a reader sees them. See `plain_view`."""
    return PlainView(text, _is_markdown(path)).text


def plain_line(text: str, path: str) -> str:
    """Return the words of `plain` on one line."""
    return " ".join(plain(text, path).split())


def _is_markdown(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in MARKDOWN


_LINE_MARKS = re.compile(
    r"(?m)^[ \t]*(?:(?:>|(?P<item>[-*+•])|#{1,6}|:)[ \t]+)+(?:\[[ xX]\][ \t]+)?"
    r"|^[ \t]*\|[ \t]*|[ \t]*\|[ \t]*$"
)
_HEADINGS_MARKED = {*PAGES, *DOCUMENTS, RST}
_READERS_MARK = re.compile(r"(?m)^#{1,6} ")
_RULED_LINE = re.compile(
    r"(?m)^[ \t]*(?:[|+]?[ \t]*:?[-=]{2,}[ \t|:+=-]*|(?:[-*_][ \t]*){3,})(?:\n|\Z)"
)
_ROW_END = re.compile(r"[ \t]*\|[ \t]*$")
_NO_MARK = "\ue000"
_ESCAPED_MARK = re.compile(r"(?m)^([ \t]*)(?:\\(?=(?:[-*+>:]|#{1,6})[ \t])|(?=&gt;[ \t]))")


def as_published(text: str, path: str, before: str = "") -> str:
    """The words of a part of an article's file as its published page shows them: of Markdown also
    without the marks that lines begin with, but for a • before an item; of tables without what
    rules them. In the text of pages and documents headings have a mark, which the reader of such
    files gave them. `before` is what stands before the part: within a line there are no marks."""
    is_page = PurePosixPath(path).suffix.lower() in _HEADINGS_MARKED
    if not is_page and not _is_markdown(path):
        return text
    words = text if is_page else plain(_ESCAPED_MARK.sub(rf"\1{_NO_MARK}", text), path)
    goes_on = before.rpartition("\n")[2].strip()
    first, end, rest = words.partition("\n") if goes_on else ("", "", words)
    if is_page:
        return first + end + _READERS_MARK.sub("", rest)
    rest = _LINE_MARKS.sub(lambda mark: "• " if mark["item"] else "", _RULED_LINE.sub("", rest))
    return (_ROW_END.sub("", first) + end + rest).replace(_NO_MARK, "")
