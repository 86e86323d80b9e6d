"""A backup's file: a zip whose manifest names each member with its size and SHA-256.

It is a zip and not a tar: a zip's directory says what is in it before a byte is unpacked, it stands
at the end (so a file that was cut off has none), and a zip knows no devices and no hard links. The
checksums find damage; they are no signature.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from retrieval import OperatorError

FORMAT = 1
MANIFEST = "manifest.json"

MAX_BYTES = 16 * 1024**3
MAX_MEMBERS = 500_000
MAX_MANIFEST = 256 * 1024**2
FREE_BYTES = 64 * 1024**2
MAX_RATIO = 100
"""Beyond FREE_BYTES an archive may unpack to so many times its size: text packs to a third, a young
index's empty pages to a thousandth, and those are few."""

CHUNK = 1024 * 1024


class ArchiveError(OperatorError):
    """The file is no archive of Passage's, or not what was written."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive. `path` is relative, with slashes."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself.

    `index` is "files", "none" (there was none yet) or "server" (it is kept elsewhere).
    """

    made_at: str
    passage: str
    index: str
    members: tuple[Member, ...]

    def below(self, folder: str) -> list[Member]:
        return [member for member in self.members if member.path.startswith(f"{folder}/")]

    def has(self, path: str) -> bool:
        return any(member.path == path for member in self.members)


def pack(target: Path, files: Mapping[str, Path], **said: Any) -> Manifest:
    """Write an archive of files, by their paths in it; `said` is the rest of the manifest.

    Raises:
        ArchiveError: a name cannot be kept.
        OSError: a file cannot be read, or the archive not be written.
    """
    members = []
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
        for path, file in files.items():
            if not _is_safe(path):
                raise ArchiveError(f"A backup cannot keep a file named {path!a}; rename it.")
            info = zipfile.ZipInfo(path)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            # A file may grow while it is read, so that its size is no promise.
            with (
                file.open("rb") as source,
                archive.open(info, "w", force_zip64=True) as member,
            ):
                size, sha256 = _copy(_chunks(source), member)
            members.append(Member(path, size, sha256))
        manifest = Manifest(members=tuple(members), **said)
        body = {"format": FORMAT, **asdict(manifest)}
        archive.writestr(MANIFEST, json.dumps(body, ensure_ascii=False, indent=1))
    return manifest


class Archive:
    """An archive that is read. Built by `opened`, which has looked at all but the contents."""

    def __init__(self, file: Path, archive: zipfile.ZipFile, manifest: Manifest):
        self.manifest = manifest
        self.file = file
        self._zip = archive

    def unpack(self, place: Callable[[Member], Path]) -> None:
        """Check every member against the manifest, and write it to where `place` says.

        Raises:
            ArchiveError: a member is not what the manifest says.
            OSError: it cannot be written.
        """
        for member in self.manifest.members:
            target = place(member)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as out:
                chunks = _unpacked(self.file, self._zip, member.path)
                size, sha256 = _copy(chunks, out)
            if (size, sha256) != (member.size, member.sha256):
                raise ArchiveError(f"{self.file} is damaged: {member.path} has changed.")


def digest(file: Path) -> str | None:
    """A file's SHA-256; None where it cannot be read."""
    try:
        with file.open("rb") as source:
            return _copy(_chunks(source))[1]
    except OSError:
        return None


@contextmanager
def opened(file: Path, room: Path) -> Iterator[Archive]:
    """Open an archive that is to be unpacked below `room`, and look at names, kinds and sizes.

    Raises:
        ArchiveError: it is none, of a later version, damaged, or holds what it should not.
    """
    try:
        archive = zipfile.ZipFile(file)
    except OSError as error:
        raise ArchiveError(f"{file} cannot be read ({error.strerror or error}).") from error
    except Exception as error:
        raise ArchiveError(f"{file} is no archive, or was cut off.") from error
    with archive:
        infos = archive.infolist()
        _check_kinds(file, infos)
        manifest = _manifest(file, archive)
        _check_members(file, infos, manifest)
        free = shutil.disk_usage(room).free
        if (needed := sum(info.file_size for info in infos)) > free:
            raise ArchiveError(
                f"{file} unpacks to {needed / 1024**2:.0f} MiB, and {free / 1024**2:.0f} are free."
            )
        yield Archive(file, archive, manifest)


def _check_kinds(file: Path, infos: list[zipfile.ZipInfo]) -> None:
    """Raises ArchiveError unless each is a plain file with a safe name, and all are of a size."""
    for info in infos:
        if not _is_safe(info.filename) or info.filename != info.orig_filename:
            raise ArchiveError(f"{file} holds an unsafe name, {info.orig_filename!a}.")
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or info.is_dir():
            raise ArchiveError(f"{file} holds {info.filename}, which is no plain file.")
        if info.flag_bits & 1 or info.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ):
            raise ArchiveError(f"{file} holds {info.filename} in a form that Passage never writes.")
    total = sum(info.file_size for info in infos)
    if (
        len(infos) > MAX_MEMBERS
        or total > MAX_BYTES
        or total > FREE_BYTES + MAX_RATIO * file.stat().st_size
    ):
        raise ArchiveError(
            f"{file} would unpack to {total / 1024**2:.0f} MiB in {len(infos)} files, which is "
            "more than a backup of its size can hold."
        )


def _manifest(file: Path, archive: zipfile.ZipFile) -> Manifest:
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError:
        raise ArchiveError(f"{file} has no {MANIFEST}: it is no backup of Passage's.") from None
    if info.file_size > MAX_MANIFEST:
        raise ArchiveError(f"{file} has a {MANIFEST} that is too large.")
    data = b"".join(_unpacked(file, archive, MANIFEST))
    try:
        body = json.loads(data)
        version = body.pop("format")
        if version != FORMAT:
            raise ArchiveError(
                f"{file} is of format {str(version)[:20]}, and this Passage reads {FORMAT}."
            )
        members = tuple(
            Member(str(one["path"]), int(one["size"]), str(one["sha256"]))
            for one in body["members"]
        )
        return Manifest(str(body["made_at"]), str(body["passage"]), str(body["index"]), members)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ArchiveError(f"{file} has a {MANIFEST} that cannot be read.") from error


def _check_members(file: Path, infos: list[zipfile.ZipInfo], manifest: Manifest) -> None:
    """Raises ArchiveError unless the archive holds what the manifest names, once, and no more."""
    sizes = {info.filename: info.file_size for info in infos if info.filename != MANIFEST}
    named = {member.path: member.size for member in manifest.members}
    if len(infos) != len(sizes) + 1 or len(named) != len(manifest.members):
        raise ArchiveError(f"{file} holds a file twice.")
    if missing := named.keys() - sizes.keys():
        raise ArchiveError(f"{file} is damaged: {min(missing)!a} is missing.")
    if extra := sizes.keys() - named.keys():
        raise ArchiveError(f"{file} is damaged: it holds {min(extra)}, which it does not name.")
    if changed := [path for path, size in named.items() if sizes[path] != size]:
        raise ArchiveError(f"{file} is damaged: {changed[0]} has changed.")


def _is_safe(path: str) -> bool:
    """Whether a path stays below where it is put, and is the same path everywhere."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    parts = path.split("/")
    return (
        "\\" not in path
        and path.isprintable()
        and not PurePosixPath(path).is_absolute()
        and not any(part in ("", ".", "..") or len(part.encode()) > 255 for part in parts)
    )


def _unpacked(file: Path, archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """A member's bytes, no more than it is said to have: zipfile sees to that.

    Raises:
        ArchiveError: it is damaged.
    """
    try:
        with archive.open(path) as source:
            yield from _chunks(source)
    except Exception as error:
        # A damaged offset or length can raise almost anything, an OSError of seek among it.
        raise ArchiveError(f"{file} is damaged ({str(error)[:100].rstrip('.')}).") from error


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: source.read(CHUNK), b"")


def _copy(chunks: Iterable[bytes], target: IO[bytes] | None = None) -> tuple[int, str]:
    """Writes bytes to a stream, if there is one; their size and SHA-256."""
    size, digest = 0, hashlib.sha256()
    for chunk in chunks:
        size += len(chunk)
        digest.update(chunk)
        if target is not None:
            target.write(chunk)
    return size, digest.hexdigest()
