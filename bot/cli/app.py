"""`passage`, the command line: what can be typed. Nothing is loaded before that is understood."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, 1 for an error, 2 for wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Quotes are exact in UTF-8 alone, whatever the terminal's locale.
            stream.reconfigure(encoding="utf-8")
    args = _parser().parse_args(argv)
    try:
        # Imported here, as whatever a command needs: help and wrong usage are answered without.
        from .dispatch import run  # noqa: PLC0415

        return run(args)
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="passage",
        description="Answers questions about a body of articles by quoting them, word for word.",
    )
    parser.add_argument("--version", action="version", version=version("passage"))
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(name: str, run: str, help: str) -> argparse.ArgumentParser:
        """Adds a command; `run` names its function, as `dispatch.run` reads it."""
        sub = subparsers.add_parser(
            name, help=help, description=f"{help[0].upper()}{help[1:]}.", allow_abbrev=False
        )
        sub.set_defaults(run=run)
        return sub

    ask = add("ask", "commands.ask", "answer one question")
    ask.add_argument("question", nargs="+", metavar="QUESTION")
    add("chat", "commands.chat", "ask one question after another in the terminal")
    reload = add("reload", "watch.reload", "bring the index up to the files")
    reload.add_argument("--watch", action="store_true", help="and again whenever they change")
    fetched = add("add", "add.add_article", "fetch one article by https and store it")
    fetched.add_argument("url", metavar="URL")
    status = add("status", "commands.status", "say what the index holds")
    evaluate = add("eval", "commands.evaluate", "ask gold questions and print figures")
    evaluate.add_argument("file", type=Path, metavar="FILE.jsonl")
    evaluate.add_argument(
        "--plot", type=Path, metavar="FOLDER", help="draw the curves there, as PNG and SVG"
    )
    add("reader", "serve.reader", "serve the articles and their quotes as web pages")
    add("run", "serve.run", "connect to Discord with DISCORD_TOKEN")
    add("try", "serve.try_it", "try the bot on a Discord-like page on this machine")
    doctor = add("doctor", "commands.doctor", "look at all that the bot needs, and say what to do")
    export = add("export", "backup.export_to", "write articles, index and feedback to an archive")
    export.add_argument("file", type=Path, metavar="FILE.zip")
    restore = add("import", "backup.import_from", "bring back what `passage export` wrote")
    restore.add_argument("file", type=Path, metavar="FILE.zip")
    restore.add_argument(
        "--replace", action="store_true", help="put it in the place of what is there"
    )
    feedback = add("feedback", "commands.feedback", "print what members said of the answers")
    meetings = add("meetings", "commands.meetings", "list the meetings that the articles report")
    meetings.add_argument(
        "--from",
        dest="start",
        type=_day("first_day"),
        metavar="DAY",
        help="2024-11-06, 2024-11 or 2024",
    )
    meetings.add_argument(
        "--to", dest="end", type=_day("last_day"), metavar="DAY", help="as --from"
    )
    meetings.add_argument("--place", help="where it met, or a part of the name")
    meetings.add_argument("--language", help="the articles' language, such as de or Deutsch")
    meetings.add_argument("--ics", metavar="FILE", help="write a calendar file; - is stdout")
    for sub in (
        ask,
        reload,
        fetched,
        status,
        evaluate,
        doctor,
        export,
        restore,
        feedback,
        meetings,
    ):
        each = "; with --watch one a line" if sub is reload else ""
        sub.add_argument("--json", action="store_true", help=f"print one JSON value{each}")
    return parser


def _day(name: str) -> Callable[[str], date]:
    """Reads a day by a function of `filters` for argparse, which says what is wrong with it."""

    def day(text: str) -> date:
        from ..meetings import filters  # noqa: PLC0415

        read: Callable[[str], date] = getattr(filters, name)
        try:
            return read(text)
        except filters.FilterError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return day


if __name__ == "__main__":
    sys.exit(main())
