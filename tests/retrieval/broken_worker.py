"""What reads files as `retrieval.file_worker` does, but for some: it is stopped, dies or lies."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from typing import Any

from retrieval import file_worker
from retrieval.articles.file_reader import FileToRead
from retrieval.formats import helper_process
from retrieval.models import Kind


def reply(about: dict[str, Any], data: bytes) -> dict[str, Any]:
    match about["path"]:
        case "slow.txt":
            time.sleep(600)
        case "busy.txt":
            helper_process._limit(
                "RLIMIT_CPU", int(time.process_time()) + 1
            )  # Four would be as good.
            while True:
                pass
        case "deadly.txt":
            os.kill(os.getpid(), signal.SIGKILL)
        case "bug.txt":
            return file_worker._read({"path": about["path"]}, data)
        case "no-object.txt":
            return []  # type: ignore[return-value]
        case "other.txt":
            about["path"] = "elsewhere.txt"
        case "beyond.txt":
            made = file_worker._read(about, data)
            spans = ((0, 10_000, Kind.PROSE, ((0, 10_000),)),)
            return {"parsed": replace(made["parsed"], spans=spans)}
    return file_worker._read(about, data)


if __name__ == "__main__":
    # What is loaded when it is first needed is in no file's time.
    first = FileToRead(b"The council met on Tuesday.", "first.txt", {}, "")
    file_worker._read(first.about | {"whole": True}, first.data)
    helper_process.CPU_SECONDS = 4  # More than the tests' seconds by the clock.
    helper_process.serve_files(reply)
