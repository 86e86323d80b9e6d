"""What each command of the command line does."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import retrieval
from retrieval import Answer, Meeting, OperatorError, OutdatedIndexError, QuestionError, Reload

from ..backup.restore import REINDEX
from ..i18n.phrases import ENGLISH
from ..journal import JOURNAL, Journal
from ..settings import Settings
from ..ui.links import Links
from .checks import State
from .json_output import answer_json, meeting_json, print_json
from .output import HELP, Terminal, is_person

SUGGESTIONS = (
    "Who received the Ho Chi Minh Order?",
    "Wer nahm an der Konferenz am 19. Dezember in Hanoi teil?",
    "¿Quién presidió la reunión con los secretarios provinciales?",
)
"""What `passage try` and `passage chat` propose for the first corpus."""

OUTDATED = (
    "The index was made by another version of Passage or by another model; "
    "indexing the articles anew."
)


@dataclass(frozen=True)
class Context:
    """What a command works with. `opened` closes what the command has opened, when it ends."""

    args: argparse.Namespace
    settings: Settings
    terminal: Terminal
    opened: ExitStack

    @cached_property
    def library(self) -> retrieval.Library:
        """The library, opened when it is first used. Raises StoreError if it cannot be."""
        return self.opened.enter_context(self.open_library())

    def open_library(self) -> retrieval.Library:
        """Open the library that the settings name. Raises StoreError if it cannot be opened."""
        return retrieval.Library.open(
            self.settings.seeds_dir,
            self.settings.data_dir,
            self.settings.embedding_model,
            self.settings.chroma_url,
            self.settings.reranker_model,
        )


def ask(on: Context) -> None:
    """`passage ask QUESTION`."""
    # What the articles need not be asked for is answered, or refused, before they are opened.
    question = retrieval.cleaned(" ".join(on.args.question))
    answer = retrieval.small_talk(question)
    if answer is None:
        make_index_current(on)
        answer = on.library.ask(question)
    if on.args.json:
        print_json(answer_json(answer, on.settings.links))
    else:
        on.terminal.answer(answer, on.settings.links)
    if answer.out_of_date:
        on.terminal.warn(answer)


def chat(on: Context) -> None:
    """`passage chat`."""
    make_index_current(on)
    on.library.warm()
    options = on.settings.own_reader if is_person() else None
    if is_person():
        on.terminal.say(HELP)
        on.terminal.say("For example: " + SUGGESTIONS[0])
        on.terminal.say("An empty line or Ctrl-D ends the chat.")
    if options is None:
        _chat(on, on.library.ask, on.settings.links)
        return
    # Imported here: no other command of the terminal needs a server.
    from ..web.background import reader_beside  # noqa: PLC0415

    with reader_beside(on.library, options) as (ask, links):
        _chat(on, ask, links)


def _chat(on: Context, ask: Callable[[str], Answer], links: Links) -> None:
    prompt = "\n> " if is_person() else ""
    while question := _read_line(prompt):
        try:
            answer = ask(question)
        except QuestionError as error:
            on.terminal.error(str(error))
            continue
        on.terminal.answer(answer, links)
        if answer.out_of_date:
            on.terminal.warn(answer)


def status(on: Context) -> None:
    """`passage status`."""
    status = on.library.status()
    if on.args.json:
        print_json(dataclasses.asdict(status))
    else:
        on.terminal.status(status)


def feedback(on: Context) -> None:
    """`passage feedback`."""
    with Journal(on.settings.data_dir / JOURNAL) as journal:
        said = journal.feedback()
    if on.args.json:
        print_json([dataclasses.asdict(one) for one in said])
    else:
        on.terminal.feedback(said)


def meetings(on: Context) -> None:
    """`passage meetings`."""
    # Imported here: it knows of the meetings, of which no other command of this file does.
    from ..meetings import filters  # noqa: PLC0415

    args = on.args
    if args.json and args.ics == "-":
        raise OperatorError("--json and --ics - would both write to stdout; name a file.")
    wanted = filters.wanted(args.start, args.end, args.place, args.language)
    index_if_none(on)
    everything = on.library.meetings()
    if wanted.language:
        code = filters.language_code(wanted.language, filters.languages_of(everything))
        wanted = dataclasses.replace(wanted, language=code)
    listed = on.library.meetings(wanted)
    found = [meeting for meeting in listed if on.library.holds(meeting.evidence)]
    if gone := len(listed) - len(found):
        on.terminal.note(
            f"Left out {ENGLISH.counted('meeting_count', gone)} whose articles have changed since "
            "they were indexed; `passage reload` brings the list up to date."
        )
    if args.json:
        print_json([meeting_json(meeting) for meeting in found])
    elif not args.ics:
        on.terminal.meetings(found, wanted, len(everything), on.settings.links)
    if args.ics:
        _write_calendar(on, args.ics, found)


def _write_calendar(on: Context, name: str, found: Sequence[Meeting]) -> None:
    """Writes a calendar file; says beside it how many meetings are in it, and how many are not."""
    # Imported here: no other command needs it.
    from ..meetings.calendar import calendar  # noqa: PLC0415

    made = calendar(found, links=on.settings.links)
    if name == "-":
        sys.stdout.buffer.write(made.content)
        sys.stdout.flush()
    else:
        try:
            Path(name).write_bytes(made.content)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise OperatorError(f"{name} cannot be written: {reason}.") from error
        on.terminal.note(f"{ENGLISH.counted('meeting_count', made.events)} written to {name}.")
    if made.left_out:
        on.terminal.note(ENGLISH.counted("left_out", made.left_out))


def evaluate(on: Context) -> None:
    """`passage eval FILE.jsonl`."""
    args = on.args
    if args.plot:
        # What would fail at the end fails before anything is asked.
        try:
            from .plots import draw  # noqa: PLC0415

            args.plot.mkdir(parents=True, exist_ok=True)
        except ImportError as error:
            raise OperatorError(
                "--plot draws with matplotlib, which is not installed; "
                "`pip install 'passage[plot]'` brings it."
            ) from error
        except OSError as error:
            raise OperatorError(
                f"{args.plot} is no folder to draw in: {error.strerror}."
            ) from error
    make_index_current(on)
    with on.terminal.progress("Asking") as bar:
        figures = retrieval.evaluate(on.library, args.file, bar)
    if args.json:
        print_json(dataclasses.asdict(figures))
    else:
        on.terminal.evaluation(figures)
    if args.plot:
        made = draw(figures, args.file, args.plot)
        on.terminal.note(f"Drawn: {', '.join(map(str, made))}.")


def doctor(on: Context) -> int:
    """`passage doctor`; returns the exit status, 1 where there is a problem."""
    # Imported here, as in `run`: the terminal's commands need nothing of Discord.
    import asyncio  # noqa: PLC0415

    from .doctor import run_checks  # noqa: PLC0415

    settings = on.settings
    token = settings.discord_token
    checks = asyncio.run(
        run_checks(
            token=token.get_secret_value() if token else None,
            seeds_dir=settings.seeds_dir,
            data_dir=settings.data_dir,
            chroma_url=settings.chroma_url,
            wants_content=bool(settings.channels),
            links=settings.links,
            open_library=on.open_library,
        )
    )
    if on.args.json:
        print_json([dataclasses.asdict(check) for check in checks])
    else:
        on.terminal.checks(checks)
    return int(any(check.state is State.PROBLEM for check in checks))


def index_if_none(on: Context) -> None:
    """Build the index on a new machine, and bring it up to the articles of an import."""
    first, imported = not on.library.indexed, on.settings.data_dir / REINDEX
    if first or imported.exists():
        report = _index(on)
        imported.unlink(missing_ok=True)
        when = "for the first time" if first else "after an import"
        on.terminal.note(f"Indexed {report.articles} articles {when}.")
        _note_failures(on, report)


def make_index_current(on: Context) -> None:
    """Build the index on a new machine, and anew where another version or model made it."""
    index_if_none(on)
    try:
        on.library.check_index()
    except OutdatedIndexError:
        on.terminal.note(OUTDATED)
        _note_failures(on, _index(on))


def _index(on: Context) -> Reload:
    with on.terminal.progress("Indexing") as bar:
        return on.library.reload(bar)


def _note_failures(on: Context, report: Reload) -> None:
    for failure in report.failed:
        on.terminal.note(f"Left out {failure.article}: {failure.reason}.")


def _read_line(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except EOFError:
        return ""
