"""One look at the sources that are due: their lists, and the articles that are new or changed.

Hosts are asked by turns, each in its time (`web.py`); a source that fails is left alone twice as
long each time, up to a day.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from ..articles.add import as_markdown, is_another, slug_of, write_article
from ..articles.fetch import KINDS, Fetched
from ..articles.https import Way
from ..errors import CorpusError, FetchError, FetchTrouble, reason_of
from ..formats.file_text import Extractor
from ..formats.helper_process import HelperProcess
from .entries import FeedEntry, read_entries
from .listing import ListedItem
from .state import (
    FOLDER,
    FeedState,
    FollowedState,
    ItemState,
    feeds_lock,
    has_unindexed,
    keep_tracked,
    known_sources,
    mark_unindexed,
    read_state,
    write_state,
)
from .web import DAY, LIST_READER, ListFetcher, PacedWeb, Turns

ARCHIVE = ".archive"
"""Where withdrawn articles go that are to be archived; hidden folders are not read."""

MAX_VISITS = 300
"""The most articles of a source that are fetched in one look; the next look goes on."""

MAX_REVISITS = 20
"""The most of these that were fetched before; those fetched longest ago come first."""


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
    whether a file has changed that is not indexed: now, or before `mark_indexed` was called last.

    What `sleep` raises ends it; what was fetched until then is kept. Nothing is done while another
    process is at it.

    Raises:
        CorpusError: an article or what is to be remembered cannot be written, or a reader cannot
            be started.
    """
    entries, _ = read_entries(folder)
    if not entries:
        return has_unindexed(data_dir)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with feeds_lock(data_dir) as is_ours:
            state = read_state(data_dir)
            state.sources = sources = known_sources(folder, entries, state.sources)
            chosen = [entry for entry in entries if is_ours and only in (None, entry.name)]
            due = [each for each in chosen if every or _is_due(each, sources[each.name], now())]
            if due:
                write_state(data_dir, state)  # Else all would be fetched again, look after look.
                web = PacedWeb(way or Way(), state.hosts, now, sleep)
                try:
                    _Look(folder, data_dir, state, web).at(due)
                finally:
                    web.remember()
                    write_state(data_dir, state)
    except OSError as error:
        file = f"{error.filename}: " if error.filename else ""
        raise CorpusError(f"The look has broken off: {file}{reason_of(error)}.") from error
    return has_unindexed(data_dir)


class _Look:
    """One look at some sources."""

    def __init__(self, folder: Path, data_dir: Path, state: FollowedState, web: PacedWeb) -> None:
        self._folder, self._data_dir, self._states, self._web = folder, data_dir, state.sources, web
        self._extractor, self._list_reader = Extractor(), HelperProcess(LIST_READER)
        self._lists = ListFetcher(web, self._list_reader)
        self._turns = Turns(web)

    def at(self, entries: list[FeedEntry]) -> None:
        """Look at sources."""
        with self._extractor, self._list_reader:
            for entry in entries:
                self._turns.add(entry.name, entry.url or "", partial(self._look_at, entry))
            self._turns.run()

    def _look_at(self, entry: FeedEntry) -> None:
        """Fetch a source's list, and see to the articles that are to be fetched."""
        state, now = self._states[entry.name], self._web.now()
        try:
            listed = self._lists.fetch(entry, state)
        except FetchError as error:
            state.failure, state.trouble = str(error), str(error.trouble)
            state.failures += 1
            due = now + _pause(entry, state.failures)
            state.due = max(due, self._web.left_alone(entry.url or ""))
            return
        state.fetched, state.due = now, now + entry.minutes * 60
        state.failure, state.failures, state.new = None, 0, 0
        state.note = f"It lists more than {len(listed.items)} articles." if listed.cut else None
        items = {item.url: item for item in listed.items}
        keep_tracked(state, items)
        if not listed.cut:  # What was never had is named as long as it is listed.
            had = {url: item for url, item in state.items.items() if url in items or item.path}
            state.items = had
        is_whole = listed.kind == "sitemap" and bool(items) and not listed.cut
        for url, item in state.items.items() if is_whole else ():
            if url in items:
                item.missing = item.missing if item.tries else 0.0
            elif entry.url is None or _is_long_missing(item, now):
                self._withdraw(entry, item)
                item.visited = 0.0  # If it comes back it is fetched at once.
            else:
                item.missing = min(item.missing or now, now)  # The clock may have been put back.
        new_items, stale = list[tuple[float, ListedItem]](), list[tuple[float, ListedItem]]()
        for listed_item in items.values():
            stored = state.items.get(listed_item.url, ItemState())
            has_changed = not stored.tries and stored.updated != listed_item.updated
            if has_changed or not stored.visited:
                new_items.append((stored.visited, listed_item))
            elif _is_rested(entry, stored, now):
                stale.append((stored.visited, listed_item))
        for url, stored in state.items.items():
            unlisted = url not in items and stored.path and not stored.withdrawn
            if unlisted and not is_whole and _is_rested(entry, stored, now):
                stale.append((stored.visited, ListedItem(url, stored.updated)))
        # Those come first that were never fetched, or longest ago.
        revisits = sorted(stale, key=lambda pair: pair[0])[:MAX_REVISITS]
        first = sorted(new_items, key=lambda pair: pair[0])[: MAX_VISITS - len(revisits)]
        for _, chosen in [*first, *revisits]:
            self._turns.add(entry.name, chosen.url, partial(self._visit, entry, chosen))

    def _visit(self, entry: FeedEntry, listed: ListedItem) -> None:
        """Fetch an article, and write its file if there is something new in it."""
        state = self._states[entry.name]
        item = state.items.setdefault(listed.url, ItemState())
        item.visited = now = self._web.now()
        if item.path and not item.withdrawn and not (self._folder / item.path).exists():
            return  # The operator has removed it.
        try:
            # A server may say of an article for ever, too, that it has not changed.
            days = 7 if item.updated == listed.updated else 1
            is_fresh = item.came <= now < item.came + days * DAY
            marks = (item.etag, item.modified) if is_fresh else (None, None)
            response = self._web.fetch(listed.url, KINDS, *marks)
            if response is not None:
                _check_not_front_page(entry, listed.url, response.url)
                source, text = as_markdown(response, self._extractor)
                if entry.url and item.updated == listed.updated:
                    self._check_not_another(item, listed.url, text)
        except FetchError as error:
            had = item.path is not None and not item.from_feed  # Else no page can be missing.
            is_missing = error.trouble == FetchTrouble.OTHER or (
                had and error.trouble == HTTPStatus.NOT_FOUND
            )
            stays_missing = is_missing and (item.withdrawn or _is_long_missing(item, now))
            withdrawn = stays_missing or error.trouble == HTTPStatus.GONE
            item.missing = min(item.missing or now, now) if is_missing else 0.0
            if withdrawn and had:  # Else it withdraws nothing of what its feed has said.
                self._withdraw(entry, item)
                item.updated = listed.updated
                return
            try:
                response = _from_feed(item, listed)
                source, text = as_markdown(response, self._extractor)
            except FetchError:
                item.tries += 1
                if not item.from_feed:
                    item.failure, item.trouble = str(error), str(error.trouble)
                return
            item.from_feed = True
        else:
            item.missing = 0.0  # Of what is from its feed the page stays missing.
            item.from_feed = item.from_feed and response is None
            item.came = item.came if response is None else now
        item.tries, item.failure, item.updated = 0, None, listed.updated
        if response is None:
            return
        path = item.path or self._new_path(entry, listed.url, source.title)
        self._write(self._folder / path, text)
        state.new += item.path is None
        item.path, item.withdrawn = path, False
        item.etag, item.modified = response.etag, response.modified

    def _check_not_another(self, item: ItemState, url: str, text: str) -> None:
        """Raise FetchError (OTHER) where nothing of an article is left: a host in trouble, or
        one that wants a login, may show all its readers the same page. A day later it is taken."""
        is_taken = item.withdrawn or _is_long_missing(item, self._web.now())
        path = None if is_taken else item.path
        if path and is_another(self._folder / path, text):
            raise FetchError(f"{url} shows another article for now.", FetchTrouble.OTHER)

    def _new_path(self, entry: FeedEntry, url: str, title: str) -> str:
        """The path of an article's file; it may be there from before what is known of sources was
        lost, under an earlier title."""
        folder = self._folder / FOLDER / entry.name
        key = hashlib.sha256(url.encode()).hexdigest()[:8]
        new = folder / f"{slug_of(title) or 'article'}-{key}.md"
        return next(folder.glob(f"*-{key}.md"), new).relative_to(self._folder).as_posix()

    def _write(self, file: Path, text: str) -> None:
        with suppress(OSError, ValueError):
            if file.read_text("utf-8") == text:
                return
        mark_unindexed(self._data_dir)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CorpusError(f"{file.parent} cannot be made: {reason_of(error)}.") from error
        write_article(file, text)

    def _withdraw(self, entry: FeedEntry, item: ItemState) -> None:
        """Mark an article that its source has taken back, and do as the entry says."""
        if item.withdrawn:
            return
        item.withdrawn, item.etag, item.modified = True, None, None
        item.tries, item.missing, item.failure = 0, 0.0, None
        if item.path is None or entry.withdrawn == "keep":
            return
        file = self._folder / item.path
        if not file.exists():
            return  # The operator has removed it.
        mark_unindexed(self._data_dir)
        try:
            if entry.withdrawn == "archive":
                archived = self._folder / FOLDER / ARCHIVE / entry.name / file.name
                archived.parent.mkdir(parents=True, exist_ok=True)
                os.replace(file, archived)
            else:
                file.unlink(missing_ok=True)
        except OSError as error:
            raise CorpusError(f"{file} cannot be removed: {reason_of(error)}.") from error


def _check_not_front_page(entry: FeedEntry, url: str, came_from: str) -> None:
    """Raise FetchError (OTHER) where an article has led to the front page of its host: so do
    many hosts that have it no more. An address that the operator names may be that page's too."""
    asked, got = urlsplit(url), urlsplit(came_from)
    is_front = entry.url and asked.netloc == got.netloc and (got.path, got.query) == ("/", "")
    if is_front and (asked.path or "/", asked.query) != ("/", ""):
        raise FetchError(f"{url} leads to the front page now.", FetchTrouble.OTHER)


def _from_feed(item: ItemState, listed: ListedItem) -> Fetched:
    """An article as its feed has it. Raises FetchError where it has it not, or its page was had."""
    was_had = item.path is not None and not item.from_feed
    if was_had or not listed.content:
        raise FetchError(f"{listed.url} has no text in the feed.")
    return Fetched(listed.url, ".html", "utf-8", listed.page)


def _is_due(entry: FeedEntry, state: FeedState, now: float) -> bool:
    """Whether a source is to be looked at: also where its entry has come to want that sooner, or
    the clock has been wrong."""
    longest = max(entry.minutes * 60, DAY if state.failures else 0.0)
    return not now < state.due <= now + longest


def _is_rested(entry: FeedEntry, item: ItemState, now: float) -> bool:
    """Whether an article that was fetched before, or could not be, is to be fetched again. One that
    is missing has a day to come back."""
    is_tried_soon = item.tries and (not item.missing or item.path is None or item.from_feed)
    pause = _pause(entry, item.tries - 1) if is_tried_soon else DAY
    return not item.visited <= now < item.visited + pause


def _is_long_missing(item: ItemState, now: float) -> bool:
    """Whether an article has been missing for the day that it has to come back."""
    return 0 < item.missing <= now - DAY


def _pause(entry: FeedEntry, failures: int) -> float:
    """Seconds after which a fetch that has failed so often is tried again."""
    return float(min(entry.minutes * 60 * 2 ** min(failures, 10), max(DAY, entry.minutes * 60)))
