"""What is changed in the tree of a page before trafilatura looks for its main text."""

from __future__ import annotations

from collections.abc import Iterator
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
    _open_layout(tree)
    for table in list(tree.iter("table")):
        _move_caption(table)
        _spread_cells(table)
    for terms in list(tree.iter("dl")):
        _make_table(terms)
    for figure in list(tree.iter("figure")):
        _open_figure(figure)
    _flatten_cells(tree)
    for block in tree.iter("div", "section"):
        # trafilatura drops the words of such where a page has paragraphs, too.
        if (block.text or "").strip() and not _has(block, *_BLOCKS):
            block.tag = "p"
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
