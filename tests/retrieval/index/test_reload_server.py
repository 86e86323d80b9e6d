"""The index follows the files on a Chroma server too, which several clients have at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import chromadb
import pytest
from chromadb.config import Settings

from retrieval import Library, StoreError
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import ROOT, Folder

from ..toy import WordModel
from .test_reload import some, text

Open = Callable[[], Library]


def on_server(server: str) -> chromadb.api.ClientAPI:
    port = int(server.rpartition(":")[2])
    return chromadb.HttpClient("127.0.0.1", port, settings=Settings(anonymized_telemetry=False))


@pytest.fixture
def opened(server: str, folder: Folder, embedder: Embedder, tmp_path: Path) -> Iterator[Open]:
    """Opens a library on the server, each with a client of its own; six articles are indexed."""
    seeds = folder(some(6))
    client = on_server(server)
    for collection in client.list_collections():
        client.delete_collection(collection.name)
    with ExitStack() as libraries:

        def open_one() -> Library:
            store = Store.open(tmp_path / "locks", server)
            return libraries.enter_context(Library(seeds, store, lambda: embedder))

        assert open_one().reload().embedded > 0
        yield open_one


def test_what_changed_is_written_alone_and_another_client_sees_it(
    opened: Open, folder: Folder, tmp_path: Path
) -> None:
    one, other = opened(), opened()
    seeds = tmp_path / "seeds"
    assert other.ask("What is house 2?").quotes[0].article == "002.txt"
    folder({"003.txt": text(3) + "A zeppelin was seen over the town.", "006.txt": text(6)})
    (seeds / "002.txt").rename(seeds / "two.txt")
    (seeds / "004.txt").unlink()
    report = one.reload()
    assert (report.added, report.changed) == (("006.txt", "two.txt"), ("003.txt",))
    assert (report.removed, len(report.unchanged)) == (("002.txt", "004.txt"), 3)
    for library in (one, other):
        assert library.ask("Where was a zeppelin seen?").quotes[0].article == "003.txt"
        assert library.ask("What is house 2?").quotes[0].article == "two.txt"
        paths = {hit.passage.source.path for hit in library.search("house 4", 50)}
        assert paths == {"000.txt", "001.txt", "003.txt", "005.txt", "006.txt", "two.txt"}
        again = library.reload()
        assert (len(again.unchanged), again.embedded) == (6, 0)


def test_a_moved_article_keeps_its_vectors(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "seeds" / "002.txt").rename(tmp_path / "seeds" / "two.txt")
    assert opened().reload().embedded == 0


def test_until_the_switch_all_clients_answer_from_the_old_index(
    opened: Open, folder: Folder
) -> None:
    one, other = opened(), opened()
    folder({"007.txt": text(7)})
    seen = list[set[str]]()

    def look(done: int, total: int) -> None:
        late = opened()  # Even one that comes now.
        for library in (other, late):
            hits = library.search("What is house 0?", 50)
            seen.append({hit.passage.source.path for hit in hits})
            assert library.ask("What is house 0?").quotes[0].article == "000.txt"

    one.reload(look)
    assert seen
    assert all(paths == {f"00{number}.txt" for number in range(6)} for paths in seen)
    assert other.ask("What is house 7?").quotes[0].article == "007.txt"


def test_another_model_replaces_the_index_whole(opened: Open, server: str, tmp_path: Path) -> None:
    serving = opened()
    assert serving.ask("What is house 5?").answered
    store = Store.open(tmp_path / "locks", server)
    another: Any = WordModel("another")
    with Library(tmp_path / "seeds", store, lambda: another) as other:
        assert len(other.reload().added) == 6
    assert len(on_server(server).list_collections()) == 4
    with pytest.raises(StoreError, match=r"made by the model 'another'.*passage reload"):
        serving.ask("What is house 5?")
    assert len(serving.reload().added) == 6
    assert serving.ask("What is house 5?").quotes[0].article == "005.txt"


KILLED = """
import os, signal, sys
from pathlib import Path
from retrieval.index import reload
from retrieval.index.store import Store
from tests.retrieval.toy import WordModel

class Killed(WordModel):
    def embed(self, texts, progress=None):
        if self.read:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().embed(texts, progress)

reload.AT_ONCE = 2
for name, dimension in (("another", 4), (sys.argv[4], int(sys.argv[5]))):
    if child := os.fork():
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    else:
        store = Store.open(Path(sys.argv[2]), sys.argv[3])
        reload.reload(Path(sys.argv[1]), store, Killed(name, dimension))
"""
"""Two are killed one after the other, the first of which would have embedded all anew."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_reloads_that_are_killed_leave_the_old_index_and_the_next_one_is_clean(
    opened: Open, folder: Folder, server: str, tmp_path: Path
) -> None:
    serving = opened()
    made = (serving.embedder.name, serving.embedder.dimension)
    folder({**some(10), "001.txt": text(1) + "A zeppelin was seen."})
    known = [str(tmp_path / "seeds"), str(tmp_path / "locks"), server, *map(str, made)]
    subprocess.run([sys.executable, "-c", KILLED, *known], cwd=ROOT, check=True)
    for library in (serving, opened()):
        assert library.status().articles == 6
        paths = {hit.passage.source.path for hit in library.search("house 5", 50)}
        assert len(paths) == 6
        assert library.ask("What is house 5?").quotes[0].article == "005.txt"
    report = serving.reload()
    assert (len(report.added), report.changed) == (4, ("001.txt",))
    assert opened().ask("What is house 9?").quotes[0].article == "009.txt"
    assert len(on_server(server).list_collections()) == 4


def test_a_server_that_goes_away_is_one_plain_sentence(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened()
    assert library.ask("What is house 5?").answered

    def gone(*args: object, **kwargs: object) -> None:
        raise ConnectionError("Connection refused")

    monkeypatch.setattr("chromadb.api.fastapi.FastAPI._make_request", gone)
    with pytest.raises(StoreError, match=r"127\.0\.0\.1.*cannot be used \(Connection refused\)"):
        library.reload()
