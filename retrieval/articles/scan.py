"""A folder → its articles: which files there are, which have changed, which cannot be read.

What is in a file is looked at in a process of its own, by `file_reader.py`.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ..errors import CorpusError, FileError, Trouble, reason_of
from ..formats.file_text import SUFFIXES, file_bytes
from ..formats.helper_process import SECONDS
from ..models import Article, Source
from ..reports import Failure, Note
from . import copies
from .file_reader import FileReader, FileToRead, ParsedFile
from .sources import SOURCES_FILE, Sources

SYNONYMS_FILE = "synonyms.txt"
FEEDS_FILE = "feeds.toml"
OWN_FILES = (SOURCES_FILE, SYNONYMS_FILE, FEEDS_FILE)
"""What in the folder says something of the articles, and is none."""

MAX_ENDINGS = 10
"""Of the files of other kinds so many endings are named, the most frequent ones."""

BATCH_BYTES = 200_000


FoundFile = FileToRead | Failure
"""A file of the folder, or why its bytes cannot be had."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A folder as read: articles in order of their paths, the files that failed, notes on those
    that did not, and the paths of those that are as they were known to be."""

    files: tuple[ParsedFile, ...]
    failed: tuple[Failure, ...]
    notes: tuple[Note, ...] = ()
    unchanged: tuple[str, ...] = ()

    @property
    def articles(self) -> tuple[Article, ...]:
        return tuple(file.article for file in self.files)


def scan(
    folder: Path,
    known: Mapping[str, Source] = MappingProxyType({}),
    whole: bool = False,
    seconds: float = SECONDS,
) -> Scan:
    """Read every article below a folder, but for those `known`, by path, that have not changed;
    with passages and meetings if the `whole` is wanted. No file may take longer than `seconds`.

    An article has changed where its file has, or what `sources.toml` says of it.

    Raises:
        CorpusError: the folder is missing, or holds no article that can be read.
    """
    if not os.path.isdir(folder):  # No error where its path is too long, or closed.
        raise CorpusError(f"There is no folder of articles at {folder}; set PASSAGE_SEEDS_DIR.")
    files, unchanged = list[ParsedFile](), list[str]()
    sources = Sources.read(folder)
    failed, notes = list(sources.failed), list(sources.notes)
    seen, others = list[str](), Counter[str]()
    with FileReader(seconds) as reader:
        for path, result in _results(_listed(folder, sources, others), known, reader, whole):
            seen.append(path)
            if isinstance(result, Failure):
                failed.append(result)
            elif result is None:
                unchanged.append(path)
            else:
                files.append(result)
                notes += _notes_on(result)
        twice = dict(_copies(folder, files, unchanged, known, reader))
    if not files and not unchanged:
        if not failed:
            raise CorpusError(f"There is no article in {folder}; put text or other files into it.")
        first = failed[0]
        raise CorpusError(f"No article in {folder} can be read ({first.article}: {first.reason}).")
    for path, of in twice.items():
        failed.append(Failure(path, f"it is the same article as {of}", Trouble.COPY))
    notes += sources.missing(seen)
    if others:
        notes.append(_note_on(others))
    return Scan(
        tuple(file for file in files if file.article.source.path not in twice),
        tuple(failed),
        tuple(notes),
        tuple(path for path in unchanged if path not in twice),
    )


def _results(
    files: Iterator[FoundFile], known: Mapping[str, Source], reader: FileReader, whole: bool
) -> Iterator[tuple[str, ParsedFile | Failure | None]]:
    """Yield the path of each file with what it holds, or why that cannot be had, or None where it
    is as it was `known` to be. Of files with the same bytes only the first one is read."""
    first: dict[str, str] = {}
    for batch in _batches(files):
        new = [
            file
            for file in batch
            if isinstance(file, FileToRead)
            and not _same(file, known.get(file.path))
            and file.sha256 not in first
        ]
        results = reader.parse(new, whole=whole)
        parsed = {file.path: result for file, result in zip(new, results, strict=True)}
        for file in batch:
            if isinstance(file, Failure):
                yield file.article, file
            elif file.sha256 in first:
                reason = f"it has the same text as {first[file.sha256]}"
                yield file.path, Failure(file.path, reason, Trouble.COPY)
            else:
                result = parsed.get(file.path)
                if not isinstance(result, Failure):
                    first[file.sha256] = file.path
                yield file.path, result


def _notes_on(file: ParsedFile) -> Iterator[Note]:
    path = file.article.source.path
    if file.encoding:
        yield Note(path, f"read as {file.encoding}")
    yield from (Note(path, text, Trouble.NOTHING_TO_QUOTE) for text in file.notes)
    yield from (Note(path, text, Trouble.FRONT_MATTER) for text in file.article.notes)


def _copies(
    folder: Path,
    files: Sequence[ParsedFile],
    unchanged: Sequence[str],
    known: Mapping[str, Source],
    reader: FileReader,
) -> Iterator[tuple[str, str]]:
    """The paths of articles that stand in the folder more than once, each with that of the one
    that is kept. What is unchanged is not compared again."""
    articles = {file.article.source.path: file.article for file in files}

    @cache
    def texts_of(source: Source) -> frozenset[str]:
        article = articles.get(source.path) or _read_again(reader, folder, source)
        return copies.paragraph_texts(article) if article else frozenset()

    sources = [article.source for article in articles.values()]
    sources += (known[path] for path in unchanged)
    return copies.copies(sources, known.values(), articles.keys(), texts_of)


def _read_again(reader: FileReader, folder: Path, source: Source) -> Article | None:
    """The article of an unchanged file; None where it can no longer be read."""
    try:
        data = file_bytes(folder / source.path)
    except OSError:
        return None
    (parsed,) = reader.parse([FileToRead(data, source.path, {}, source.sha256)])
    return None if isinstance(parsed, Failure) else parsed.article


def _listed(folder: Path, sources: Sources, others: Counter[str]) -> Iterator[FoundFile]:
    """The files of a folder, in order of their paths; those of other kinds are only counted in
    `others`, by their ending."""
    home = os.path.realpath(folder)
    for entry, path in _entries(folder):
        if isinstance(entry, OSError):
            yield failure_of(path, entry)
            continue
        if path in OWN_FILES:
            continue
        if not _may_be_article(entry):
            ending = os.path.splitext(entry.name)[1].lower()
            others[ending if re.fullmatch(r"\.\w{1,10}", ending) else "without an ending"] += 1
            continue
        try:
            data = _bytes(entry, path, home)
        except (OSError, ValueError) as error:
            yield failure_of(path, error)
        else:
            yield file_to_read(data, path, sources)


def _note_on(others: Counter[str]) -> Note:
    """How many files are of other kinds, and of which."""
    kinds = [f"{count} {ending}" for ending, count in others.most_common(MAX_ENDINGS)]
    more = " …" if len(others) > MAX_ENDINGS else ""
    text = f"{others.total()} passed over: {', '.join(kinds)}{more}"
    return Note("Other files", text, Trouble.OTHER_FORMAT)


def _batches(files: Iterator[FoundFile]) -> Iterator[list[FoundFile]]:
    """Files that are read together: of so many bytes, and one more."""
    batch, size = list[FoundFile](), 0
    for file in files:
        batch.append(file)
        size += len(file.data) if isinstance(file, FileToRead) else 0
        if size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    yield batch


def _same(file: FileToRead, source: Source | None) -> bool:
    """Whether a file is as it was known to be."""
    hashes = file.sha256, file.metadata_sha256
    return source is not None and (source.sha256, source.metadata_sha256) == hashes


def _bytes(entry: os.DirEntry[str], path: str, home: str) -> bytes:
    """What is in a file. Raises OSError where it cannot be read, and ValueError where it lies
    outside `home`, its name cannot be written down, or it is no file."""
    if entry.is_symlink() and os.path.commonpath([os.path.realpath(entry.path), home]) != home:
        raise ValueError("it leads outside the folder of articles")
    path.encode("utf-8")
    if entry.is_dir():
        raise ValueError("it is a link to a folder, which is not followed")
    if not entry.is_file() and os.path.exists(entry.path):
        raise ValueError("it is no file")  # A pipe would be waited for without end.
    return file_bytes(entry.path)


def _entries(
    folder: Path | str, parent: str = ""
) -> Iterator[tuple[os.DirEntry[str] | PermissionError, str]]:
    """Yield the files below a folder that are not hidden, and links to folders, each with its path
    below it, in order; of a folder that may not be read, the error.

    By `os.scandir`, which tells files from folders without a look at each: pathlib takes ten times
    as long.
    """
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except PermissionError as error:
        yield error, parent.removesuffix("/")
        return
    for entry in entries:
        path = parent + entry.name
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(entry.path, path + "/")
        else:
            yield entry, path


def is_article(path: str) -> bool:
    """Return whether a file is read as an article, by its path below the folder."""
    return path not in OWN_FILES and os.path.splitext(path)[1].lower() in SUFFIXES


def _may_be_article(entry: os.DirEntry[str]) -> bool:
    """Whether a file, or a link to a folder, is to be read or named."""
    with suppress(OSError):
        if entry.is_dir():
            return True
    return os.path.splitext(entry.name)[1].lower() in SUFFIXES


def file_to_read(data: bytes, path: str, sources: Sources) -> FileToRead:
    """Return a file with what `sources.toml` says of it."""
    sha256 = hashlib.sha256(data).hexdigest()
    return FileToRead(data, path, sources.of(path), sha256, sources.sha256(path))


def failure_of(path: str, error: OSError | ValueError) -> Failure:
    """Return why the bytes of a file are not had, by the error that says so."""
    match error:
        case UnicodeEncodeError():
            reason = "its name is not UTF-8"
        case OSError():
            reason = f"it cannot be read ({reason_of(error)})"
        case _:
            reason = str(error)
    trouble = error.trouble if isinstance(error, FileError) else Trouble.ACCESS
    # Such a name can be said only in part.
    return Failure(os.fsencode(path).decode("utf-8", "replace"), reason, trouble)
