"""One look at the sources that are due: their lists, and the articles that are new or changed.

A host is asked at most once a second, and not again in a look in
which it is out of reach; a source that fails is left alone twice as long each time, up to a day.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from http import HTTPStatus
from itertools import chain, islice, zip_longest
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout
from pydantic import TypeAdapter

from ..articles.add import as_markdown, slug_of, write_article
from ..articles.fetch import KINDS, Fetched, Way, checked, fetch_if_changed
from ..articles.formats import Extractor
from ..articles.helper_process import HelperProcess
from ..errors import CorpusError, FetchError
from .entries import FeedEntry, read_entries
from .listing import MAX_ITEMS, ListedItem, SourceList
from .state import FeedState, ItemState, KeptList, read_states, write_states

FOLDER = "feeds"
"""The folder of fetched articles, below the folder of articles; each source has its own in it."""

ARCHIVE = ".archive"
"""Where withdrawn articles go that are to be archived; hidden folders are not read."""

HOST_PAUSE = 1.0
"""Seconds between two requests to a host."""

MAX_VISITS = 300
"""So many articles of a source are fetched in one look; the next look goes on."""

MAX_REVISITS = 20
"""So many of them have been fetched before: they are looked at again, the oldest first."""

DAY = 86_400.0
MAX_LISTS = 50
"""So many lists of one source are fetched: the parts of a sitemap."""

_LIST = TypeAdapter(SourceList)


def follow_feeds(
    folder: Path,
    data_dir: Path,
    *,
    every: bool = False,
    only: str | None = None,
    way: Way | None = None,
    now: Callable[[], float] = time.time,
    sleep: Callable[[float], object] = time.sleep,
) -> bool:
    """Look at the sources that are due, or at `every` one, or `only` at that of a name; return
    whether a file has changed.

    What `sleep` raises ends it; what was fetched until then is kept. Nothing is done while another
    process is at it.

    Raises:
        CorpusError: an article or what is to be remembered cannot be written.
    """
    entries, _ = read_entries(folder)
    if not entries:
        return False
    data_dir.mkdir(parents=True, exist_ok=True)
    with suppress(Timeout), FileLock(data_dir / ".feeds.lock", blocking=False):
        states = read_states(data_dir)
        states = {entry.name: states.get(entry.name, FeedState()) for entry in entries}
        due = [entry for entry in entries if every or states[entry.name].due <= now()]
        due = [entry for entry in due if only in (None, entry.name)]
        if not due:
            return False
        look = _Look(folder, states, way or Way(), now, sleep)
        try:
            look.at(due)
        finally:
            write_states(data_dir, states)
        return look.changed
    return False


class _Look:
    """One look at some sources."""

    def __init__(
        self,
        folder: Path,
        states: dict[str, FeedState],
        way: Way,
        now: Callable[[], float],
        sleep: Callable[[float], object],
    ) -> None:
        self.changed = False
        self._folder, self._states, self._now, self._sleep = folder, states, now, sleep
        self._way = replace(way, before=self._wait, robots={})
        self._asked: dict[str, float] = {}
        self._troubled: dict[str, str] = {}
        """Hosts that are out of reach, each with the sentence that says so."""
        self._reader = HelperProcess(["-m", "retrieval.feed_worker"])
        self._extractor = Extractor()

    def at(self, entries: list[FeedEntry]) -> None:
        with ExitStack() as helpers:
            helpers.enter_context(self._reader)
            helpers.enter_context(self._extractor)
            visits = [list(self._visits(entry)) for entry in entries]
            # By turns: while one host rests, another is asked.
            for visit in chain.from_iterable(zip_longest(*visits)):
                if visit:
                    self._visit(*visit)

    def _wait(self, host: str) -> None:
        wait = self._asked.get(host, 0.0) + HOST_PAUSE - self._now()
        if 0 < wait <= HOST_PAUSE:
            self._sleep(wait)
        self._asked[host] = self._now()

    def _visits(self, entry: FeedEntry) -> Iterator[tuple[FeedEntry, ListedItem]]:
        """Fetch a source's list; yield the articles that are to be fetched."""
        state, now = self._states[entry.name], self._now()
        try:
            listed = self._listed(entry, state)
        except FetchError as error:
            state.failure, state.failures = str(error), state.failures + 1
            state.due = now + _later(entry, state.failures)
            return
        state.fetched, state.failure, state.failures, state.new = now, None, 0, 0
        state.due = now + entry.minutes * 60
        state.note = f"it lists more than {len(listed.items)} articles" if listed.cut else None
        items = {item.url: item for item in listed.items}
        if listed.kind == "sitemap" and items and not listed.cut:
            for url, item in state.items.items():
                if url not in items:
                    self._withdraw(entry, item)
        new, again = list[ListedItem](), list[tuple[float, ListedItem]]()
        for listed_item in items.values():
            known = state.items.get(listed_item.url)
            if known is None or (not known.tries and known.updated != listed_item.updated):
                new.append(listed_item)
            elif _is_rested(entry, known, now):
                again.append((known.visited, listed_item))
        for url, known in state.items.items():
            gone = url not in items and known.path and not known.withdrawn
            if gone and _is_rested(entry, known, now):
                again.append((known.visited, ListedItem(url, known.updated)))
        revisits = [item for _, item in sorted(again, key=lambda each: each[0])][:MAX_REVISITS]
        yield from ((entry, item) for item in [*new[: MAX_VISITS - len(revisits)], *revisits])

    def _listed(self, entry: FeedEntry, state: FeedState) -> SourceList:
        """The list of a source; of a sitemap all its parts. Raises FetchError."""
        if entry.url is None:  # Like a sitemap it says all that there is.
            return SourceList("sitemap", tuple(map(ListedItem, entry.addresses)))
        queue, kept = [checked(entry.url, self._way.port)], dict[str, KeptList]()
        while queue and len(kept) < MAX_LISTS:
            url = queue.pop(0)
            kept[url] = self._fetched_list(url, state.lists.get(url))
            content = kept[url].content
            if content.kind == "sitemap":
                queue += [each for each in content.further if each not in (*kept, *queue)]
        lists = [each.content for each in kept.values()]
        items = {item.url: item for each in lists for item in each.items}
        if not items:
            raise FetchError(f"{entry.url} lists no articles.")
        # The texts of a feed's items are not kept.
        state.lists = {url: replace(each, content=each.content.bare) for url, each in kept.items()}
        cut = bool(queue) or len(items) > MAX_ITEMS or any(each.cut for each in lists)
        return SourceList(lists[0].kind, tuple(islice(items.values(), MAX_ITEMS)), cut=cut)

    def _fetched_list(self, url: str, kept: KeptList | None) -> KeptList:
        known = kept or KeptList(SourceList("feed"))
        came = self._fetch(url, None, known.etag, known.modified)
        if came is None:
            return known
        (reply,) = self._reader.replies([({"url": came.url, "charset": came.charset}, came.data)])
        if "refused" in reply:
            raise FetchError(f"{url} cannot be followed: {reply['refused']}.")
        try:
            content = _LIST.validate_python(reply.get("list"))
        except ValueError as error:
            raise FetchError(f"{url} cannot be followed: its reader broke down over it.") from error
        return KeptList(content, came.etag, came.modified)

    def _fetch(
        self, url: str, kinds: Mapping[str, str] | None, etag: str | None, modified: str | None
    ) -> Fetched | None:
        """Fetch from a host that is not in trouble. Raises FetchError."""
        host = urlsplit(url).netloc
        if host in self._troubled:
            raise FetchError(self._troubled[host], HTTPStatus.INTERNAL_SERVER_ERROR)
        try:
            return fetch_if_changed(url, self._way, kinds, etag=etag, modified=modified)
        except FetchError as error:
            status = error.status or 0
            if (
                status >= HTTPStatus.INTERNAL_SERVER_ERROR
                or status == HTTPStatus.TOO_MANY_REQUESTS
                or isinstance(error.__cause__, OSError)
            ):
                self._troubled[host] = str(error)
            raise

    def _visit(self, entry: FeedEntry, listed: ListedItem) -> None:
        """Fetch an article, and write its file if there is something new in it."""
        state = self._states[entry.name]
        item = state.items.setdefault(listed.url, ItemState())
        item.visited = self._now()
        try:
            came = self._fetch(listed.url, KINDS, item.etag, item.modified)
            if came is not None:
                source, text = as_markdown(came, self._extractor)
        except FetchError as error:
            # A page that is missing once may come back.
            gone = error.status == HTTPStatus.GONE or (
                error.status == HTTPStatus.NOT_FOUND and item.missing
            )
            item.missing = error.status == HTTPStatus.NOT_FOUND
            if gone and item.path:
                self._withdraw(entry, item)
                return
            try:
                came = _from_feed(item, listed)
                source, text = as_markdown(came, self._extractor)
            except FetchError:
                item.tries, item.failure = item.tries + 1, str(error)
                return
        item.tries, item.missing, item.failure, item.updated = 0, False, None, listed.updated
        if came is None:
            return
        item.etag, item.modified, item.withdrawn = came.etag, came.modified, False
        if item.path is None:
            state.new += 1
            key = hashlib.sha256(listed.url.encode()).hexdigest()[:8]
            item.path = f"{FOLDER}/{entry.name}/{slug_of(source.title) or 'article'}-{key}.md"
        self._write(self._folder / item.path, text)

    def _write(self, file: Path, text: str) -> None:
        with suppress(OSError, ValueError):
            if file.read_text("utf-8") == text:
                return
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CorpusError(f"{file.parent} cannot be made: {error.strerror}.") from error
        write_article(file, text)
        self.changed = True

    def _withdraw(self, entry: FeedEntry, item: ItemState) -> None:
        """Mark an article that its source has taken back, and do as the entry says."""
        if item.withdrawn:
            return
        item.withdrawn, item.etag, item.modified = True, None, None
        item.tries, item.missing, item.failure = 0, False, None
        if item.path is None or entry.withdrawn == "keep":
            return
        file = self._folder / item.path
        try:
            if entry.withdrawn == "archive":
                archived = self._folder / FOLDER / ARCHIVE / entry.name / file.name
                archived.parent.mkdir(parents=True, exist_ok=True)
                os.replace(file, archived)
            else:
                file.unlink(missing_ok=True)
        except FileNotFoundError:
            return  # The operator has removed it.
        except OSError as error:
            raise CorpusError(f"{file} cannot be removed: {error.strerror}.") from error
        self.changed = True


def _from_feed(item: ItemState, listed: ListedItem) -> Fetched:
    """An article as its feed has it. Raises FetchError where it has it not, or its page was had."""
    if item.path is not None or not listed.content:
        raise FetchError(f"{listed.url} has no text in the feed.")
    return Fetched(listed.url, ".html", "utf-8", listed.page)


def _is_rested(entry: FeedEntry, item: ItemState, now: float) -> bool:
    """Whether an article that was fetched before, or could not be, is to be fetched again."""
    return now >= item.visited + (_later(entry, item.tries - 1) if item.tries else DAY)


def _later(entry: FeedEntry, failures: int) -> float:
    """Seconds after which a fetch that has failed so often is tried again."""
    return float(min(entry.minutes * 60 * 2 ** min(failures, 10), max(DAY, entry.minutes * 60)))
