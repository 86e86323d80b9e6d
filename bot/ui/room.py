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


def room_left(parts: Iterable[Part]) -> tuple[int, int]:
    """Return how many more UTF-16 units and bytes of UTF-8 a message of these parts may have; below
    0 where it has too many."""
    texts, addresses = "", ""
    for part in parts:
        texts += part.text
        addresses += part.address or ""
    size = len((texts + addresses).encode())
    return MAX_MESSAGE - utf16_length(texts), MAX_MESSAGE_BYTES - size


def fits(parts: Iterable[Part]) -> bool:
    """Return whether one message has room for these parts."""
    return min(room_left(parts)) >= 0


def fitting(shorter: Iterable[Sequence[Part]]) -> Sequence[Part]:
    """Return the parts of a message as they fit: the first of several ways to write them, each
    shorter than the one before; the last where none fits."""
    for parts in shorter:
        if fits(parts):
            break
    return parts
