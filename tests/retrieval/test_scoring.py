"""The chance that a passage answers: what raises it, and what lowers it."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from retrieval import Library
from retrieval.scoring import ALONE, OTHER, PLAIN, Calibration
from tests.conftest import DATA

EVIDENCE = np.linspace(-3, 3, 7, dtype=np.float32)


def chances(calibration: Calibration, likeness: float = 0.5, passages: int = 100) -> np.ndarray:
    return calibration.chance(EVIDENCE, np.full_like(EVIDENCE, likeness), passages)


@pytest.mark.parametrize("calibration", [PLAIN, ALONE, OTHER])
def test_it_rises_with_the_evidence_and_falls_with_the_number_of_passages(
    calibration: Calibration,
) -> None:
    found = chances(calibration)
    assert np.all((found > 0) & (found < 1))
    assert np.all(np.diff(found) > 0)
    assert np.all(chances(calibration, passages=10_000) < found)
    assert np.all(chances(calibration, passages=1) > found)


@pytest.mark.parametrize("calibration", [PLAIN, OTHER])
def test_it_rises_with_likeness_as_such(calibration: Calibration) -> None:
    assert np.all(chances(calibration, likeness=0.6) > chances(calibration, likeness=0.5))


def test_what_ranks_behind_another_has_no_higher_score(library: Library) -> None:
    for line in (DATA / "questions.jsonl").read_text("utf-8").splitlines():
        hits = library.search(json.loads(line)["question"])
        by_rank = sorted(hits, key=lambda hit: -hit.rank_score)
        assert all(a.score >= b.score for a, b in itertools.pairwise(by_rank))
