"""The reader for the tests, over real sockets, and what a person sees of a page."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from bot.corpora.seen import Asker
from bot.web.app import serving
from bot.web.options import ReaderOptions
from bot.worker import Worker
from retrieval import Context, Meeting, MeetingFilter, Quote, Source, StoreError

from .server import Scripted, quoted

UNLIMITED = ReaderOptions(Path(), port=0, questions_per_client=0, questions=0, pages_per_client=0)


@asynccontextmanager
async def reading(
    asker: Asker, folder: Path, options: ReaderOptions = UNLIMITED
) -> AsyncIterator[ClientSession]:
    """A visitor of the reader of a folder, without limits unless the options have some."""
    async with (
        Worker(asker) as worker,
        serving(worker, replace(options, folder=folder)) as address,
        ClientSession(address) as client,
    ):
        yield client


async def get(
    client: ClientSession, path: str, status: int = 200, data: Mapping[str, Any] | None = None
) -> str:
    """A page; with `data` it is asked for by its form."""
    async with client.request("POST" if data else "GET", path, data=data) as answer:
        page = await answer.text()
    assert (path, answer.status) == (path, status)
    return page


def marked(page: str) -> list[str]:
    """The words that are marked, as a person reads them."""
    return [html.unescape(words) for words in re.findall(r"<mark[^>]*>(.*?)</mark>", page, re.S)]


class Shelved(Scripted):
    """Has these articles, and quotes what a test gives it."""

    broken = False

    def __init__(self, *sources: Source) -> None:
        super().__init__(lambda question: quoted(question, 0.9))
        self.held = list(sources)
        self.given: list[Meeting] = []

    def sources(self) -> list[Source]:
        if self.broken:
            raise StoreError("The index at /somewhere/secret cannot be used.")
        return self.held

    def holds(self, quote: Quote) -> bool:
        return True

    def meetings(self, wanted: MeetingFilter | None = None) -> list[Meeting]:
        return self.given

    def context(self, quote: Quote) -> Context | None:
        return None


def source(path: str, **facts: str | None) -> Source:
    known: dict[str, str | None] = {"title": "Minutes", "language": "en", "sha256": "0" * 64}
    return Source(**(known | {"path": path} | facts))  # type: ignore[arg-type]


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def harmless(page: str) -> None:
    for tag, attributes in Elements(page).found:
        assert tag not in {"style", "svg", "img", "iframe", "object", "base"}
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        if tag == "script":
            assert str(attributes["src"]).lstrip("./").startswith("static/copy-")
        link = attributes.get("href") or attributes.get("action") or "./"
        assert re.match(r"https://|\.{1,2}/|[#?]|articles", link), link
    assert "49" not in re.sub(r"[0-9a-f]{12,}", "", page)
    assert not re.search("[\u202a-\u202e\x1b\x00]", page)
