"""Whether a quote's words stand in its article's file, at the very place it names."""

from __future__ import annotations

import hashlib
from pathlib import Path

from .models import Quote


def verified_text(folder: Path, quote: Quote) -> str | None:
    """The text of the quote's article, if it holds the quote; else None.

    It does if the file is the one that was indexed and `text[start:end]` is the quote's text.
    """
    try:
        data = (folder / quote.article).read_bytes()
        text = data.decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    same_file = hashlib.sha256(data).hexdigest() == quote.sha256
    return text if same_file and text[quote.start : quote.end] == quote.text else None
