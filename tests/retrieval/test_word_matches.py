"""Words of a question found in passages, by their meaning or as they are spelt."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Library
from retrieval.word_matches import TRANSLATED, Matched, WordMatches, content_words, travelling
from retrieval.word_vectors import WordVectors


class Dice:
    """A model that gives each word a direction of its own; those of a pair share one."""

    name, dimension = "dice", 48
    pairs: Mapping[str, str] = {"katze": "cat", "gato": "cat", "hund": "dog"}

    def knows(self, language: str) -> bool:
        return language != "vi"

    def passages(self, texts: Sequence[str]) -> Any:
        made = [self._of(self.pairs.get(text, text)) for text in texts]
        return np.array(made, np.float32).reshape(-1, self.dimension)

    def _of(self, word: str) -> Any:
        vector = np.random.default_rng(list(word.encode())).normal(size=self.dimension)
        return vector / np.linalg.norm(vector)


FILLER = " ".join(f"filler{'abcdefghijklmnopqrstuvwxyz'[n]}" for n in range(26)).split()


def matches(
    passages: Sequence[str], languages: Sequence[str] = (), articles: Sequence[str] = ()
) -> WordMatches:
    """Of passages as words with blanks between them; English, and each an article of its own,
    unless something else is said. The last one is filler, that words may stand out."""
    model: Any = Dice()
    return WordMatches(
        [*(one.split() for one in passages), FILLER],
        [*(languages or ["en"] * len(passages)), "en"],
        [*(articles or map(str, range(len(passages)))), "filler"],
        WordVectors(model),
    )


def asked(words: WordMatches, question: str) -> Matched:
    return words.match([{word: 1.0} for word in question.split()])


@pytest.fixture(scope="module")
def seeds(library: Library) -> WordMatches:
    """The words of the five seeds, by the model that has them in earnest."""
    return library._searching()._words


def near(words: WordMatches, word: str) -> dict[str, float]:
    """The words of the corpus that match a word, and how well."""
    (row,) = words.match([{word: 1.0}]).matches
    return {words.vocabulary[n]: float(row[n]) for n in np.flatnonzero(row)}


def test_a_word_is_found_by_its_translation(seeds: WordMatches) -> None:
    found = near(seeds, "conference")
    assert found["conference"] == 1
    assert found["conferencia"] > 0.8
    assert found["konferenz"] > 0.8
    assert found["reunión"] < found["konferenz"]
    assert len(found) < len(seeds.vocabulary) / 20
    assert near(seeds, "oficina")["office"] > 0.8
    assert near(seeds, "secretary")["sekretär"] > 0.8


def test_a_name_hardly_matches_other_names(seeds: WordMatches) -> None:
    """To the model rare syllables are all alike; most of them do not stand out."""
    names = {"nguyen", "lam", "minh", "hung", "rua", "anh", "hai", "van", "thi", "trung", "tien"}
    assert names <= set(seeds.vocabulary)
    others = []
    for name in sorted(names):
        found = near(seeds, name)
        assert found[name] == 1
        others += [found.get(other, 0.0) for other in names - {name}]
    assert np.mean(others) < 0.03
    assert max(others) < 0.5


def test_a_number_is_found_as_it_is_alone(seeds: WordMatches) -> None:
    numbers = [word for word in seeds.vocabulary if any(map(str.isdigit, word))]
    assert len(numbers) > 20
    for number in numbers:
        assert near(seeds, number) == {number: 1}
    assert near(seeds, "987654321") == {}


def test_accents_and_case_make_no_difference() -> None:
    words = matches(["tô huy rứa", "the straße"])
    assert near(words, "rua")["rứa"] == 1
    assert near(words, "Tô")["tô"] == 1
    assert near(words, "strasse")["straße"] == 1
    assert "rứa" not in near(words, "tô")


def test_what_is_to_be_found_exactly_is_not_translated() -> None:
    words = matches(["cat sat", "katze sass"], ["en", "de"])
    assert {"cat", "katze"} <= near(words, "gato").keys()
    (row,) = words.match([{"gato": 1.0}], exactly={"gato"}).matches
    assert not row.any()
    (row,) = words.match([{"katze": 1.0, "dog": 1.0}], exactly={"katze"}).matches
    assert [words.vocabulary[n] for n in np.flatnonzero(row == 1)] == ["katze"]


def test_words_that_say_nothing_are_left_out() -> None:
    assert content_words("What is the name of the Mayor?", "en") == ["mayor"]
    assert content_words("Wer ist der Bürgermeister?", "de") == ["bürgermeister"]
    assert content_words("The der", "en", "de") == []
    # A single letter is no word, a single digit is one.
    assert content_words("Q x 7 77", "en") == ["7", "77"]
    assert content_words("Tô Lâm ở Hà Nội", "xx") == ["tô", "lâm", "hà", "nội"]
    assert content_words("e\u0301te\u0301 ÉTÉ", "fr") == content_words("été ÉTÉ", "fr")


def test_words_that_may_be_spelt_alike_elsewhere() -> None:
    question = "Ai là tổng bí thư của Lào và Hanoi trong APEC 2025, theo festival?"
    assert travelling(question, "vi") == ["lào", "hanoi", "apec", "2025", "festival"]


def test_the_passages_beside_count_within_an_article_alone() -> None:
    words = matches(["cat sat", "mat lay", "pig ran"], articles=["a", "a", "b"])
    found = asked(words, "cat")
    assert found.own[0] == pytest.approx(found.idf[0])
    assert list(found.own[1:3]) == [0, 0]
    assert found.around[1] == pytest.approx(found.idf[0])
    assert found.around[0] == found.around[2] == found.around[3] == 0
    # What a passage has itself is not counted twice.
    twice = asked(matches(["cat sat", "cat lay"], articles=["a", "a"]), "cat")
    assert list(twice.around) == [0, 0, 0]


def test_the_best_match_in_a_language_counts_in_full() -> None:
    words = matches(["cat sat", "katze sass", "perro"], ["en", "de", "es"])
    for worth, counted in ((1.0, 1.0), (TRANSLATED, 1.0), (TRANSLATED / 2, 0.5)):
        spellings = {"cat": 1.0, "katze": worth}
        found = words.match([spellings], exactly=spellings)
        assert found.own[0] == pytest.approx(found.idf[0])
        assert found.own[1] == pytest.approx(counted * found.idf[0])
        assert found.own[2] == 0


def test_a_word_that_all_passages_have_counts_next_to_nothing() -> None:
    words = matches([f"cat {other}" for other in ("sat", "ran", "lay", "fell")])
    everywhere, once, nowhere = (asked(words, word).idf[0] for word in ("cat", "ran", "lion"))
    assert everywhere < once / 3 < nowhere / 3
    model: Any = Dice()
    all_have_it = WordMatches([["cat"]] * 40, ["en"] * 40, ["a"] * 40, WordVectors(model))
    assert asked(all_have_it, "cat").idf[0] < 0.02
    assert asked(all_have_it, "cat").own.max() < 0.02


def test_the_sentence_that_says_most_is_the_closest() -> None:
    words = matches(["cat sat mat dog ran", "dog lay"])
    found = asked(words, "cat mat")
    assert found.closeness(["cat", "sat", "mat"]) > found.closeness(["cat", "ran"]) > 0
    assert found.closeness(["cat", "sat", "mat"]) == pytest.approx(found.own[0])
    assert found.closeness(["dog", "ran"]) == found.closeness([]) == 0
    assert found.closeness(["never", "seen"]) == 0
    # A rare word says more than a common one.
    found = asked(words, "dog cat")
    assert found.closeness(["cat"]) > found.closeness(["dog"]) > 0


def test_a_question_without_words() -> None:
    words = matches(["cat sat", "dog ran"])
    found = words.match([])
    assert list(found.own) == list(found.around) == [0, 0, 0]
    assert found.idf.shape == (0,)
    assert found.closeness(["cat"]) == 0
    assert words.match([{}]).own.max() == 0
    assert words.knows("en")
    assert not words.knows("vi")


@pytest.mark.parametrize("passages", [[], [[]], [[], []]])
def test_a_corpus_without_words(passages: list[list[str]]) -> None:
    model: Any = Dice()
    size = len(passages)
    words = WordMatches(passages, ["en"] * size, ["a"] * size, WordVectors(model))
    for question in ("", "cat", "cat 17"):
        found = asked(words, question)
        assert found.own.shape == found.around.shape == (size,)
        assert not found.own.any()
        assert found.closeness(["cat"]) == 0


WORD = st.sampled_from(
    ["cat", "katze", "gato", "dog", "1998", "7", "rua", "rứa", "日本", "q", "_", "a" * 300]
)
PASSAGES = st.lists(
    st.tuples(
        st.lists(WORD, max_size=5), st.sampled_from(["en", "de", "vi"]), st.sampled_from("abc")
    ),
    max_size=6,
)
SPELLINGS = st.dictionaries(WORD | st.text(min_size=1, max_size=5), st.floats(0, 1), max_size=3)


@given(PASSAGES, st.lists(SPELLINGS, max_size=4), st.sets(WORD, max_size=3))
def test_whatever_is_asked_the_values_have_bounds(
    passages: list[tuple[list[str], str, str]],
    question: list[dict[str, float]],
    exactly: set[str],
) -> None:
    passages.sort(key=lambda one: one[2])
    texts, languages, articles = ([one[n] for one in passages] for n in range(3))
    model: Any = Dice()
    words = WordMatches(texts, languages, articles, WordVectors(model))
    found = words.match(question, exactly)
    most = float(found.idf.sum()) + 1e-4
    assert math.isfinite(most)
    assert found.idf.shape == (len(question),)
    assert (found.idf > 0).all()
    assert found.matches.shape == (len(question), len(words.vocabulary))
    for values in (found.own, found.around, found.own + found.around):
        assert values.shape == (len(passages),)
        assert np.isfinite(values).all()
        assert (values >= 0).all()
        assert (values <= most).all()
    assert ((found.matches >= 0) & (found.matches <= 1)).all()
    assert all(0 <= found.closeness(text) <= most for text in texts)
