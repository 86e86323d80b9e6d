"""Reading the parameters of a request. Whatever they hold, the worst answer is a status of 400."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import parse_qs

from aiohttp import web

from retrieval import Meeting, MeetingFilter

from ..meetings import filters

FORM = "application/x-www-form-urlencoded"

BODY_SECONDS = 10.0
"""Seconds in which the body of a request must arrive."""

FILTERS = ("from", "to", "place", "language", "about")
"""The parameters that filter meetings."""

MAX_FILTER = 100
"""The most characters of a filter."""

PER_PAGE = 25

_Entry = TypeVar("_Entry")


async def typed(request: web.Request, name: str) -> str:
    """A text such as the question, from the form or the address. Raises web.HTTPException."""
    if request.method != "POST":
        return request.query.get(name, "")
    if request.content_type != FORM:
        raise web.HTTPUnsupportedMediaType
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = (await request.read()).decode("ascii", "replace")
        return parse_qs(body, max_num_fields=10, errors="replace").get(name, [""])[0]
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    # A ConnectionError is of a client that has gone away: nobody reads what is answered.
    except (ValueError, web.RequestPayloadError, ConnectionError) as error:
        raise web.HTTPBadRequest from error


def number(request: web.Request, name: str) -> int:
    """A parameter that counts from 1, and is 1 if missing. Raises web.HTTPNotFound otherwise."""
    digits = request.query.get(name, "1")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 6 and int(digits)):
        raise web.HTTPNotFound
    return int(digits)


def page(request: web.Request, entries: Sequence[_Entry]) -> tuple[int, int, Sequence[_Entry]]:
    """Return the number of the requested page of a list, that of the last page, and the entries of
    the requested one. Raises web.HTTPNotFound where there is no such page."""
    current, last = number(request, "page"), max(1, -(-len(entries) // PER_PAGE))
    if current > last:
        raise web.HTTPNotFound
    return current, last, entries[(current - 1) * PER_PAGE : current * PER_PAGE]


def meeting_filter(form: dict[str, str], meetings: Sequence[Meeting]) -> MeetingFilter:
    """The filter of a form; `meetings` tell the languages. Raises FilterError."""
    start, end, place, language, about = (form[name] for name in FILTERS)
    return filters.typed_filter(start, end, place, language, meetings, about=about or None)
