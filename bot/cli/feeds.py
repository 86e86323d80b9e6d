"""Sources that are followed: `passage follow` and `passage feeds`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import retrieval
from retrieval import FeedReport, OperatorError

from .checks import counted
from .context import CommandContext, reload_index

MAX_NAMED_FAILURES = 5
"""So many articles of a source that could not be fetched are named."""


def follow(context: CommandContext) -> None:
    """Write a source into `feeds.toml`, fetch it, and reload: `passage follow URL`.

    Raises:
        OperatorError: an address is none that may be fetched, or the file cannot be written.
    """
    folder, args = context.settings.library.seeds_dir, context.args
    if not folder.is_dir():
        raise OperatorError(f"There is no folder of articles at {folder}; set PASSAGE_SEEDS_DIR.")
    if args.url == "-":
        addresses = tuple(dict.fromkeys(sys.stdin.read().split()))
        if not addresses:
            raise OperatorError("There is no address on stdin.")
        entry = retrieval.add_entry(folder, None, addresses, args.name)
    else:
        entry = retrieval.add_entry(folder, args.url, (), args.name)
    _fetch(context, entry.name)


def feeds(context: CommandContext) -> int:
    """Print what is known of the sources: `passage feeds`. Return 1 where an entry is broken."""
    return _fetch(context) if context.args.fetch else _show(context)


def _fetch(context: CommandContext, name: str | None = None) -> int:
    """Fetch every source or one, reload if that brought something, and print what is known."""
    options, library = context.settings.library, context.library
    if retrieval.follow_feeds(options.seeds_dir, options.data_dir, every=True, only=name):
        report = reload_index(library, context.terminal)
        retrieval.mark_indexed(options.data_dir)
        if not context.args.json:
            context.terminal.reload(report)
    return _show(context, name)


def _show(context: CommandContext, name: str | None = None) -> int:
    options = context.settings.library
    reports, faults = retrieval.feed_reports(options.seeds_dir, options.data_dir)
    for sentence in [*faults, *retrieval.articles_left(options.seeds_dir, options.data_dir)]:
        context.terminal.note(sentence)

    def lines(reports: list[FeedReport]) -> None:
        if not reports:
            context.terminal.say("No source is followed; `passage follow URL` begins.")
        for report in reports:
            for line in feed_lines(report):
                context.terminal.line(line)

    context.show([report for report in reports if name in (None, report.name)], lines)
    return int(bool(faults))


def feed_lines(report: FeedReport) -> list[str]:
    """Return the lines on a source: where it is, how its last look went, and what failed."""
    if report.fetched is None:
        when = "never fetched" if report.failure else "not fetched yet"
    else:
        when = f"{datetime.fromtimestamp(report.fetched, UTC):%Y-%m-%d %H:%M} UTC"
    counts = f"{counted(report.articles, 'article')}, {report.new} new, {len(report.failed)} failed"
    withdrawn = f", {len(report.withdrawn)} withdrawn" if report.withdrawn else ""
    lines = [f"{report.name}  {report.url or 'a list of addresses'}"]
    lines.append(f"  {when}: {counts}{withdrawn}")
    lines += [f"  {sentence}" for sentence in (report.failure, report.note) if sentence]
    lines += [f"  {reason}" for _, reason in report.failed[:MAX_NAMED_FAILURES]]
    return lines
