"""One request by https, to a public address, within limits of time and size.

A name is resolved once, each of its addresses must be public, and the connection is made to an
address that was looked at: a name that changes in between (DNS rebinding) gains nothing. The
certificate is checked against the name.
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
from urllib.parse import urlsplit

from ..errors import FetchError, FetchTrouble
from ..version import __version__

SECONDS = 20.0
"""For everything, robots and redirects with it."""

PORT = 443

NOT_PUBLIC = "{host} is not a public address, so it is not fetched."

AGENT = "Passage"
"""What a robots.txt calls this program."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_HEADERS = {
    "User-Agent": f"{AGENT}/{__version__}",
    "Accept": "text/html, text/markdown, text/plain, application/pdf;q=0.9, */*;q=0.1",
    "Accept-Encoding": "gzip, identity",
    "Connection": "close",
}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_DOCUMENTATION = ipaddress.ip_network("3fff::/20")  # RFC 9637; Python 3.11 does not know it.
# Where Azure answers its own machines, and what RFC 6890 keeps for protocols: global in name alone.
_NO_HOSTS = ipaddress.ip_network("168.63.129.16/32"), ipaddress.ip_network("192.0.0.0/24")


def is_public(address: Address) -> bool:
    """Whether it is a host's on the open internet, by the registries that RFC 6890 set up.

    An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4) is public if that one is;
    Teredo's are not.
    """
    if isinstance(address, ipaddress.IPv4Address):
        reserved = address.is_multicast or address.is_reserved
        return address.is_global and not reserved and not any(address in net for net in _NO_HOSTS)
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
    """How the web is reached; tests have other ways than `Way()`. `before` is called with the host
    (and its port, if it names one) before each request, and may wait: that is not in `seconds`;
    `robots` keeps what the hosts' robots.txt say, if it is to be kept."""

    allowed: Callable[[Address], bool] = is_public
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    port: int = PORT
    seconds: float = SECONDS
    before: Callable[[str], object] = lambda host: None
    robots: dict[str, Any] | None = None


class Deadline:
    """The end of a time limit; what a fetch waits for on purpose puts it off."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return max(self.at - time.monotonic(), 0.0)


def _connected(host: str, way: Way, until: Deadline) -> ssl.SSLSocket:
    """A connection to an address that was looked at, whatever the name means a moment later."""
    addresses = _resolved(host, until)
    if not addresses or not all(map(way.allowed, addresses)):
        raise FetchError(NOT_PUBLIC.format(host=host), FetchTrouble.ADDRESS)
    error: OSError | None = None
    for address in addresses:
        target = str(address), way.port
        try:
            plain = socket.create_connection(target, max(until.left, 0.01))
        except OSError as refused:
            error = refused
            continue
        try:
            return way.context.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise
    raise error or OSError("no address")


def _resolved(host: str, until: Deadline) -> list[Address]:
    """All addresses of a name, in the system's order."""
    addresses: list[Address] = []

    def resolve() -> None:
        addresses.extend(_looked_up(host))

    # The system's resolver takes no time limit.
    resolver = threading.Thread(target=resolve, daemon=True)
    resolver.start()
    resolver.join(until.left)
    if resolver.is_alive():
        raise TimeoutError
    if not addresses:
        raise FetchError(f"There is no host {host}.", FetchTrouble.SITE)
    return list(addresses)


def literal_addresses(host: str) -> list[Address]:
    """The addresses of a host that is named by its number, or is this machine by its name (RFC
    6761, 6.3): what no name server needs to be asked for. None of any other."""
    this_machine = host == "localhost" or host.endswith(".localhost")
    return _looked_up("127.0.0.1" if this_machine else host, socket.AI_NUMERICHOST)


def _looked_up(host: str, flags: int = 0) -> list[Address]:
    try:
        infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=flags)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(ipaddress.ip_address(info[4][0]) for info in infos))


def get(
    url: str,
    way: Way,
    until: Deadline,
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
    began = time.monotonic()
    way.before(urlsplit(url).netloc)
    until.at += time.monotonic() - began
    with closing(http.client.HTTPSConnection(host, way.port, context=way.context)) as connection:

        def stop() -> None:
            late.set()
            if connection.sock is not None:
                # Whoever waits for it wakes up.
                socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

        clock = threading.Timer(until.left, stop)
        clock.start()
        try:
            connection.auto_open = 0  # It would ask for the address anew, and look at none.
            connection.sock = _connected(host, way, until)
            connection.request("GET", path, headers={**_HEADERS, **sent})
            with connection.getresponse() as answer:
                if answer.status != 200:
                    return answer.status, answer.headers, b""
                kind = answer.headers.get_content_type()
                if kinds and kind not in kinds:
                    raise FetchError(f"{url} is {kind}, not a page, a text or a PDF.")
                return answer.status, answer.headers, _body(answer, url, most, cut)
        except ssl.SSLCertVerificationError as error:
            reason = error.verify_message or "it cannot be verified"
            sentence = f"{host} does not show a valid certificate: {reason}."
            raise FetchError(sentence, FetchTrouble.SITE) from error
        except (OSError, http.client.HTTPException, zlib.error) as error:
            if late.is_set() or isinstance(error, TimeoutError):
                sentence = f"{url} took longer than {way.seconds:g} s."
                raise FetchError(sentence, FetchTrouble.SLOW) from error
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise FetchError(f"{url} cannot be fetched: {reason}.", FetchTrouble.SITE) from error
        finally:
            clock.cancel()
            clock.join()


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
            raise FetchError(f"{url} is larger than {most // 1_000_000} MB.", FetchTrouble.SIZE)
    if answer.length or (unzip and not unzip.eof):
        raise http.client.IncompleteRead(b"")
    return bytes(body)
