"""`passage export` and `passage import`: what they print."""

from __future__ import annotations

import dataclasses

from retrieval import MAIN_CORPUS, PassageError

from ..backup.backup import BackupSummary, export, restore
from .checks import counted
from .context import CommandContext, index_if_none
from .json_output import print_json


def export_to(context: CommandContext) -> None:
    """Write a backup: `passage export FILE`."""
    options = context.settings.library
    backup = export(context.args.file, options.seeds_dir, options.data_dir)
    context.show(
        backup,
        lambda _: context.terminal.line(
            f"{backup.file}: {_contents(backup)}; {_size(backup.bytes)}."
        ),
    )
    if others := [name for name in context.settings.entries if name != MAIN_CORPUS]:
        context.terminal.note(
            f"Of other corpora only the answers are in it; `--corpus` with {', '.join(others)} "
            "exports their articles."
        )


def import_from(context: CommandContext) -> int:
    """Restore a backup and index its articles: `passage import FILE`. Return the exit status that
    a reload of them would have."""
    args, options = context.args, context.settings.library
    backup = restore(args.file, options.seeds_dir, options.data_dir, args.replace)
    if not args.json:
        day = backup.made_at[:10]
        context.terminal.line(f"Restored from {backup.file} of {day}: {_contents(backup)}.")
    indexed, status = True, 0
    try:
        status = index_if_none(context)
    except PassageError as error:
        indexed = False
        context.terminal.note(f"The articles are not indexed yet: {error}")
    if args.json:
        print_json(dataclasses.asdict(backup) | {"reload": not indexed})
    return status


def _contents(backup: BackupSummary) -> str:
    articles, ratings = counted(backup.articles, "article"), counted(backup.feedback, "rating")
    return f"{articles} and {ratings} of members"


def _size(count: int) -> str:
    return f"{count / 1024**2:.1f} MiB" if count >= 1024**2 else f"{count / 1024:.0f} KiB"
