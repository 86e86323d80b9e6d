"""The process that reads lists for `feeds/follow.py`, which has started it.

Of each list it is told `url` and `charset`; the reply has the fields of a SourceList, or `refused`
with a reason.
"""

from __future__ import annotations

from typing import Any

from .articles import extraction
from .feeds.listing import read_list


def main() -> None:
    """Answer the lists on stdin until there are no more."""
    extraction.serve(_read)


def _read(about: dict[str, Any], data: bytes) -> dict[str, Any]:
    return {"list": read_list(data, about["url"], about["charset"])}


if __name__ == "__main__":
    main()
