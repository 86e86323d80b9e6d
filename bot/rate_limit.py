"""Limits of how much may be asked in a minute."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from itertools import takewhile
from typing import Any

PERIOD = 60.0
"""Seconds over which requests are counted."""


class Limiter:
    """Counts requests, however they are made. Those that are refused do not count."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to count; `clock` returns seconds that never go back."""
        self._clock = clock
        self._times: dict[Any, deque[float]] = {}
        """The times of each one's requests in the last PERIOD seconds. They are in the order of the
        last request, so that those that expire come first."""

    def take(self, limits: Mapping[Any, int]) -> float:
        """Count a request and return 0; over a limit, return the seconds to wait instead.

        Args:
            limits: how many requests each of those may make in PERIOD seconds for whom this one
                counts, such as a member and a server; 0 is no limit.
        """
        now, wait = self._clock(), 0.0
        for key, limit in limits.items():
            times = self._times.get(key, ())
            if 0 < limit <= len(times):
                wait = max(wait, times[-limit] + PERIOD - now)
        if wait <= 0:
            for key, limit in limits.items():
                if limit:
                    self._count(key, now)
        return wait

    def _count(self, key: Any, now: float) -> None:
        times = self._times.pop(key, None) or deque()
        times.append(now)
        while times[0] <= now - PERIOD:
            times.popleft()
        self._times[key] = times
        expired = takewhile(lambda key: self._times[key][-1] <= now - PERIOD, self._times)
        for silent in list(expired):
            del self._times[silent]
