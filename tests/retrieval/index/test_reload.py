"""The index follows the files: only what changed is embedded, and a death leaves the old whole."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval import CorpusError, Library, Reload
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.encoder import BATCH_SIZE
from retrieval.index import reload as reloading
from retrieval.index.store import Store
from tests.conftest import Folder
from tests.waiting import PATIENCE

WORDS = ("bread", "stone", "river", "candle", "winter", "garden", "letter", "copper", "violin")


def text(number: int) -> str:
    """An article of its own words, in two paragraphs of three sentences."""
    dice = random.Random(number)
    said = [
        f"The {dice.choice(WORDS)} of house {number} is {dice.choice(WORDS)}." for _ in range(6)
    ]
    return " ".join(said[:3]) + "\n" + " ".join(said[3:]) + "\n"


def some(count: int) -> dict[str, str | bytes]:
    return {f"{number:03}.txt": text(number) for number in range(count)}


@pytest.fixture
def library(folder: Folder, embedder: Embedder) -> Iterator[Library]:
    seeds = folder(some(6))
    with Library(seeds, Store.open(seeds.parent / "chroma"), lambda: embedder) as library:
        assert library.reload().embedded > 0
        yield library


def test_nothing_is_embedded_or_written_where_nothing_changed(library: Library) -> None:
    before = library.status()
    report = library.reload()
    assert (report.embedded, len(report.unchanged)) == (0, 6)
    assert library.status() == before


def test_a_changed_article_keeps_the_vectors_of_what_it_still_says(
    library: Library, folder: Folder
) -> None:
    folder({"003.txt": text(3) + "A zeppelin was seen over the town on Sunday."})
    report = library.reload()
    assert report.changed == ("003.txt",)
    assert 1 <= report.embedded <= 3
    (best, *_) = library.ask("Where was a zeppelin seen?").quotes
    assert best.article == "003.txt"


def test_the_model_reads_for_meetings(library: Library, folder: Folder) -> None:
    front = "---\ndate: 2024-05-16\n---\n"
    folder(
        {
            "a.md": f"{front}Residents crowded into the school canteen on Tuesday evening to hear "
            "from the engineers why the bridge will stay closed.\n",
            "b.md": f"{front}The ferry hit the quay on Tuesday evening.\n",
        }
    )
    library.reload()
    (meeting,) = library.meetings()
    assert (meeting.evidence.article, str(meeting.date)) == ("a.md", "2024-05-14")


def test_a_moved_article_keeps_its_vectors(library: Library, tmp_path: Path) -> None:
    (tmp_path / "seeds" / "sub").mkdir()
    (tmp_path / "seeds" / "002.txt").rename(tmp_path / "seeds" / "sub" / "two.txt")
    report = library.reload()
    assert (report.added, report.removed) == (("sub/two.txt",), ("002.txt",))
    assert report.embedded == 0
    assert library.ask("What is house 2?").quotes[0].article == "sub/two.txt"


def test_nothing_of_a_removed_article_is_found(library: Library, tmp_path: Path) -> None:
    assert library.search("house 4", 50)
    (tmp_path / "seeds" / "004.txt").unlink()
    report = library.reload()
    assert report.removed == ("004.txt",)
    assert "004.txt" not in {hit.passage.source.path for hit in library.search("house 4", 50)}
    assert library.status().articles == 5


def test_an_empty_folder_leaves_the_old_corpus(library: Library, tmp_path: Path) -> None:
    for file in (tmp_path / "seeds").iterdir():
        file.unlink()
    with pytest.raises(CorpusError):
        library.reload()
    assert library.status().articles == 6


def test_what_progress_raises_ends_the_reload_and_the_old_corpus_serves(
    library: Library, folder: Folder
) -> None:
    folder(some(9))

    def cancel(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.reload(cancel)
    assert library.status().articles == 6
    assert library.ask("What is house 5?").answered
    assert len(library.reload().added) == 3
    assert library.status().articles == 9


def test_a_question_waits_for_no_searcher_that_a_reload_makes_ready(
    library: Library, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "Where was a zeppelin seen?"
    library.ask(question)
    before, prepare = library._searcher, library._prepare
    folder({"003.txt": text(3) + "A zeppelin was seen over the town on Sunday."})

    def asking() -> None:
        assert library._store.state() != before.state  # The new one serves already.
        assert "zeppelin" not in str(library.ask(question).quotes)
        assert library._searcher is before
        prepare()

    monkeypatch.setattr(library, "_prepare", asking)
    library.reload()
    made = library._ready
    assert "zeppelin" in str(library.ask(question).quotes)
    assert library._searcher is made is not None


def test_progress_goes_from_nothing_to_all_passages(
    library: Library, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reloading, "AT_ONCE", 12)
    folder({f"{number:03}.txt": text(number + 100) for number in range(25)})
    told: list[tuple[int, int]] = []
    report = library.reload(lambda done, total: told.append((done, total)))
    assert report.embedded == report.passages == 50
    assert {total for _, total in told} == {50}
    done = [done for done, _ in told]
    assert done == sorted(done)
    assert done[0] <= BATCH_SIZE
    assert done[-1] == 50
    assert len(set(done)) > 6  # It does not stand still while a batch of articles is read.


def test_a_second_reload_waits_for_the_first_and_finds_nothing_to_do(
    library: Library, folder: Folder, embedder: Embedder
) -> None:
    seeds = folder(some(20))
    under_way, second = threading.Event(), list[Reload]()

    def join() -> None:
        assert under_way.wait(PATIENCE)
        with Library(seeds, Store.open(seeds.parent / "chroma"), lambda: embedder) as other:
            second.append(other.reload())

    joining = threading.Thread(target=join)
    joining.start()
    first = library.reload(lambda done, total: under_way.set())
    joining.join()
    assert len(first.added) == 14
    assert [(len(one.added), len(one.unchanged), one.embedded) for one in second] == [(0, 20, 0)]
