"""What is changed in the tree of a page before trafilatura looks for its main text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from .lines import ends_sentence
from .page_tables import all_words, drop, flatten_cells, has, put_before, simplify_tables
from .tree_text import is_mark

PARTS_OF_PAGE = ("article", "main", "nav", "header", "footer", "aside", "form")
"""A page with one of these has more than its text, or says which that is."""

CAPTION = "\u241f"
"""What the caption of a picture begins with, until its page is text."""

_NOT_SHOWN = ("template", "del", "rt", "rp", "noscript")
_BLOCKS = (
    "p", "div", "table", "ul", "ol", "dl", "li", "pre", "blockquote", "section", "article", "main",
    "h1", "h2", "h3", "h4", "h5", "h6", "form", "figure", "details", "hr",
)  # fmt: skip
_RENAMED = {
    "fieldset": "div", "details": "div", "summary": "h2", "address": "p", "legend": "p",
    "menu": "ul",
}  # fmt: skip
"""What trafilatura drops with its words, or loses them of, and what it is to a reader."""

_HOLDERS = ("body", "div", "section", "article", "main")
"""What may hold words that no paragraph holds."""

_PROSE = (
    "descendant::text()[not(ancestor::a or ancestor::script or ancestor::style or ancestor::label"
    " or ancestor::button or ancestor::select or ancestor::textarea)]"
)
_SENTENCE = re.compile(r"[^\W\d_][.!?…][\"'”’»“)\]]*\s+\w|[^\s.][.!?…][\"'”’»“)\]]*\s*$|[。！？]")
"""The end of a sentence, but for the three stops of a program that is busy."""
_PARTS_OF_TABLE = ("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption")


def simplify(tree: Any) -> None:
    """Take out of the tree what no reader sees, and make of it what trafilatura keeps: see the
    functions below."""
    hidden = [e for e in tree.iter() if isinstance(e.tag, str) and e.get("hidden") is not None]
    for element in [*tree.iter(*_NOT_SHOWN), *hidden]:
        drop(element)
    for link in list(tree.iter("a")):
        if is_mark(link):
            drop(link)
    for element in list(tree.iter("q", "math")):
        _say_in_line(element)
    _rename(tree)
    _open_layout(tree)
    simplify_tables(tree)
    for figure in list(tree.iter("figure")):
        _open_figure(figure)
    flatten_cells(tree)
    for block in list(tree.iter(*_HOLDERS)):
        _hold_words(block)
    _mark_main_text(tree)


def _say_in_line(element: Any) -> None:
    """Make plain words of a quotation, with its marks, and of a formula that has none in TeX, which
    trafilatura takes: it makes a paragraph of the one and drops the other."""
    parent = element.getparent()
    if element.tag == "q":
        element.text = f"“{element.text or ''}"
        element.append(element.makeelement("span"))
        element[-1].text = "”"
    elif parent is None or has(element, "annotation") or "Assistive" in parent.get("class", ""):
        return
    else:
        element.text = "".join("".join(element.itertext()).split())
        del element[:]
    element.tag = "span"


def _rename(tree: Any) -> None:
    """Call by plain names what trafilatura drops with all its words, though a reader sees them."""
    for element in tree.iter(*_RENAMED):
        element.tag = _RENAMED[element.tag]
    for centre in tree.iter("center"):
        centre.tag = "div" if has(centre, *_BLOCKS) else "p"
    sentences = dict[Any, bool]()
    for time in list(tree.iter("time")):
        around = next(time.iterancestors("p", "li", "dt", "dd", "td", "th"), None)
        if around is not None and around not in sentences:
            is_cell = around.tag in ("td", "th")
            sentences[around] = is_cell or ends_sentence(_words_of("", [around]).strip())
        if sentences.get(around):
            # The element itself stays: it may say when the article was published.
            words = time.makeelement("span")
            words.text = "".join(time.itertext())
            time.addprevious(words)


def _hold_words(block: Any) -> None:
    """Make paragraphs of the words that stand in a block, before, between and behind the blocks in
    it, as a browser shows them: trafilatura drops them where a page has paragraphs, too."""
    runs: list[list[Any]] = [[]]
    starts: list[Any] = [None]
    for child in block:
        if child.tag in (*_BLOCKS, "script", "style") or (
            isinstance(child.tag, str) and has(child, *_BLOCKS)
        ):
            starts.append(child)
            runs.append([])
        else:
            runs[-1].append(child)
    for start, run in zip(starts, runs, strict=True):
        before = (block.text if start is None else start.tail) or ""
        is_alone = len(runs) == 1 and block.tag in ("div", "section")
        words = _words_of(before, run).strip()
        # What has a brace is code.
        is_text = "{" not in words and _SENTENCE.search(words)
        if not (is_alone and before.strip()) and not is_text:
            continue
        if is_alone:
            block.tag = "p"
            return
        paragraph = block.makeelement("p")
        paragraph.text = before
        if start is None:
            block.text = None
            block.insert(0, paragraph)
        else:
            start.tail = None
            start.addnext(paragraph)
        paragraph.extend(run)


def _words_of(before: str, run: Sequence[Any]) -> str:
    """The words of elements, of links none, and those before and behind each."""
    parts = [before]
    for element in run:
        parts += element.xpath(_PROSE) if isinstance(element.tag, str) else []
        parts.append(element.tail or "")
    return "".join(parts)


def _open_layout(tree: Any) -> None:
    """Make plain blocks of tables that are there for the layout: they hold other tables, or parts
    of a text, as newsletters do, or say so."""
    layouts = set[Any]()
    for element in tree.iter("table", "h1", "h2", "h3"):
        cell = next(element.iterancestors("td", "th"), None)
        if element.tag != "table" and (cell is None or not has(cell, "p", "div", "ul", "ol")):
            continue
        above = next(element.iterancestors("table"), None)
        while above is not None and above not in layouts:
            layouts.add(above)
            above = next(above.iterancestors("table"), None)
        if element.tag == "table" and element.get("role") in ("presentation", "none"):
            layouts.add(element)
    for table in layouts:
        parts = [e for e in _own(table) if e.tag in _PARTS_OF_TABLE]
        for element in [table, *parts]:
            element.tag = "div"


def _own(table: Any) -> Iterator[Any]:
    """The elements of a table, but for those of tables in it."""
    stack = list(table)
    while stack:
        element = stack.pop()
        yield element
        if element.tag not in ("td", "th", "table"):
            stack.extend(element)


def _open_figure(figure: Any) -> None:
    """Make paragraphs of a figure's caption and of what it holds, if that is no picture:
    trafilatura drops all figures."""
    holds = next(figure.iter("table", "blockquote", "pre", "p", "ul", "ol"), None)
    for caption in list(figure.iter("figcaption")):
        words = all_words(caption)
        drop(caption)
        if words:
            put_before(figure, words if holds is not None else CAPTION + words)
    if holds is not None:
        figure.tag = "div"


def _mark_main_text(tree: Any) -> None:
    """Make an article of all of a page that has no part but its text, as word processors write it:
    trafilatura loses the headings of a page whose main text it has to guess."""
    body = tree.find("body")
    if body is None or next(tree.iter(*PARTS_OF_PAGE), None) is not None:
        return
    if next(body.iter("h1", "h2", "h3", "h4", "h5", "h6"), None) is not None:
        article = body.makeelement("article")
        article.text, body.text = body.text, None
        article.extend(list(body))
        body.append(article)
