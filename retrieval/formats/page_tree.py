"""What is changed in the tree of a page before trafilatura looks for its main text."""

from __future__ import annotations

from typing import Any

from .documents import MAX_CELL

PARTS_OF_PAGE = ("article", "main", "nav", "header", "footer", "aside", "form")
"""A page with one of these has more than its text, or says which that is."""


def mark_main_text(tree: Any) -> None:
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


def flatten_cells(tree: Any) -> None:
    """Make plain text of each cell of a table that has little of it: trafilatura loses lists in
    cells, and all of a short page with one."""
    for cell in tree.iter("td", "th"):
        if next(cell.iter("ul", "ol", "p", "div"), None) is None:
            continue
        text = ""
        for words in cell.itertext():
            text = " ".join([text, *words.split()])
            if len(text) > MAX_CELL:
                break
        else:
            if next(cell.iter("table"), None) is None:
                for child in list(cell):
                    cell.remove(child)
                cell.text = text.strip()
