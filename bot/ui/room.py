"""How much one message has room for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .message import Part
from .text import utf16_length

MAX_MESSAGE = 4_000
"""The most characters that the texts of one message may have together, counted in UTF-16: never
fewer than Discord counts."""

MAX_MESSAGE_BYTES = 9_500
"""The most bytes of the texts and addresses of a message; Discord has failed at 10,000."""


def fits(texts: Iterable[str], addresses: Iterable[str | None] = ()) -> bool:
    """Return whether one message has room for these texts, and buttons with these addresses."""
    together = "".join(texts)
    size = len(together.encode()) + sum(len(address or "") for address in addresses)
    return utf16_length(together) <= MAX_MESSAGE and size <= MAX_MESSAGE_BYTES


def fitting(shorter: Iterable[Sequence[Part]]) -> Sequence[Part]:
    """Return the parts of a message as they fit: the first of several ways to write them, each
    shorter than the one before; the last where none fits."""
    for parts in shorter:
        if fits((part.text for part in parts), (part.address for part in parts)):
            break
    return parts
