"""What each address shows: the asker's own objects, handed to the templates."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import NamedTuple

from aiohttp import web

from retrieval import MAX_QUESTION, MAX_QUOTE, Meeting, QuestionError, Source, Wanted

from .. import filters
from ..filters import FilterError
from ..ics import FILE_NAME, calendar
from ..words import Phrases
from ..worker import Worker
from . import articles, requests
from .addresses import fingerprint, id_of
from .articles import Block, Shelf, Span, Text
from .guard import Guard
from .options import ReaderOptions
from .pages import render, speaking
from .requests import PER_PAGE

NEWEST = 5
"""How many articles the first page names."""


class Found(NamedTuple):
    """An article of the index, and what its file holds now."""

    source: Source
    text: Text


class Reader:
    """Makes the pages of what the worker's asker says."""

    def __init__(self, worker: Worker, options: ReaderOptions, guard: Guard) -> None:
        self._worker = worker
        self._asker = worker.asker
        self._options = options
        self._guard = guard
        self._shelf = Shelf(options.folder)

    async def home(self, request: web.Request) -> web.Response:
        """`/`: the question box, and the answer to what was asked in it."""
        question = await requests.question(request)
        if not question.strip():
            sources = await self._worker.run(self._asker.sources)
            newest = sources[:NEWEST]
            return render(request, "home.html", question="", newest=newest, count=len(sources))
        self._guard.count_question(request)
        phrases, _ = speaking(request)
        answer, fault, status = None, "", 200
        try:
            async with asyncio.timeout(self._options.give_up_after):
                answer = await self._worker.ask(question)
        except QuestionError as error:
            fault = phrases(f"question_{error.fault}", **error.values) if error.fault else ""
            fault, status = fault or str(error), 400
        response = render(
            request,
            "answer.html",
            status,
            question=question[:MAX_QUESTION],
            answer=answer,
            fault=fault,
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    async def articles(self, request: web.Request) -> web.Response:
        """`/articles`: all of them, the newest first."""
        sources = await self._worker.run(self._asker.sources)
        page, last = requests.page(request, len(sources))
        shown = sources[(page - 1) * PER_PAGE : page * PER_PAGE]
        return render(
            request, "articles.html", sources=shown, count=len(sources), page=page, last=last
        )

    async def article(self, request: web.Request) -> web.Response:
        """`/articles/<id>`: an article as it stands in its file."""
        found = await self._found(request)
        made = await self._worker.run(articles.parts, found.text)
        part = requests.number(request, "part")
        if part > len(made):
            raise web.HTTPNotFound
        return self._article(request, found, made, part)

    async def quote(self, request: web.Request) -> web.Response:
        """`/articles/<id>/q/<start>-<end>`: an article with the words of a quote marked.

        No others are marked in their place: the address may hold a fingerprint of them, and
        without one the file has to be that which was indexed.
        """
        found = await self._found(request)
        start, end = int(request.match_info["start"]), int(request.match_info["end"])
        words = found.text.text[start:end]
        if not 0 < end - start <= MAX_QUOTE:
            raise web.HTTPNotFound
        if "words" in request.query:
            stands = fingerprint(words) == request.query["words"]
        else:
            stands = found.text.sha256 == found.source.sha256 and len(words) == end - start
        if not (stands and words.strip() and start >= found.text.body):
            made = await self._worker.run(articles.parts, found.text)
            return self._article(request, found, made, 1, gone=True)
        span = (start, end)
        made = await self._worker.run(articles.parts, found.text, span)
        holds = (n for n, part in enumerate(made, 1) if part and part[-1][1] > start)
        return self._article(request, found, made, next(holds, 1), quote=span)

    def _article(
        self,
        request: web.Request,
        found: Found,
        made: list[list[Span]],
        part: int,
        *,
        quote: Span | None = None,
        gone: bool = False,
    ) -> web.Response:
        blocks = articles.blocks(found.text, made[part - 1], quote)
        return render(
            request,
            "article.html",
            source=found.source,
            # The first line is often the title, which stands above it.
            blocks=blocks[_is_title(blocks, found.source) :],
            part=part,
            parts_of=len(made),
            quote=quote,
            words=found.text.text[slice(*quote)] if quote else "",
            sha256=found.text.sha256,
            gone=gone,
            changed=found.text.sha256 != found.source.sha256,
        )

    async def meetings(self, request: web.Request) -> web.Response:
        """`/meetings`: what met, when and where, each with the words that say so."""
        phrases, _ = speaking(request)
        asked = requests.given(request)
        everything: list[Meeting] = await self._worker.run(self._asker.meetings)
        found, fault = [], ""
        try:
            wanted = requests.wanted(asked, everything)
            found = await self._worker.run(self._asker.meetings, wanted)
        except FilterError as error:
            wanted, fault = Wanted(), error.said(phrases)
        page, last = requests.page(request, len(found))
        shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
        held = await self._worker.run(lambda: [self._asker.holds(one.evidence) for one in shown])
        return render(
            request,
            "meetings.html",
            400 if fault else 200,
            meetings=list(zip(shown, held, strict=True)),
            count=len(found),
            everything=len(everything),
            asked=asked,
            said=filters.described(wanted, phrases),
            dated=bool(wanted.start or wanted.end),
            languages=filters.languages_of(everything),
            fault=fault,
            page=page,
            last=last,
        )

    async def calendar(self, request: web.Request) -> web.Response:
        """`/meetings.ics`: those that have a year, as a calendar file."""
        phrases, _ = speaking(request)
        asked = requests.given(request)
        try:
            made = await self._worker.run(partial(self._calendar, asked, phrases))
        except FilterError as error:
            raise web.HTTPBadRequest from error
        return web.Response(
            body=made,
            content_type="text/calendar",
            charset="utf-8",
            headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"'},
        )

    def _calendar(self, asked: dict[str, str], phrases: Phrases) -> bytes:
        listed = self._asker.meetings(requests.wanted(asked, self._asker.meetings()))
        return calendar([one for one in listed if self._asker.holds(one.evidence)], phrases).content

    async def _found(self, request: web.Request) -> Found:
        """The article of a request's id. Raises web.HTTPException where there is none."""
        wanted = request.match_info["id"]

        def look() -> tuple[Source | None, Text | None]:
            known = (one for one in self._asker.sources() if id_of(one.path) == wanted)
            source = next(known, None)
            return source, self._shelf.open(source.path) if source else None

        source, text = await self._worker.run(look)
        if source is None:
            raise web.HTTPNotFound
        if text is None:
            raise web.HTTPGone
        return Found(source, text)


def _is_title(blocks: list[Block], source: Source) -> bool:
    """Whether the first paragraph only says the title, and nothing of it is quoted."""
    return bool(blocks) and not blocks[0].quoted and blocks[0].words.strip() == source.title
