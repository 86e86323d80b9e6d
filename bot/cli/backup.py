"""`passage export` and `passage import`."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import retrieval
from retrieval import PassageError

from ..backup.export import Backup, Places, export
from ..backup.restore import changed, restore
from ..settings import Settings
from .checks import counted
from .commands import CommandContext
from .json_output import print_json


def export_to(context: CommandContext) -> None:
    """Write a backup: `passage export FILE`."""
    backup = export(context.args.file, _places(context.settings))
    for note in backup.notes:
        context.terminal.note(note)
    if context.args.json:
        print_json(_json(backup))
        return
    context.terminal.say(f"{backup.file}: {_contents(backup)}; {_size(backup.bytes)}.")
    if backup.index_is == "server":
        context.terminal.note(
            "The index is kept by a Chroma server and is not in it; after an import, "
            "`passage reload` makes it anew."
        )


def import_from(context: CommandContext) -> None:
    """Restore a backup: `passage import FILE`."""

    def open_at(seeds: Path, data: Path) -> retrieval.Library:
        return retrieval.Library.open(seeds, data, context.settings.library.model)

    backup = restore(context.args.file, _places(context.settings), open_at, context.args.replace)
    advice = _advice(backup, context)
    for note in backup.notes:
        context.terminal.note(note)
    if context.args.json:
        print_json(_json(backup) | {"reload": bool(advice)})
        return
    context.terminal.say(
        f"Restored from {backup.file} of {backup.made_at[:10]}: {_contents(backup)}."
    )
    context.terminal.say(
        advice or "Every indexed article is as it was indexed; no reload is needed."
    )


def _advice(backup: Backup, context: CommandContext) -> str:
    """Return what to do before questions are answered from the backup; "" for nothing."""
    if not backup.index:
        return "The index is not restored; run `passage reload`."
    try:
        with context.open_library() as library:
            library.check_index()
            differing = changed(library, context.settings.library.seeds_dir)
    except PassageError as error:
        reason = str(error)
        return reason if "passage reload" in reason else f"{reason} Then run `passage reload`."
    if differing:
        articles = counted(len(differing), "article")
        return f"{articles} changed after the index was made; run `passage reload`."
    return ""


def _places(settings: Settings) -> Places:
    options = settings.library
    return Places(options.seeds_dir, options.data_dir, server=bool(options.chroma_url))


def _contents(backup: Backup) -> str:
    index = "the index" if backup.index else "no index"
    articles, ratings = counted(backup.articles, "article"), counted(backup.feedback, "rating")
    return f"{articles}, {index} and {ratings} of members"


def _size(count: int) -> str:
    return f"{count / 1024**2:.1f} MiB" if count >= 1024**2 else f"{count / 1024:.0f} KiB"


def _json(backup: Backup) -> dict[str, Any]:
    fields = dataclasses.asdict(backup)
    del fields["index_is"], fields["notes"]
    return fields
