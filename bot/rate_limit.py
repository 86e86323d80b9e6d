"""Limits of how many questions a member and a server may ask in a minute."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from itertools import takewhile

PERIOD = 60.0
"""Seconds over which questions are counted."""


class Limiter:
    """Counts questions, however they are asked. Those that are refused do not count."""

    def __init__(
        self, per_member: int, per_guild: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Set the limits.

        Args:
            per_member: questions that a member may ask in PERIOD seconds; 0 is no limit.
            per_guild: questions that the members of a server may ask together; 0 is no limit.
            clock: returns seconds that never go back.
        """
        self._limits = per_member, per_guild
        self._clock = clock
        self._times: dict[tuple[str, int], deque[float]] = {}
        """The times of the questions of each member and server in the last PERIOD seconds. They are
        in the order of the last question, so that those that expire come first."""

    def take(self, member: int, guild: int | None, limits: tuple[int, int] | None = None) -> float:
        """Count a question and return 0; over a limit, return the seconds to wait instead.

        Args:
            member: who asks.
            guild: the server in which it is asked, if it is in one.
            limits: the two limits of that server, in place of those of the limiter.
        """
        now = self._clock()
        per_member, per_guild = limits or self._limits
        counted = {("member", member): per_member}
        if guild is not None:
            counted["guild", guild] = per_guild
        wait = 0.0
        for key, limit in counted.items():
            times = self._times.get(key, ())
            if 0 < limit <= len(times):
                wait = max(wait, times[-limit] + PERIOD - now)
        if wait <= 0:
            for key, limit in counted.items():
                if limit:
                    self._count(key, now)
        return wait

    def _count(self, key: tuple[str, int], now: float) -> None:
        times = self._times.pop(key, None) or deque()
        times.append(now)
        while times[0] <= now - PERIOD:
            times.popleft()
        self._times[key] = times
        expired = takewhile(lambda key: self._times[key][-1] <= now - PERIOD, self._times)
        for silent in list(expired):
            del self._times[silent]
