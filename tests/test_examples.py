"""The examples do what they say: with the real model, over the seeds."""

from __future__ import annotations

import runpy
import shutil
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from retrieval import Library
from tests.conftest import OTHER_MODEL, ROOT, SEEDS

EXAMPLES = ROOT / "examples"
QUESTION = "Who received the Ho Chi Minh Order?"
ANSWER = "Thuong presented the Ho Chi Minh Order to To Huy Rua"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loaded_once: None) -> None:
    """A folder with the articles and nothing else, as a fresh clone is."""
    shutil.copytree(SEEDS, tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)


def run(monkeypatch: pytest.MonkeyPatch, name: str, *args: str) -> None:
    """Run an example as a program."""
    monkeypatch.setattr(sys, "argv", [name, *args])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")


def test_every_example_is_run_here() -> None:
    names = {path.name for path in EXAMPLES.glob("*.py")}
    assert names == {"ask_in_python.py", "own_face.py", "custom_model.py"}


def test_ask_in_python(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run(monkeypatch, "ask_in_python.py", QUESTION)
    out = capsys.readouterr().out
    assert ANSWER in out
    assert "https://en.vietnamplus.vn/" in out
    run(monkeypatch, "ask_in_python.py", "How long do I boil an egg?")
    assert capsys.readouterr().out == "The articles do not answer this.\n"
    run(monkeypatch, "ask_in_python.py", "How old is Le Hoai Trung?")
    near = "Near it: General Secretary To Lam believes that in his new position, Mr. Le Hoai Trung"
    assert near in capsys.readouterr().out
    with pytest.raises(SystemExit, match="300"):
        run(monkeypatch, "ask_in_python.py", "why " * 200)


def test_custom_model(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for other in set(Path("seeds").iterdir()) - {Path("seeds", "004_20faca2c5681b20c.txt")}:
        other.unlink()
    run(monkeypatch, "custom_model.py", OTHER_MODEL, QUESTION)
    embedded, *hits = capsys.readouterr().out.splitlines()
    assert int(embedded.split()[0]) > 5
    assert OTHER_MODEL in embedded
    assert len(hits) == 3


@pytest.fixture
def port(library: Library) -> Iterator[int]:
    """The port of the example's server; it runs in a thread of its own."""
    make_server = runpy.run_path(str(EXAMPLES / "own_face.py"))["make_server"]
    with make_server(library, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("question", "status", "text"),
    [
        (QUESTION, 200, ANSWER),
        ("How long do I boil an egg?", 200, "The articles do not answer this."),
        ("", 400, "question"),
    ],
)
def test_own_face(
    port: int, capsys: pytest.CaptureFixture[str], question: str, status: int, text: str
) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/?" + urlencode({"q": question}))
    response = connection.getresponse()
    assert (response.status, text in response.read().decode()) == (status, True)
    connection.close()
    assert '"GET /?q=' in capsys.readouterr().err  # The server's own log.
