"""Small PDFs, written by hand: a font, and lines of text where they are to stand."""

from __future__ import annotations

from collections.abc import Sequence

Placed = tuple[str, float, float, float]
"""A line, x and y of its beginning, and the size of its letters."""


def placed(pages: Sequence[Sequence[Placed]]) -> bytes:
    """A PDF of pages of lines, each with x, y and the size of its letters."""
    return drawn(
        [
            "".join(
                f"BT /F1 {size} Tf {x} {y} Td ({_escaped(line)}) Tj ET\n"
                for line, x, y, size in page
            )
            for page in pages
        ]
    )


def pdf(pages: Sequence[Sequence[str]], info: str = "", root: str = "", trailer: str = "") -> bytes:
    """A PDF of pages of lines (Latin-1); `info`, `root` and `trailer` are further entries."""
    shown = ("".join(f"({_escaped(line)}) Tj T*\n" for line in lines) for lines in pages)
    streams = [f"BT /F1 11 Tf 14 TL 50 780 Td\n{lines}ET" for lines in shown]
    return drawn(streams, info, root, trailer)


def drawn(
    streams: Sequence[str], info: str = "", root: str = "", trailer: str = "", font: str = ""
) -> bytes:
    """A PDF of pages that are drawn so; `info` and what follows are further entries."""
    count = len(streams)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {root} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding {font} >>",
    ]
    for number, stream in enumerate(streams):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 840] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects.append(f"<< {info} >>")
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n"
        f"<< /Size {size} /Root 1 0 R /Info {size - 1} 0 R {trailer} >>\n"
        f"startxref\n{len(data)}\n%%EOF\n"
    )
    return data + end.encode("latin-1")


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
