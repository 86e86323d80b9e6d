"""What the bot counts about itself, in Prometheus's text format; none of it names a member."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""The upper bounds of the times that answers are counted by."""


class Metrics:
    """The counters of one bot."""

    def __init__(self, queue_length: Callable[[], int]) -> None:
        """Begin to count; `queue_length` returns how many calls wait or are at work."""
        self._registry = registry = CollectorRegistry()
        self._answers = Histogram(
            "passage_answer_seconds",
            "Time from a question to its answer",
            registry=registry,
            buckets=SECONDS,
        )
        self._questions = Counter(
            "passage_questions", "Questions by outcome", ["outcome"], registry=registry
        )
        self._reloads = Counter(
            "passage_reloads", "Reloads by outcome", ["outcome"], registry=registry
        )
        self._passages = Gauge("passage_passages", "Passages in the index", registry=registry)
        queue = Gauge("passage_queue", "Calls that wait or are at work", registry=registry)
        queue.set_function(queue_length)

    def answered(self, outcome: str, seconds: float) -> None:
        """Count a question; `outcome` is what the log calls its end."""
        self._questions.labels(outcome).inc()
        self._answers.observe(seconds)

    def reloaded(self, outcome: str) -> None:
        """Count a reload that has ended."""
        self._reloads.labels(outcome).inc()

    def set_passages(self, passages: int) -> None:
        """Set how many passages the index has."""
        self._passages.set(passages)

    def exposition(self) -> bytes:
        """Return all figures as Prometheus reads them, of its type CONTENT_TYPE_LATEST."""
        return generate_latest(self._registry)
