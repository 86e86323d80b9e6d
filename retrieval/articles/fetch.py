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
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import quote, urljoin, urlsplit

from ..errors import FetchError
from ..version import __version__

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

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_DOCUMENTATION = ipaddress.ip_network("3fff::/20")  # RFC 9637; Python 3.11 does not know it.

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: the address it came from at last, its kind of file, charset and bytes."""

    url: str
    suffix: str
    charset: str | None
    data: bytes


def is_public(address: Address) -> bool:
    """Whether it is a host's on the open internet, by the registries that RFC 6890 set up.

    An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4) is public if that one is;
    Teredo's are not.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(address.packed[-4:]))
    if address.teredo is not None or address in _DOCUMENTATION:
        return False
    inner = address.sixtofour
    return address in _GLOBAL_UNICAST and address.is_global and (inner is None or is_public(inner))


@dataclass(frozen=True, slots=True)
class Way:
    """How the web is reached; tests have other ways than `Way()`."""

    allowed: Callable[[Address], bool] = is_public
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    port: int = PORT
    seconds: float = SECONDS


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
    way = way or Way()
    until = time.monotonic() + way.seconds
    for _ in range(MAX_REDIRECTS + 1):
        url = checked(url, way.port)
        if not _robots_allow(url, way, until):
            raise FetchError(f"The robots.txt of {urlsplit(url).hostname} asks not to fetch {url}.")
        status, headers, data = _get(url, way, until, MAX_BYTES)
        if status in (301, 302, 303, 307, 308) and (to := headers.get("Location")):
            url = urljoin(url, to)
            continue
        if status != 200:
            raise FetchError(f"{url} cannot be fetched: the server says {status}.")
        kind = headers.get_content_type()
        return Fetched(url, KINDS[kind], headers.get_content_charset(), data)
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
    """RFC 9309, 2.3.1: no file (4xx) allows, a server in trouble (5xx) does not."""
    at = urljoin(url, "/robots.txt")
    for _ in range(MAX_REDIRECTS + 1):
        status, headers, data = _get(checked(at, way.port), way, until, MAX_ROBOTS, cut=True)
        if 300 <= status < 400 and (to := headers.get("Location")):
            at = urljoin(at, to)
            continue
        if status >= 500:
            raise FetchError(f"{at} cannot be read ({status}), so nothing is fetched from there.")
        break
    else:
        return True
    if status != 200:
        return True
    from protego import Protego  # noqa: PLC0415  (20 ms, for this command alone)

    return bool(Protego.parse(data.decode("utf-8", "replace")).can_fetch(url, AGENT))


def _get(
    url: str, way: Way, until: float, most: int, *, cut: bool = False
) -> tuple[int, Message, bytes]:
    """One request: status, headers, and the body of an answer 200 of a kind that is read."""
    host = urlsplit(url).hostname or ""
    path = url[url.index("/", len("https://")) :]
    late = threading.Event()
    with closing(_Connection(host, way, until)) as connection:

        def stop() -> None:
            late.set()
            if connection.sock is not None:
                # Whoever waits for it wakes up.
                socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

        clock = threading.Timer(max(until - time.monotonic(), 0), stop)
        clock.start()
        try:
            connection.request("GET", path, headers=_headers())
            with connection.getresponse() as answer:
                if answer.status != 200:
                    return answer.status, answer.headers, b""
                if not cut and answer.headers.get_content_type() not in KINDS:
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
