"""What goes wrong with requests: because Discord refuses them, or because a test wants it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from .world import Payload


class RefusalError(Exception):
    """Discord does not do what is asked."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body: Payload = {"code": code, "message": message}


@dataclass(eq=False)
class Fault:
    """What happens to the next request of a method whose path matches; it waits for the gate."""

    method: str
    path: re.Pattern[str]
    status: int = 0
    body: Payload = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    taken: bool = False
    """Whether Discord does what is asked, and the error is all that the bot hears of it."""
    gate: asyncio.Event | None = None
    met: bool = False


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._all: list[Fault] = []

    def fail(
        self, method: str, path: str, status: int, code: int = 0, *, taken: bool = False
    ) -> None:
        """The next request of a method whose path ends in a pattern fails with a status."""
        body = {"message": "It failed.", "code": code}
        self._all.append(Fault(method, _end(path), status, body, taken=taken))

    def limit(self, method: str, path: str, retry_after: float) -> None:
        """The next such request is told to come again after so many seconds."""
        body = {"message": "Slow down.", "retry_after": retry_after, "global": False}
        # Without Via, discord.py takes the answer for that of a firewall, and gives up.
        headers = {"Via": "1.1 google", "Retry-After": str(retry_after)}
        self._all.append(Fault(method, _end(path), 429, body, headers))

    def ban(self, method: str, path: str, retry_after: float) -> None:
        """The next such request is refused by Cloudflare, which stands before Discord."""
        body = {"message": "You are being rate limited."}
        headers = {"Retry-After": str(retry_after)}
        self._all.append(Fault(method, _end(path), 429, body, headers))

    @asynccontextmanager
    async def held(self, method: str, path: str) -> AsyncIterator[Callable[[], bool]]:
        """The next such request waits until the block ends; yields whether it has come."""
        gate = asyncio.Event()
        fault = Fault(method, _end(path), gate=gate)
        self._all.append(fault)
        try:
            yield lambda: fault.met
        finally:
            gate.set()

    def meet(self, method: str, path: str) -> Fault | None:
        """What happens to a request; None if nothing."""
        for fault in self._all:
            if not fault.met and fault.method == method and fault.path.search(path):
                fault.met = True
                return fault
        return None


def _end(path: str) -> re.Pattern[str]:
    return re.compile(path + "$")
