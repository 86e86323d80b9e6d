"""What is changed in the tree of a page before trafilatura looks for its main text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from .lines import ends_sentence
from .tree_text import MAX_CELL, TableCells, is_mark

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
    "menu": "ul", "dir": "ul", "blink": "span", "marquee": "span", "output": "span",
}  # fmt: skip
"""What trafilatura drops with its words, or loses them of, and what it is to a reader."""

_HOLDERS = ("body", "div", "section", "article", "main")
"""What may hold words that no paragraph holds."""

_LINES = ("p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "span", "a")
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
    _rename(tree)
    _open_layout(tree)
    for table in list(tree.iter("table")):
        _move_caption(table)
        _spread_cells(table)
    for terms in list(tree.iter("dl")):
        _make_table(terms)
    for figure in list(tree.iter("figure")):
        _open_figure(figure)
    _flatten_cells(tree)
    for block in list(tree.iter(*_HOLDERS)):
        _hold_words(block)
    _mark_main_text(tree)


def drop(element: Any) -> None:
    """Take an element out of its tree, but not the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _rename(tree: Any) -> None:
    """Call by plain names what trafilatura drops with all its words, though a reader sees them."""
    for element in tree.iter(*_RENAMED):
        element.tag = _RENAMED[element.tag]
    is_plain = next(tree.iter(*PARTS_OF_PAGE), None) is None
    for centre in tree.iter("center"):
        centre.tag = "p" if is_plain and not _has(centre, *_BLOCKS) else "div"
    for label in list(tree.iter("label")):
        in_form = next(label.iterancestors("form"), None) is not None
        if not in_form and label.get("for") is None and not _has(label, "input", "select"):
            in_line = next(label.iterancestors(*_LINES), None) is not None
            label.tag = "span" if in_line else "p"
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
            isinstance(child.tag, str) and _has(child, *_BLOCKS)
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
        is_text = "{" not in words and (_SENTENCE.search(words) or (is_alone and _is_label(block)))
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


def _is_label(block: Any) -> bool:
    """Whether a block's words, those of links too, say what is below it."""
    return "".join(block.itertext()).rstrip().endswith(":")


def _words_of(before: str, run: Sequence[Any]) -> str:
    """The words of elements, of links none, and those before and behind each."""
    parts = [before]
    for element in run:
        parts += element.xpath(_PROSE) if isinstance(element.tag, str) else []
        parts.append(element.tail or "")
    return "".join(parts)


def _open_layout(tree: Any) -> None:
    """Make plain blocks of tables that are there for the layout: they hold other tables, or parts
    of a text, as newsletters do, or are a row of sentences, or say so."""
    layouts = {table for table in tree.iter("table") if _is_row_of_sentences(table)}
    for element in tree.iter("table", "h1", "h2", "h3"):
        cell = next(element.iterancestors("td", "th"), None)
        if element.tag != "table" and (cell is None or not _has(cell, "p", "div", "ul", "ol")):
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


def _is_row_of_sentences(table: Any) -> bool:
    cells = ("".join(cell.itertext()).strip() for cell in table.iter("td", "th"))
    is_one_row = len(list(table.iter("tr"))) == 1
    return is_one_row and any(ends_sentence(cell) for cell in cells)


def _has(element: Any, *tags: str) -> bool:
    return next(element.iterdescendants(*tags), None) is not None


def _own(table: Any) -> Iterator[Any]:
    """The elements of a table, but for those of tables in it."""
    stack = list(table)
    while stack:
        element = stack.pop()
        yield element
        if element.tag not in ("td", "th", "table"):
            stack.extend(element)


def _move_caption(table: Any) -> None:
    """Put a table's caption above it: as its first row it would be taken for its head."""
    for caption in list(table.iter("caption")):
        words = " ".join("".join(caption.itertext()).split())
        drop(caption)
        if words and table.getparent() is not None:
            _put_before(table, words)


def _put_before(element: Any, words: str) -> None:
    paragraph = element.makeelement("p")
    paragraph.text = words
    element.addprevious(paragraph)


def _spread_cells(table: Any) -> None:
    """Give each row a cell of its own for each column: see TableCells."""
    cells = TableCells()
    for row in list(table.iter("tr")):
        cells.begin_row()
        here = list(row.iterchildren("td", "th"))
        places = dict[int, Any]()
        for cell in here:
            cells.begin_cell(cell, "td")
            places[cells.at] = cell
            cells.add(" ".join("".join(cell.itertext()).split()))
        for at, words in enumerate(cells.end_row()):
            if at not in places:
                places[at] = row.makeelement("td")
                places[at].text = " ".join(words)[:MAX_CELL]
            places[at].attrib.pop("rowspan", None)
            places[at].attrib.pop("colspan", None)
        for cell in here:
            row.remove(cell)
        row.extend(places[at] for at in sorted(places))


def _make_table(terms: Any) -> None:
    """Make a table of a list of terms that are said in few words: "Adults", "5 pounds"."""
    if _has(terms, "table", "ul", "ol", "dl", "p"):
        return
    pairs: list[tuple[Any, str, str]] = []
    for element in terms.iter("dt", "dd"):
        text = " ".join("".join(element.itertext()).split())
        if element.tag == "dt":
            pairs.append((element, text, ""))
        elif pairs and not pairs[-1][2]:
            pairs[-1] = (pairs[-1][0], pairs[-1][1], text)
        else:
            return
    fits = pairs and all(
        word and said and max(len(word), len(said)) <= MAX_CELL for _, word, said in pairs
    )
    if not fits:
        return
    for child in list(terms):
        terms.remove(child)
    terms.tag, terms.text = "table", None
    for _, *texts in pairs:
        row = terms.makeelement("tr")
        for text in texts:
            cell = row.makeelement("td")
            cell.text = text
            row.append(cell)
        terms.append(row)


def _open_figure(figure: Any) -> None:
    """Make paragraphs of a figure's caption and of what it holds, if that is no picture:
    trafilatura drops all figures."""
    holds = next(figure.iter("table", "blockquote", "pre", "p", "ul", "ol"), None)
    for caption in list(figure.iter("figcaption")):
        words = " ".join("".join(caption.itertext()).split())
        drop(caption)
        if words:
            _put_before(figure, words if holds is not None else CAPTION + words)
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


def _flatten_cells(tree: Any) -> None:
    """Make plain text of each cell of a table that has little of it: trafilatura loses lists in
    cells, and all of a short page with one."""
    for cell in tree.iter("td", "th"):
        if not _has(cell, "ul", "ol", "p", "div"):
            continue
        text = ""
        for words in cell.itertext():
            text = " ".join([text, *words.split()])
            if len(text) > MAX_CELL:
                break
        else:
            if not _has(cell, "table"):
                for child in list(cell):
                    cell.remove(child)
                cell.text = text.strip()
