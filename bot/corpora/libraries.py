"""The corpora of a bot: each is opened when it is asked, and let go when it no longer is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from time import monotonic
from typing import Any, Self

import retrieval
from retrieval import MAIN_CORPUS, CorpusError, Failure, PassageError, Reload, release_memory

from .entries import CorpusEntries, CorpusEntry
from .seen import Asker, SeenCorpora

KEEP_SECONDS = 600.0
"""Seconds after which a corpus is let go that nobody asks."""

MOST_OPEN = 5
"""So many corpora are held beside the main one, those asked last: of 750 passages each takes some
15 MiB, for the most part of Chroma's, and to open it a tenth of a second or two."""


class Corpora:
    """Holds the main corpus, and the others while they are asked. Threads may share it; what it
    shows (see `view`) is for one of them."""

    def __init__(
        self,
        main: retrieval.Library,
        entries: CorpusEntries | None = None,
        open_corpus: Callable[[str], retrieval.Library] | None = None,
        keep: float = KEEP_SECONDS,
    ) -> None:
        """Hold the main corpus, and open no other one yet.

        Args:
            main: the main corpus, which is always open.
            entries: all corpora, by name; None is the main one alone.
            open_corpus: opens another corpus of a name.
            keep: seconds after which one is let go that nobody asks.
        """
        self.main = main
        self.entries = entries or {MAIN_CORPUS: CorpusEntry()}
        self._open = open_corpus
        self._keep = keep
        self._lock = threading.RLock()
        self._libraries: dict[str, retrieval.Library] = {}
        self._asked: dict[str, float] = {}
        """When each that is open was asked last."""
        self._reloading: str | None = None
        self._views: dict[frozenset[str], Asker] = {}

    def view(self, names: Iterable[str]) -> Asker:
        """Return what asks only the corpora of these names: the same object for the same names."""
        seen = frozenset(names)
        if len(self.entries) == 1:
            return self.main
        return self._views.setdefault(seen, SeenCorpora(self.library, seen))

    def library(self, name: str) -> retrieval.Library:
        """Return a corpus to ask, open. Those that nobody has asked for long are let go."""
        if name == MAIN_CORPUS:
            return self.main
        with self._lock:
            now = monotonic()
            library = self._opened(name)
            self._asked[name] = now
            last_asked = sorted(self._asked, key=self._asked.__getitem__, reverse=True)
            for place, other in enumerate(last_asked):
                if place >= MOST_OPEN or now - self._asked[other] > self._keep:
                    self._let_go(other)
            return library

    def reload(
        self,
        progress: Callable[[int, int], None] | None = None,
        waiting: Callable[[], None] | None = None,
    ) -> Reload:
        """Reload all corpora, one after another; see `Library.reload`. One that fails keeps none of
        the others from it; its error is raised when all are done. One without articles is named
        among what could not be read, unless none has any."""
        reports, empty, failed = list[Reload](), list[Failure](), list[PassageError]()
        for name in self.entries:
            try:
                with self._held(name) as library:
                    reports.append(_named(library.reload(progress, waiting), name))
            except CorpusError as error:
                empty.append(Failure(name, str(error)))
                if len(empty) == len(self.entries):
                    raise
            except PassageError as error:
                failed.append(error)
        release_memory()
        if failed:
            raise failed[0]
        total = {
            field.name: sum((getattr(each, field.name) for each in reports[1:]), start)
            for field in fields(Reload)
            for start in [getattr(reports[0], field.name)]
        }
        total["anew"] = any(each.anew for each in reports)  # Summed, it would be a number.
        return Reload(**total | {"failed": (*total["failed"], *empty)})

    def close(self) -> None:
        """Let go of all but the main corpus, which is its owner's to close."""
        with self._lock:
            for name in [*self._libraries]:
                self._let_go(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _held(self, name: str) -> Iterator[retrieval.Library]:
        """A corpus that stays open meanwhile, and no longer if nobody asks it."""
        with self._lock:
            self._reloading = name
            library = self.main if name == MAIN_CORPUS else self._opened(name)
        try:
            yield library
        finally:
            with self._lock:
                self._reloading = None
                if name not in self._asked:
                    self._let_go(name)

    def _opened(self, name: str) -> retrieval.Library:
        if name not in self._libraries:
            assert self._open is not None  # noqa: S101 - there is no other corpus without it
            self._libraries[name] = self._open(name)
        return self._libraries[name]

    def _let_go(self, name: str) -> None:
        if name != self._reloading and name in self._libraries:
            self._libraries.pop(name).close()
            self._asked.pop(name, None)
            release_memory()


def _named(report: Reload, corpus: str) -> Reload:
    """A report that says with each file of which corpus it is."""
    if corpus == MAIN_CORPUS:
        return report

    def named(file: Any) -> Any:
        if isinstance(file, str):
            return f"{corpus}: {file}"
        return replace(file, article=named(file.article))

    lists = ("added", "changed", "removed", "unchanged", "failed", "notes")
    values: dict[str, Any] = {name: tuple(map(named, getattr(report, name))) for name in lists}
    return replace(report, **values)
