"""The time as Discord's servers tell it: no jump of this machine's clock changes it."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from functools import partial
from types import SimpleNamespace

import aiohttp

_BOOT_TIME = getattr(time, "CLOCK_BOOTTIME", None)
_steady_seconds = time.monotonic if _BOOT_TIME is None else partial(time.clock_gettime, _BOOT_TIME)
"""Returns seconds that go on while the machine sleeps, where there is such a clock."""


class DiscordClock:
    """Takes the time from Discord's answers, and counts the seconds since the last one."""

    def __init__(self) -> None:
        self._base: float | None = None
        self.trace = aiohttp.TraceConfig()
        """Passed to discord.py as `http_trace`, it sets the clock."""
        self.trace.on_request_end.append(self._hear)

    @property
    def is_set(self) -> bool:
        """Whether Discord has told the time."""
        return self._base is not None

    def now(self) -> float:
        """Return the seconds since the epoch, by this machine's clock until Discord's is known."""
        return time.time() if self._base is None else self._base + _steady_seconds()

    def set(self, date: str) -> None:
        """Set the clock to the date of an HTTP answer; what is none is passed over."""
        try:
            self._base = parsedate_to_datetime(date).timestamp() - _steady_seconds()
        except ValueError:
            return

    async def _hear(
        self,
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        answered: aiohttp.TraceRequestEndParams,
    ) -> None:
        self.set(answered.response.headers.get("Date", ""))
