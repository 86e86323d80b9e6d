"""The figures of an evaluation as tables of at most 80 columns."""

from __future__ import annotations

from rich.console import Group
from rich.table import Table
from rich.text import Text

import retrieval
from retrieval import language_name

from ..ui.text import clean


def tables(figures: retrieval.Evaluation) -> Group:
    """Return the recall by pair of languages, and below it the other figures."""
    return Group(_recalls(figures), Text(), _other_figures(figures))


def _recalls(figures: retrieval.Evaluation) -> Table:
    table = _table()
    for column in ("question", "article"):
        table.add_column(column, no_wrap=True)
    for column in ("questions", "recall@1", "recall@3"):
        table.add_column(column, justify="right", no_wrap=True)

    for pair, row in sorted(figures.by_pair.items()):
        question, _, article = pair.rpartition("-")  # Only the question's may have a hyphen.
        recalls = (_figure(row[f"recall_at_{k}"]) for k in (1, 3))
        table.add_row(_name(question), _name(article), str(row["questions"]), *recalls)
    answerable = sum(int(row["questions"]) for row in figures.by_language.values())
    recalls = (_figure(recall) for recall in (figures.recall_at_1, figures.recall_at_3))
    table.add_row("all", "", str(answerable), *recalls, style="bold")
    intervals = (_interval(figures, f"recall_at_{k}") for k in (1, 3))
    table.add_row("95 % interval", "", "", *intervals, style="dim")
    return table


def _other_figures(figures: retrieval.Evaluation) -> Table:
    table = _table()
    table.add_column("")
    table.add_column("figure", justify="right", no_wrap=True)
    table.add_column("95 % interval", style="dim", no_wrap=True)
    abstention, selective = figures.abstention, figures.selective
    for label, name, value in (
        ("Article recall@1", "article_recall_at_1", figures.article_recall_at_1),
        ("MRR@10", "mrr_at_10", figures.mrr_at_10),
        ("Abstention, AUC", "auc", abstention["auc"]),
        ("Answered, answerable", "answered_answerable", abstention["answered_answerable"]),
        ("Answered, unanswerable", "answered_unanswerable", abstention["answered_unanswerable"]),
    ):
        table.add_row(label, _figure(value), _interval(figures, name))
    for kind, row in figures.answered_by_topic.items():
        table.add_row(f"  {clean(kind)} ({row['questions']})", _figure(row["answered"]))
    wrong = selective["answered_wrong"]
    table.add_row("Answered, all", _figure(selective["coverage"]))
    table.add_row("  of these wrong", _figure(wrong), _interval(figures, "answered_wrong"))
    error = figures.reliability.expected_calibration_error
    table.add_row("Score, calibration error", _figure(error))
    for quantile, ms in figures.latency_ms.items():
        table.add_row(f"Latency, {quantile}", f"{ms:.1f} ms")
    return table


def _table() -> Table:
    return Table(box=None, header_style="bold", pad_edge=False, padding=(0, 3, 0, 0))


def _name(code: str) -> str:
    return "not indexed" if code == "?" else clean(language_name(code))


def _interval(figures: retrieval.Evaluation, name: str) -> str:
    ends = figures.intervals[name]
    return "" if ends is None else f"{ends[0]:.2f} – {ends[1]:.2f}"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
