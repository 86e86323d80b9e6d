"""`python -m bench.question_path`: the files and functions of ours that one warm mention enters.

A member of a server in memory mentions the bot twice; the second time every call is recorded, in
the event loop's thread and in the worker's.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType

from retrieval import Library
from retrieval.files import FRESH
from tests.bot.server import serving

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "retrieval")

QUESTIONS = ("Who chaired the meeting in Hanoi?", "Who received the Ho Chi Minh Order?")
"""One to warm up with and one to record."""


class Recorder:
    """Notes which functions of ours are entered while it is `active`, in each thread."""

    def __init__(self) -> None:
        self.active = False
        self.entered: set[CodeType] = set()

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        if self.active and event == "call":
            self.entered.add(frame.f_code)

    def by_file(self) -> Counter[str]:
        """The number of functions entered, by the file of ours that has them."""
        files: Counter[str] = Counter()
        for code in self.entered:
            file = Path(code.co_filename)
            named = code.co_name.isidentifier()  # not a comprehension, a lambda or a class body
            if named and file.is_relative_to(ROOT):
                path = file.relative_to(ROOT).as_posix()
                if path.partition("/")[0] in PACKAGES:
                    files[path] += 1
        return files


async def record(library: Library) -> Counter[str]:
    """The functions entered by file, while the bot answers the second of two mentions."""
    recorder = Recorder()
    threading.setprofile(recorder)  # for the worker's thread, which is yet to start
    async with serving(library) as server:
        await server.say(f"{server.mention} {QUESTIONS[0]}")
        sys.setprofile(recorder)
        recorder.active = True
        reply = await server.say(f"{server.mention} {QUESTIONS[1]}")
        recorder.active = False
        sys.setprofile(None)
    threading.setprofile(None)
    if not reply:
        raise RuntimeError("the bot did not answer")
    return recorder.by_file()


def main() -> int:
    """Print the files, the functions of each, and both sums; returns the exit status."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as work,
        Library.open(ROOT / "seeds", Path(work)) as library,
    ):
        library.reload()
        library.ask(QUESTIONS[0])  # the server in memory does not wait until the model is loaded
        time.sleep(FRESH)  # of an index written just now, Chroma is asked again what serves
        files = asyncio.run(record(library))
    for file, count in sorted(files.items()):
        print(f"{count:4} {file}")
    print(f"{sum(files.values())} functions in {len(files)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
