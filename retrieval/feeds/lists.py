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
        self._reader = HelperProcess(["-m", "retrieval.feed_worker"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.__exit__()

    def fetch(self, entry: FeedEntry, state: FeedState) -> SourceList:
        """Fetch the list of a source: of a sitemap all its parts, of a page the feed that it
        names. Raises FetchError."""
        if entry.url is None:  # Like a sitemap it says all that there is.
            return SourceList("sitemap", tuple(map(ListedItem, entry.addresses)))
        queue, kept = [checked(entry.url, self._web.port)], dict[str, KeptList]()
        while queue and len(kept) < MAX_LISTS:
            url = queue.pop(0)
            kept[url] = self._fetched_list(url, state.lists.get(url))
            content = kept[url].content
            if content.kind == "sitemap":
                queue += [each for each in content.further if each not in (*kept, *queue)]
        lists = [each.content for each in kept.values()]
        if lists[0].kind == "links" and (feed := self._named_feed(lists[0], state)):
            kept |= feed
            lists = [each.content for each in feed.values()]
        listed = source_list(lists[0].kind, (item for each in lists for item in each.items))
        if not listed.items:
            raise FetchError(f"{entry.url} lists no articles.")
        # The texts of a feed's items are not kept.
        state.lists = {url: replace(each, content=each.content.bare) for url, each in kept.items()}
        return replace(listed, cut=bool(queue) or listed.cut or any(each.cut for each in lists))

    def _named_feed(self, page: SourceList, state: FeedState) -> dict[str, KeptList]:
        """The feed that a page names, by its address: it says better what is new than the page's
        links do. Raises FetchError where the one that was followed before cannot be had."""
        for url in page.further[:MAX_NAMED_FEEDS]:
            try:
                kept = self._fetched_list(url, state.lists.get(url))
            except FetchError:
                if url in state.lists:
                    raise
                continue
            if kept.content.kind == "feed" and (kept.content.items or url in state.lists):
                return {url: kept}
        return {}

    def _fetched_list(self, url: str, kept: KeptList | None) -> KeptList:
        known = kept or KeptList(SourceList("feed"))
        came = self._web.fetch(url, None, known.etag, known.modified)
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
