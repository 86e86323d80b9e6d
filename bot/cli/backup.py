"""`passage export` and `passage import`: what they print."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import retrieval
from retrieval import PassageError

from ..backup.export import Backup, Places, export
from ..backup.restore import changed, restore
from ..settings import Settings
from .commands import Context
from .json_output import print_json


def export_to(on: Context) -> None:
    """`passage export FILE`."""
    made = export(on.args.file, _places(on.settings))
    for note in made.notes:
        on.terminal.note(note)
    if on.args.json:
        print_json(_json(made))
        return
    on.terminal.say(f"{made.file}: {_held(made)}; {_size(made.bytes)}.")
    if made.index_is == "server":
        on.terminal.note(
            "The index is kept by a Chroma server and is not in it; after an import, "
            "`passage reload` makes it anew."
        )


def import_from(on: Context) -> None:
    """`passage import FILE`."""

    def open_at(seeds: Path, data: Path) -> retrieval.Library:
        return retrieval.Library.open(seeds, data, on.settings.embedding_model)

    back = restore(on.args.file, _places(on.settings), open_at, on.args.replace)
    why = _why_reload(back, on)
    for note in back.notes:
        on.terminal.note(note)
    if on.args.json:
        print_json(_json(back) | {"reload": bool(why)})
        return
    on.terminal.say(f"Restored from {back.file} of {back.made_at[:10]}: {_held(back)}.")
    on.terminal.say(why or "Every indexed article is as it was indexed; no reload is needed.")


def _why_reload(back: Backup, on: Context) -> str:
    """What is to be done before questions are answered from what was restored; "" if nothing."""
    if not back.index:
        return "The index is not restored; run `passage reload`."
    try:
        with on.open_library() as library:
            library.check_index()
            differing = changed(library, on.settings.seeds_dir)
    except PassageError as error:
        said = str(error)
        return said if "passage reload" in said else f"{said} Then run `passage reload`."
    if differing:
        counted = _counted(len(differing), "article")
        return f"{counted} changed after the index was made; run `passage reload`."
    return ""


def _places(settings: Settings) -> Places:
    return Places(settings.seeds_dir, settings.data_dir, server=bool(settings.chroma_url))


def _held(backup: Backup) -> str:
    index = "the index" if backup.index else "no index"
    articles, ratings = _counted(backup.articles, "article"), _counted(backup.feedback, "rating")
    return f"{articles}, {index} and {ratings} of members"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _size(count: int) -> str:
    return f"{count / 1024**2:.1f} MiB" if count >= 1024**2 else f"{count / 1024:.0f} KiB"


def _json(backup: Backup) -> dict[str, Any]:
    fields = dataclasses.asdict(backup)
    del fields["index_is"], fields["notes"]
    return fields
