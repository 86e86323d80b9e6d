"""What a request asks for. Whatever it holds, an answer in the 400s is the worst."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import parse_qs

from aiohttp import web

from retrieval import Meeting, MeetingFilter

from ..meetings import filters

FORM = "application/x-www-form-urlencoded"

BODY_SECONDS = 10.0
"""How long a question may take to arrive."""

FILTERS = ("from", "to", "place", "language")
"""What may be wanted of meetings."""

MAX_GIVEN = 100
"""The most characters of a filter."""

PER_PAGE = 25


async def question(request: web.Request) -> str:
    """What is asked, by the form or in the address. Raises web.HTTPException."""
    if request.method != "POST":
        return request.query.get("q", "")
    if request.content_type != FORM:
        raise web.HTTPUnsupportedMediaType
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = (await request.read()).decode("ascii", "replace")
        return parse_qs(body, max_num_fields=10, errors="replace").get("q", [""])[0]
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except (ValueError, web.RequestPayloadError) as error:
        raise web.HTTPBadRequest from error


def number(request: web.Request, name: str) -> int:
    """A number from 1 on; 1 where none is given. Raises web.HTTPNotFound for anything else."""
    given = request.query.get(name, "1")
    if not (given.isascii() and given.isdigit() and len(given) <= 6 and int(given)):
        raise web.HTTPNotFound
    return int(given)


def page(request: web.Request, count: int) -> tuple[int, int]:
    """The page of a list of so many that is asked for, and the last one.

    Raises web.HTTPNotFound.
    """
    asked, last = number(request, "page"), max(1, -(-count // PER_PAGE))
    if asked > last:
        raise web.HTTPNotFound
    return asked, last


def given(request: web.Request) -> dict[str, str]:
    """What is wanted of meetings, as it was typed."""
    return {name: request.query.get(name, "").strip()[:MAX_GIVEN] for name in FILTERS}


def wanted(typed: dict[str, str], meetings: Sequence[Meeting]) -> MeetingFilter:
    """The filters that were typed. Raises FilterError where they make no sense."""
    start, end, place, language = (typed[name] for name in FILTERS)
    code = filters.language_code(language, filters.languages_of(meetings)) if language else None
    return filters.wanted(
        filters.first_day(start) if start else None,
        filters.last_day(end) if end else None,
        place,
        code,
    )
