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
        self._members, self._guilds = _SlidingWindow(), _SlidingWindow()
        self._clock = clock

    def take(self, member: int, guild: int | None, limits: tuple[int, int] | None = None) -> float:
        """Count a question and return 0; over a limit, return the seconds to wait instead.

        Args:
            member: who asks.
            guild: the server in which it is asked, if it is in one.
            limits: the two limits of that server, in place of those of the limiter.
        """
        now = self._clock()
        per_member, per_guild = limits or self._limits
        wait = self._members.wait(member, per_member, now)
        if guild is not None:
            wait = max(wait, self._guilds.wait(guild, per_guild, now))
        if wait <= 0:
            self._members.add(member, per_member, now)
            if guild is not None:
                self._guilds.add(guild, per_guild, now)
        return max(wait, 0.0)


class _SlidingWindow:
    """The times of each key's requests in the last PERIOD seconds, as many as limits allow."""

    def __init__(self) -> None:
        # In the order of the last requests, so that the keys that expire come first.
        self._times: dict[int, deque[float]] = {}

    def wait(self, key: int, limit: int, now: float) -> float:
        times = self._times.get(key, ())
        return times[-limit] + PERIOD - now if 0 < limit <= len(times) else 0.0

    def add(self, key: int, limit: int, now: float) -> None:
        if not limit:
            return
        times = self._times.pop(key, None) or deque()
        times.append(now)
        while times[0] <= now - PERIOD:
            times.popleft()
        self._times[key] = times
        expired = takewhile(lambda key: self._times[key][-1] <= now - PERIOD, self._times)
        for silent in list(expired):
            del self._times[silent]
