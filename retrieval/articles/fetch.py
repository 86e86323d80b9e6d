"""One file from the open web, by https: from a public address, within limits, robots respected.

A name is resolved once, each of its addresses must be public, and the connection is made to an
address that was looked at: a name that changes in between (DNS rebinding) gains nothing. The
certificate is checked against the name. Robots exclusion follows RFC 9309, redirects RFC 9110.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from email.message import Message
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from ..errors import FetchError
from ..version import __version__
from .public_address import Address, is_public

SECONDS = 20.0
"""For everything, robots and redirects with it."""

MAX_BYTES = 5_000_000
MAX_ROBOTS = 512_000
"""RFC 9309, 2.5, wants at least 500 KiB read."""

MAX_REDIRECTS = 5
PORT = 443

AGENT = "Passage"
"""What a robots.txt calls this program."""

KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
}
"""The content types that are read, and the kind of file that each is."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: the address it came from at last, its kind of file, charset and bytes; `etag` and
    `modified` are what the server wants to be asked with next time (RFC 9110, 8.8)."""

    url: str
    suffix: str
    charset: str | None
    data: bytes
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """How the web is reached; tests have other ways than `Way()`. `before` is called with the host
    before each request; `robots` keeps what the hosts' robots.txt say, if it is to be kept."""

    allowed: Callable[[Address], bool] = is_public
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    port: int = PORT
    seconds: float = SECONDS
    before: Callable[[str], object] = lambda host: None
    robots: dict[str, Any] | None = None


class _Connection(http.client.HTTPSConnection):
    """To an address that was looked at, whatever the name means a moment later."""

    def __init__(self, host: str, way: Way, until: float):
        super().__init__(host, way.port, context=way.context)
        self._way, self._until = way, until

    def connect(self) -> None:
        addresses = _resolved(self.host, self._until)
        if not addresses or not all(self._way.allowed(address) for address in addresses):
            raise FetchError(f"{self.host} is not a public address, so it is not fetched.")
        error: OSError | None = None
        for address in addresses:
            try:
                plain = socket.create_connection(
                    (str(address), self._way.port), max(self._until - time.monotonic(), 0.01)
                )
            except OSError as refused:
                error = refused
                continue
            try:
                self.sock = self._way.context.wrap_socket(plain, server_hostname=self.host)
            except BaseException:
                plain.close()
                raise
            return
        raise error or OSError("no address")


def _resolved(host: str, until: float) -> list[Address]:
    """All addresses of a name, in the system's order."""
    found: list[Address] = []

    def resolve() -> None:
        try:
            infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(ipaddress.ip_address(info[4][0]) for info in infos))

    # The system's resolver takes no time limit.
    resolver = threading.Thread(target=resolve, daemon=True)
    resolver.start()
    resolver.join(max(until - time.monotonic(), 0))
    if resolver.is_alive():
        raise TimeoutError
    if not found:
        raise FetchError(f"There is no host {host}.")
    return list(found)


def fetch(url: str, way: Way | None = None) -> Fetched:
    """Fetch one file.

    Raises:
        FetchError: the address is none that may be fetched, the site does not want it, or what
            came is too large, too slow, or of another kind.
    """
    came = fetch_if_changed(url, way)
    if came is None:
        raise FetchError(f"{url} cannot be fetched: the server says 304.", 304)
    return came


def fetch_if_changed(
    url: str,
    way: Way | None = None,
    kinds: Mapping[str, str] | None = KINDS,
    *,
    etag: str | None = None,
    modified: str | None = None,
) -> Fetched | None:
    """Fetch one file, or return None where the server says that it has not changed.

    `kinds` are the content types that are read; None is all, of which `Fetched.suffix` is "".
    `etag` and `modified` came with it last time. Raises FetchError, as `fetch` does.
    """
    way = way or Way()
    until = time.monotonic() + way.seconds
    validators = (("If-None-Match", etag), ("If-Modified-Since", modified))
    sent = {name: value for name, value in validators if value}
    for _ in range(MAX_REDIRECTS + 1):
        url = checked(url, way.port)
        if not _robots_allow(url, way, until):
            raise FetchError(f"The robots.txt of {urlsplit(url).hostname} asks not to fetch {url}.")
        status, headers, data = _get(url, way, until, MAX_BYTES, sent=sent, kinds=kinds)
        if status in (301, 302, 303, 307, 308) and (to := headers.get("Location")):
            url = urljoin(url, to)
            continue
        if status == 304 and sent:
            return None
        if status != 200:
            raise FetchError(f"{url} cannot be fetched: the server says {status}.", status)
        suffix = kinds[headers.get_content_type()] if kinds else ""
        marks = headers.get("ETag"), headers.get("Last-Modified")
        return Fetched(url, suffix, headers.get_content_charset(), data, *marks)
    raise FetchError(f"{url} is redirected more than {MAX_REDIRECTS} times.")


def checked(url: str, port: int = PORT) -> str:
    """The address without its fragment, as it is asked for. Raises FetchError."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
        asked = parts.port
    except (ValueError, UnicodeError):
        raise FetchError(f"{url} is not an address.") from None
    if parts.scheme != "https" or not host:
        raise FetchError(f"{url} is not an https address.")
    if "@" in parts.netloc:
        raise FetchError("An address with a user name or a password is not fetched.")
    if asked not in (None, port):
        raise FetchError(f"{url} names a port; only {port} is used.")
    name = f"[{host}]" if ":" in host else host
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return f"https://{name}{f':{asked}' if asked else ''}{path}{f'?{query}' if query else ''}"


def _robots_allow(url: str, way: Way, until: float) -> bool:
    """Whether the robots.txt of an address's host lets it be fetched."""
    host, kept = urlsplit(url).netloc, {} if way.robots is None else way.robots
    if host not in kept:
        kept[host] = _robots(url, way, until)
    return kept[host] is None or bool(kept[host].can_fetch(url, AGENT))


def _robots(url: str, way: Way, until: float) -> Any:
    """The rules of a host; None where it has none. RFC 9309, 2.3.1: no file (4xx) allows, a server
    in trouble (5xx) does not."""
    at = urljoin(url, "/robots.txt")
    for _ in range(MAX_REDIRECTS + 1):
        status, headers, data = _get(checked(at, way.port), way, until, MAX_ROBOTS, cut=True)
        if 300 <= status < 400 and (to := headers.get("Location")):
            at = urljoin(at, to)
            continue
        if status >= 500:
            sentence = f"{at} cannot be read ({status}), so nothing is fetched from there."
            raise FetchError(sentence, status)
        break
    else:
        return None
    if status != 200:
        return None
    from protego import Protego  # noqa: PLC0415  (20 ms, for this command alone)

    return Protego.parse(data.decode("utf-8", "replace"))


def _get(
    url: str,
    way: Way,
    until: float,
    most: int,
    *,
    kinds: Mapping[str, str] | None = None,
    sent: Mapping[str, str] = MappingProxyType({}),
    cut: bool = False,
) -> tuple[int, Message, bytes]:
    """One request: status, headers, and the body of an answer 200 of a kind that is read."""
    host = urlsplit(url).hostname or ""
    path = url[url.index("/", len("https://")) :]
    late = threading.Event()
    way.before(host)
    with closing(_Connection(host, way, until)) as connection:

        def stop() -> None:
            late.set()
            if connection.sock is not None:
                # Whoever waits for it wakes up.
                socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

        clock = threading.Timer(max(until - time.monotonic(), 0), stop)
        clock.start()
        try:
            connection.request("GET", path, headers=_headers() | dict(sent))
            with connection.getresponse() as answer:
                if answer.status != 200:
                    return answer.status, answer.headers, b""
                if kinds and answer.headers.get_content_type() not in kinds:
                    kind = answer.headers.get_content_type()
                    raise FetchError(f"{url} is {kind}, not a page, a text or a PDF.")
                return answer.status, answer.headers, _body(answer, url, most, cut)
        except ssl.SSLCertVerificationError as error:
            reason = error.verify_message or "it cannot be verified"
            raise FetchError(f"{host} does not show a valid certificate: {reason}.") from error
        except (OSError, http.client.HTTPException, zlib.error) as error:
            if late.is_set() or isinstance(error, TimeoutError):
                raise FetchError(f"{url} took longer than {way.seconds:g} s.") from error
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise FetchError(f"{url} cannot be fetched: {reason}.") from error
        finally:
            clock.cancel()
            clock.join()


def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"{AGENT}/{__version__}",
        "Accept": "text/html, text/markdown, text/plain, application/pdf;q=0.9, */*;q=0.1",
        "Accept-Encoding": "gzip, identity",
        "Connection": "close",
    }


def _body(answer: http.client.HTTPResponse, url: str, most: int, cut: bool) -> bytes:
    """The body, at most `most` bytes of it; more is an error, or cut away."""
    coding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise FetchError(f"{url} came in a coding that was not asked for.")
    unzip = zlib.decompressobj(wbits=31) if "gzip" in coding else None
    body = bytearray()
    while piece := answer.read1(65_536):
        body += unzip.decompress(piece, most + 1 - len(body)) if unzip else piece
        if len(body) > most:
            if cut:
                return bytes(body[:most])
            raise FetchError(f"{url} is larger than {most // 1_000_000} MB.")
    if answer.length or (unzip and not unzip.eof):
        raise http.client.IncompleteRead(b"")
    return bytes(body)
