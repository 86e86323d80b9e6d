"""The process that reads lists for `feeds/follow.py`, which has started it.

Of each list it is told `url` and `charset`; the reply has the fields of a SourceList, or `refused`
with a reason.
"""

from __future__ import annotations

import traceback
from typing import Any

from .articles import extraction
from .articles.helper_process import BROKEN
from .feeds.listing import read_list


def main() -> None:
    """Answer the lists on stdin until there are no more."""
    extraction.serve(_reply)


def _reply(about: dict[str, Any], data: bytes) -> dict[str, Any]:
    try:
        return {"list": read_list(data, about["url"], about["charset"])}
    except ValueError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": extraction.TOO_MUCH_MEMORY}
    except Exception:
        return {"refused": BROKEN, "trace": traceback.format_exc()}


if __name__ == "__main__":
    main()
