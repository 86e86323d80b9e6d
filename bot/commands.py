"""What each command of the command line does."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import retrieval
from retrieval import Library, Meeting, OperatorError, QuestionError

from . import filters
from .as_json import answer_json, meeting_json, print_json
from .checks import State
from .journal import JOURNAL, Journal
from .options import AskOptions
from .settings import Settings
from .terminal import HELP, Terminal, is_person
from .words import ENGLISH

SUGGESTIONS = (
    "Who received the Ho Chi Minh Order?",
    "Wer nahm an der Konferenz am 19. Dezember in Hanoi teil?",
    "¿Quién presidió la reunión con los secretarios provinciales?",
)
"""What `passage try` and `passage chat` propose for the first corpus."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a command works with."""

    args: argparse.Namespace
    settings: Settings
    library: Library
    terminal: Terminal


def ask(on: Context) -> None:
    """`passage ask QUESTION`."""
    _index_if_none(on)
    answer = on.library.ask(" ".join(on.args.question))
    if on.args.json:
        print_json(answer_json(answer, on.settings.public_url))
    else:
        on.terminal.answer(answer)
    if answer.out_of_date:
        on.terminal.warn(answer)


def chat(on: Context) -> None:
    """`passage chat`."""
    _index_if_none(on)
    on.library.warm()
    if is_person():
        on.terminal.say(HELP)
        on.terminal.say("For example: " + SUGGESTIONS[0])
        on.terminal.say("An empty line or Ctrl-D ends the chat.")
    prompt = "\n> " if is_person() else ""
    while question := _read_line(prompt):
        try:
            answer = on.library.ask(question)
        except QuestionError as error:
            on.terminal.error(str(error))
            continue
        on.terminal.answer(answer)
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
    args = on.args
    if args.json and args.ics == "-":
        raise OperatorError("--json and --ics - would both write to stdout; name a file.")
    wanted = filters.wanted(args.start, args.end, args.place, args.language)
    _index_if_none(on)
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
        on.terminal.meetings(found, wanted, len(everything))
    if args.ics:
        _write_calendar(on, args.ics, found)


def _write_calendar(on: Context, name: str, found: Sequence[Meeting]) -> None:
    """Writes a calendar file; says beside it how many meetings are in it, and how many are not."""
    # Imported here: no other command needs it.
    from .ics import calendar  # noqa: PLC0415

    made = calendar(found)
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
    _index_if_none(on)
    with on.terminal.progress("Asking") as bar:
        figures = retrieval.evaluate(on.library, args.file, bar)
    if args.json:
        print_json(dataclasses.asdict(figures))
    else:
        on.terminal.evaluation(figures)
    if args.plot:
        made = draw(figures, args.file, args.plot)
        on.terminal.note(f"Drawn: {', '.join(map(str, made))}.")


def doctor(
    args: argparse.Namespace,
    settings: Settings,
    terminal: Terminal,
    open_library: Callable[[], Library],
) -> int:
    """`passage doctor`; returns the exit status, 1 where there is a problem."""
    # Imported here, as in `run`: the terminal's commands need nothing of Discord.
    from .doctor import run_checks  # noqa: PLC0415

    token = settings.discord_token
    checks = asyncio.run(
        run_checks(
            token=token.get_secret_value() if token else None,
            seeds_dir=settings.seeds_dir,
            data_dir=settings.data_dir,
            chroma_url=settings.chroma_url,
            wants_content=bool(settings.channels),
            open_library=open_library,
        )
    )
    if args.json:
        print_json([dataclasses.asdict(check) for check in checks])
    else:
        terminal.checks(checks)
    return int(any(check.state is State.PROBLEM for check in checks))


def run(on: Context) -> None:
    """`passage run`."""
    if on.settings.discord_token is None:
        raise OperatorError(
            "DISCORD_TOKEN is not set, so there is no bot to connect; "
            "`passage try` shows the bot without one."
        )
    # Imported here: the terminal's commands need no discord.py.
    from .client import run_bot  # noqa: PLC0415

    if on.settings.admin_role is not None and on.settings.home is None:
        on.terminal.note("PASSAGE_ADMIN_ROLE does nothing without PASSAGE_HOME_GUILD.")
    _index_if_none(on)
    on.library.warm()
    asyncio.run(
        run_bot(
            on.settings.discord_token.get_secret_value(),
            on.library,
            on.settings.data_dir,
            options=AskOptions(
                direct_messages=on.settings.direct_messages,
                channels=on.settings.channels,
                per_member=on.settings.questions_per_member,
                per_guild=on.settings.questions_per_guild,
                log_questions=on.settings.log_questions,
            ),
            home=on.settings.home,
            health_port=on.settings.health_port,
            articles=on.library.status().articles,
            reader=on.settings.reader_options if on.settings.reader else None,
        )
    )


def reader(on: Context) -> None:
    """`passage reader`."""
    # Imported here, as in `run`: the terminal's commands need no server.
    from .client import until_signal  # noqa: PLC0415
    from .reader.app import serving  # noqa: PLC0415
    from .worker import Worker  # noqa: PLC0415

    _index_if_none(on)

    async def serve() -> None:
        options = on.settings.reader_options
        async with (
            until_signal(),
            Worker(on.library) as worker,
            serving(worker, options) as address,
        ):
            await worker.run(on.library.warm)
            on.terminal.line(options.public_url or address)
            await asyncio.Event().wait()

    asyncio.run(serve())


def try_it(on: Context) -> None:
    """`passage try`."""
    from .preview import PreviewError, serve  # noqa: PLC0415

    on.terminal.note("Loading the model ...")
    _index_if_none(on)
    on.library.warm()

    def ready(address: str) -> None:
        on.terminal.say(f"Open {address}")
        on.terminal.note("Ctrl-C stops it.")

    page = serve(on.library, on_ready=ready, suggestions=SUGGESTIONS, port=on.settings.try_port)
    try:
        asyncio.run(page)
    except PreviewError as error:
        on.terminal.note(f"{error} Here is the chat in the terminal instead.")
        chat(on)


def _index_if_none(on: Context) -> None:
    """On a new machine the first question builds the index."""
    if on.library.indexed:
        return
    with on.terminal.progress("Indexing") as bar:
        report = on.library.reload(bar)
    on.terminal.note(f"Indexed {report.articles} articles for the first time.")
    for failure in report.failed:
        on.terminal.note(f"Left out {failure.article}: {failure.reason}.")


def _read_line(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except EOFError:
        return ""
