"""What each address shows: the asker's own objects, handed to the templates."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import NamedTuple, ParamSpec, TypeVar

from aiohttp import web

from retrieval import MAX_QUESTION, MAX_QUOTE, Meeting, QuestionError, Source, Wanted, quoted

from ..i18n.phrases import Phrases
from ..meetings import filters
from ..meetings.calendar import FILE_NAME, calendar
from ..meetings.filters import FilterError
from ..ui.links import Links, fingerprint, id_of
from ..worker import Worker
from . import article_text, requests
from .article_text import Block, Shelf, Span, Text
from .options import ReaderOptions
from .requests import PER_PAGE
from .security import Guard
from .templating import render, speaking

NEWEST = 5
"""How many articles the first page names."""

GIVEN_WAY = 0.1
"""The most seconds for which a page waits while a question is worked on: of Python's threads one
runs at a time, and hundreds of pages a second would make the question take thrice as long."""

KNOWN_FOR = 1.0
"""Seconds for which the articles of the index are taken to be those that they were."""

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Found(NamedTuple):
    """An article of the index, what its file holds now, in parts, a quote that stands there, and
    where the published page is read on."""

    source: Source
    text: Text
    parts: list[list[Span]]
    quote: Span | None
    link: str | None


class Reader:
    """Makes the pages of what the worker's asker says."""

    def __init__(self, worker: Worker, options: ReaderOptions, guard: Guard) -> None:
        self._worker = worker
        self._asker = worker.asker
        self._options = options
        self._guard = guard
        self._shelf = Shelf(options.folder)
        # Files are read here: no question waits for an article.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")
        self._turn = asyncio.Lock()
        self._known: dict[str, Source] = {}
        self._known_until = 0.0

    async def close(self, app: web.Application) -> None:
        """For `on_cleanup`."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def home(self, request: web.Request) -> web.Response:
        """`/`: the question box, and the answer to what was asked in it."""
        question = await requests.question(request)
        if not question.strip():
            sources = list((await self._sources()).values())
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
        sources = list((await self._sources()).values())
        page, last = requests.page(request, len(sources))
        shown = sources[(page - 1) * PER_PAGE : page * PER_PAGE]
        return render(
            request, "articles.html", sources=shown, count=len(sources), page=page, last=last
        )

    async def article(self, request: web.Request) -> web.Response:
        """`/articles/<id>`: an article as it stands in its file."""
        found = await self._found(request)
        part = requests.number(request, "part")
        if part > len(found.parts):
            raise web.HTTPNotFound
        return self._article(request, found, part)

    async def quote(self, request: web.Request) -> web.Response:
        """`/articles/<id>/q/<start>-<end>`: an article with the words of a quote marked.

        No others are marked in their place: the address may hold a fingerprint of them, and
        without one the file has to be that which was indexed.
        """
        start, end = int(request.match_info["start"]), int(request.match_info["end"])
        if not 0 < end - start <= MAX_QUOTE:
            raise web.HTTPNotFound
        found = await self._found(request, (start, end))
        if found.quote is None:
            return self._article(request, found, 1, gone=True)
        holds = (n for n, part in enumerate(found.parts, 1) if part and part[-1][1] > start)
        return self._article(request, found, next(holds, 1))

    def _article(
        self,
        request: web.Request,
        found: Found,
        part: int,
        *,
        gone: bool = False,
    ) -> web.Response:
        quote = found.quote
        blocks = article_text.blocks(found.text, found.parts[part - 1], quote)
        return render(
            request,
            "article.html",
            source=found.source,
            link=found.link,
            # The first line is often the title, which stands above it.
            blocks=blocks[_is_title(blocks, found.source) :],
            part=part,
            parts_of=len(found.parts),
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
        everything: list[Meeting] = await self._work(self._asker.meetings)
        found, fault = [], ""
        try:
            wanted = requests.wanted(asked, everything)
            found = await self._work(self._asker.meetings, wanted)
        except FilterError as error:
            wanted, fault = Wanted(), error.said(phrases)
        page, last = requests.page(request, len(found))
        shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
        held = await self._work(lambda: [self._asker.holds(one.evidence) for one in shown])
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
            made = await self._work(self._calendar, asked, phrases)
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
        held = [one for one in listed if self._asker.holds(one.evidence)]
        return calendar(held, phrases, Links(self._options.public_url)).content

    async def _work(
        self, function: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Result:
        """What a function of the asker returns. Questions go first, and wait for one page at most.

        Raises: as `Worker.run`.
        """
        async with self._turn:
            await self._worker.idle(GIVEN_WAY)
            return await self._worker.run(function, *args, **kwargs)

    async def _sources(self) -> dict[str, Source]:
        """The articles by their ids, the newest first."""
        if monotonic() > self._known_until:
            known = await self._worker.run(self._asker.sources)
            self._known = {id_of(one.path): one for one in known}
            self._known_until = monotonic() + KNOWN_FOR
        return self._known

    async def _found(self, request: web.Request, quote: Span | None = None) -> Found:
        """The article of a request's id. Raises web.HTTPException where there is none."""
        source = (await self._sources()).get(request.match_info["id"])
        if source is None:
            raise web.HTTPNotFound
        await self._worker.idle(GIVEN_WAY)
        loop = asyncio.get_running_loop()
        words = request.query.get("words")
        found = await loop.run_in_executor(self._thread, self._read, source, quote, words)
        if found is None:
            raise web.HTTPGone
        return found

    def _read(self, source: Source, quote: Span | None, words: str | None) -> Found | None:
        """An article as its file is now, with the quote if it stands there; `words` is the
        fingerprint that came with it."""
        text = self._shelf.open(source.path)
        if text is None:
            return None
        if quote and not _stands(quote, words, text, source):
            quote = None
        link = quoted(source, text.text, *quote).link if quote else source.url
        return Found(source, text, article_text.parts(text, quote), quote, link)


def _stands(quote: Span, words: str | None, text: Text, source: Source) -> bool:
    start, end = quote
    there = text.text[start:end]
    if words is None:
        same = text.sha256 == source.sha256 and len(there) == end - start
    else:
        same = fingerprint(there) == words
    return same and bool(there.strip()) and start >= text.body


def _is_title(blocks: list[Block], source: Source) -> bool:
    """Whether the first paragraph only says the title, and nothing of it is quoted."""
    return bool(blocks) and not blocks[0].quoted and blocks[0].words.strip() == source.title
