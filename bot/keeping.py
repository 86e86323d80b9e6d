"""`passage export` and `passage import`: what they print."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from typing import Any

from retrieval import Library, PassageError

from .as_json import print_json
from .backup import Backup, Places, export
from .restoring import changed, finish, restore
from .settings import Settings
from .terminal import Terminal

OpenLibrary = Callable[[], Library]


def mend(settings: Settings, terminal: Terminal) -> None:
    """Finish an import that was cut off, before anything else is done. Raises OperatorError."""
    if finish(settings.data_dir):
        terminal.note("Finished an import that had been cut off.")


def export_to(
    args: argparse.Namespace, settings: Settings, terminal: Terminal, open_library: OpenLibrary
) -> int:
    """`passage export FILE`; returns the exit status."""
    made = export(args.file, _places(settings))
    for note in made.notes:
        terminal.note(note)
    if args.json:
        print_json(_json(made))
        return 0
    terminal.say(f"{made.file}: {_held(made)}; {_size(made.bytes)}.")
    if made.index_is == "server":
        terminal.note(
            "The index is kept by a Chroma server and is not in it; after an import, "
            "`passage reload` makes it anew."
        )
    return 0


def import_from(
    args: argparse.Namespace, settings: Settings, terminal: Terminal, open_library: OpenLibrary
) -> int:
    """`passage import FILE`; returns the exit status."""

    def open_at(seeds: Any, data: Any) -> Library:
        return Library.open(seeds, data, settings.embedding_model)

    back = restore(args.file, _places(settings), open_at, args.replace)
    why = _why_reload(back, settings, open_library)
    for note in back.notes:
        terminal.note(note)
    if args.json:
        print_json(_json(back) | {"reload": bool(why)})
        return 0
    terminal.say(f"Restored from {back.file} of {back.made_at[:10]}: {_held(back)}.")
    terminal.say(why or "Every indexed article is as it was indexed; no reload is needed.")
    return 0


def _why_reload(back: Backup, settings: Settings, open_library: OpenLibrary) -> str:
    """What is to be done before questions are answered from what was restored; "" if nothing."""
    if not back.index:
        return "The index is not restored; run `passage reload`."
    try:
        with open_library() as library:
            differing = changed(library, settings.seeds_dir)
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
