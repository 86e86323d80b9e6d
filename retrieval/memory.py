"""Memory that this process no longer uses, given back to the system."""

from __future__ import annotations

import ctypes
from contextlib import suppress


def release_memory() -> None:
    """Give back what was freed, where the C library can do that (`malloc_trim(3)` of glibc): it
    keeps the pages of a model's loading, an index or a corpus that is let go, for later use."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
