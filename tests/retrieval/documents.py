"""Word, OpenDocument and EPUB files with the fewest parts that a reader needs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

Table = Sequence[Sequence[str]]
Block = str | Table
"""A paragraph, a heading (with `#`), or the rows of a table."""

_CORE = (
    '<m xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
    "<dc:title>{title}</dc:title><dcterms:created>{created}</dcterms:created>"
    "<dc:language>{language}</dc:language></m>"
)


def zipped(members: Mapping[str, str]) -> bytes:
    """A zip of these texts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return file.getvalue()


def document(
    suffix: str,
    blocks: Sequence[Block],
    title: str,
    language: str = "en",
    created: str = "2024-05-01T10:00:00Z",
) -> bytes:
    """A file of these blocks, by the ending of its kind."""
    core = _CORE.format(title=escape(title), language=language, created=created)
    if suffix == ".docx":
        body = "".join(map(_word, blocks))
        return zipped(
            {
                "word/document.xml": f'<w:d xmlns:w="w"><w:body>{body}</w:body></w:d>',
                "word/styles.xml": '<w:s xmlns:w="w"><w:style w:styleId="berschrift1">'
                '<w:name w:val="heading 1"/></w:style></w:s>',
                "docProps/core.xml": core,
            }
        )
    if suffix == ".odt":
        body = "".join(map(_open, blocks))
        names = 'xmlns:office="o" xmlns:text="t" xmlns:table="b"'
        text = f"<office:body><office:text>{body}</office:text></office:body>"
        content = f"<office:d {names}>{text}</office:d>"
        return zipped({"content.xml": content, "meta.xml": core})
    chapters = {
        "OEBPS/a b.xhtml": blocks[: len(blocks) // 2],
        "OEBPS/c.xhtml": blocks[len(blocks) // 2 :],
    }
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>No</title></head><body>{}</body></html>'
    package = (
        f"<package><metadata>{core}</metadata><manifest>"
        '<item id="a" href="a%20b.xhtml"/><item id="c" href="c.xhtml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="c"/></spine></package>'
    )
    return zipped(
        {
            "META-INF/container.xml": '<c><rootfile full-path="OEBPS/p.opf"/></c>',
            "OEBPS/p.opf": package,
            **{name: page.format("".join(map(_page, part))) for name, part in chapters.items()},
        }
    )


def _word(block: Block) -> str:
    if not isinstance(block, str):
        cells = ("".join(f"<w:tc>{_word(cell)}</w:tc>" for cell in row) for row in block)
        return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"
    style = '<w:pPr><w:pStyle w:val="berschrift1"/></w:pPr>' if block.startswith("# ") else ""
    # Word divides words between runs wherever it likes.
    words = block.removeprefix("# ")
    runs = (f"<w:r><w:t>{escape(words[at : at + 7])}</w:t></w:r>" for at in range(0, len(words), 7))
    return f"<w:p>{style}{''.join(runs)}</w:p>"


def _open(block: Block) -> str:
    if not isinstance(block, str):
        cells = (
            "".join(f"<table:table-cell>{_open(c)}</table:table-cell>" for c in row)
            for row in block
        )
        rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
        return f"<table:table>{rows}</table:table>"
    if block.startswith("# "):
        return f'<text:h text:outline-level="1">{escape(block[2:])}</text:h>'
    return f"<text:p>{escape(block).replace(' ', '<text:s/>', 1)}</text:p>"


def _page(block: Block) -> str:
    if not isinstance(block, str):
        cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in block)
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
    return f"<h1>{escape(block[2:])}</h1>" if block.startswith("# ") else f"<p>{escape(block)}</p>"
