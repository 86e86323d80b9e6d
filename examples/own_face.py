"""Put a face of your own on the library: here a small server that answers over HTTP.

    python examples/own_face.py
    curl --get http://127.0.0.1:8080/ --data-urlencode "q=Who received the Ho Chi Minh Order?"

A face needs three things of retrieval: `Library` to ask, `Answer` to show, and `PassageError`,
whose message is a sentence for people. Discord, the terminal and the web reader are made in the
same way; see bot/.
"""

from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from retrieval import Library, PassageError


def make_server(library: Library, port: int) -> HTTPServer:
    """Return a server on this machine alone that answers `GET /?q=QUESTION` in plain text.

    It answers one request after another, because a library is for one thread at a time.
    """

    class Face(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            question = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
            try:
                answer = library.ask(question)
                status, lines = 200, [f"“{quote.text}” ({quote.title})" for quote in answer.quotes]
            except PassageError as error:
                status, lines = 400, [str(error)]
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write("\n".join(lines or ["The articles do not answer this."]).encode())

    return HTTPServer(("127.0.0.1", port), Face)


if __name__ == "__main__":
    with Library.open(Path("seeds"), Path("data")) as library:
        library.reload()
        library.warm()  # The first question is then as fast as the others.
        print("http://127.0.0.1:8080/?q=…  Ctrl-C ends it.")
        make_server(library, 8080).serve_forever()
