"""One file from the open web, by https: from a public address, within limits, robots respected.

Robots exclusion follows RFC 9309, redirects RFC 9110; a request is `https.get`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from ..errors import FetchError, FetchTrouble
from .https import AGENT, NOT_PUBLIC, PORT, Deadline, Way, get, is_public, literal_addresses

MAX_BYTES = 5_000_000
MAX_ROBOTS = 512_000
"""RFC 9309, 2.5, wants at least 500 KiB read."""

MAX_REDIRECTS = 5

KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
}
"""The content types that are read, and the kind of file that each is."""

_refusal = partial(FetchError, trouble=FetchTrouble.ADDRESS)


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
    until = Deadline(way.seconds)
    validators = (("If-None-Match", etag), ("If-Modified-Since", modified))
    sent = {name: value for name, value in validators if value}
    for _ in range(MAX_REDIRECTS + 1):
        url = checked(url, way)
        if not _robots_allow(url, way, until):
            sentence = f"The robots.txt of {urlsplit(url).hostname} asks not to fetch {url}."
            raise FetchError(sentence, FetchTrouble.ROBOTS)
        status, headers, data = get(url, way, until, MAX_BYTES, sent=sent, kinds=kinds)
        if status in (301, 302, 303, 307, 308) and (to := headers.get("Location")):
            url = _target(url, to)
            continue
        if status == 304 and sent:
            return None
        if status != 200:
            sentence = f"{url} cannot be fetched: the server says {status}."
            raise FetchError(sentence, status, _retry_after(status, headers))
        suffix = kinds[headers.get_content_type()] if kinds else ""
        marks = headers.get("ETag"), headers.get("Last-Modified")
        return Fetched(url, suffix, headers.get_content_charset(), data, *marks)
    raise FetchError(f"{url} is redirected more than {MAX_REDIRECTS} times.", FetchTrouble.SITE)


def checked(url: str, way: Way | None = None) -> str:
    """The address without its fragment, as it is asked for. Raises FetchError, also for a host that
    is not allowed, if its name tells that."""
    port, allowed = (way.port, way.allowed) if way else (PORT, is_public)
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
        asked = parts.port
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    except (ValueError, UnicodeError):
        raise _refusal(f"{url} is not an address.") from None
    if parts.scheme != "https" or not re.fullmatch(r"[\w.:%-]+", host):
        raise _refusal(f"{url or 'An empty text'} is not an https address.")
    if "@" in parts.netloc:
        raise _refusal("An address with a user name or a password is not fetched.")
    if asked not in (None, port):
        raise _refusal(f"{url} names a port; only {port} is used.")
    if not all(map(allowed, literal_addresses(host))):
        raise _refusal(NOT_PUBLIC.format(host=host))
    name = f"[{host}]" if ":" in host else host
    return f"https://{name}{f':{asked}' if asked else ''}{path}{f'?{query}' if query else ''}"


def _robots_allow(url: str, way: Way, until: Deadline) -> bool:
    """Whether the robots.txt of an address's host lets it be fetched."""
    host, kept = urlsplit(url).netloc, {} if way.robots is None else way.robots
    if host not in kept:
        kept[host] = _robots(url, way, until)
    return kept[host] is None or bool(kept[host].can_fetch(url, AGENT))


def _robots(url: str, way: Way, until: Deadline) -> Any:
    """The rules of a host; None where it has none. RFC 9309, 2.3.1: no file (4xx) allows, a server
    in trouble (5xx) does not."""
    at = urljoin(url, "/robots.txt")
    for _ in range(MAX_REDIRECTS + 1):
        status, headers, data = get(checked(at, way), way, until, MAX_ROBOTS, cut=True)
        if status >= 500:
            sentence = f"{at} cannot be read ({status}), so nothing is fetched from there."
            raise FetchError(sentence, status, _retry_after(status, headers))
        if status == 200:
            from protego import Protego  # noqa: PLC0415  (20 ms, for this command alone)

            return Protego.parse(data.decode("utf-8", "replace"))
        to = headers.get("Location")
        if not 300 <= status < 400 or not to:
            break
        at = _target(at, to)
    return None


def _target(url: str, to: str) -> str:
    """The address to which one is redirected. Raises FetchError where it is none."""
    try:
        return urljoin(url, to)
    except ValueError:
        raise _refusal(f"{url} is redirected to {to}, which is not an address.") from None


def _retry_after(status: int, headers: Message) -> float | None:
    """The seconds for which a server wants to be left alone: a number, or until a time."""
    text = headers.get("Retry-After", "").strip()
    if status not in (429, 503) or not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except (ValueError, OverflowError):
        return None
