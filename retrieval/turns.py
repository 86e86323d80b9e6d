"""A lock whose threads take turns."""

from __future__ import annotations

import threading


class Turns:
    """A lock that threads get in the order in which they asked for it.

    With `threading.Lock`, one that lets go and asks again at once would mostly get it again, and
    the others would wait until it has done all its work.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._given = 0
        self._turn = 0

    def __enter__(self) -> None:
        with self._changed:
            mine = self._given
            self._given += 1
            self._changed.wait_for(lambda: self._turn == mine)

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._turn += 1
            self._changed.notify_all()
