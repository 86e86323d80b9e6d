"""The bot's own process, as an operator starts and stops it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.waiting import PATIENCE

from .forking import ForkedBot, Forker
from .launch import API, GATEWAY, JUMP, PAUSE
from .standin import TOKEN, StandIn

ROOT = Path(__file__).parent.parent.parent


class BotProcess:
    """`passage run` with the stand-in for Discord; it may be started again when it has ended.

    Whatever happens, it does not live longer than the block of its `async with`.
    """

    program: tuple[str, ...] = ("-m", "tests.wire.launch")
    """What Python runs, if nobody forks."""

    forker: Forker | None = None
    """What forks bots that begin with all loaded; None where each is to load it itself."""

    def __init__(self, discord: StandIn, folder: Path, **settings: str) -> None:
        """`folder` keeps the index, the journal and the log; `settings` are environment."""
        self._discord = discord
        self.data = folder / "data"
        self._folder = folder
        self._pause = folder / "pause"
        self.clock_jump = folder / "clock-jump"
        self._errors = folder / "stderr"
        self._process: asyncio.subprocess.Process | ForkedBot | None = None
        self.starts = 0
        mine = {name: value for name, value in os.environ.items() if not _is_ours(name)}
        self.environment = mine | {
            "DISCORD_TOKEN": TOKEN,
            "HF_HUB_OFFLINE": "1",
            "PASSAGE_SEEDS_DIR": str(ROOT / "seeds"),
            "PASSAGE_DATA_DIR": str(self.data),
            "PYTHONPATH": str(ROOT),
            API: discord.api,
            GATEWAY: discord.gateway.address,
            PAUSE: str(self._pause),
            JUMP: str(self.clock_jump),
            **settings,
        }

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        if self.running:
            self.signal(signal.SIGKILL)
            await self.ended()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def stderr(self) -> str:
        """All that it has written there since it was last started."""
        return self._errors.read_text("utf-8")

    @property
    def memory_mib(self) -> float:
        """The memory that it holds now; on Linux alone."""
        status = Path(f"/proc/{self.pid}/status").read_text("utf-8")
        (size,) = re.findall(r"^VmRSS:\s+(\d+) kB", status, re.M)
        return int(size) / 1024

    async def launch(self) -> None:
        """Starts it. It runs in a folder of its own, so that it finds no `.env`."""
        self.starts += 1
        if self.forker is not None:
            self._errors.write_bytes(b"")
            self._process = await self.forker.start(self._folder, self.environment, self._errors)
            return
        with self._errors.open("wb") as errors:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self.program,
                cwd=self._folder,
                env=self.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=errors,
            )

    async def start(self, patience: float = PATIENCE) -> None:
        """Starts it and returns when it has logged in.

        Raises AssertionError, with what it has written, if it ends before that or never does it.
        """
        gateway = self._discord.gateway
        # Else the sockets of one that was killed would pass for those of this one.
        await self._discord.until(lambda: not gateway.sockets)
        await self.launch()
        assert self._process is not None
        ended = asyncio.ensure_future(self._process.wait())
        login = asyncio.ensure_future(self._discord.until(lambda: gateway.connected, patience))
        await asyncio.wait([ended, login], return_when=asyncio.FIRST_COMPLETED)
        began = login.done() and login.exception() is None and not ended.done()
        ended.cancel()
        login.cancel()
        if not began:
            self.signal(signal.SIGKILL)
            await self.ended()
            raise AssertionError(f"The bot did not start: {self.stderr}")

    async def ended(self) -> int:
        """The exit status, once it has ended."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), PATIENCE)

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ends it if it runs; returns the exit status."""
        self.signal(number)
        return await self.ended()

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        with suppress(ProcessLookupError):
            self._process.send_signal(number)

    def pause(self) -> None:
        """From now on no question is searched for, until `go_on` is called."""
        self._pause.touch()

    def go_on(self) -> None:
        """End a pause; where there is none, do nothing."""
        self._pause.unlink(missing_ok=True)


def _is_ours(name: str) -> bool:
    return name.startswith("PASSAGE_") or name == "DISCORD_TOKEN"
