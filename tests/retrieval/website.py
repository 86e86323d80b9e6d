"""A website on this machine, by https, with a certificate of an authority of its own."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import trustme

from retrieval.articles.https import Address, Way, is_public

Answer = Callable[[BaseHTTPRequestHandler], None]
HERE = {ip_address("127.0.0.1"), ip_address("::1")}


def page(body: bytes | str, kind: str = "text/html", status: int = 200, **headers: str) -> Answer:
    """An answer with its length; `Content_Type` and the like as keywords."""
    data = body.encode() if isinstance(body, str) else body

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        with contextlib.suppress(OSError):  # Who has enough hangs up.
            request.wfile.write(data)

    return answer


@cache
def _contexts(*hosts: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Of who trusts the authority alone, and of all sites; to make one takes longer than a test."""
    authority = trustme.CA()
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(trusting)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", *hosts).configure_cert(served)
    return trusting, served


class Website:
    """Serves `pages` by path, 404 where there is none, by the name of localhost and of `hosts`;
    `asked` are the paths asked for."""

    def __init__(self, *hosts: str) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.agents: set[str | None] = set()
        (self._trusting, served), site = _contexts(*hosts), self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.agents.add(self.headers["User-Agent"])
                with contextlib.suppress(OSError):
                    site.pages.get(self.path, page("gone", status=404))(self)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        class Server(ThreadingHTTPServer):
            def finish_request(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
                with contextlib.suppress(OSError):  # A handshake that the client broke off.
                    tls = served.wrap_socket(request, server_side=True)
                    with contextlib.closing(tls):
                        super().finish_request(tls, client_address)

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.root = f"https://localhost:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def way(self, seconds: float = 5.0, *, trusted: bool = True) -> Way:
        """A way that leads here and to public addresses."""

        def allowed(address: Address) -> bool:
            return address in HERE or is_public(address)

        context = self._trusting if trusted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return Way(allowed, context, self.port, seconds)

    @contextlib.contextmanager
    def open(self) -> Iterator[Website]:
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
