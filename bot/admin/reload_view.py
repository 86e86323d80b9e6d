"""A reload as a Discord message: its progress and its outcome."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from retrieval import Failure, Reload

from ..i18n.phrases import Phrases
from ..reload_job import ReloadOutcome, ReloadRun
from ..ui.message import Part, fitting, layout
from ..ui.text import SEPARATOR, escape, shorten

FILE_LENGTH = 80
REASON_LENGTH = 120
FAILURE_LENGTH = 600

LIST_LENGTHS = (25, 15, 10, 6, 4, 2, 1, 0)
"""How many files of a kind are listed: the first number with which the message fits."""

MINUTE = 60


def progress_message(run: ReloadRun, joined: bool, phrases: Phrases) -> discord.ui.LayoutView:
    """Return how far a reload is. `joined`: whether another command had started it before."""
    notes = [phrases("reload_joined")] if joined else []
    lines = [
        f"### {phrases('reloading')}",
        phrases("cancelling") if run.cancelled else _progress(run, phrases),
        f"-# {' '.join([*notes, phrases('reload_meanwhile')])}",
    ]
    return layout([Part("\n".join(lines))])


def outcome_message(outcome: ReloadOutcome, phrases: Phrases) -> discord.ui.LayoutView:
    """Return how a reload ended, with as many files as there is room for."""
    if outcome.report is None:
        return layout([Part(_without_report(outcome, phrases))])
    reports = (_report(outcome.report, length, phrases) for length in LIST_LENGTHS)
    return layout(fitting(list(map(Part, report)) for report in reports))


def status_lines(run: ReloadRun | None, last: ReloadOutcome | None, phrases: Phrases) -> list[str]:
    """Return the lines of `/status` on the reload under way and on the last one that ended."""
    lines = []
    if run is not None and run.outcome is None:
        lines.append(phrases("reload_now", how=_progress(run, phrases)))
    if last is not None:
        when = f"<t:{int(last.at.timestamp())}:f>"
        lines.append(phrases("last_reload", when=when, how=_outcome(last, phrases)))
    return lines


def _progress(run: ReloadRun, phrases: Phrases) -> str:
    if run.counts is None:
        return phrases("reload_reading")
    done, total = run.counts
    texts = phrases("texts_done", done=done, total=total)
    if (left := run.seconds_left) is None or done >= total:
        return texts
    if left < 1.5 * MINUTE:
        # Rounded to five seconds, because it is an estimate.
        return f"{texts} · {phrases.counted('seconds_left', max(1, round(left / 5) * 5))}"
    return f"{texts} · {phrases.counted('minutes_left', round(left / MINUTE))}"


def _outcome(last: ReloadOutcome, phrases: Phrases) -> str:
    if last.report:
        return _counts(last.report, phrases)
    if last.reference:
        return phrases("last_failed", reference=last.reference)
    return phrases("last_cancelled")


def _without_report(outcome: ReloadOutcome, phrases: Phrases) -> str:
    if outcome.reference is None:
        return phrases("reload_cancelled")
    reason = [escape(shorten(outcome.reason, FAILURE_LENGTH))] if outcome.reason else []
    reference = phrases("reference", reference=outcome.reference)
    return "\n".join([phrases("reload_failed"), *reason, f"-# {reference}"])


def _report(report: Reload, length: int, phrases: Phrases) -> list[str]:
    """Return the texts of the message, each with one list: Discord adds what follows to the list.

    A list has at most `length` files.
    """
    seconds = f"{report.seconds:.1f}".replace(".", phrases("decimal_point"))
    facts = [
        phrases.counted("article_count", report.articles),
        phrases.counted("passage_count", report.passages),
        phrases("seconds", seconds=seconds),
    ]
    kinds = _files_by_kind(report).items()
    lists = [_list(key, files, length, phrases) for key, files in kinds if files and length]
    if report.unpinned:
        lists.append(_list("unpinned", report.unpinned, max(1, length), phrases))
    return [
        f"### {phrases('reloaded')}\n{_counts(report, phrases)}",
        *lists,
        f"-# {SEPARATOR.join(facts)}",
    ]


def _counts(report: Reload, phrases: Phrases) -> str:
    kinds = _files_by_kind(report).items()
    counts = [f"{phrases(key)}: {len(files)}" for key, files in kinds if files]
    if report.added or report.changed or report.removed:
        return SEPARATOR.join(counts)
    return " ".join([phrases("nothing_changed"), *counts])


def _files_by_kind(report: Reload) -> dict[str, Sequence[str | Failure]]:
    """Return the files that a report names, by the phrase for what has happened to them."""
    return {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "unreadable": report.failed,
    }


def _list(key: str, files: Sequence[str | Failure], length: int, phrases: Phrases) -> str:
    # One more file takes no more room than the line that there is one more.
    listed = files if len(files) <= length + 1 else files[:length]
    lines = [_line(file) for file in listed]
    if len(listed) < len(files):
        lines.append(phrases("more_articles", count=len(files) - len(listed)))
    return "\n".join([f"**{phrases(key)}**", *(f"- {line}" for line in lines)])


def _line(file: str | Failure) -> str:
    if isinstance(file, str):
        return escape(shorten(file, FILE_LENGTH))
    return escape(f"{shorten(file.article, FILE_LENGTH)}: {shorten(file.reason, REASON_LENGTH)}")
