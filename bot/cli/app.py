"""The arguments of `passage`. Help and wrong usage are answered before the rest is imported."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

OF_ALL_CORPORA = ("reader", "run", "feedback", "questions")
"""The commands that are not about one corpus."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: the arguments behind `passage`; None is those of this process.

    Returns:
        The exit status: 0, 1 after an error, or 130 after Ctrl-C.

    Raises:
        SystemExit: with 0 after help, with 2 for wrong usage.
    """
    # Of a stream that the shell has closed there is none: it is empty, or goes nowhere.
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Quotes are exact in UTF-8 alone, whatever the terminal's locale. What of a file's name
            # is not UTF-8 is printed as JSON has it.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    args = _parser().parse_args(argv)
    try:
        from .context import run  # noqa: PLC0415 - it imports what help does not need

        return run(args)
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="passage",
        description="Answers questions about a body of articles by quoting them, word for word.",
    )
    parser.add_argument(
        "-V", "--version", action=_Version, nargs=0, help="print the version and exit"
    )
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(
        name: str, function: str, help: str, json: str = "print one JSON value"
    ) -> argparse.ArgumentParser:
        """Add a command: `function` is a module of this folder and a name in it."""
        command = subparsers.add_parser(
            name, help=help, description=f"{help[0].upper()}{help[1:]}.", allow_abbrev=False
        )
        command.set_defaults(function=function)
        if json:
            command.add_argument("--json", action="store_true", help=json)
        return command

    ask = add("ask", "commands.ask", "answer one question")
    ask.add_argument("question", nargs="+", metavar="QUESTION")
    ask.add_argument("--cite", action="store_true", help="print the quotes as W3C Web Annotations")
    verify = add(
        "verify", "commands.verify", "say whether cited words stand where they are said to"
    )
    verify.add_argument("file", metavar="FILE", help="what `ask --cite` printed; - is stdin")
    add("chat", "commands.chat", "ask one question after another in the terminal", json="")
    reload = add(
        "reload",
        "watch.reload_articles",
        "bring the index up to the files",
        json="print one JSON value; with --watch one a line",
    )
    reload.add_argument("--watch", action="store_true", help="and again whenever they change")
    check = add("check", "check.check", "say what the reader makes of files, without an index")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    add_article = add("add", "commands.add_article", "fetch one article by https and store it")
    add_article.add_argument("url", metavar="URL")
    follow = add("follow", "feeds.follow", "follow a feed, a sitemap or a page of links")
    follow.add_argument("url", metavar="URL", help="- is a list of addresses on stdin")
    follow.add_argument(
        "--name", type=_filled, help="of its folder below feeds/; by default the host"
    )
    feeds = add("feeds", "feeds.feeds", "say how the sources fare that are followed")
    feeds.add_argument("--fetch", action="store_true", help="fetch them now, and reload")
    add("status", "commands.status", "say what the index holds")
    evaluate = add("eval", "commands.evaluate_gold", "ask gold questions and print figures")
    evaluate.add_argument("file", type=Path, metavar="FILE.jsonl")
    evaluate.add_argument(
        "--plot", type=Path, metavar="FOLDER", help="draw the curves there, as PNG and SVG"
    )
    add("reader", "serve.reader", "serve the articles and their quotes as web pages", json="")
    add("run", "serve.run_on_discord", "connect to Discord with DISCORD_TOKEN", json="")
    add("mcp", "agents.serve_mcp", "serve agents on stdin and stdout (MCP)", json="")
    add("try", "serve.try_it", "try the bot on a Discord-like page on this machine", json="")
    add("doctor", "doctor.doctor", "look at all that the bot needs, and say what to do")
    export = add("export", "backup.export_to", "write articles and feedback to an archive")
    restore = add("import", "backup.import_from", "bring back what `passage export` wrote")
    for command in (export, restore):
        command.add_argument("file", type=Path, metavar="FILE.zip")
    restore.add_argument(
        "--replace", action="store_true", help="put it in the place of what is there"
    )
    add("feedback", "commands.feedback", "print what members said of the answers")
    questions = add("questions", "commands.questions", "list what members have asked")
    questions.add_argument(
        "--unanswered", action="store_true", help="only that for which nothing was found"
    )
    questions.add_argument(
        "--gold", action="store_true", help="write a gold file for `passage eval`, to be filled in"
    )
    meetings = add("meetings", "commands.meetings", "list the meetings that the articles report")
    meetings.add_argument(
        "--from", dest="start", metavar="DAY", help='2024-11-06, 2024-11, 2024, "last month"'
    )
    meetings.add_argument("--to", dest="end", metavar="DAY", help="as --from")
    for option, value, help in (
        ("--place", "PLACE", "where it met, or a part of the name"),
        ("--language", "LANGUAGE", "the articles' language, such as de or Deutsch"),
        ("--about", "WORDS", "what they are about, in any language"),
    ):
        meetings.add_argument(option, metavar=value, help=help)
    meetings.add_argument("--ics", metavar="FILE", help="write a calendar file; - is stdout")
    for name in subparsers.choices.keys() - OF_ALL_CORPORA:
        subparsers.choices[name].add_argument(
            "--corpus",
            type=_filled,
            metavar="NAME",
            help="a corpus of PASSAGE_CORPORA; by default the main one",
        )
    return parser


class _Version(argparse.Action):
    """Prints the version; retrieval, which knows it, is imported only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from retrieval import __version__  # noqa: PLC0415

        print(__version__)  # noqa: T201
        parser.exit()


def _filled(text: str) -> str:
    """A type for argparse: "" is no value, as that of a variable that a script has not set."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty")
    return text


if __name__ == "__main__":
    sys.exit(main())
