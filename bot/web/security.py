"""The middleware of every page: headers, rate limits, and errors in plain words."""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from aiohttp import web

from retrieval import MissingIndexError, PassageError

from ..rate_limit import Limiter
from ..ui.links import is_loopback
from ..worker import FULL_QUEUE, BusyError
from .listening import HEADERS
from .options import ReaderOptions
from .templating import render, speaking

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

STATUS_PHRASES = {404: "no_page", 405: "no_method", 410: "no_article", 413: "too_large"}
"""The phrase that explains a status."""

log = logging.getLogger(__name__)


class Guard:
    """Counts the requests of each client, and turns every error into a page."""

    def __init__(self, options: ReaderOptions) -> None:
        self._options = options
        self._pages, self._questions = Limiter(), Limiter()
        self._running: Counter[bool] = Counter()
        public = urlsplit(options.public_url or "").hostname
        self._names = {"localhost", *([public] if public else [])}

    def count_question(self, request: web.Request) -> None:
        """Count a question. Raises web.HTTPException beyond the limit of the client or of all."""
        client, options = self._client(request), self._options
        limits = {client: options.questions_per_client, "all": options.questions}
        _wait(self._questions.take(limits))

    async def headers(self, request: web.Request, response: web.StreamResponse) -> None:
        """For `on_response_prepare`."""
        response.headers.update(HEADERS)
        response.headers.setdefault("Cache-Control", "no-cache")

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The page, or a page that says why not. Neither an address nor a question is logged."""
        # Questions have their own count, so that articles leave them room.
        asks = request.path.endswith("/")  # The first page of a corpus.
        self._running[asks] += 1
        try:
            if self._running[asks] > self._options.at_once:
                raise BusyError(FULL_QUEUE)
            if not self._is_ours(request.host):
                raise web.HTTPMisdirectedRequest
            _wait(self._pages.take({self._client(request): self._options.pages_per_client}))
            return await handler(request)
        except web.HTTPException as error:
            page = _problem(request, error.status, wait=error.headers.get("Retry-After"))
            if allowed := error.headers.get("Allow"):
                page.headers["Allow"] = allowed
            return page
        except (BusyError, TimeoutError) as error:
            return _problem(request, 503, str(error) or "given_up")
        except MissingIndexError:
            return _problem(request, 503, "no_sources")
        except Exception as error:
            reference = secrets.token_hex(4)
            unexpected = not isinstance(error, PassageError)
            log.error("Reference %s: %s", reference, error, exc_info=unexpected)
            return _problem(request, 500, "failed", reference=reference)
        finally:
            self._running[asks] -= 1

    def _client(self, request: web.Request) -> int:
        """The key of a client for the rate limits. Only a trusted proxy may speak for another."""
        peer = request.remote or ""
        forwarded = request.headers.getall("X-Forwarded-For", [])
        if forwarded and self._is_proxy(peer):
            # The last address is the one that the proxy has seen itself.
            peer = forwarded[-1].rpartition(",")[2].strip()
        return hash(peer)

    def _is_proxy(self, peer: str) -> bool:
        address = _address(peer)
        trusted = address and any(address in network for network in self._options.proxies)
        return bool(trusted) or is_loopback(peer)

    def _is_ours(self, host: str) -> bool:
        """Whether a request names this reader as its host.

        On loopback a page of the web could reach it under a domain of its own (DNS rebinding), and
        read what nobody else may.
        """
        if not is_loopback(self._options.host):
            return True
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self._names or _address(name) is not None


def _problem(
    request: web.Request,
    status: int,
    key: str | None = None,
    *,
    wait: str | None = None,
    reference: str | None = None,
) -> web.Response:
    """A page that says what is wrong. `key` names a phrase that the whole bot shares."""
    phrases = speaking(request)
    if wait is not None:
        sentence = phrases.counted("too_often", int(wait))
    elif key is not None:
        sentence = phrases(key)
    else:
        sentence = phrases.table("reader")(STATUS_PHRASES.get(status, "refused"))
    response = render(request, "problem.html", status, sentence=sentence, reference=reference)
    if status in (429, 503):
        response.headers["Retry-After"] = wait or "60"
    return response


def _wait(seconds: float) -> None:
    if seconds > 0:
        raise web.HTTPTooManyRequests(headers={"Retry-After": str(int(seconds) + 1)})


def _address(name: str) -> IPv4Address | IPv6Address | None:
    with suppress(ValueError):
        return ip_address(name)
    return None
