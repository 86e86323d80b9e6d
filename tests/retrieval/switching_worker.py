"""A program that reloads as `retrieval.reload_worker`, and stands still when it has switched."""

from __future__ import annotations

import threading

from retrieval import reload_worker
from retrieval.index.store import Store

serve = Store.serve


def serve_and_stand_still(store: Store, *args: object) -> None:
    serve(store, *args)  # type: ignore[arg-type]
    threading.Event().wait()


if __name__ == "__main__":
    reload_worker.NICENESS = 0
    Store.serve = serve_and_stand_still  # type: ignore[assignment, method-assign]
    reload_worker.main()
