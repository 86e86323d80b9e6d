"""The plots of an evaluation. Only this module imports matplotlib, of the extra `plot`."""

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
    "text.parse_math": False,  # A $ in a file's name is not the start of a formula.
    "svg.hashsalt": "passage",  # Otherwise ids are random.
}

SIZE, DPI = (7.2, 5.2), 150
"""The size in inches, and the dots an inch of a PNG."""

UNDATED: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
}


def draw(figures: Evaluation, gold: Path, folder: Path) -> list[Path]:
    """Draw the risk–coverage curve and the reliability of the score, each as PNG and as SVG.

    The background is white, for dark pages too. The same figures make the same bytes.

    Args:
        figures: the evaluation.
        gold: the gold file; its name is in the plots and in their files' names.
        folder: the folder of the files.

    Returns:
        The files: `GOLD-risk-coverage.png` and so on.

    Raises:
        OSError: they cannot be written.
    """
    answerable = sum(int(row["questions"]) for row in figures.by_language.values())
    source = (
        f"passage eval {gold.name}: {figures.questions} questions, {answerable} of them answerable"
    )
    files = []
    with mpl.rc_context(STYLE):
        for kind, plot in (("risk-coverage", _risk_coverage), ("reliability", _reliability)):
            figure = Figure(figsize=SIZE, dpi=DPI, facecolor="white", layout="constrained")
            plot(figure, figures)
            figure.legend(loc="outside upper left")
            figure.supxlabel(source, color=QUIET, fontsize=9)
            for ending, metadata in UNDATED.items():
                path = folder / f"{gold.stem}-{kind}.{ending}"
                figure.savefig(path, metadata=metadata)
                files.append(path)
    return files


def _risk_coverage(figure: Figure, figures: Evaluation) -> None:
    axes = figure.subplots()
    curve = figures.risk_coverage
    coverage, risk = [point.coverage for point in curve], [point.risk for point in curve]
    answered, wrong = figures.selective["coverage"], figures.selective["answered_wrong"]
    if answered is not None and wrong is not None:
        label = f"as Passage answers: {answered:.0%} answered, {wrong:.0%} of these wrong"
        axes.plot(
            answered, wrong, "o", color=RED, markersize=10, zorder=3, clip_on=False, label=label
        )
    axes.plot(coverage, risk, color=BLUE, linewidth=2, clip_on=False, label="at other thresholds")
    # The best order: all right answers score higher than all wrong ones.
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
    reliability = figures.reliability
    scores = [bin.score for bin in reliability.bins]
    above.plot(
        scores,
        [bin.right for bin in reliability.bins],
        color=BLUE,
        linewidth=2,
        marker="o",
        clip_on=False,
        label=f"Passage; expected calibration error {reliability.expected_calibration_error:.2f}",
    )
    above.plot([0, 1], [0, 1], "--", color=QUIET, label="a score that is a probability")
    above.set_ylabel("Share whose first quote is right")
    above.set(xlim=(0, 1), ylim=(0, 1))
    above.yaxis.set_major_formatter(PercentFormatter(1))
    below.bar(scores, [bin.questions for bin in reliability.bins], width=0.03, color=BLUE)
    below.set_ylabel("Questions")
    below.set_xlabel("Score of the first quote")
