"""A reload as a Discord message: how far it is, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from retrieval import Failure, Reload

from ..i18n.phrases import Phrases
from ..reload_job import ReloadOutcome, ReloadRun
from ..ui.message import MAX_TEXT, Part, layout
from ..ui.text import escape, shorten

MAX_NAME = 80
MAX_REASON = 120
MAX_FAILURE = 600

NAMED = (25, 15, 10, 6, 4, 2, 1)
"""How many names of a kind are listed: the first number with which the message is short enough."""

MINUTE = 60


def progress(run: ReloadRun, joined: bool, phrases: Phrases) -> discord.ui.LayoutView:
    """How far a reload is. `joined` says that it had been started before by another command."""
    notes = [phrases("reload_joined")] if joined else []
    lines = [
        f"### {phrases('reloading')}",
        phrases("cancelling") if run.cancelled else _how_far(run, phrases),
        f"-# {' '.join([*notes, phrases('reload_meanwhile')])}",
    ]
    return layout([Part("\n".join(lines))], phrases)


def out_of_time(phrases: Phrases) -> discord.ui.LayoutView:
    """Takes the place of `progress` where Discord will not let the message be changed again."""
    text = f"### {phrases('reloading')}\n{phrases('reload_out_of_time')}"
    return layout([Part(text)], phrases)


def outcome(outcome: ReloadOutcome, phrases: Phrases) -> discord.ui.LayoutView:
    """How a reload ended, with as many names as there is room for."""
    if outcome.report is None:
        return layout([Part(_without_report(outcome, phrases))], phrases)
    reports = (_report(outcome.report, most, phrases) for most in NAMED)
    texts = next((one for one in reports if _fits(one)), _report(outcome.report, 0, phrases))
    return layout(map(Part, texts), phrases)


def status_lines(run: ReloadRun | None, last: ReloadOutcome | None, phrases: Phrases) -> list[str]:
    """What `/status` says of the reload that is under way, and of the last one that ended."""
    lines = []
    if run is not None and run.outcome is None:
        lines.append(phrases("reload_now", how=_how_far(run, phrases)))
    if last is not None:
        when = f"<t:{int(last.at.timestamp())}:f>"
        lines.append(phrases("last_reload", when=when, how=_how_it_ended(last, phrases)))
    return lines


def _how_far(run: ReloadRun, phrases: Phrases) -> str:
    if run.counts is None:
        return phrases("reload_reading")
    done, total = run.counts
    said = phrases("texts_done", done=done, total=total)
    if (left := run.seconds_left) is None or done >= total:
        return said
    if left < 1.5 * MINUTE:
        # To five seconds, for it is a guess.
        return f"{said} · {phrases.counted('seconds_left', max(1, round(left / 5) * 5))}"
    return f"{said} · {phrases.counted('minutes_left', round(left / MINUTE))}"


def _how_it_ended(last: ReloadOutcome, phrases: Phrases) -> str:
    if last.report:
        return _counts(last.report, phrases)
    if last.reference:
        return phrases("last_failed", reference=last.reference)
    return phrases("last_cancelled")


def _without_report(outcome: ReloadOutcome, phrases: Phrases) -> str:
    if outcome.reference is None:
        return phrases("reload_cancelled")
    reason = [escape(shorten(outcome.reason, MAX_FAILURE))] if outcome.reason else []
    reference = phrases("reference", reference=outcome.reference)
    return "\n".join([phrases("reload_failed"), *reason, f"-# {reference}"])


def _report(report: Reload, most: int, phrases: Phrases) -> list[str]:
    """The texts of the message, a list in each, for what follows a list would be taken into it."""
    seconds = f"{report.seconds:.1f}".replace(".", phrases("decimal_point"))
    facts = [
        phrases.counted("article_count", report.articles),
        phrases.counted("passage_count", report.passages),
        phrases("seconds", seconds=seconds),
    ]
    kinds = _kinds(report).items()
    return [
        f"### {phrases('reloaded')}\n{_counts(report, phrases)}",
        *(_list(key, those, most, phrases) for key, those in kinds if those and most),
        f"-# {' · '.join(facts)}",
    ]


def _fits(texts: list[str]) -> bool:
    return sum(len(text.encode("utf-16-le")) // 2 for text in texts) <= MAX_TEXT


def _counts(report: Reload, phrases: Phrases) -> str:
    said = [f"{phrases(key)}: {len(those)}" for key, those in _kinds(report).items() if those]
    if report.added or report.changed or report.removed:
        return " · ".join(said)
    return " ".join([phrases("nothing_changed"), *said])


def _kinds(report: Reload) -> dict[str, Sequence[str | Failure]]:
    """What a report names, by the key of what is said of it."""
    return {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "unreadable": report.failed,
    }


def _list(key: str, those: Sequence[str | Failure], most: int, phrases: Phrases) -> str:
    # One more takes no more room than to say that there is one more.
    shown = those if len(those) <= most + 1 else those[:most]
    lines = [_line(one) for one in shown]
    if len(shown) < len(those):
        lines.append(phrases("more_articles", count=len(those) - len(shown)))
    return "\n".join([f"**{phrases(key)}**", *(f"- {line}" for line in lines)])


def _line(one: str | Failure) -> str:
    if isinstance(one, Failure):
        return escape(f"{shorten(one.article, MAX_NAME)}: {shorten(one.reason, MAX_REASON)}")
    return escape(shorten(one, MAX_NAME))
