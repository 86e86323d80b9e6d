"""Writes a file whole or not at all, whoever reads it or dies meanwhile."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def atomic_write(file: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Open a temporary file that takes the name `file` when the block ends.

    Its bytes are on the disk before it does, so after a crash `file` is the old one or the new
    one. If the block raises, `file` stays as it was.

    Args:
        file: the file to make or replace; its folder must exist.
        private: whether only the owner may read it. If not, the process's umask decides.

    Raises:
        OSError: the file cannot be written.
    """
    mode = 0o600 if private else 0o666
    # A hidden name: neither a reload nor a backup takes it for an article.
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with open(draft, "xb", opener=lambda path, flags: os.open(path, flags, mode)) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, file)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
