"""What a page, a PDF or a document holds: a program of its own, started by `file_text.py`.

It runs apart (see `helper_process.py`), so nobody waits for these libraries who has no such file.
Of each file it is told the `kind`; a page's bytes are UTF-8. The reply has `text` or `pages` (of
each its lines, as _PlacedLine), and `title`, `date`, `url`, `language` where the file says them.
"""

from __future__ import annotations

import contextlib
import io
import math
import re
import unicodedata
from typing import Any

from ..errors import FileError, Trouble
from .documents import ENCRYPTED, NO_TITLE, document
from .helper_process import serve_files

MAX_TEXT = 5_000_000
"""Characters; no more is taken out of one file."""

TOO_MUCH_TEXT = f"it holds more than {MAX_TEXT} characters"

MAX_PAGES = 1000

GAP = 1.5
"""A gap in a line that is so many times as wide as its letters are high parts two cells; a tab
stands for it."""

_BEFORE_GAP = re.compile(r"\s*(?:\W|\(?\w{1,3}[.)]|(?s:.*:))\s*")
"""What stands before a gap that is none of a table: the mark of an item, or a label."""

WIDE_SPACE, SPACE = 400, 200
"""What a font says of its space in thousandths of the size of its letters is wrong where it is so
wide, and those of the letters differ: TeX's have the sign "␣" there. Then it counts as so wide."""

SAME_LINE = 0.1
"""Words whose heights differ by so much of the size of their letters are on the same line."""

_MARKS = {"¨": "\u0308", "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "¸": "\u0327"}
"""What TeX draws before a letter, and the mark of it."""
_SURELY_MARKED = re.compile("¨[aouAOU]|[´`ˆ¨]ı|˜[nN]|ˆ[aeiou]|¸[cC]")
_MARKED = re.compile("(?:([^\\W\\d_]{1,40}) )?([¨´`ˆ˜¸])([aeiouyıAEIOUYnNcC])")
_MARKED_WORD = re.compile(r"[\w¨´`ˆ˜¸]+")

_PlacedLine = tuple[str, float, float, float]
"""A line of a PDF: its words, x and y of its beginning, and the size of its letters, in points."""


def _width(character: str) -> float:
    """The width of a character, as a share of its size: rather too much than too little."""
    return 1.0 if character > "\u2e80" else 0.75 if character.isupper() else 0.6


def _narrow_spaces(page: Any) -> None:
    """Say of fonts with a sign in the place of the space that it is narrow: a gap between two words
    is told from its width."""
    with contextlib.suppress(Exception):  # What is broken here is read all the same.
        for font in page["/Resources"]["/Font"].values():
            widths = font.get_object()["/Widths"].get_object()
            at = 32 - font.get_object()["/FirstChar"]
            if 0 <= at < len(widths) and widths[at] >= WIDE_SPACE and len(set(widths)) > 2:
                widths[at] = type(widths[at])(SPACE)


def _placed_lines(page: Any) -> list[_PlacedLine]:
    """The lines of a page that have words, in the order of its text."""
    lines: list[_PlacedLine] = []
    text, start, right, last = "", (0.0, 0.0, 0.0), 0.0, 0.0
    broken = has_blanks = False
    _narrow_spaces(page)

    def end_line() -> None:
        nonlocal text, broken
        if text.strip():
            lines.append((text.strip(), *start))
        text, broken = "", False

    def visit(words: str, page: list[float], line: list[float], _: object, size: float) -> None:
        """Take some words, set in a coordinate system of the `line` within that of the `page`."""
        nonlocal text, start, right, last, broken, has_blanks
        x = line[4] * page[0] + line[5] * page[2] + page[4]
        y = line[4] * page[1] + line[5] * page[3] + page[5]
        areas = (a * d - b * c for a, b, c, d, *_ in (line, page))
        size *= abs(math.prod(areas)) ** 0.5
        for piece in words.splitlines(keepends=True):
            # Some programs draw the words of a line one by one, each with a break before it.
            if broken and piece.strip():
                if x < last or abs(y - start[1]) > SAME_LINE * size:
                    end_line()
                elif not has_blanks:
                    text += " "
            has_blanks |= broken and not piece.strip() and piece.splitlines() == [piece]
            if not text.strip() and piece.strip():
                start, right = (x, y, size), x
            elif piece.strip() and x - right > GAP * size and not _BEFORE_GAP.fullmatch(text):
                text += "\t"
            right, last = max(right, x) + size * sum(map(_width, piece.rstrip())), x
            text += piece.rstrip("\r\n")
            broken = piece.splitlines() != [piece] or (broken and not piece.strip())

    page.extract_text(visitor_text=visit)
    end_line()
    return lines


def _with_marks(pages: list[list[_PlacedLine]]) -> list[list[_PlacedLine]]:
    """The lines with letters that have their marks, where these are drawn by themselves: "f¨uhrt",
    or "Gesch ¨aft" if the word stands elsewhere without a gap."""
    texts = [line[0] for page in pages for line in page]
    if not any(map(_SURELY_MARKED.search, texts)):
        return pages
    words = {word for text in texts for word in _MARKED_WORD.findall(text)}

    def marked(match: re.Match[str]) -> str:
        before, mark, letter = (part or "" for part in match.groups())
        word = _MARKED_WORD.match(match.string, match.start(2))
        gap = " " if before and word and before + word[0] not in words else ""
        letter = unicodedata.normalize("NFC", letter.replace("ı", "i") + _MARKS[mark])
        return before + gap + letter

    return [[(_MARKED.sub(marked, line[0]), *line[1:]) for line in page] for page in pages]


def pdf(data: bytes) -> dict[str, Any]:
    """The lines of a PDF's text layer, page by page, each with its position."""
    from pypdf import PdfReader  # noqa: PLC0415

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise FileError(ENCRYPTED)
    if len(reader.pages) > MAX_PAGES:
        raise FileError(f"it has more than {MAX_PAGES} pages", Trouble.LIMIT)
    pages: list[list[_PlacedLine]] = []
    characters = 0
    for page in reader.pages:
        pages.append(_placed_lines(page))
        characters += sum(len(line[0]) for line in pages[-1])
        if characters > MAX_TEXT:
            raise FileError(TOO_MUCH_TEXT, Trouble.LIMIT)
    if not any(pages):
        raise FileError("it has no text layer: its pages are pictures")
    facts: dict[str, Any] = {"pages": _with_marks(pages)}
    # What a PDF says of itself is often malformed, and its words can be read all the same.
    with contextlib.suppress(Exception):
        if not NO_TITLE.fullmatch(title := str(reader.metadata.title or "")):  # type: ignore[union-attr]
            facts["title"] = title
    with contextlib.suppress(Exception):
        facts["date"] = reader.metadata.creation_date.date().isoformat()  # type: ignore[union-attr]
    with contextlib.suppress(Exception):
        facts["language"] = str(reader.root_object["/Lang"])
    return facts


def extract(kind: str, data: bytes) -> dict[str, Any]:
    """What one file gives. Whatever its reader stumbles over, FileError says the reason.

    Raises:
        FileError: nothing can be quoted from it.
        MemoryError: it takes more than `MEMORY`.
    """
    try:
        match kind:
            case "html":
                from .web_page import html  # noqa: PLC0415

                facts = html(data.decode("utf-8"))
            case "pdf":
                facts = pdf(data)
            case "rst":
                from .restructured_text import restructured_text  # noqa: PLC0415

                facts = restructured_text(data.decode("utf-8"))
            case _:
                facts = document(kind, data)
    except (FileError, MemoryError):
        raise
    except Exception as error:
        if kind == "pdf" and b"/Encrypt" in data:
            raise FileError(ENCRYPTED) from error
        reason = "it is broken" if kind == "html" else f"it is no {kind.upper()}, or a broken one"
        raise FileError(reason, Trouble.BROKEN) from error
    if len(facts.get("text", "")) > MAX_TEXT:
        raise FileError(TOO_MUCH_TEXT, Trouble.LIMIT)
    return facts


if __name__ == "__main__":
    serve_files(lambda about, data: extract(about["kind"], data))
