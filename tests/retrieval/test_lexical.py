"""Terms: folded, without stop words, stemmed in the passage's language."""

from __future__ import annotations

import pytest

from retrieval.lexical import Lexicon, fold, terms


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Tô Huy Rứa", "to huy rua"), ("Straße", "strasse"), ("Đà Nẵng", "da nang"), ("AÑO", "ano")],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_terms_are_stemmed_in_the_language_of_the_passages() -> None:
    assert terms("the meetings of the ministers", "en") == terms("meeting minister", "en")
    assert terms("las reuniones", "es") == terms("reunión", "es")
    assert terms("Wo ist Angela?", "en", spoken="de") == ["angela"]


def test_a_name_is_no_stop_word_because_it_folds_to_one() -> None:
    assert terms("làm", "vi") == []
    assert terms("Lâm", "en", spoken="vi") == ["lam"]


def lexicon_of(texts: list[str], languages: list[str]) -> Lexicon:
    return Lexicon([terms(*pair) for pair in zip(texts, languages, strict=True)], languages)


def test_a_name_is_found_however_it_is_spelt() -> None:
    texts = ["The Order went to To Huy Rua.", "Der Orden ging an Karl Müller.", "Nothing of that."]
    lexicon = lexicon_of(texts, ["en", "de", "en"])
    scores = lexicon.scores("Ai là Tô Huy Rứa?", "vi")
    assert scores[0] > 0
    assert scores[1] == scores[2] == 0
    assert lexicon.scores("karl muller", "en")[1] > 0


def test_a_question_without_a_known_term_scores_nothing() -> None:
    lexicon = lexicon_of(["Bread and butter."], ["en"])
    assert not lexicon.scores("the of and", "en").any()
    assert not lexicon.scores("zyzzyva", "en").any()
    assert not lexicon_of(["the of and"], ["en"]).scores("bread", "en").any()
