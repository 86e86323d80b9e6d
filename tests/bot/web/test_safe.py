"""Hostile requests, limits, headers and the log of the web reader."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp import ClientConnectorError, ClientSession
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from bot.ui.links import fingerprint
from bot.web import requests
from bot.web.app import serving
from bot.web.listening import PortError
from bot.web.options import ReaderOptions
from bot.web.security import HEADERS
from bot.worker import Worker
from retrieval import Library, Source
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import SEEDS, Folder
from tests.waiting import PATIENCE

from ..reading import UNLIMITED, Shelved, get, harmless, reading

FIRST = fingerprint("000_c198e92d4335c7bf.txt")


@pytest.fixture
async def address(library: Library) -> AsyncIterator[str]:
    options = replace(UNLIMITED, folder=SEEDS)
    async with Worker(library) as worker, serving(worker, options) as address:
        yield address


@pytest.fixture
async def client(address: str) -> AsyncIterator[ClientSession]:
    async with ClientSession(address) as client:
        yield client


ODD = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["../../etc/passwd", "%2e%2e/%2e%2e/.env", "..%2f..%2fpyproject.toml", "static/../app.py",
         "articles/../../seeds", "%00", "//", "%ff%fe", "articles/000_c198e92d4335c7bf.txt",
         "?" * 9, "q/1-2", "%0d%0aSet-Cookie:%20a=b", "a" * 3000, "static/style.css", "healthz",
         "\u202e"]
    ),
)  # fmt: skip


@settings(max_examples=40, deadline=None, database=None, derandomize=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(
    paths=st.lists(ODD, max_size=3),
    start=st.sampled_from(["/", "/articles/", "/articles/{id}/", "/articles/{id}/q/", "/meetings"]),
    query=st.dictionaries(
        st.sampled_from(["q", "page", "part", "words", "from", "to", "place", "language"]), ODD
    ),
    agent=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80),
    language=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80),
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"]),
)
async def test_odd_requests_come_to_nothing_worse_than_400s(  # noqa: PLR0917
    address: str,
    client: ClientSession,
    paths: list[str],
    start: str,
    query: dict[str, str],
    agent: str,
    language: str,
    method: str,
) -> None:
    path = start.format(id=FIRST) + "/".join(paths).encode("utf-8", "replace").decode()
    headers = {"User-Agent": agent, "Accept-Language": language, "X-Forwarded-For": agent}
    try:
        url = URL(f"{address}{path[1:]}", encoded="%" in path).with_query(query)
        answer = await client.request(method, url, headers=headers, allow_redirects=False)
    except ValueError:
        return  # No client could ask for it.
    async with answer:
        assert answer.status < 500
        assert answer.headers["Server"] == "Passage"
        if answer.content_type == "text/html":
            harmless(await answer.text())


async def test_what_is_not_there_is_small_however_odd_its_address(client: ClientSession) -> None:
    for path in ("/" * 4_000, "/a" * 2_000, "/" + "%2e%2e/" * 1_000):
        async with client.get(URL(path, encoded=True)) as answer:
            assert answer.status == 404
            assert len(await answer.read()) < 5_000


async def test_only_reading_is_allowed_but_for_the_question(client: ClientSession) -> None:
    for path in ("/articles", f"/articles/{FIRST}", "/meetings", "/meetings.ics"):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            async with client.request(method, path) as said:
                assert (path, method, said.status) == (path, method, 405)
                assert set(said.headers["Allow"].split(",")) == {"GET", "HEAD"}
    for status, sent in (
        (415, {"json": {"q": "x"}}),
        (413, {"data": {"q": "x" * 20_000}}),
        (400, {"data": [("q", "x")] * 11}),
    ):
        async with client.post("/", **sent) as said:  # type: ignore[arg-type]
            assert said.status == status


async def test_a_question_that_does_not_arrive_is_not_waited_for(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "BODY_SECONDS", 0.1)
    sent = b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 9\r\n"
    url = URL(address)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(sent + b"Content-Type: application/x-www-form-urlencoded\r\n\r\nq=")
    assert (await asyncio.wait_for(reader.readline(), PATIENCE)).startswith(b"HTTP/1.1 408 ")
    writer.close()
    await writer.wait_closed()


async def test_every_answer_has_the_headers(client: ClientSession) -> None:
    for method, path in (
        ("GET", "/"), ("POST", "/"), ("HEAD", "/articles"), ("GET", "/nope"), ("PUT", "/"),
        ("GET", "/meetings.ics"), ("GET", "/articles/000000000000"), ("GET", "/meetings?from=x"),
    ):  # fmt: skip
        async with client.request(method, path) as said:
            assert {name: said.headers[name] for name in HEADERS} == HEADERS
            assert "unsafe" not in said.headers["Content-Security-Policy"]
            assert "aiohttp" not in str(said.headers)


async def test_a_question_is_in_no_log_and_in_no_cache(
    client: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for name in ("aiohttp.access", "aiohttp.server", "aiohttp.web"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    for _ in range(2):
        async with client.post("/", data={"q": "Where did the zeppelin land?"}) as said:
            assert said.headers["Cache-Control"] == "no-store"
        await get(client, "/?q=Where did the zeppelin land?")
    assert "zeppelin" not in caplog.text


async def test_what_fails_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    asker = Shelved()
    asker.broken = True
    async with reading(asker, SEEDS) as client:
        page = await get(client, "/articles", status=500)
    assert "/somewhere/secret" not in page
    reference = re.findall("Reference: ([0-9a-f]{8})", page)[0]
    assert f"Reference {reference}: The index at" in caplog.text


async def test_a_corpus_that_is_not_indexed_yet_has_no_articles_yet(
    folder: Folder, tmp_path: Path, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    seeds = folder({"a.txt": "The mill was built in 1901."})
    with Library(seeds, Store.open(tmp_path / "data"), lambda: embedder) as library:
        async with reading(library, seeds) as client:
            for path in ("/", "/?q=Who built the mill?", "/articles", "/meetings", "/meetings.ics"):
                page = await get(client, path, status=503)
                assert "There are no articles yet." in page
                assert "Reference" not in page
    assert not caplog.text


async def test_who_asks_too_much_waits(library: Library) -> None:
    options = replace(UNLIMITED, questions_per_client=2, questions=5, pages_per_client=12)
    async with reading(library, SEEDS, options) as client:

        async def asking(who: str) -> int:
            headers = {"X-Forwarded-For": f"203.0.113.9, {who}"}
            async with client.post("/", data={"q": "Who met?"}, headers=headers) as said:
                assert (said.status == 429) == ("Retry-After" in said.headers)
                return said.status

        assert [await asking("2001:db8::1") for _ in range(3)] == [200, 200, 429]
        assert [await asking(who) for who in "bbcd"] == [200, 200, 200, 429]
        many = [await client.get("/articles") for _ in range(13)]
        assert [said.status for said in many] == [200] * 12 + [429]


@pytest.mark.parametrize(
    ("proxies", "served"), [("127.0.0.0/8", [200, 200, 200]), ("10.0.0.0/8", [200, 200, 429])]
)
async def test_a_proxy_elsewhere_is_believed_only_if_it_is_named(
    library: Library, monkeypatch: pytest.MonkeyPatch, proxies: str, served: list[int]
) -> None:
    monkeypatch.setattr("bot.web.security.is_loopback", lambda _: False)
    options = replace(UNLIMITED, pages_per_client=2, proxies=(ip_network(proxies),))
    async with reading(library, SEEDS, options) as client:
        said = [await client.get("/articles", headers={"X-Forwarded-For": one}) for one in "abc"]
    assert [one.status for one in said] == served


async def test_too_many_at_once_are_sent_away(folder: Folder) -> None:
    free = threading.Event()

    class Slow(Shelved):
        def sources(self) -> list[Source]:
            assert free.wait(PATIENCE)
            return []

    async with reading(Slow(), SEEDS, replace(UNLIMITED, at_once=2)) as client:
        said = asyncio.as_completed([client.get("/articles") for _ in range(5)])
        assert [(await next(said)).status for _ in range(3)] == [503] * 3
        free.set()
        assert [(await one).status for one in said] == [200] * 2


async def test_a_port_that_is_taken_names_the_setting() -> None:
    async with Worker(Shelved()) as worker:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            options = ReaderOptions(SEEDS, port=taken.getsockname()[1])
            with pytest.raises(PortError, match="PASSAGE_READER_PORT") as caught:
                async with serving(worker, options):
                    pass
        assert "\n" not in str(caught.value)
        async with (
            serving(worker, ReaderOptions(SEEDS, port=0)) as address,
            ClientSession(address) as client,
            client.get("/") as said,
        ):
            assert said.status == 200
        with pytest.raises(ClientConnectorError):
            async with ClientSession() as session, session.get(address):
                pass
