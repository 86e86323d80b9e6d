"""A pinned passage comes first for questions that mean the same, as long as its file holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.like_questions import _rows
from retrieval import Library, OperatorError, Pins
from retrieval.answer.pins import PINS
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from retrieval.search.likeness import grouped
from tests.conftest import Folder

ARTICLES: dict[str, str | bytes] = {
    "mill.txt": "The mill\n\nThe mill was built by Anna Weber in 1820. It burnt down.\n",
    "well.txt": "The well\n\nThe well was dug by Otto Braun. It is forty metres deep.\n",
}
QUESTION = "Who built the mill?"


def test_it_comes_first_is_marked_and_goes_when_a_reload_changes_it(
    folder: Folder, embedder: Embedder
) -> None:
    seeds = folder(ARTICLES)
    file = seeds.parent / PINS
    store = Store.open(seeds.parent / "chroma")
    with Library(seeds, store, lambda: embedder, pins=file) as library:
        library.reload()
        (well, *_) = library.ask("How deep is the well?").quotes
        other = library.ask("Who dug the well?")
        library.pins.pin(QUESTION, well)
        for question in (QUESTION, "By whom was the mill built?"):
            first, *others = library.ask(question).quotes
            assert (first.text, first.pinned) == (well.text, True)
            assert not any(quote.pinned for quote in others)
        assert library.ask("Who dug the well?") == other
        assert Pins(file).all() == library.pins.all()  # Another process has them too.

        folder({"well.txt": "The well\n\nNew words above it.\n\n" + str(ARTICLES["well.txt"])})
        assert library.reload().unpinned == ()  # The words stand there still, elsewhere.
        assert library.ask(QUESTION).quotes[0].pinned
        folder({"well.txt": "The well of the village\n\nIt has been filled in since.\n"})
        assert library.ask(QUESTION).quotes[0].text != well.text  # Not verified, not shown.
        assert library.reload().unpinned == (QUESTION,)
        assert library.pins.all() == ()


def test_what_asks_of_another_fact_or_number_gets_no_pin(
    folder: Folder, embedder: Embedder
) -> None:
    seeds = folder(ARTICLES)
    with Library(seeds, Store.open(seeds.parent / "chroma"), lambda: embedder) as library:
        library.reload()
        (mill, *_) = library.ask(QUESTION).quotes
        library.pins.pin(QUESTION, mill)
        assert library.ask("By whom was the mill built?").quotes[0].pinned
        for question in ("When was the mill built?", "In which year was the mill built?"):
            assert not any(quote.pinned for quote in library.ask(question).quotes)
        (pin,) = library.pins.all()
        library.pins.unpin(pin.question)
        library.pins.pin("Who built the mill in 1820?", mill)
        assert library.ask("By whom was the mill built in 1820?").quotes[0].pinned
        assert not any(q.pinned for q in library.ask("Who built the mill in 1830?").quotes)
        library.pins.unpin("Who built the mill in 1820?")
        library.pins.pin("Who built the mill on 6 May at a cost of 1,000?", mill)
        asked = "Who built the mill on 06 May at a cost of 1000?"
        assert library.ask(asked).quotes[0].pinned


def test_where_other_words_surely_answer_what_is_only_somewhat_alike_gets_no_pin(
    library: Library,
) -> None:
    pinned, asked = (
        "¿Quién habló en la conferencia del 17 de enero?",
        "Who chaired the January meeting, in person and online?",
    )
    before = library.ask(asked)
    (words, *_) = library.ask(pinned).quotes
    library.pins.pin(pinned, words)
    try:
        assert library.ask("Wer sprach auf der Konferenz am 17. Januar?").quotes[0].pinned
        assert library.ask(asked) == before
    finally:
        library.pins.unpin(pinned)


def test_what_is_pinned_can_be_replaced_and_unpinned(library: Library, tmp_path: Path) -> None:
    pins = Pins(tmp_path / "new" / PINS)
    quotes = library.ask("Who took over as Chief of the Party Central Office?").quotes
    assert pins.all() == ()
    for quote in quotes:
        pins.pin("Who?", quote)
    (pin,) = pins.all()
    assert pin.quote.text == quotes[-1].text
    assert [pins.unpin("Who?"), pins.unpin("Who?")] == [True, False]
    (tmp_path / "new" / PINS).write_text("[{]")
    with pytest.raises(OperatorError, match="cannot be read"):
        pins.all()


def test_a_damaged_file_of_pins_costs_a_warning_and_no_answer(
    folder: Folder, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    seeds = folder(ARTICLES)
    file = seeds.parent / PINS
    file.write_text("[{]")
    with Library(
        seeds, Store.open(seeds.parent / "chroma"), lambda: embedder, pins=file
    ) as library:
        assert library.reload().articles == 2
        assert "Otto Braun" in library.ask("Who dug the well?").quotes[0].text
    assert caplog.text.count(f"The pins in {file} cannot be read.") == 2


def test_questions_that_mean_the_same_are_grouped(embedder: Embedder) -> None:
    rows = [row for row in _rows("asked") if row["group"] is not None]
    groups = grouped(embedder, [row["question"] for row in rows])
    assert len(rows) == 25
    assert sorted(number for group in groups for number in group) == list(range(25))
    assert len({frozenset(rows[n]["group"] for n in group) for group in groups}) == 9
