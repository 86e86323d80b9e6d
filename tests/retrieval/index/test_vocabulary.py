"""The words of a corpus: counted, changed as its passages change, packed and unpacked."""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index.records import Vocabulary
from retrieval.index.store import Store

from ..toy import WordModel, indexed

TEXTS = st.lists(
    st.lists(st.sampled_from(["Rose", "rose", "Röslein", "Hồ", "42", "x"])).map(" ".join)
)


def vocabulary(*texts: str) -> Vocabulary:
    return Vocabulary().changed((), texts)


def content(vocabulary: Vocabulary) -> tuple[list[str], list[int]]:
    return list(vocabulary), list(map(vocabulary.count, vocabulary))


def test_a_word_is_counted_once_in_each_passage() -> None:
    counted = vocabulary("The harbour, the Harbour!", "No harbour.", "Đức là Hồ Chí Minh 1969")
    assert {word: counted.count(word) for word in counted} == {
        **{"the": 1, "harbour": 2, "no": 1},
        **{"đức": 1, "là": 1, "hồ": 1, "chí": 1, "minh": 1, "1969": 1},
    }
    assert list(counted) == sorted(counted)
    for missing in ("", "harb", "Harbour", "duc", "zzz", "\n", "the\nharbour", "\ud800"):
        assert counted.count(missing) == 0


def test_words_by_their_beginning() -> None:
    counted = vocabulary("The harbour, her hat. Hồ, häuser, ha, h\U00010348, i")
    assert counted.beginning("ha") == ["ha", "harbour", "hat"]
    assert counted.beginning("h") == ["ha", "harbour", "hat", "her", "häuser", "hồ", "h\U00010348"]
    for missing in ("x", "harbours", "\ud800"):
        assert counted.beginning(missing) == []
    assert counted.beginning("") == list(counted)
    assert vocabulary().beginning("h") == []


@pytest.mark.parametrize("text", ["Ho\u0302\u0300", "h\u1ed3", "h\u00ad\u1ed3", "HO\u0302\u0300"])
def test_a_word_is_one_however_it_is_written(text: str) -> None:
    assert list(vocabulary(text)) == ["h\u1ed3"]


def test_no_passages_have_no_words() -> None:
    assert content(Vocabulary()) == ([], [])
    assert content(Vocabulary.from_bytes(Vocabulary().to_bytes())) == ([], [])
    assert "" not in Vocabulary()


@given(TEXTS, TEXTS, TEXTS)
def test_a_changed_vocabulary_is_that_of_the_texts_there_are(
    kept: list[str], removed: list[str], added: list[str]
) -> None:
    before = vocabulary(*kept, *removed)
    after = Vocabulary.from_bytes(before.to_bytes()).changed(removed, added)
    assert content(after) == content(vocabulary(*added, *kept))
    expected = Counter(word for text in (*kept, *added) for word in set(text.lower().split()))
    assert {word: after.count(word) for word in after} == expected


SENTENCES = [f"The council of {town} met on Sunday." for town in ("Ulm", "Huế", "Ávila", "Ulm 2")]
FOLDERS = st.dictionaries(st.sampled_from("abc"), st.lists(st.sampled_from(SENTENCES), min_size=1))


@given(st.lists(FOLDERS.filter(bool), min_size=1, max_size=4))
@settings(max_examples=5)
def test_after_reloads_it_is_that_of_a_first_index(
    tmp_path_factory: pytest.TempPathFactory, states: list[dict[str, list[str]]]
) -> None:
    folder, model = tmp_path_factory.mktemp("corpus"), WordModel()
    seeds = folder / "seeds"
    with closing(Store.open(folder / "chroma")) as store:
        for state in states:
            shutil.rmtree(seeds, ignore_errors=True)
            seeds.mkdir()
            for name, paragraphs in state.items():
                (seeds / f"{name}.txt").write_text("\n\n".join(paragraphs), "utf-8")
            kept = indexed(seeds, store, model)
        articles = kept.articles()
        with closing(Store.open(folder / "first")) as other:
            first = indexed(seeds, other, model)
            assert content(kept.vocabulary()) == content(first.vocabulary())
        assert [article.source for article in articles] == [
            article.source for article in first.articles()
        ]
        counted = vocabulary(*kept.texts(articles))
        assert content(kept.vocabulary()) == content(counted)
