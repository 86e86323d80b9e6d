"""The file of a backup: a zip whose manifest names each member with its size and SHA-256.

It is a zip and not a tar because a zip's directory tells all names, kinds and sizes before a byte
is unpacked. It stands at the end, so a file that was cut off has none. The checksums find damage;
they are no signature.
"""

from __future__ import annotations

import hashlib
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import IO, BinaryIO, Literal

from pydantic import TypeAdapter, ValidationError

import retrieval
from retrieval import OperatorError, __version__

from ..journal.journal import JOURNAL

MANIFEST = "manifest.json"

SEEDS = "seeds/"
"""The folder of the articles in an archive. The journal and the pins stand beside it."""

MAX_MEMBERS, MAX_UNPACKED_BYTES, MAX_MANIFEST_BYTES = 500_000, 16 * 1024**3, 256 * 1024**2

MAX_RATIO, FREE_BYTES = 100, 64 * 1024**2
"""An archive may unpack to this many times its size and FREE_BYTES: text shrinks to a third."""

CHUNK_BYTES = 1024 * 1024


class ArchiveError(OperatorError):
    """The file is not a backup, or not as it was written."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its relative path with slashes, its size in bytes, its SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """When an archive was made (ISO 8601, UTC), by which version of Passage, and of what."""

    made_at: str
    passage: str
    members: tuple[Member, ...]
    format: Literal[1] = 1


_MANIFEST = TypeAdapter(Manifest)


def pack(stream: BinaryIO, files: Mapping[str, Path]) -> Manifest:
    """Write an archive of files, given by their paths in it.

    Raises:
        ArchiveError: a name cannot be kept.
        OSError: a file cannot be read, or the archive cannot be written.
    """
    members = []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, file in files.items():
            if not _is_safe(path):
                raise ArchiveError(f"A backup cannot keep a file named {path!a}; rename it.")
            # zip64: the file may grow beyond 4 GiB while it is read.
            with file.open("rb") as source, archive.open(path, "w", force_zip64=True) as target:
                members.append(_copy(path, source, target))
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = Manifest(made_at, __version__, tuple(members))
        archive.writestr(MANIFEST, _MANIFEST.dump_json(manifest, indent=1))
    return manifest


def unpack(file: Path, seeds: Path, data: Path) -> Manifest:
    """Check an archive, and write its articles below `seeds`, its journal and pins into `data`.

    Returns its manifest.

    Raises:
        ArchiveError: it is no backup, of a later version, damaged, or holds what none should.
        OSError: it cannot be read, or a file cannot be written.
    """
    if file.exists() and not file.is_file():  # A pipe would be waited for without end.
        raise ArchiveError(f"{file} is no backup, for it is no file.")
    try:
        with zipfile.ZipFile(file) as archive:
            _check_files(file, archive)
            manifest = _MANIFEST.validate_json(archive.read(MANIFEST))
            _check_names(file, archive, manifest)
            for member in manifest.members:
                article = member.path.startswith(SEEDS)
                target = seeds / member.path.removeprefix(SEEDS) if article else data / member.path
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member.path) as source, target.open("xb") as stream:
                    if _copy(member.path, source, stream) != member:
                        raise ArchiveError(f"{file} is damaged: {member.path} has changed.")
            return manifest
    except (ArchiveError, OSError):
        raise
    except ValidationError as error:
        raise ArchiveError(
            f"{file} has a {MANIFEST} that is damaged, or that a later version of Passage wrote."
        ) from error
    except Exception as error:  # A damaged offset or length can raise almost anything.
        reason = str(error)[:100].strip("'\".")
        raise ArchiveError(f"{file} is no backup, or is damaged ({reason}).") from error


def is_hidden(path: str) -> bool:
    """Whether a file, or a folder above it, has a name with a dot in front."""
    return any(part.startswith(".") for part in path.split("/"))


def _check_files(file: Path, archive: zipfile.ZipFile) -> None:
    """Raise ArchiveError unless all are plain files with safe names, and of believable sizes."""
    infos = archive.infolist()
    for info in infos:
        if not _is_safe(info.orig_filename):
            raise ArchiveError(f"{file} holds an unsafe name, {info.orig_filename!a}.")
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            raise ArchiveError(f"{file} holds {info.filename}, which is no plain file.")
    total = sum(info.file_size for info in infos)
    most = min(MAX_UNPACKED_BYTES, FREE_BYTES + MAX_RATIO * file.stat().st_size)
    too_long = archive.getinfo(MANIFEST).file_size > MAX_MANIFEST_BYTES
    if len(infos) > MAX_MEMBERS or total > most or too_long:
        raise ArchiveError(
            f"{file} would unpack to {total / 1024**2:.0f} MiB in {len(infos)} files, which is "
            "more than a backup of its size can hold."
        )


def _check_names(file: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Raise ArchiveError unless the files are those of the manifest, and such as a backup has."""
    names = sorted(archive.namelist())
    if names != sorted([MANIFEST, *(member.path for member in manifest.members)]):
        raise ArchiveError(f"{file} is damaged: its {MANIFEST} lists other files than it holds.")
    others = (MANIFEST, JOURNAL, retrieval.PINS)
    for name in names:
        article = name.startswith(SEEDS) and not is_hidden(name)
        if not article and name not in others:
            raise ArchiveError(f"{file} holds {name}, which no backup has.")


def _is_safe(path: str) -> bool:
    """Whether a path stays below the folder where it is unpacked, on every system."""
    parts = path.split("/")
    outside = any(part in ("", ".", "..") or PurePath(part).drive for part in parts)
    return path.isprintable() and "\\" not in path and not outside


def _copy(path: str, source: IO[bytes], target: IO[bytes]) -> Member:
    size, digest = 0, hashlib.sha256()
    while chunk := source.read(CHUNK_BYTES):
        size += len(chunk)
        digest.update(chunk)
        target.write(chunk)
    return Member(path, size, digest.hexdigest())
