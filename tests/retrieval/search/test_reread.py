"""Readings of the first hits: how they change order and chances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from retrieval.embedding.onnx_encoder import PassageReader
from retrieval.models import Hit, Kind, Passage, Source
from retrieval.search.reranker import reread
from retrieval.search.weights import READING

SOURCE = Source("a.txt", "0" * 64, "A title", "en")


class Readings:
    """A reader that gives these readings."""

    def __init__(self, *readings: float) -> None:
        self._readings = readings
        self.questions: list[str] = []
        self.read_passages: list[tuple[str, str]] = []

    def read(self, questions: Sequence[str], passages: Sequence[tuple[str, str]]) -> Any:
        self.questions = list(questions)
        before = len(self.read_passages)
        self.read_passages += passages
        return np.array(self._readings[before : len(self.read_passages)], np.float32)


def hits(count: int) -> list[Hit]:
    made = []
    for number in range(count):
        text = f"Passage {number}."
        span = number * 20, number * 20 + len(text)
        passage = Passage(SOURCE, *span, text, Kind.PROSE, (span,))
        made.append(Hit(passage, 0.9 - number / 1_000, 0.5 - number / 100, span))
    return made


def read(count: int, *readings: float) -> list[Hit]:
    return reread(cast(PassageReader, Readings(*readings)), "Who?", "en", hits(count))


def numbers(hits: Sequence[Hit]) -> list[int]:
    return [hit.passage.start // 20 for hit in hits]


def test_what_reads_as_an_answer_comes_first() -> None:
    assert numbers(read(4, -5, -5, 5, -5)) == [2, 0, 1, 3]


def test_the_chance_follows_the_reading() -> None:
    answering, silent = read(3, 6, -6, -6)[0], read(3, -6, -6, -6)[0]

    assert numbers([answering, silent]) == [0, 0]
    assert answering.score > 0.5 > silent.score


@pytest.mark.parametrize("readings", [(0,) * 5, (-9, 9, -9, 9, 0), (9e9, -9e9, 3, 3, 3)])
def test_ranks_and_chances_fall(readings: tuple[float, ...]) -> None:
    for count in (0, 1, READING.hits, READING.hits + 7):
        given = read(count, *readings)

        assert sorted(numbers(given)) == list(range(count))
        for values in ([hit.rank_score for hit in given], [hit.score for hit in given]):
            assert values == sorted(values, reverse=True)
            assert np.isfinite(values).all()
        assert all(0 < hit.score < 1 for hit in given)


def test_no_more_is_read_than_the_first_and_with_their_titles() -> None:
    reader = Readings(*([0.0] * 50))

    given = reread(cast(PassageReader, reader), "Who?", "en", hits(20))

    assert reader.read_passages == [
        ("A title", f"Passage {number}.") for number in range(READING.hits)
    ]
    assert numbers(given)[READING.hits :] == list(range(READING.hits, 20))


def test_a_passage_is_read_if_it_could_come_first_or_be_quoted_too() -> None:
    def count(*readings: float, ranks: Sequence[float], scores: Sequence[float]) -> int:
        reader = Readings(*readings)
        given = [
            replace(hit, rank_score=rank, score=score)
            for hit, rank, score in zip(hits(5), ranks, scores, strict=True)
        ]
        reread(cast(PassageReader, reader), "Who?", "en", given)
        return len(reader.read_passages)

    ahead, near = (0.9, 0.5, 0.4, 0.3, 0.2), (0.9, 0.89, 0.88, 0.87, 0.3)
    sure, likely = (0.9, 0.01, 0.01, 0.01, 0.01), (0.9, 0.8, 0.8, 0.8, 0.01)

    assert count(9, 9, ranks=ahead, scores=sure) == 2
    assert count(9, -9, ranks=near, scores=sure) == 2
    assert count(-9, -9, -9, -9, ranks=near, scores=sure) == 4  # the fourth may come first
    assert count(9, 9, 9, 9, ranks=ahead, scores=likely) == 4  # the third and fourth are as sure


def test_names_in_vietnamese_are_read_as_articles_in_english_write_them() -> None:
    reader = Readings(0)

    reread(cast(PassageReader, reader), "Ai đã gặp ông Tô Huy Rứa ở Hà Nội?", "vi", hits(1))

    assert reader.questions == ["Ai đã gặp ông To Huy Rua ở Ha Noi?"]
