"""The pictures of an evaluation. matplotlib comes with the extra `plot`; none else imports it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from retrieval import Evaluation

INK, QUIET, LINE, BLUE, RED = "#1f2328", "#59636e", "#d1d9e0", "#0969da", "#bc4c00"

STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # It comes with matplotlib: the same on every machine.
    "font.size": 11,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "axes.grid": True,
    "grid.color": LINE,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "text.parse_math": False,  # A $ in a file's name begins no formula.
    # What would else be drawn by chance.
    "svg.hashsalt": "passage",
}

SIZE, DPI = (7.2, 5.2), 150
"""Inches, and dots an inch of a PNG."""

UNDATED: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
}


def draw(figures: Evaluation, gold: Path, folder: Path) -> list[Path]:
    """Draw the risk–coverage curve and the reliability of the score, each as PNG and as SVG.

    The paper is white, so that they can be read on a dark page too, and the same figures make the
    same bytes.

    Args:
        figures: what is drawn.
        gold: the gold file, which gives the pictures their names and is named in them.
        folder: where they are written.

    Returns:
        The files: `GOLD-risk-coverage.png` and so on.

    Raises:
        OSError: they cannot be written.
    """
    asked = sum(int(row["questions"]) for row in figures.by_language.values())
    source = f"passage eval {gold.name}: {figures.questions} questions, {asked} of them answerable"
    made = []
    with mpl.rc_context(STYLE):
        for kind, plot in (("risk-coverage", _risk_coverage), ("reliability", _reliability)):
            figure = Figure(figsize=SIZE, dpi=DPI, facecolor="white", layout="constrained")
            plot(figure, figures)
            figure.legend(loc="outside upper left")
            figure.supxlabel(source, color=QUIET, fontsize=9)
            for ending, metadata in UNDATED.items():
                path = folder / f"{gold.stem}-{kind}.{ending}"
                figure.savefig(path, metadata=metadata)
                made.append(path)
    return made


def _risk_coverage(figure: Figure, figures: Evaluation) -> None:
    axes = figure.subplots()
    curve = figures.risk_coverage
    coverage, risk = [one.coverage for one in curve], [one.risk for one in curve]
    answered, wrong = figures.selective["coverage"], figures.selective["answered_wrong"]
    if answered is not None and wrong is not None:
        label = f"as Passage answers: {answered:.0%} answered, {wrong:.0%} of these wrong"
        axes.plot(
            answered, wrong, "o", color=RED, markersize=10, zorder=3, clip_on=False, label=label
        )
    axes.plot(coverage, risk, color=BLUE, linewidth=2, clip_on=False, label="at other thresholds")
    # Where every right answer scores above every wrong one, the wrong begin when the right end.
    shares = [percent / 100 for percent in range(1, 101)]
    best = [max(0.0, 1 - (1 - risk[-1]) / share) for share in shares]
    axes.plot(shares, best, "--", color=QUIET, label="if the right scored above the wrong")
    axes.set_xlabel("Coverage: share of all questions that are answered")
    axes.set_ylabel("Risk: share whose first quote is wrong")
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.yaxis.set_major_formatter(PercentFormatter(1))


def _reliability(figure: Figure, figures: Evaluation) -> None:
    above, below = figure.subplots(2, sharex=True, height_ratios=(4, 1))
    found = figures.reliability
    scores = [one.score for one in found.bins]
    above.plot(
        scores,
        [one.right for one in found.bins],
        color=BLUE,
        linewidth=2,
        marker="o",
        clip_on=False,
        label=f"Passage; expected calibration error {found.expected_calibration_error:.2f}",
    )
    above.plot([0, 1], [0, 1], "--", color=QUIET, label="a score that is a probability")
    above.set_ylabel("Share whose first quote is right")
    above.set(xlim=(0, 1), ylim=(0, 1))
    above.yaxis.set_major_formatter(PercentFormatter(1))
    below.bar(scores, [one.questions for one in found.bins], width=0.03, color=BLUE)
    below.set_ylabel("Questions")
    below.set_xlabel("Score of the first quote")
