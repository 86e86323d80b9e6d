"""Whether a quote's words stand in its article's file, at the very place it names."""

from __future__ import annotations

import hashlib
from pathlib import Path

from . import formats
from .models import Quote


def verified_text(folder: Path, quote: Quote) -> str | None:
    """The text of the quote's article, if it holds the quote; else None.

    It does if the file is the one that was indexed and `text[start:end]` is the quote's text. The
    file is read each time; the text of a page or a PDF, which its bytes determine, is kept.
    """
    try:
        with (folder / quote.article).open("rb") as opened:
            data = opened.read(formats.MAX_BYTES + 1)
        if hashlib.sha256(data).hexdigest() != quote.sha256:
            return None
        text = formats.read(data, Path(quote.article).suffix).text
    except (OSError, ValueError):
        return None
    return text if text[quote.start : quote.end] == quote.text else None
