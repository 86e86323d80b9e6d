"""The numbers and bullets that Word and OpenDocument set before paragraphs by themselves: "3.2",
"(a)", "Article 4", "•". They are in no paragraph's words, and the reader of a printed page sees
them.

A number that is written in a way that is not known here is left out: a wrong one would be quoted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .lines import LIST_MARKS
from .numerals import MAX_NUMBER, numeral
from .tree_text import attribute, local_name

BULLET = "•"

MAX_MARK = 40
"""Characters; what is longer is no number."""

MAX_LEVELS = 10
"""Of a list; neither program has more."""

_PLACE = re.compile(r"%(\d+)%?")


@dataclass(frozen=True, slots=True)
class _Level:
    """How the paragraphs of a level of a list are numbered: `text` has "%2" for the number of the
    second level; `restarts` is the level, from 1, behind which it begins anew, 0 for none, and
    `all_decimal` is for one that has the numbers of the levels above as 1, 2, 3."""

    style: str
    text: str
    start: int = 1
    restarts: int | None = None
    all_decimal: bool = False


_Levels = Mapping[int, _Level]
"""The levels of a list, from 0."""


class _Counters:
    """How far each list is numbered, by level."""

    def __init__(self) -> None:
        self._counts: dict[object, dict[int, int]] = {}

    def forget(self, name: object, level: int = 0) -> None:
        """Begin a list anew, or its levels from one on."""
        counts = self._counts.get(name, {})
        for deeper in [at for at in counts if at >= level]:
            del counts[deeper]

    def next(self, name: object, levels: _Levels, level: int, start: int | None = None) -> str:
        """The mark of the next paragraph of a list, and a space; "" if it has none."""
        counts = self._counts.setdefault(name, {})
        about = levels.get(level)
        if about is None:
            return ""
        counts[level] = counts.get(level, about.start - 1) + 1 if start is None else start
        for deeper in [at for at in counts if at > level]:
            restarts = levels[deeper].restarts if deeper in levels else None
            if restarts is None or level < restarts:
                del counts[deeper]
        if about.style == "bullet":
            return f"{about.text if about.text in LIST_MARKS else BULLET} " if about.text else ""
        whole = True

        def written(place: re.Match[str]) -> str:
            nonlocal whole
            at = min(int(place[1][:3]), MAX_LEVELS) - 1
            whole &= at >= 0
            other = levels.get(at, about)
            decimal = about.all_decimal and at != level
            number = counts.get(at, other.start)
            text = numeral(number, "decimal" if decimal else other.style)
            whole &= text is not None or other.style == "none"
            return text or ""

        mark = " ".join(_PLACE.sub(written, about.text).split())
        return f"{mark} " if whole and 0 < len(mark) <= MAX_MARK else ""


def _number(text: str, default: int) -> int:
    return min(int(text), MAX_NUMBER) if text.isdecimal() and len(text) < 8 else default


class WordNumbers:
    """Call it with each paragraph of a Word file in turn for the mark that stands before it.

    `numbering` and `styles` are the roots of these parts of the file, or None.
    """

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._counters = _Counters()
        self._styles: dict[str, tuple[str, Any]] = {}
        """Of a style that on which it is based, and its numbering."""
        for style in styles.iter("{*}style") if styles is not None else ():
            about = style.find("{*}pPr/{*}numPr")
            self._styles[attribute(style, "styleId")] = _value(style, "basedOn"), about
        self._lists: dict[str, tuple[str, _Levels]] = {}
        """Of a list that which it is one of, and its levels."""
        self._starts: dict[tuple[str, int], int] = {}
        """Of a list at a level, where it begins anew at another number."""
        self._linked: dict[tuple[str, str], int] = {}
        """The level of a list that a style is linked with."""
        if numbering is not None:
            self._read(numbering)

    def _read(self, numbering: Any) -> None:
        abstract = {attribute(a, "abstractNumId"): a for a in numbering.iter("{*}abstractNum")}
        lists = {attribute(n, "numId"): n for n in numbering.iter("{*}num")}
        of_abstract = {name: self._levels(name, about) for name, about in abstract.items()}
        for number, element in lists.items():
            name = _value(element, "abstractNumId")
            # One that is but the name of a style has the levels of the style's own list.
            if (link := _value(abstract.get(name), "numStyleLink")) in self._styles:
                of_style = lists.get(_value(self._styles[link][1], "numId"))
                name = _value(of_style, "abstractNumId") or name
            levels = of_abstract.get(name, {})
            for override in element.findall("{*}lvlOverride"):
                levels = {**levels, **self._levels(name, override)}
                if start := _value(override, "startOverride"):
                    level = _number(attribute(override, "ilvl"), 0)
                    self._starts[number, level] = _number(start, 1)
            self._lists[number] = name, levels

    def _levels(self, name: str, element: Any) -> _Levels:
        levels = {}
        for about in element.findall("{*}lvl"):
            level = _number(attribute(about, "ilvl"), 0)
            if style := _value(about, "pStyle"):
                self._linked[name, style] = level
            restarts, decimal = _value(about, "lvlRestart"), about.find("{*}isLgl")
            levels[level] = _Level(
                _value(about, "numFmt") or "decimal",
                _text(_value(about, "lvlText")),
                _number(_value(about, "start"), 0),
                _number(restarts, 0) if restarts else None,
                decimal is not None and attribute(decimal, "val") not in ("0", "false", "off"),
            )
        return levels

    def __call__(self, paragraph: Any) -> str:
        properties = paragraph.find("{*}pPr")
        if properties is None or properties.find("{*}rPr/{*}del") is not None:
            return ""
        about = properties.find("{*}numPr")
        number, level = _value(about, "numId"), _value(about, "ilvl")
        if not number:
            number, of_style = self._of_style(_value(properties, "pStyle"))
            level = level or of_style
        if number not in self._lists:
            return ""
        name, levels = self._lists[number]
        at = _number(level, 0)
        # A list of the same kind goes on with its numbers, unless this one begins with another.
        return self._counters.next(name, levels, at, self._starts.pop((number, at), None))

    def _of_style(self, style: str) -> tuple[str, str]:
        """The list of a style and the level in it."""
        level, base = "", style
        for _ in range(MAX_LEVELS):
            above, about = self._styles.get(base, ("", None))
            level = level or _value(about, "ilvl")
            if number := _value(about, "numId"):
                name, _ = self._lists.get(number, ("", {}))
                linked = self._linked.get((name, style), self._linked.get((name, base)))
                return number, level if linked is None else str(linked)
            base = above
        return "", ""


class OpenNumbers:
    """Call it with each paragraph of an OpenDocument file in turn for the mark that stands before
    it. `parts` are the roots of its parts that hold styles."""

    def __init__(self, *parts: Any) -> None:
        self._counters = _Counters()
        self._lists: dict[str, _Levels] = {}
        self._outline: _Levels = {}
        self._last: list[Any] = []
        """The lists that the last paragraph was in, the outermost first."""
        self._begun: dict[str, Any] = {}
        """The list with which the numbering of another began, by its id and by its style."""
        for part in parts:
            for element in part.iter("{*}list-style") if part is not None else ():
                self._lists[attribute(element, "name")] = _open_levels(element)
            outline = next(part.iter("{*}outline-style"), None) if part is not None else None
            if outline is not None:
                self._outline = _open_levels(outline)

    def __call__(self, paragraph: Any) -> str:
        tag, item = local_name(paragraph), paragraph.getparent()
        if tag not in ("p", "h"):
            return ""
        if local_name(item) not in ("list-item", "list-header"):
            level = _number(attribute(paragraph, "outline-level"), 1) - 1
            is_header = attribute(paragraph, "is-list-header") == "true"
            return "" if tag == "p" or is_header else self._counters.next("", self._outline, level)
        lists: list[Any] = []
        above = item
        while above is not None and len(lists) <= MAX_LEVELS:
            name = local_name(above)
            if name == "list":
                lists.insert(0, above)
            elif name not in ("list-item", "list-header"):
                break
            above = above.getparent()
        if len(lists) > MAX_LEVELS:
            return ""
        style = next((s for one in reversed(lists) if (s := attribute(one, "style-name"))), "")
        counted = self._begin(style, lists), style
        before = (local_name(one) for one in paragraph.itersiblings(preceding=True))
        if local_name(item) == "list-header" or not {"p", "h", "list"}.isdisjoint(before):
            return ""
        start = attribute(item, "start-value")
        begins = _number(start, 1) if start else None
        levels = self._lists.get(style, {})
        return self._counters.next(counted, levels, len(lists) - 1, begins)

    def _begin(self, style: str, lists: list[Any]) -> object:
        """What the numbers of the outermost of the lists are counted by: the element with which
        they began. Numbers of lists within it are counted anew."""
        outer = lists[0]
        about, named = f"style {attribute(outer, 'style-name')}", attribute(outer, "continue-list")
        if not self._last or outer is not self._last[0]:
            goes_on = named or attribute(outer, "continue-numbering") == "true"
            begun = self._begun.get(f"id {named}" if named else about, outer) if goes_on else outer
            self._begun[about] = self._begun[f"id {attribute(outer, 'id')}"] = begun
        else:
            below = zip(lists[1:], self._last[1:], strict=False)
            new = (at for at, (one, other) in enumerate(below, 1) if one is not other)
            if (level := next(new, None)) is not None:
                self._counters.forget((self._begun[about], style), level)
        self._last = lists
        return self._begun[about]


def _open_levels(style: Any) -> _Levels:
    levels = {}
    for about in style:
        level = _number(attribute(about, "level"), 1) - 1
        begins = _number(attribute(about, "start-value"), 1)
        if local_name(about).endswith("bullet"):
            levels[level] = _Level("bullet", attribute(about, "bullet-char")[:1])
        elif numbers := attribute(about, "num-format"):
            shown = _number(attribute(about, "display-levels"), 1)
            places = ".".join(f"%{at + 1}" for at in range(max(0, level + 1 - shown), level + 1))
            text = attribute(about, "num-prefix") + places + attribute(about, "num-suffix")
            text = attribute(about, "num-list-format") or text
            levels[level] = _Level(numbers, _text(text), begins)
    return levels


def _text(text: str) -> str:
    return text if len(text) <= MAX_MARK else ""


def _value(element: Any, name: str) -> str:
    """The value of the child of that name; "" where there is none."""
    child = element.find(f"{{*}}{name}") if element is not None else None
    return attribute(child, "val") if child is not None else ""
