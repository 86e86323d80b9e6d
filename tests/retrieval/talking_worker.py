"""What reloads as `retrieval.reload_worker` does, but says something, or fails, before it."""

from __future__ import annotations

import logging
from typing import Any, NoReturn

from retrieval import reload_worker
from retrieval.embedding.catalog import ModelProfile, loading_error
from retrieval.embedding.embedder import Embedder
from retrieval.index.reload_process import ReloadJob
from retrieval.reports import Reload

reloaded = reload_worker._reload


def talking(job: ReloadJob, tell: reload_worker.Tell) -> Reload:
    logging.getLogger("retrieval.talking").info("It begins.")
    if job.model == "unexpected":
        raise ZeroDivisionError("nobody expected it")
    if job.model == "broken":
        Embedder.load = broken
    return reloaded(job, tell)


def broken(name: str, *_: Any, **__: Any) -> NoReturn:
    """Load no model. To find out that its files are broken would load torch for seconds."""
    raise loading_error(ModelProfile(name, name, {}), OSError("it is cut short"))


if __name__ == "__main__":
    reload_worker._reload = talking
    reload_worker.main()
