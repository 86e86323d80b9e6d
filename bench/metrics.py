"""What is compared: a row of the table for each figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.gold import recall
from bench.runner import Round


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `lower` marks what has a ratio, and is the better the less it is."""

    key: str
    label: str
    value: Callable[[Round], float]
    digits: int
    lower: bool = True


ROWS = (
    Row("recall_at_1", "recall@1", lambda r: recall(r.ranks, 1), 3, lower=False),
    Row("recall_at_3", "recall@3", lambda r: recall(r.ranks, 3), 3, lower=False),
    Row("index_s", "index, s", lambda r: r.index_s, 2),
    Row("start_to_index_s", "start to index, s", lambda r: r.start_to_index_s, 1),
    Row("start_to_answer_s", "start to answer, s", lambda r: r.start_to_answer_s, 1),
    Row("warm_p50_ms", "warm p50, ms", lambda r: r.warm_p50_ms, 1),
    Row("warm_p95_ms", "warm p95, ms", lambda r: r.warm_p95_ms, 1),
    Row("serve_peak_mib", "peak answering, MiB", lambda r: r.serve_peak_mib, 0),
    Row("index_peak_mib", "peak indexing, MiB", lambda r: r.index_peak_mib, 0),
    Row("chunks", "chunks", lambda r: float(r.chunks), 0, lower=False),
)
