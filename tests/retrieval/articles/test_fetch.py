"""What is fetched from the web, and all that is not."""

from __future__ import annotations

import contextlib
import gzip
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address

import pytest

from retrieval.articles.fetch import MAX_BYTES, fetch
from retrieval.articles.https import is_public
from retrieval.errors import FetchError
from tests.retrieval.website import Website, page

PAGE = "<html><body><p>The council met.</p></body></html>"


@pytest.fixture
def site() -> Iterator[Website]:
    with Website().open() as website:
        yield website


def refused(site: Website, path: str, seconds: float = 5.0) -> str:
    """The one sentence of a fetch that fails."""
    with pytest.raises(FetchError) as raised:
        fetch(site.root + path, site.way(seconds))
    sentence = str(raised.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1",
        "::", "::1", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1",
        "2002:7f00:1::1", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "100::1",
        "168.63.129.16", "::ffff:168.63.129.16", "64:ff9b::a83f:8110", "192.0.0.9", "192.0.0.170",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "168.63.129.17",
        "192.0.1.1",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_an_address_that_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1"]
)
def test_this_machine_is_not_fetched_from(host: str) -> None:
    with pytest.raises(FetchError, match="not a public address"):
        fetch(f"https://{host}/")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://news.example/", "not an https address"),
        ("file:///etc/passwd", "not an https address"),
        ("https:///a", "not an https address"),
        ("https://news .example/a", "not an https address"),
        ("https://news\x7f.example/a", "not an https address"),
        ("", "An empty text is not an https address"),
        ("news.example", "not an https address"),
        ("https://me:secret@news.example/", "a password"),
        ("https://news.example:8443/", "names a port"),
        ("https://news.example:x/", "not an address"),
        ("https://[::1/", "not an address"),
    ],
)
def test_an_address_that_is_not_asked(url: str, words: str) -> None:
    with pytest.raises(FetchError, match=words) as raised:
        fetch(url)
    assert "secret" not in str(raised.value)


def test_a_page_comes_as_it_is(site: Website) -> None:
    site.pages["/a%C3%A9?q=1"] = page(PAGE, "text/html; charset=iso-8859-1")
    came = fetch(f"{site.root}/aé?q=1#part", site.way())
    assert came.data == PAGE.encode()
    assert (came.suffix, came.charset) == (".html", "iso-8859-1")
    assert came.url == f"{site.root}/a%C3%A9?q=1"
    assert site.asked == ["/robots.txt", "/a%C3%A9?q=1"]
    assert all(agent and agent.startswith("Passage/") for agent in site.agents)


def test_a_name_is_resolved_once_for_each_connection(
    site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/"] = page(PAGE)
    real, made = socket.getaddrinfo, []

    def rebinding(host: str, *args: object, **more: object) -> object:
        if host != "localhost":  # An address as it is written.
            return real(host, *args, **more)  # type: ignore[arg-type]
        made.append(host)
        return real("127.0.0.1" if len(made) % 2 else "10.0.0.1", *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    # The second connection, that of the page, is given a private address and is not made.
    with pytest.raises(FetchError, match="not a public address"):
        fetch(f"{site.root}/", site.way())
    assert site.asked == ["/robots.txt"]


def test_redirects_are_followed_and_each_is_checked(site: Website) -> None:
    for number in range(6):
        site.pages[f"/{number}"] = page("", status=302, Location=f"/{number + 1}")
    site.pages["/6"] = page(PAGE)
    assert fetch(f"{site.root}/1", site.way()).url == f"{site.root}/6"
    assert "more than 5 times" in refused(site, "/0")


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("https://10.0.0.1/", "not a public address"),
        ("https://[::ffff:169.254.169.254]/", "not a public address"),
        ("http://localhost/", "not an https address"),
        ("https://localhost:1/", "names a port"),
        ("file:///etc/passwd", "not an https address"),
        ("https://[news.example/", "not an address"),
    ],
)
@pytest.mark.parametrize("of", ["/a", "/robots.txt"])
def test_redirects_that_are_not_followed(site: Website, of: str, to: str, words: str) -> None:
    site.pages["/a"] = page(PAGE)
    site.pages[of] = page("", status=301, Location=to)
    assert words in refused(site, "/a")


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: passage\nDisallow: /private", False),
        ("User-agent: Passage\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: *\nDisallow: /private\nAllow: /private/open", True),
        ("User-agent: *\nDisallow: /*/open$", False),
        ("", True),
    ],
)
def test_robots_are_respected(site: Website, robots: str, allowed: bool) -> None:
    site.pages["/private/open"] = page(PAGE)
    site.pages["/robots.txt"] = page(robots, "text/plain")
    if allowed:
        assert fetch(f"{site.root}/private/open", site.way()).data == PAGE.encode()
    else:
        assert "robots.txt" in refused(site, "/private/open")
        assert site.asked == ["/robots.txt"]


def test_robots_in_trouble_refuse(site: Website) -> None:
    site.pages["/"] = page(PAGE)
    site.pages["/robots.txt"] = page("", status=503)
    assert "503" in refused(site, "/")


@pytest.mark.parametrize("kind", ["image/png", "application/json", "application/octet-stream"])
def test_another_kind_of_file(site: Website, kind: str) -> None:
    site.pages["/"] = page(PAGE, kind)
    assert kind in refused(site, "/")


@pytest.mark.parametrize("status", [404, 403, 500, 204])
def test_a_page_that_is_not_there(site: Website, status: int) -> None:
    site.pages["/"] = page("", status=status)
    assert f"says {status}" in refused(site, "/")


def test_a_certificate_that_nobody_vouches_for(site: Website) -> None:
    with pytest.raises(FetchError, match="localhost does not show a valid certificate"):
        fetch(site.root, site.way(trusted=False))
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 does not show a valid certificate"):
        fetch(f"https://127.0.0.1:{site.port}/", site.way())
    assert site.asked == []


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.end_headers()
    with contextlib.suppress(OSError):
        while True:
            request.wfile.write(b"x" * 65_536)


def cut_off(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b"<p>Half")


def test_a_body_without_end(site: Website) -> None:
    site.pages["/"] = endless
    assert "larger than 5 MB" in refused(site, "/")


def test_a_small_archive_of_something_large(site: Website) -> None:
    site.pages["/"] = page(gzip.compress(b"x" * (MAX_BYTES + 1)), Content_Encoding="gzip")
    assert "larger than 5 MB" in refused(site, "/")
    site.pages["/"] = page(gzip.compress(PAGE.encode()), Content_Encoding="gzip")
    assert fetch(site.root, site.way()).data == PAGE.encode()


def test_a_server_that_is_slow(site: Website) -> None:
    header, sent = b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000, list[int]()

    def dripping(request: BaseHTTPRequestHandler) -> None:
        """A byte of a header at a time: no single wait is long."""
        with contextlib.suppress(OSError):
            for byte in header:
                request.wfile.write(bytes([byte]))
                sent.append(byte)
                time.sleep(0.1)

    site.pages["/"] = dripping
    assert "longer than 1 s" in refused(site, "/", seconds=1.0)
    assert len(sent) < len(header), "it was read to its end"


def test_a_body_that_is_cut_off(site: Website) -> None:
    site.pages["/"] = cut_off
    assert "cannot be fetched" in refused(site, "/")
