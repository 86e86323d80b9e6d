"""The reader behind Debian's nginx, with the configuration that docs/reader.md gives."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import trustme
from aiohttp import ClientResponse, ClientSession, TCPConnector

from bot.ui.links import fingerprint
from bot.web.app import serving
from bot.web.security import HEADERS
from bot.worker import Worker
from tests.conftest import ROOT, SEEDS
from tests.waiting import PATIENCE

from ..reading import UNLIMITED, Shelved, source

# Debian keeps it out of the way of those who do not serve.
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
NAME = "articles.example"
FIRST = "000_c198e92d4335c7bf.txt"
ARTICLE = f"/articles/{fingerprint(FIRST)}"

Get = Callable[..., Awaitable[ClientResponse]]

pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx on this machine")


def examples() -> list[str]:
    """What the docs give for nginx: the whole, and a path."""
    text = (ROOT / "docs/reader.md").read_text("utf-8")
    return re.findall(r"^```nginx\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def configured(folder: Path, reader: str, plain: int, secure: int) -> str:
    """The docs' example with ports and paths of this test, and a second server below a path."""
    whole, below = examples()
    whole += f"""
        server {{
            listen 443 ssl;
            server_name below.example;
            ssl_certificate /etc/letsencrypt/live/articles.example/fullchain.pem;
            ssl_certificate_key /etc/letsencrypt/live/articles.example/privkey.pem;
            proxy_set_header Host {NAME};
            {below}
        }}"""
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ", f"listen 127.0.0.1:{secure} "),
        ("127.0.0.1:8798", reader),
        ("/etc/letsencrypt/live/articles.example/", f"{folder}/"),
        ("/var/cache/nginx/", f"{folder}/"),
        ("/var/log/nginx/", f"{folder}/"),
    ):
        assert old in whole
        whole = whole.replace(old, new)
    temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    paths = "".join(f"{name}_temp_path {folder}/{name};\n" for name in temporary)
    return f"""
        daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
        events {{ worker_connections 512; }}
        http {{ {paths} {whole} }}"""


@asynccontextmanager
async def nginx(folder: Path, reader: str) -> AsyncIterator[tuple[int, int]]:
    """Debian's nginx before a reader: its two ports."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    issued = authority.issue_cert(NAME, "below.example")
    issued.private_key_pem.write_to_path(folder / "privkey.pem")
    for pem in issued.cert_chain_pems:
        pem.write_to_path(folder / "fullchain.pem", append=True)
    ports = (free_port(), free_port())
    (folder / "nginx.conf").write_text(configured(folder, reader, *ports), "utf-8")
    process = await asyncio.create_subprocess_exec(
        str(NGINX), "-p", str(folder), "-c", "nginx.conf", "-e", f"{folder}/error.log"
    )
    try:
        async with asyncio.timeout(PATIENCE):
            while not (folder / "pid").exists():
                assert process.returncode is None, (folder / "error.log").read_text("utf-8")
                await asyncio.sleep(0.02)
        yield ports
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@dataclass
class Published:
    """A reader behind nginx."""

    folder: Path
    plain: int
    secure: int
    reader: AsyncExitStack
    clients: AsyncExitStack

    async def visitor(self, address: str) -> Get:
        """Somebody with an address of his own, who asks for pages by https."""
        trusted = ssl.create_default_context(cafile=self.folder / "authority.pem")
        connector = TCPConnector(local_addr=(address, 0), ssl=trusted, limit=0)
        client = ClientSession(f"https://127.0.0.1:{self.secure}", connector=connector)
        await self.clients.enter_async_context(client)

        async def get(path: str, host: str = NAME, **headers: str) -> ClientResponse:
            headers |= {"Host": host}
            answer = await client.get(path, headers=headers, server_hostname=host)
            await answer.read()
            return answer

        return get


@pytest.fixture
async def published(tmp_path: Path) -> AsyncIterator[Published]:
    options = replace(UNLIMITED, folder=SEEDS, pages_per_client=5, public_url=f"https://{NAME}")
    async with (
        AsyncExitStack() as clients,
        Worker(Shelved(source(FIRST))) as worker,
        AsyncExitStack() as reader,
    ):
        address = await reader.enter_async_context(serving(worker, options))
        async with nginx(tmp_path, urlsplit(address).netloc) as (plain, secure):
            yield Published(tmp_path, plain, secure, reader, clients)


async def test_a_page_comes_as_the_reader_gives_it(published: Published) -> None:
    get = await published.visitor("127.0.0.2")
    page = await get(ARTICLE)
    assert page.status == 200
    assert "Minutes" in await page.text()
    given = HEADERS | {"Server": "nginx", "Cache-Control": "no-cache"}
    given |= {"Strict-Transport-Security": "max-age=31536000"}
    assert {name: page.headers.getall(name) for name in given} == {
        name: [value] for name, value in given.items()
    }
    page = await get(ARTICLE, **{"Accept-Language": "de"})
    assert '<html lang="de">' in await page.text()
    async with ClientSession() as client:
        address = f"http://127.0.0.1:{published.plain}{ARTICLE}"
        async with client.get(address, headers={"Host": NAME}, allow_redirects=False) as plain:
            assert (plain.status, plain.headers["Location"]) == (301, f"https://{NAME}{ARTICLE}")


async def test_below_a_path_the_links_stay_there(published: Published) -> None:
    get = await published.visitor("127.0.0.2")
    page = await (await get("/passage/articles", "below.example")).text()
    (link,) = re.findall(r'class="title" href="([^"]+)"', page)
    assert urljoin("/passage/articles", link) == f"/passage{ARTICLE}"
    assert (await get(f"/passage{ARTICLE}", "below.example")).status == 200


async def test_limits_are_each_visitors_own_whatever_he_says(published: Published) -> None:
    one, other = [await published.visitor(f"127.0.0.{number}") for number in (2, 3)]
    said = [
        await one(ARTICLE, **{"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": "for=a"})
        for number in range(8)
    ]
    assert [page.status for page in said] == [200] * 5 + [429] * 3
    assert "Retry-After" in said[-1].headers
    assert (await other(ARTICLE)).status == 200


async def test_nginx_refuses_a_flood_itself(published: Published) -> None:
    get = await published.visitor("127.0.0.2")
    said = await asyncio.gather(*(get(ARTICLE) for _ in range(120)))
    own = [page for page in said if "Retry-After" not in page.headers]
    assert {page.status for page in own} == {200, 429}


async def test_what_never_changes_is_kept_by_nginx(published: Published) -> None:
    get = await published.visitor("127.0.0.2")
    page = await (await get("/")).text()
    needed = [f"/{path}" for path in re.findall(r'"[./]*(static/[^"]+)"', page)]
    assert len(needed) == 2
    first = [await (await get(path)).read() for path in needed]
    await published.reader.aclose()
    kept = [await get(path) for path in needed]
    assert [(page.status, await page.read()) for page in kept] == [(200, body) for body in first]
    assert all("immutable" in page.headers["Cache-Control"] for page in kept)
    assert (await get(ARTICLE)).status == 502
