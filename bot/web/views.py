"""The view of each address: what retrieval answers, handed to the templates."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import ParamSpec

from aiohttp import web

from retrieval import (
    MAX_QUESTION,
    MAX_QUOTE,
    Citation,
    Meeting,
    MeetingFilter,
    QuestionError,
    Source,
    check_citation,
    quoted,
    read_citations,
)

from ..corpora.seen import Asker
from ..i18n.phrases import Phrases
from ..meetings import filters
from ..meetings.calendar import FILE_NAME, calendar
from ..meetings.filters import FilterError
from ..ui.links import Links, fingerprint
from ..worker import Result, Worker
from . import article_text, requests
from .article_text import ArticlePage, Offsets, TextCache, is_present, is_title
from .options import ReaderOptions
from .requests import PER_PAGE
from .security import Guard
from .templating import render, speaking

NEWEST = 5
"""How many articles the first page names."""

YIELD_SECONDS = 0.1
"""The most seconds that a page waits for a running question. Python runs one thread at a time:
hundreds of pages a second would make the question take three times as long."""

SOURCES_FRESH_SECONDS = 1.0
"""Seconds for which the list of articles is served without asking the index again."""

Params = ParamSpec("Params")


class Reader:
    """The views of the reader, in the order of their addresses."""

    def __init__(
        self,
        worker: Worker,
        options: ReaderOptions,
        guard: Guard,
        asker: Asker,
        folder: Path,
        *,
        address: str = "",
    ) -> None:
        """Set up the pages of a corpus: what asks it, the folder of its articles, and what its
        addresses begin with, behind the slash. Who does not know that does not find them."""
        self._worker = worker
        self._asker = asker
        self._options = options
        self._guard = guard
        self._texts = TextCache(folder)
        url = options.public_url
        self._links = Links(url and f"{url.rstrip('/')}/{address}")
        # Files are read here: no question waits for an article.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")
        self._page_lock = asyncio.Lock()
        self._sources_by_id: dict[str, Source] = {}
        self._sources_expire = 0.0

    async def close(self, app: web.Application) -> None:
        """For `on_cleanup`."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def home(self, request: web.Request) -> web.Response:
        """`/`: the question box, and the answer to a question."""
        question = await requests.typed(request, "q")
        if not question.strip():
            sources = list((await self._sources()).values())
            newest = sources[:NEWEST]
            return render(request, "home.html", question="", newest=newest, count=len(sources))
        self._guard.count_question(request)
        phrases = speaking(request)
        answer, fault, status = None, "", 200
        try:
            async with asyncio.timeout(self._options.give_up_after):
                answer = await self._worker.ask(question, asker=self._asker)
        except QuestionError as error:
            fault, status = phrases.fault(error), 400
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
        """`/articles`: the list of all articles, newest first."""
        sources = list((await self._sources()).values())
        page, last, page_sources = requests.page(request, sources)
        return render(
            request, "articles.html", sources=page_sources, count=len(sources), page=page, last=last
        )

    async def article(self, request: web.Request) -> web.Response:
        """`/articles/<id>`: an article with the text of its file."""
        page = await self._article_page(request)
        part = requests.number(request, "part")
        if part > len(page.parts):
            raise web.HTTPNotFound
        return self._render_article(request, page, part)

    async def quote(self, request: web.Request) -> web.Response:
        """`/articles/<id>/q/<start>-<end>`: an article with a quote marked.

        Nothing else is ever marked: the address may carry a fingerprint of the quote; without one
        the file must be unchanged since it was indexed.
        """
        page = await self._quote_page(request)
        if (quote := page.cited) is None:
            return self._render_article(request, page, 1, gone=True)
        ends = (part[-1][1] if part else 0 for part in page.parts)
        with_quote = (number for number, end in enumerate(ends, 1) if end > quote.start)
        return self._render_article(request, page, next(with_quote, 1))

    async def _quote_page(self, request: web.Request) -> ArticlePage:
        start, end = int(request.match_info["start"]), int(request.match_info["end"])
        if not 0 < end - start <= MAX_QUOTE:
            raise web.HTTPNotFound
        return await self._article_page(request, (start, end))

    def _render_article(
        self, request: web.Request, page: ArticlePage, part: int, *, gone: bool = False
    ) -> web.Response:
        quote = page.cited
        span = (quote.start, quote.end) if quote else None
        blocks = article_text.blocks(page.text, page.parts[part - 1], span)
        return render(
            request,
            "article.html",
            source=page.source,
            quote=quote,
            citation=Citation.of_quote(quote).text if quote else "",
            link=(quote or page.source).link,
            # The first line is often the title, which stands above it.
            blocks=blocks[is_title(blocks, page.source) :],
            part=part,
            parts_of=len(page.parts),
            gone=gone,
            changed=page.text.source.sha256 != page.source.sha256,
        )

    async def annotation(self, request: web.Request) -> web.Response:
        """`/articles/<id>/q/<start>-<end>.json`: a quote as a W3C Web Annotation."""
        page = await self._quote_page(request)
        if page.cited is None:
            raise web.HTTPGone
        if (context := await self._work(self._asker.context, page.cited)) is None:
            raise web.HTTPGone
        return web.json_response(
            Citation.of(context).annotation, content_type="application/ld+json"
        )

    async def verify(self, request: web.Request) -> web.Response:
        """`/verify`: whether the words of a citation stand where it says."""
        text, checks, fault = (await requests.typed(request, "citation")).strip(), [], ""
        try:
            citations = read_citations(text)[:PER_PAGE] if text else []
            sources = list((await self._sources()).values())
            for citation in citations:
                context = self._asker.context
                checks.append(await self._work(check_citation, citation, sources, context))
        except ValueError:
            fault = speaking(request).table("reader")("bad_citation")
        status = 400 if fault else 200
        return render(request, "verify.html", status, text=text, checks=checks, fault=fault)

    async def meetings(self, request: web.Request) -> web.Response:
        """`/meetings`: the meetings that the articles report, each with its evidence."""
        phrases = speaking(request)
        form = self._filter_form(request)
        all_meetings: list[Meeting] = await self._work(self._asker.meetings)
        matching, fault = [], ""
        try:
            criteria = await self._work(lambda: requests.meeting_filter(form, all_meetings))
            matching = await self._work(self._asker.meetings, criteria)
        except FilterError as error:
            criteria, fault = MeetingFilter(), error.sentence(phrases)
        page, last, page_meetings = requests.page(request, matching)
        verified = await self._work(
            lambda: [self._asker.holds(meeting.evidence) for meeting in page_meetings]
        )
        return render(
            request,
            "meetings.html",
            400 if fault else 200,
            meetings=list(zip(page_meetings, verified, strict=True)),
            count=len(matching),
            everything=len(all_meetings),
            form=form,
            description=filters.described(criteria, phrases),
            none_match=filters.none_match(criteria, len(all_meetings), phrases),
            dated=bool(criteria.start or criteria.end),
            languages=filters.languages_of(all_meetings),
            fault=fault,
            page=page,
            last=last,
        )

    async def calendar(self, request: web.Request) -> web.Response:
        """`/meetings.ics`: the meetings whose year is known, as a calendar file."""
        phrases = speaking(request)
        form = self._filter_form(request)
        try:
            content = await self._work(self._calendar, form, phrases)
        except FilterError as error:
            raise web.HTTPBadRequest from error
        return web.Response(
            body=content,
            content_type="text/calendar",
            charset="utf-8",
            headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"'},
        )

    def _filter_form(self, request: web.Request) -> dict[str, str]:
        """The filters of meetings as they were typed."""
        typed = {name: request.query.get(name, "") for name in requests.FILTERS}
        form = {name: text.strip()[: requests.MAX_FILTER] for name, text in typed.items()}
        if form["about"]:  # It costs what a question does.
            self._guard.count_question(request)
        return form

    def _calendar(self, form: dict[str, str], phrases: Phrases) -> bytes:
        matching = self._asker.meetings(requests.meeting_filter(form, self._asker.meetings()))
        verified = [meeting for meeting in matching if self._asker.holds(meeting.evidence)]
        return calendar(verified, phrases, self._links).content

    async def _work(
        self, function: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs
    ) -> Result:
        """Run a function of the asker in the worker's thread, after questions that wait.

        Raises: BusyError and what the function raises (see `Worker.run`).
        """
        async with self._page_lock:
            await self._worker.idle(YIELD_SECONDS)
            return await self._worker.run(function, *args, **kwargs)

    async def _sources(self) -> dict[str, Source]:
        """The articles by their ids, the newest first."""
        if monotonic() > self._sources_expire:
            sources = await self._worker.run(self._asker.sources)
            self._sources_by_id = {fingerprint(source.path): source for source in sources}
            self._sources_expire = monotonic() + SOURCES_FRESH_SECONDS
        return self._sources_by_id

    async def _article_page(
        self, request: web.Request, quote: Offsets | None = None
    ) -> ArticlePage:
        """The page of the requested article. Raises web.HTTPException if there is none."""
        source = (await self._sources()).get(request.match_info["id"])
        if source is None:
            raise web.HTTPNotFound
        await self._worker.idle(YIELD_SECONDS)
        loop = asyncio.get_running_loop()
        words = request.query.get("words")
        page = await loop.run_in_executor(self._thread, self._read, source, quote, words)
        if page is None:
            raise web.HTTPGone
        return page

    def _read(self, source: Source, quote: Offsets | None, words: str | None) -> ArticlePage | None:
        """Read the file of an article; the quote is kept if it stands there.

        `words` is the fingerprint of the quote that the address carries, if any.
        """
        text = self._texts.open(source.path)
        if text is None:
            return None
        if quote is None or not is_present(quote, words, text, source):
            return ArticlePage(source, text, article_text.parts(text), None)
        present = replace(source, sha256=text.source.sha256)
        cited = quoted(replace(text, source=present), *quote)
        return ArticlePage(source, text, article_text.parts(text, quote), cited)
