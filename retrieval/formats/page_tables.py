"""What is changed in the tables of a page before trafilatura looks for its main text."""

from __future__ import annotations

from typing import Any

from .tree_text import MAX_CELL, TableCells


def simplify_tables(tree: Any) -> None:
    """Give each row of a table its own cells, put captions above tables, and terms before what they
    mean, in one line."""
    for table in list(tree.iter("table")):
        _move_caption(table)
        _spread_cells(table)
    for term in list(tree.iter("dt")):
        _join_meaning(term)


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


def all_words(element: Any) -> str:
    """Return the words of an element and of all in it, with a space between them."""
    return " ".join("".join(element.itertext()).split())


def has(element: Any, *tags: str) -> bool:
    return next(element.iterdescendants(*tags), None) is not None


def put_before(element: Any, words: str) -> None:
    paragraph = element.makeelement("p")
    paragraph.text = words
    element.addprevious(paragraph)


def _move_caption(table: Any) -> None:
    """Put a table's caption above it: as its first row it would be taken for its head."""
    for caption in list(table.iter("caption")):
        words = all_words(caption)
        drop(caption)
        if words and table.getparent() is not None:
            put_before(table, words)


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
            cells.add(all_words(cell))
        for at, words in enumerate(cells.end_row()):
            if at not in places:
                places[at] = row.makeelement("td")
                places[at].text = " ".join(words)[:MAX_CELL]
            places[at].attrib.pop("rowspan", None)
            places[at].attrib.pop("colspan", None)
        for cell in here:
            row.remove(cell)
        row.extend(places[at] for at in sorted(places))


def _join_meaning(term: Any) -> None:
    """Put what a term means in few words behind it: "Adults: 5 pounds" is one item of a list."""
    meaning = term.getnext()
    if meaning is None or meaning.tag != "dd" or has(meaning, "table", "ul", "ol", "dl", "p"):
        return
    words, said = all_words(term), all_words(meaning)
    if words and said and max(len(words), len(said)) <= MAX_CELL:
        del term[:]
        term.text = f"{words}{'' if words.endswith((':', '?')) else ':'} {said}"
        drop(meaning)


def flatten_cells(tree: Any) -> None:
    """Make plain text of each cell of a table that has little of it: trafilatura loses lists in
    cells, and all of a short page with one."""
    for cell in tree.iter("td", "th"):
        if not has(cell, "ul", "ol", "p", "div"):
            continue
        text = ""
        for words in cell.itertext():
            text = " ".join([text, *words.split()])
            if len(text) > MAX_CELL:
                break
        else:
            if not has(cell, "table"):
                for child in list(cell):
                    cell.remove(child)
                cell.text = text.strip()
