"""`python -m tests.wire.reloading` reloads as `retrieval.reload_worker` does, but with all loaded:
the process that forks bots forks one that has the stdin, stdout and stderr of this one."""

from __future__ import annotations

import os
import socket
import sys
import traceback
from typing import NoReturn

ADDRESS = "WIRE_RELOADS"
"""Where the process that forks is asked."""


def main() -> int:
    """Ask for a process that reloads; return 0 when it has done so, 1 when it has failed."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(os.environ[ADDRESS])
        socket.send_fds(asking, [os.getcwdb()], [0, 1, 2])
        return 0 if asking.recv(1) else 1


def reload_for(asking: socket.socket) -> NoReturn:
    """Reload in the place of the process that asks, and end."""
    # That one is to load nothing.
    from retrieval import reload_worker  # noqa: PLC0415

    status = 1
    try:
        folder, given, _, _ = socket.recv_fds(asking, 10_000, 3)
        os.chdir(folder)
        for own, other in enumerate(given):
            os.dup2(other, own)
            os.close(other)
        reload_worker.NICENESS = 0  # Else it would wait while other tests run.
        reload_worker.main()
        asking.send(b".")
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
