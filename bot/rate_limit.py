"""How many questions may be asked in a minute, by a member and in a server."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import takewhile

PERIOD = 60.0
"""Seconds over which questions are counted."""


class Limiter:
    """One count for all ways to ask. Refused questions do not count: to wait is enough."""

    def __init__(
        self, per_member: int, per_guild: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """The limits are questions in 60 seconds; 0 is no limit."""
        self._members = _Counts(per_member)
        self._guilds = _Counts(per_guild)
        self._clock = clock

    def take(self, member: int, guild: int | None) -> float:
        """Counts a question and returns 0; over a limit it returns the seconds to wait."""
        now = self._clock()
        wait = self._members.wait(member, now)
        if guild is not None:
            wait = max(wait, self._guilds.wait(guild, now))
        if wait <= 0:
            self._members.add(member, now)
            if guild is not None:
                self._guilds.add(guild, now)
        return max(wait, 0.0)


class _Counts:
    """When each of many asked last, as often as the limit goes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        # Who asked last stands last, so that those who have long been silent stand first.
        self._times: dict[int, deque[float]] = {}

    def wait(self, key: int, now: float) -> float:
        times = self._times.get(key)
        return times[0] + PERIOD - now if times and len(times) == self._limit else 0.0

    def add(self, key: int, now: float) -> None:
        if not self._limit:
            return
        times = self._times.pop(key, None) or deque(maxlen=self._limit)
        times.append(now)
        self._times[key] = times
        for silent in list(self._silent_since(now - PERIOD)):
            del self._times[silent]

    def _silent_since(self, then: float) -> Iterator[int]:
        """Those whose last question is not later than that."""
        return takewhile(lambda key: self._times[key][-1] <= then, self._times)
