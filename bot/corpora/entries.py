"""Which corpora there are and who is given each: `corpora.toml`."""

from __future__ import annotations

import re
import secrets
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from retrieval import MAIN_CORPUS, OperatorError, atomic_write, reason_of

from ..options import Id, fault

READER_KEY = "reader-key"
"""The file, in the folder of a corpus, with that part of its address in the reader."""

_NAME = re.compile("[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class CorpusEntry:
    """A corpus: its folder of articles, the ids of those to whom it is given, and of the servers
    that may choose it with `/settings`. A channel's threads have what it has, and a category's
    channels have what that has."""

    seeds: Path = Path()
    servers: frozenset[Id] = frozenset()
    channels: frozenset[Id] = frozenset()
    roles: frozenset[Id] = frozenset()
    offered: frozenset[Id] = frozenset()


CorpusEntries = Mapping[str, CorpusEntry]
"""The corpora by name, that of `PASSAGE_SEEDS_DIR` among them as MAIN_CORPUS."""

_ENTRIES = TypeAdapter(dict[str, CorpusEntry])


def offered_to(entries: CorpusEntries, guild: int) -> frozenset[str]:
    """Return the names of the corpora that a server may choose: those that are offered to it, and
    the main one unless others are given to it, for then it sees that in any case."""
    offered = {name for name, entry in entries.items() if guild in entry.offered}
    is_given = any(guild in entry.servers for entry in entries.values())
    return frozenset(offered if is_given else offered | {MAIN_CORPUS})


def with_chosen(
    entries: CorpusEntries, guild: int | None, chosen: Mapping[str, CorpusEntry]
) -> CorpusEntries:
    """Return the corpora as they are given in a server: by the operator, and by what the server has
    chosen of those that are offered to it.

    Args:
        entries: the corpora.
        guild: the id of the server; None in direct messages.
        chosen: to whom in the server it has given corpora, by their names.
    """
    if guild is None:
        return entries
    together = {**entries}
    for name in offered_to(entries, guild) & chosen.keys():
        given, added = entries[name], chosen[name]
        together[name] = replace(
            given,
            servers=given.servers | added.servers,
            channels=given.channels | added.channels,
            roles=given.roles | added.roles,
        )
    return together


def corpora_at(
    entries: CorpusEntries,
    guild: int | None,
    channels: Iterable[int | None],
    roles: Iterable[int] = (),
) -> frozenset[str]:
    """Return the names of the corpora that are seen in a channel: those given to the server or the
    channel, the main one where that is none, and those that a member's roles add.

    Args:
        entries: the corpora.
        guild: the id of the server; None in direct messages.
        channels: the ids of the channel and of what it is in: its parent and its category.
        roles: the ids of the member's roles; of none for what everybody sees there.
    """
    ids, of_member = set(channels), set(roles)
    given = {n for n, each in entries.items() if guild in each.servers or ids & each.channels}
    added = {name for name, entry in entries.items() if of_member & entry.roles}
    return frozenset((given or {MAIN_CORPUS}) | added)


def corpus_folder(data_dir: Path, name: str) -> Path:
    """Return the folder of what is kept of a corpus: the index, the pins, the sources followed."""
    return data_dir if name == MAIN_CORPUS else data_dir / "corpora" / name


def reader_key(data_dir: Path, name: str) -> str:
    """Return the part of a corpus's address in the reader that nobody can guess; the first call
    makes it. Raises OperatorError."""
    file = corpus_folder(data_dir, name) / READER_KEY
    try:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(file, private=True) as stream:
                stream.write(secrets.token_hex(10).encode())
        return file.read_text("ascii")
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise OperatorError(f"{file} cannot be used ({reason}); check PASSAGE_DATA_DIR.") from error


def read_corpora(file: Path | None, seeds_dir: Path) -> CorpusEntries:
    """Read the corpora.

    Args:
        file: `corpora.toml`, whose folders are relative to its own; without one, there is only
            the main corpus.
        seeds_dir: the folder of that.

    Raises:
        OperatorError: the file cannot be read, an entry has something else than it may have, or
            the folder of a corpus lies in that of another.
    """
    entries = {MAIN_CORPUS: CorpusEntry()}
    if file is not None:
        try:
            entries |= _ENTRIES.validate_python(tomllib.loads(file.read_text("utf-8-sig")))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise OperatorError(f"{file}: {where} {fault(first)}") from error
        except (OSError, ValueError) as error:
            reason = reason_of(error)
            raise OperatorError(f"PASSAGE_CORPORA: {file} cannot be read ({reason}).") from error
        for name, entry in entries.items():
            if not _NAME.fullmatch(name):
                raise OperatorError(
                    f"{file}: a corpus cannot be called {name!r}; a name has at most 40 of a-z, "
                    "0-9, - and _."
                )
            if (entry.seeds == Path()) != (name == MAIN_CORPUS):
                raise OperatorError(
                    f"{file}: {name} is the corpus of PASSAGE_SEEDS_DIR and takes no seeds."
                    if name == MAIN_CORPUS
                    else f"{file}: {name} needs seeds, its folder of articles."
                )
            entries[name] = replace(entry, seeds=file.parent / entry.seeds)
    entries[MAIN_CORPUS] = replace(entries[MAIN_CORPUS], seeds=seeds_dir)
    _check_apart(entries)
    return entries


def _check_apart(entries: CorpusEntries) -> None:
    folders = {name: entry.seeds.resolve() for name, entry in entries.items()}
    for name, folder in folders.items():
        for other, outer in folders.items():
            if name != other and folder.is_relative_to(outer):
                raise OperatorError(
                    f"The folder of the corpus {name}, {folder}, lies in that of {other}, which "
                    "would quote its articles; put them beside each other."
                )
