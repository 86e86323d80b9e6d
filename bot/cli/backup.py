"""`passage export` and `passage import`: what they print."""

from __future__ import annotations

import dataclasses

from retrieval import PassageError

from ..backup.export import BackupSummary, export
from ..backup.restore import restore
from .commands import Context, index_if_none
from .json_output import print_json


def export_to(on: Context) -> None:
    """`passage export FILE`."""
    backup = export(on.args.file, on.settings.seeds_dir, on.settings.data_dir)
    if on.args.json:
        print_json(dataclasses.asdict(backup))
    else:
        on.terminal.say(f"{backup.file}: {_contents(backup)}; {_size(backup.bytes)}.")


def import_from(on: Context) -> None:
    """`passage import FILE`: restores the articles and the journal, and indexes the articles."""
    settings, file = on.settings, on.args.file
    backup = restore(file, settings.seeds_dir, settings.data_dir, on.args.replace)
    if not on.args.json:
        on.terminal.say(f"Restored from {file} of {backup.made_at[:10]}: {_contents(backup)}.")
    indexed = True
    try:
        index_if_none(on)
    except PassageError as error:
        indexed = False
        on.terminal.note(f"The articles are not indexed yet: {error}")
    if on.args.json:
        print_json(dataclasses.asdict(backup) | {"reload": not indexed})


def _contents(backup: BackupSummary) -> str:
    articles, ratings = _counted(backup.articles, "article"), _counted(backup.feedback, "rating")
    return f"{articles} and {ratings} of members"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _size(count: int) -> str:
    return f"{count / 1024**2:.1f} MiB" if count >= 1024**2 else f"{count / 1024:.0f} KiB"
