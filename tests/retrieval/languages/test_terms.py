"""Words as they are compared: folded, and without a language's endings."""

from __future__ import annotations

import pytest

from retrieval.languages.terms import fold, stemmer_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Tô Huy Rứa", "to huy rua"), ("Straße", "strasse"), ("Đà Nẵng", "da nang"), ("AÑO", "ano")],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("meeting", "meetings")),
        ("de", ("sitzung", "sitzungen")),
        ("es", ("reunion", "reuniones")),
    ],
)
def test_endings_of_a_language_make_no_difference(language: str, words: tuple[str, str]) -> None:
    stemmer = stemmer_of(language)
    assert stemmer is not None
    assert len(set(stemmer.stemWords(words))) == 1


def test_a_language_without_endings_or_unknown_has_no_stemmer() -> None:
    assert stemmer_of("vi") is None
    assert stemmer_of("xx") is None
