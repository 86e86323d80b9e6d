"""Words as they are compared: folded, without stop words."""

from __future__ import annotations

import pytest

from retrieval.lexical import fold, stop_words


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Tô Huy Rứa", "to huy rua"), ("Straße", "strasse"), ("Đà Nẵng", "da nang"), ("AÑO", "ano")],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_name_is_no_stop_word_because_it_folds_to_one() -> None:
    assert "làm" in stop_words("vi")
    assert not {"lâm", "lam"} & stop_words("vi")


def test_a_language_without_a_list_has_no_stop_words() -> None:
    assert stop_words("xx") == frozenset()
