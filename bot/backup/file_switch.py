"""Files and folders that take the place of others, all of them or none, whenever it is cut off.

What is new stands ready beside what is old. A record of the steps is written, and from then on the
switch is decided: if the process dies, the next command finishes it (`finish`). If the system
refuses a step, those before it are taken back.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from retrieval import OperatorError

RECORD = ".import.json"
"""The record's name in the data folder."""


@dataclass(frozen=True, slots=True)
class Step:
    """`target` goes to `aside`, if it is there, and `staged` takes its place, if it is not None."""

    target: Path
    staged: Path | None
    aside: Path


def switch(folder: Path, steps: Sequence[Step]) -> None:
    """Take the steps, in their order; the record is kept in `folder`.

    Raises:
        OperatorError: the system refuses one. All is as it was.
    """
    record = folder / RECORD
    # What is decided must be on the disk before the decision is.
    os.sync()
    written = record.with_suffix(".new")
    try:
        written.write_text(json.dumps([_dump(step) for step in steps]), encoding="utf-8")
        os.replace(written, record)
        os.sync()
        for step in steps:
            _take(step)
    except OSError as error:
        for step in reversed(steps):
            _take_back(step)
        record.unlink(missing_ok=True)
        where = error.filename or folder
        raise OperatorError(
            f"{where} cannot be switched ({error.strerror or error}); nothing was changed."
        ) from error
    # All is switched; what cannot be removed now is left to `finish`.
    with suppress(OSError):
        _clear(steps, record)


def finish(folder: Path) -> bool:
    """Finish a switch that was cut off; whether there was one.

    Raises:
        OperatorError: it cannot be finished.
    """
    record = folder / RECORD
    if not record.exists():
        return False
    try:
        steps = [_load(said) for said in json.loads(record.read_text(encoding="utf-8"))]
        for step in steps:
            _take(step)
        os.sync()
        _clear(steps, record)
    except FileNotFoundError:
        return False  # Another process has finished it in this moment.
    except (OSError, ValueError, TypeError) as error:
        raise OperatorError(
            f"An import was cut off and cannot be finished ({error}); {record} says what is where."
        ) from error
    return True


def _take(step: Step) -> None:
    """Takes a step, or what is left of it."""
    done = step.staged is not None and not step.staged.exists()
    if done:
        return
    if step.target.exists():
        if step.aside.exists():
            # It went aside before the death, so somebody has made this one since.
            raise FileExistsError(17, "it has come back since; move it away", str(step.target))
        step.aside.parent.mkdir(parents=True, exist_ok=True)
        os.rename(step.target, step.aside)
    if step.staged is not None:
        step.target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(step.staged, step.target)


def _take_back(step: Step) -> None:
    if step.staged is not None and not step.staged.exists() and step.target.exists():
        os.rename(step.target, step.staged)
    if step.aside.exists() and not step.target.exists():
        os.rename(step.aside, step.target)


def _clear(steps: Sequence[Step], record: Path) -> None:
    """The record goes last: until then a death leaves it known what is to be removed."""
    for step in steps:
        remove(step.aside)
    record.unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there. Raises OSError."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _dump(step: Step) -> list[str | None]:
    return [str(step.target), str(step.staged) if step.staged else None, str(step.aside)]


def _load(said: list[str | None]) -> Step:
    target, staged, aside = said
    if target is None or aside is None:
        raise ValueError("the record is damaged")
    return Step(Path(target), Path(staged) if staged else None, Path(aside))
