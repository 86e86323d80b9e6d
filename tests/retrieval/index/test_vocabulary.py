"""The words of a corpus: counted, changed as its passages change, packed and unpacked."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.vocabulary import Vocabulary

TEXTS = st.lists(
    st.lists(st.sampled_from(["Rose", "rose", "Röslein", "Hồ", "42", "x"])).map(" ".join)
)


def vocabulary(*texts: str) -> Vocabulary:
    return Vocabulary().changed((), texts)


def content(vocabulary: Vocabulary) -> tuple[list[str], list[int], int]:
    return list(vocabulary), vocabulary.counts().tolist(), vocabulary.passages


def test_a_word_is_counted_once_in_each_passage() -> None:
    counted = vocabulary("The harbour, the Harbour!", "No harbour.", "Đức là Hồ Chí Minh 1969")
    assert {word: counted.count(word) for word in counted} == {
        **{"the": 1, "harbour": 2, "no": 1},
        **{"đức": 1, "là": 1, "hồ": 1, "chí": 1, "minh": 1, "1969": 1},
    }
    assert (counted.passages, len(counted)) == (3, 9)
    assert list(counted) == sorted(counted)
    assert "harbour" in counted
    for missing in ("", "harb", "Harbour", "duc", "zzz", "\n", "the\nharbour", "\ud800"):
        assert missing not in counted


@pytest.mark.parametrize("text", ["Ho\u0302\u0300", "h\u1ed3", "h\u00ad\u1ed3", "HO\u0302\u0300"])
def test_a_word_is_one_however_it_is_written(text: str) -> None:
    assert list(vocabulary(text)) == ["h\u1ed3"]


def test_no_passages_have_no_words() -> None:
    assert content(Vocabulary()) == ([], [], 0)
    assert content(Vocabulary.from_bytes(Vocabulary().to_bytes())) == ([], [], 0)
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
