"""The list of a source, fetched: a feed, a sitemap with its parts, or a page of links."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from pydantic import TypeAdapter

from ..articles.fetch import checked
from ..articles.helper_process import HelperProcess
from ..errors import FetchError
from .entries import FeedEntry
from .listing import ListedItem, SourceList, source_list
from .state import FeedState, KeptList
from .web import PacedWeb

MAX_LISTS = 50
"""So many lists of one source are fetched: the parts of a sitemap."""

MAX_NAMED_FEEDS = 3
"""So many of the feeds that a page names are tried."""

_LIST = TypeAdapter(SourceList)


class ListFetcher:
    """Fetches sources' lists, which a process of its own reads. Use it as a context."""

    def __init__(self, web: PacedWeb) -> None:
        self._web = web
        self._reader = HelperProcess(["-m", "retrieval.feeds.listing"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.__exit__()

    def fetch(self, entry: FeedEntry, state: FeedState) -> SourceList:
        """Fetch the list of a source: of a sitemap all its parts, of a page the feed that it
        names. Raises FetchError."""
        if entry.url is None:  # Like a sitemap it says all that there is.
            return SourceList("sitemap", tuple(map(ListedItem, entry.addresses)))
        queue, fetched = [checked(entry.url, self._web.port)], dict[str, KeptList]()
        while queue and len(fetched) < MAX_LISTS:
            url = queue.pop(0)
            fetched[url] = self._fetched_list(url, state.lists.get(url))
            content = fetched[url].content
            if content.kind == "sitemap":
                queue += [part for part in content.further if part not in (*fetched, *queue)]
        lists = [part.content for part in fetched.values()]
        if lists[0].kind == "links" and (feed := self._named_feed(lists[0], state)):
            fetched |= feed
            lists = [part.content for part in feed.values()]
        listed = source_list(lists[0].kind, (item for part in lists for item in part.items))
        if not listed.items:
            raise FetchError(f"{entry.url} lists no articles.")
        # The texts of a feed's items are not kept.
        state.lists = {
            url: replace(part, content=part.content.bare) for url, part in fetched.items()
        }
        return replace(listed, cut=bool(queue) or listed.cut or any(part.cut for part in lists))

    def _named_feed(self, page: SourceList, state: FeedState) -> dict[str, KeptList]:
        """The feed that a page names, by its address: it says better what is new than the page's
        links do. Raises FetchError where the one that was followed before cannot be had."""
        for url in page.further[:MAX_NAMED_FEEDS]:
            try:
                fetched = self._fetched_list(url, state.lists.get(url))
            except FetchError:
                if url in state.lists:
                    raise
                continue
            if fetched.content.kind == "feed" and (fetched.content.items or url in state.lists):
                return {url: fetched}
        return {}

    def _fetched_list(self, url: str, stored: KeptList | None) -> KeptList:
        last_list = stored or KeptList(SourceList("feed"))
        page = self._web.fetch(url, None, last_list.etag, last_list.modified)
        if page is None:
            return last_list
        (reply,) = self._reader.replies([({"url": page.url, "charset": page.charset}, page.data)])
        if "refused" in reply:
            raise FetchError(f"{url} cannot be followed: {reply['refused']}.")
        try:
            content = _LIST.validate_python(reply.get("list"))
        except ValueError as error:
            raise FetchError(f"{url} cannot be followed: its reader broke down over it.") from error
        return KeptList(content, page.etag, page.modified)
