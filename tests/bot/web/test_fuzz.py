"""Bytes that no browser would send: each request is refused or answered, and no more happens."""

from __future__ import annotations

import asyncio
import gc
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from random import Random

import pytest
from yarl import URL

from bot.ui.links import fingerprint
from bot.web import requests
from bot.web.app import serving
from bot.worker import Worker
from retrieval import Library
from tests.conftest import SEEDS
from tests.waiting import PATIENCE

from ..reading import UNLIMITED

FIRST = fingerprint("000_c198e92d4335c7bf.txt").encode()

BODY_SECONDS = 0.1

ROUNDS = 4
"""How often a question is asked, and answered behind all others, before those who have sent what is
odd go away: as many requests may stand behind each other, and one more."""

LAST = b"GET /static/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

ASKED = b"GET /?q=Who+met%%3F+%d HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

METHODS = (b"GET",) * 6 + (b"POST",) * 3 + (b"HEAD", b"PUT", b"DELETE", b"TRACE", b"OPTIONS")

STARTS = (
    b"/", b"/articles", b"/articles/", b"/articles/" + FIRST, b"/articles/" + FIRST + b"/q/",
    b"/meetings", b"/meetings.ics", b"/static/", b"//", b"http://localhost/",
    b"http://evil.example/",
)  # fmt: skip

STEPS = (
    b"..", b"%2e%2e", b"%252e%252e", b"..%2f", b"..%5c", b"\\..\\..", b"..;", b"%c0%ae%c0%ae",
    b".%00.", b"%00", b"%", b"%zz", b"%ff%fe", b"%ed%a0%80", b"etc/passwd", b".env", b"0-1",
    b"1-0", b"0-400", b"0-99999999", b"-1--1", b"9" * 25 + b"-9", FIRST, FIRST.upper(),
    FIRST + b"0", b"000000000000", b"style.css", b"a" * 900, b";", b"~", b"{id}",
)  # fmt: skip

NAMES = (b"q", b"page", b"part", b"words", b"from", b"to", b"place", b"language", b"", b"%00")

VALUES = (
    b"", b"0", b"-1", b"1", b"2", b"999999", b"9" * 400, b"1e3", b"0x1", b"%D9%A3", b"nan",
    b"2024-02-30", b"0000-00-00", b"9999-12-31", b"%00", b"%ff", b"%F0%9F%92%A9" * 50, b"+" * 400,
    b"%E2%80%AE", b"<script>", b"a=b&c", b"xx", FIRST, b"{{7*7}}", b"'--", b"Who+met?",
)  # fmt: skip

VERSIONS = (b"HTTP/1.1",) * 30 + (b"HTTP/1.0", b"HTTP/2.0", b"HTTP/9", b"", b"ICY")

HEADERS = (
    b"Accept-Language: de;q=0." + b"9" * 300, b"Accept-Language: \xff,;q=,*", b"Accept: ,;/",
    b"X-Forwarded-For: " + b"a, " * 500, b"X-Forwarded-For: \xff", b"Cookie: " + b"a" * 7_000,
    b"Range: bytes=9-1", b"If-Modified-Since: never", b"Expect: tea", b"Expect: 100-continue",
    b"Upgrade: websocket\r\nConnection: Upgrade", b"Content-Encoding: gzip",
    b"Content-Encoding: br, x", b"Content-Type: ;;;charset=\xff",
    b"Content-Type: multipart/form-data; boundary=", b"Content-Length: 1",
    b"Transfer-Encoding: chunked",
)  # fmt: skip

GARBAGE = (
    b"", b"*", b" ", b"\t", b"\x00", b"\xff", b"a" * 9_000, "ä\u202e".encode(), b"localhost:80",
    b"PRI", b"CONNECT", b": no name", b"No colon", b"Host: evil.example", b"Content-Length: -1",
    b"Content-Length: " + b"9" * 20, b"Transfer-Encoding: chunked, chunked",
    b"Transfer-Encoding: xchunked", b"X: " + b"a" * 9_000, b"Accept: \x00",
)  # fmt: skip
"""What may stand in the place of anything."""

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + FORM

BODIES = (
    b"q=" + b"%" * 99, b"q=%ff%00", b"q=" + b"a" * 30_000, b"&" * 5_000, b"{}", b"\x1f\x8b\x08",
    b"q=Who+met%3F", b"q=" + b"\xff" * 500, b"q=%ED%A0%80" + b"&q=" * 9,
)  # fmt: skip

CHUNKS = (
    b"5\r\nq=who\r\n0\r\n\r\n", b"5\r\nq=w\r\n0\r\n\r\n", b"zz\r\n", b"-1\r\n\r\n",
    b"f" * 18 + b"\r\n", b"2;x=" + b"y" * 9_000 + b"\r\nq=\r\n0\r\n\r\n",
    b"0\r\nX: \xff\r\n\r\n",
)  # fmt: skip


@pytest.fixture
async def address(library: Library, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    monkeypatch.setattr(requests, "BODY_SECONDS", BODY_SECONDS)
    options = replace(UNLIMITED, folder=SEEDS, at_once=10_000)
    async with Worker(library) as worker, serving(worker, options) as address:
        yield address


async def raw(address: str, sent: bytes, said: bytearray | None = None) -> bytes:
    """What comes back for some bytes until the connection is closed; it is added to `said`."""
    url, said = URL(address), bytearray() if said is None else said
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        with suppress(ConnectionError):  # One that sends too much may be cut off.
            writer.write(sent)
            # Not `wait_for`: before Python 3.12 it loses a cancellation that comes with an answer.
            async with asyncio.timeout(PATIENCE):
                while more := await reader.read(65_536):
                    said += more
    finally:
        writer.close()
    return bytes(said)


def statuses(said: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"^HTTP/1\.[01] (\d{3}) ", said, re.MULTILINE)]


def odd(random: Random) -> bytes:
    """A request of which some parts are odd; a few are garbage, cut off or garbled."""

    def one(these: Sequence[bytes]) -> bytes:
        return random.choice(GARBAGE if random.random() < 0.02 else these)

    target = one(STARTS) + b"/".join(one(STEPS) for _ in range(random.choice((0, 0, 0, 1, 2, 9))))
    if random.random() < 0.5:
        target += b"?" + one(NAMES) + b"=" + one(VALUES) + b"&" + one(NAMES) + b"=" + one(VALUES)
    headers = [b"Host: localhost", *(one(HEADERS) for _ in range(random.choice((0, 0, 0, 1, 3))))]
    method, body = one(METHODS), b""
    if method == b"POST" and random.random() < 0.5:
        body = one(BODIES)
        headers.append(FORM + b"Content-Length: %d" % len(body))
    elif method == b"POST":
        body = one(CHUNKS)
        headers.append(FORM + b"Transfer-Encoding: chunked")
    line = method + b" " + target + b" " + one(VERSIONS)
    whole = b"\r\n".join([line, *headers]) + b"\r\n\r\n" + body
    if random.random() < 0.05:
        whole = whole[: random.randrange(len(whole))]
    if random.random() < 0.05:
        place = random.randrange(len(whole) + 1)
        whole = whole[:place] + random.randbytes(3) + whole[place:]
    return whole


@pytest.mark.parametrize("seed", range(2))
async def test_nothing_that_is_sent_does_harm(
    address: str, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    random = Random(seed)
    # Some come one after the other on one connection, before any is answered.
    sent = [b"".join(odd(random) for _ in range(random.choice((1, 1, 3)))) for _ in range(300)]
    heard = [bytearray() for _ in sent]
    tasks = [asyncio.create_task(raw(address, *each)) for each in zip(sent, heard, strict=True)]
    for turn in range(ROUNDS):
        assert statuses(await raw(address, ASKED % turn)) == [200]
        await asyncio.sleep(BODY_SECONDS)
    for task in tasks:  # Some wait for more of a request: they are hung up on.
        task.cancel()
    await asyncio.wait(tasks)
    seen: Counter[int] = Counter()
    for request, said in zip(sent, heard, strict=True):
        assert all(status < 500 for status in statuses(said)), (request, said[:300])
        assert b"root:" not in said
        assert b"Traceback" not in said
        seen.update(statuses(said))
    assert {200, 400, 404, 405, 421} <= seen.keys()
    gc.collect()  # A task that failed is told of when it is gone.
    assert caplog.records == []
    assert statuses(await raw(address, LAST)) == [404]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: a.example\r\n", b"421"),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"404"),
        (b"GET //evil.example/%2e%2e HTTP/1.1\r\nHost: localhost\r\n", b"404"),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n", b"421"),
        (b"GET / HTTP/1.1\r\nHost: [::\r\n", b"4"),
        (b"GET /?q=my%20secret\x00\xff HTTP/1.1\r\nHost: localhost\r\n", b"4"),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n", b"4"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 20_000 + b"\r\n", b"4"),
        (b"my secret\r\n", b"400"),
        (b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\nExpect: my secret\xa3\r\n", b"400"),
        (POST + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nq=x", b"400"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\nq=who\r\n0\r\n\r\n", b"400"),
    ],
)
async def test_what_no_browser_would_send(
    address: str, request_: bytes, status: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    said = await raw(address, request_ + b"Connection: close\r\n\r\n")
    assert said.split(b" ")[1].startswith(status)
    assert b"Content-Security-Policy: default-src 'none'" in said
    assert b"root:" not in said
    assert b"secret" not in said
    assert "secret" not in caplog.text


async def test_who_hangs_up_in_the_middle_of_a_question_is_no_failure(
    address: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "BODY_SECONDS", PATIENCE)
    url = URL(address)
    for leaves in ("abort", "close"):
        _, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(POST + b"Content-Length: 30\r\n\r\nq=Who")
        assert statuses(await raw(address, LAST)) == [404]  # The server has read the first by now.
        getattr(writer.transport, leaves)()
        assert statuses(await raw(address, LAST)) == [404]
    assert caplog.records == []


async def test_a_connect_to_nowhere_is_hung_up_on(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    url = URL(address)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(b"CONNECT  \r\nHost: localhost\r\n\r\n")
    assert await asyncio.wait_for(reader.read(), PATIENCE) == b""
    writer.close()
    gc.collect()
    assert caplog.records == []
