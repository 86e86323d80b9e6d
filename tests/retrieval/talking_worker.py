"""What reloads as `retrieval.reload_worker` does, but lets nobody go before it and
says something; then it may fail or stand still."""

from __future__ import annotations

import logging
import threading

from retrieval import CorpusError, reload_worker
from retrieval.index.reload_process import ReloadJob
from retrieval.reports import Reload

reloaded = reload_worker._reload


def talking(job: ReloadJob, tell: reload_worker.Tell) -> Reload:
    logging.getLogger("retrieval.talking").info("It begins.")
    if job.model == "refused":
        raise CorpusError("There is no folder of articles.")
    if job.model == "unexpected":
        tell("progress", [0, 1])
        raise ZeroDivisionError("nobody expected it")
    if job.model == "waiting":
        tell("waiting", True)
        threading.Event().wait()
    return reloaded(job, tell)


if __name__ == "__main__":
    reload_worker.NICENESS = 0
    reload_worker._reload = talking
    reload_worker.main()
