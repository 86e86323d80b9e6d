"""Fetches files and lists for one look at the sources, at the pace that each host allows.

A host is asked once a second at most, or as seldom as the Crawl-delay of its robots.txt wants, and
not before the time that it has named with 429 or 503 (Retry-After: RFC 9110, 10.2.3).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from ..articles.fetch import Fetched, checked, fetch_if_changed
from ..articles.https import AGENT, Way
from ..errors import FetchError, FetchTrouble
from ..formats.helper_process import HelperProcess
from .entries import FeedEntry
from .listing import ListedItem, SourceList, source_list
from .state import FeedState, KeptList

HOST_PAUSE = 1.0
"""Seconds between two requests to a host."""

DAY = 86_400.0

MAX_LOOK_SECONDS = 900.0
"""The most seconds that a look waits for its hosts; the next look goes on."""

MAX_LISTS = 50
"""So many lists of one source are fetched: the parts of a sitemap."""

MAX_NAMED_FEEDS = 3
"""So many of the feeds that a page names are tried."""

LIST_READER = "retrieval.feeds.listing"

_LIST = TypeAdapter(SourceList)


class PacedWeb:
    """Fetches files from hosts, for one look: by a `way`, with a clock (`now`, in seconds since
    1970) and a `sleep` for so many seconds. `rests` are hosts that are to be left alone, each until
    a time of that clock; it is changed to what is to be remembered."""

    def __init__(
        self,
        way: Way,
        rests: dict[str, float],
        now: Callable[[], float],
        sleep: Callable[[float], object],
    ) -> None:
        self._rests, self.now, self._sleep = rests, now, sleep
        self._robots = dict[str, Any]()
        self.way = replace(way, before=self._wait, robots=self._robots)
        self._visits = dict[str, float]()
        self._last = ""
        """The host that was asked last."""
        self._troubled = dict[str, FetchError]()
        """Hosts that are out of reach, each with what says so."""
        self._until = now() + MAX_LOOK_SECONDS
        for host in [host for host, until in rests.items() if not now() < until <= now() + DAY]:
            del rests[host]  # It is over, or the clock has been wrong.

    def ready(self, url: str) -> float:
        """Return when an address's host may be asked, in seconds since 1970; inf where that is not
        in this look."""
        ready = self._ready(urlsplit(url).netloc)
        return ready if max(ready, self.now()) <= self._until else float("inf")

    def left_alone(self, url: str) -> float:
        """Return until when an address's host is to be left alone, in seconds since 1970."""
        return self._rests.get(urlsplit(url).netloc, 0.0)

    def remember(self) -> None:
        """Write into `rests` what hosts want after this look too."""
        now = self.now()
        self._rests |= {host: self._ready(host) for host in self._visits if self._ready(host) > now}

    def fetch(
        self, url: str, kinds: Mapping[str, str] | None, etag: str | None, modified: str | None
    ) -> Fetched | None:
        """Fetch as `fetch_if_changed` does. Raises FetchError, too, where a host is in trouble or
        wants to be left alone."""
        host = urlsplit(url).netloc
        if host in self._troubled:
            raise FetchError(str(self._troubled[host]), self._troubled[host].trouble)
        try:
            return fetch_if_changed(url, self.way, kinds, etag=etag, modified=modified)
        except FetchError as error:
            status = error.trouble if isinstance(error.trouble, int) else 0
            if error.retry_after is not None:
                self._rests[self._last] = self.now() + min(error.retry_after, DAY)
            elif (
                status >= HTTPStatus.INTERNAL_SERVER_ERROR
                or status == HTTPStatus.TOO_MANY_REQUESTS
                or isinstance(error.__cause__, OSError)
            ):
                self._troubled[host] = error
            raise

    def _ready(self, host: str) -> float:
        rules = self._robots.get(host)
        delay = (rules.crawl_delay(AGENT) if rules else None) or 0.0
        free = 0.0
        if host in self._visits:  # Unless the clock has been put back since.
            last_request = min(self._visits[host], self.now())
            free = last_request + min(max(HOST_PAUSE, delay), DAY)
        return max(free, self._rests.get(host, 0.0))

    def _wait(self, host: str) -> None:
        """Wait until a host may be asked. Raises FetchError where that is not in this look."""
        ready, now = self._ready(host), self.now()
        if ready > max(self._until, now):
            raise FetchError(f"{host} wants to be left alone for now.", FetchTrouble.BUSY)
        if now < ready <= now + DAY:
            self._sleep(ready - now)
        self._last, self._visits[host] = host, self.now()


class Turns:
    """What is to be done in one look, which asks hosts and sources by turns."""

    def __init__(self, web: PacedWeb) -> None:
        self._web = web
        self._waiting = dict[str, deque[tuple[str, str, Callable[[], object]]]]()
        """By host, what is to be done with addresses of it, each for a source."""

    def add(self, source: str, url: str, job: Callable[[], object]) -> None:
        """Have something done with an address, for the source of a name."""
        self._waiting.setdefault(urlsplit(url).netloc, deque()).append((source, url, job))

    def run(self) -> None:
        """Do all of it, and what is added meanwhile, as far as there is time for it in this look.
        While one host rests, another is asked; of several, for the source that has taken the least
        time: one of many hosts that are out of reach does not hold up the others."""
        taken = defaultdict[str, float](float)
        while self._waiting:
            now, first = self._web.now(), {host: jobs[0] for host, jobs in self._waiting.items()}
            times = {host: max(self._web.ready(url), now) for host, (_, url, _) in first.items()}
            host = min(times, key=lambda host: (times[host], taken[first[host][0]]))
            if times[host] == float("inf"):
                return  # The next look goes on.
            source, _, job = self._waiting[host].popleft()
            if not self._waiting[host]:
                del self._waiting[host]
            job()
            taken[source] += self._web.now() - now


class ListFetcher:
    """Fetches sources' lists, which the `reader`, a process of LIST_READER, reads."""

    def __init__(self, web: PacedWeb, reader: HelperProcess) -> None:
        self._web, self._reader = web, reader

    def fetch(self, entry: FeedEntry, state: FeedState) -> SourceList:
        """Fetch the list of a source: of a sitemap all its parts, of a page the feed that it
        names. Raises FetchError."""
        if entry.url is None:  # Like a sitemap it says all that there is.
            return SourceList("sitemap", tuple(map(ListedItem, entry.addresses)))
        address = checked(entry.url, self._web.way)
        queue, fetched = [address], dict[str, KeptList]()
        while queue and len(fetched) < MAX_LISTS:
            url = queue.pop(0)
            fetched[url] = self._fetched_list(url, state.lists.get(url))
            content = fetched[url].content
            if content.kind == "sitemap":
                queue += [part for part in content.further if part not in (*fetched, *queue)]
        lists = [part.content for part in fetched.values()]
        if lists[0].kind == "links" and (feed := self._named_feed(address, lists[0], state)):
            fetched |= feed
            lists = [part.content for part in feed.values()]
        listed = source_list(lists[0].kind, (item for part in lists for item in part.items))
        if not listed.items:
            raise FetchError(f"{entry.url} lists no articles.", FetchTrouble.EMPTY)
        # The texts of a feed's items are not kept.
        state.lists = {
            url: replace(part, content=part.content.bare) for url, part in fetched.items()
        }
        return replace(listed, cut=bool(queue) or listed.cut or any(part.cut for part in lists))

    def _named_feed(self, address: str, page: SourceList, state: FeedState) -> dict[str, KeptList]:
        """The feed that the page at an address names, by its own: it says better what is new than
        the page's links do. Raises FetchError where that of before is not there or not named."""
        for url in page.further[:MAX_NAMED_FEEDS]:
            try:
                fetched = self._fetched_list(url, state.lists.get(url))
            except FetchError:
                if url in state.lists:
                    raise
                continue
            if fetched.content.kind == "feed" and (fetched.content.items or url in state.lists):
                return {url: fetched}
        if address in state.lists and any(of.content.kind == "feed" for of in state.lists.values()):
            raise FetchError(f"{address} names its feed no more.", FetchTrouble.OTHER)
        return {}

    def _fetched_list(self, url: str, stored: KeptList | None) -> KeptList:
        last_list, now = stored or KeptList(SourceList("feed")), self._web.now()
        # A server may say of a list for ever that it has not changed.
        is_fresh = last_list.came <= now < last_list.came + DAY
        marks = (last_list.etag, last_list.modified) if is_fresh else (None, None)
        page = self._web.fetch(url, None, *marks)
        if page is None:
            return last_list
        (reply,) = self._reader.replies([({"url": page.url, "charset": page.charset}, page.data)])
        if "refused" in reply:
            raise FetchError(f"{url} cannot be followed: {reply['refused']}.")
        try:
            content = _LIST.validate_python(reply.get("list"))
        except ValueError as error:
            raise FetchError(f"{url} cannot be followed: its reader broke down over it.") from error
        if stored and content.kind == "links" != stored.content.kind:  # So do servers in trouble.
            sentence = f"{url} was a {stored.content.kind} and is a page of links now."
            raise FetchError(sentence, FetchTrouble.OTHER)
        return KeptList(content, page.etag, page.modified, now)
