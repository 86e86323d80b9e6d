"""What reloads as `retrieval.reload_worker` does, but says something, or fails, before it."""

from __future__ import annotations

import logging

from retrieval import reload_worker
from retrieval.embedding.catalog import ModelProfile, loading_error
from retrieval.index.reload_process import ReloadJob
from retrieval.reports import Reload

reloaded = reload_worker._reload


def talking(job: ReloadJob, tell: reload_worker.Tell) -> Reload:
    logging.getLogger("retrieval.talking").info("It begins.")
    if job.model == "unexpected":
        raise ZeroDivisionError("nobody expected it")
    if job.model == "broken":  # To try to load it would load torch for seconds.
        raise loading_error(ModelProfile(job.model, job.model, {}), OSError("it is cut short"))
    return reloaded(job, tell)


if __name__ == "__main__":
    reload_worker._reload = talking
    reload_worker.main()
