"""Pages as they were made a moment ago, for all who ask for the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial, wraps
from time import monotonic

from aiohttp import web

from .guard import Handler
from .pages import language_of

KEPT_FOR = 1.0
"""Seconds for which a page is taken to be as it was made."""

MOST = 100
"""How many pages of one kind are kept."""


def kept(show: Callable[[web.Request], Awaitable[web.Response]]) -> Handler:
    """Shows the same pages, but makes each once a second, however many ask for it."""
    pages: OrderedDict[tuple[str, str], tuple[float, partial[web.Response]]] = OrderedDict()

    @wraps(show)
    async def shown(request: web.Request) -> web.Response:
        key = (request.path_qs, language_of(request))
        until, page = pages.get(key, (0.0, None))
        if page is None or monotonic() > until:
            made = await show(request)
            page = partial(
                web.Response, body=made.body, status=made.status, headers=dict(made.headers)
            )
            pages[key] = (monotonic() + KEPT_FOR, page)
            pages.move_to_end(key)
            while len(pages) > MOST:
                pages.popitem(last=False)
        return page()

    return shown
