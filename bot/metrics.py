"""What the bot counts about itself, in Prometheus's text format; none of it names a member."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""The upper bounds of the times that answers are counted by."""


class Metrics:
    """The counters of one bot; the outcome of a question is what the log calls its end."""

    def __init__(self, queue_length: Callable[[], int]) -> None:
        """Begin to count; `queue_length` returns how many calls wait or are at work."""
        self.registry = registry = CollectorRegistry()
        self.answers = Histogram(
            "passage_answer_seconds",
            "Time from a question to its answer",
            registry=registry,
            buckets=SECONDS,
        )
        self.questions = Counter(
            "passage_questions", "Questions by outcome", ["outcome"], registry=registry
        )
        self.reloads = Counter(
            "passage_reloads", "Reloads by outcome", ["outcome"], registry=registry
        )
        queue = Gauge("passage_queue", "Calls that wait or are at work", registry=registry)
        queue.set_function(queue_length)
