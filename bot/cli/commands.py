"""The commands that answer in the terminal."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import retrieval
from retrieval import (
    Answer,
    CitationCheck,
    Meeting,
    OperatorError,
    Outcome,
    QuestionError,
    Turn,
    Verdict,
)

from ..i18n.phrases import ENGLISH
from ..journal import question_groups
from ..journal.journal import JOURNAL, Journal
from ..meetings import filters
from ..ui.links import Links
from ..ui.text import clean, one_line, shorten
from .context import CommandContext, UsageError, index_if_none, make_index_current, reload_index
from .json_output import (
    added_json,
    answer_json,
    check_json,
    citations_json,
    meeting_json,
    print_json,
    question_group_json,
)
from .output import HELP, Terminal, day_of, is_person
from .suggestions import suggestions

MAX_WORDS_SHOWN = 60
"""The most characters of a citation's words that are printed."""


def ask(context: CommandContext) -> None:
    """Answer one question: `passage ask QUESTION`."""
    # Small talk is answered, and an unusable question refused, before the index is opened.
    question = retrieval.cleaned(" ".join(context.args.question))
    answer = retrieval.small_talk(question)
    if answer is None:
        make_index_current(context)
        answer = context.library.ask(question)
    links = context.settings.links
    if context.args.cite:
        print_json(citations_json(answer, context.library))
    else:
        context.show(
            answer, partial(context.terminal.answer, links=links), partial(answer_json, links=links)
        )
    if answer.out_of_date:
        context.terminal.warn(answer)


def verify(context: CommandContext) -> int:
    """Say of each citation in a file whether its words stand where it says: `passage verify FILE`.

    Returns:
        The exit status: 0 where all of them do, else 1.

    Raises:
        OperatorError: the file cannot be read, or holds something else than citations.
    """
    name = context.args.file
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8-sig")
        citations = retrieval.read_citations(text)
    except (OSError, ValueError) as error:
        reason = retrieval.reason_of(error)
        raise OperatorError(f"{Path(name)} cannot be verified: {reason}.") from error
    index_if_none(context)
    checks = context.check_citations(citations)
    context.show(
        checks,
        partial(_print_citations, context.terminal),
        lambda checks: [*map(check_json, checks)],
    )
    return int(any(check.verdict is not Verdict.STANDS for check in checks))


def _print_citations(terminal: Terminal, checks: Sequence[CitationCheck]) -> None:
    for check in checks:
        words = shorten(check.citation.words, MAX_WORDS_SHOWN)
        terminal.say(f"“{words}” ({one_line(check.citation.article)})")
        terminal.fact("", [clean(ENGLISH.verdict(check))])


def chat(context: CommandContext) -> None:
    """Answer one question after another: `passage chat`."""
    make_index_current(context)
    context.library.warm()
    options = context.settings.reader.private if is_person() else None
    if is_person():
        context.terminal.say(HELP)
        for question in islice(suggestions(context.library), 1):
            context.terminal.say(f"For example: {question}")
        context.terminal.say("An empty line or Ctrl-D ends the chat.")
    if options is None:
        _chat(context, context.library.ask, context.settings.links)
        return
    from ..web.app import background_reader  # noqa: PLC0415 - it imports the web server

    with background_reader(context.library, options) as (ask, links):
        _chat(context, ask, links)


def _chat(context: CommandContext, ask: Callable[[str, Turn | None], Answer], links: Links) -> None:
    before = None
    prompt = "\n> " if is_person() else ""
    while question := _read_line(prompt):
        try:
            answer = ask(question, before)
        except QuestionError as error:
            context.terminal.error(str(error))
            continue
        context.terminal.answer(answer, links)
        if answer.outcome is not Outcome.SMALL_TALK:
            before = Turn.after(answer)
        if answer.out_of_date:
            context.terminal.warn(answer)


def status(context: CommandContext) -> None:
    """Print the state of the index: `passage status`."""
    context.show(context.library.status(), context.terminal.status)


def feedback(context: CommandContext) -> None:
    """Print the feedback of members: `passage feedback`."""
    with Journal(context.settings.library.data_dir / JOURNAL) as journal:
        asked = journal.with_tables(question_groups.questions_by_answer)
        rows = [(entry, asked.get(entry.answer)) for entry in journal.feedback()]
    context.show(
        rows,
        context.terminal.feedback,
        lambda rows: [dataclasses.asdict(entry) | {"question": text} for entry, text in rows],
    )


def questions(context: CommandContext) -> None:
    """Print what was asked, or what was not answered: `passage questions [--unanswered]`.

    Raises:
        UsageError: `--gold`, which is a value a line, and `--json` are both given.
    """
    if context.args.gold and context.args.json:
        raise UsageError("--json and --gold would both write to stdout; choose one.")
    with Journal(context.settings.library.data_dir / JOURNAL) as journal:
        read = partial(question_groups.questions_asked, unanswered=context.args.unanswered)
        asked = journal.with_tables(read)
    # Without questions no model is loaded.
    group = partial(retrieval.grouped, context.library.embedder) if asked else None
    groups = question_groups.question_groups(asked, group) if group else []
    if context.args.gold:
        for line in question_groups.gold_lines(groups):
            print(line)  # noqa: T201
    else:
        context.show(
            groups,
            partial(_print_groups, context.terminal),
            lambda groups: [*map(question_group_json, groups)],
        )


def _print_groups(terminal: Terminal, groups: Sequence[question_groups.QuestionGroup]) -> None:
    for group in groups:
        first, *rewordings = map(clean, group.wordings)
        answered = f"answered {group.answered}×, last {day_of(group.last)}"
        terminal.say(f"{first}  {group.times}×, {answered}")
        for rewording in rewordings:
            terminal.say(f"  = {rewording}")
        if group.passage:
            shown = f"{clean(group.passage.title)}, {one_line(group.passage.article)}"
            terminal.fact("· ", [shown])
    if not groups:
        terminal.say("There are no such questions.")


def meetings(context: CommandContext) -> None:
    """List the meetings that the articles report: `passage meetings`.

    Raises:
        UsageError: what should be days is none, the days are not in order, no article is in the
            language, or `--json` and the calendar would both go to stdout.
        OperatorError: the calendar cannot be written.
    """
    args = context.args
    if args.json and args.ics == "-":
        raise UsageError("--json and --ics - would both write to stdout; name a file.")
    try:
        criteria = filters.typed_filter(args.start, args.end, args.place, about=args.about)
        index_if_none(context)
        all_meetings = context.library.meetings()
        if args.language:
            code = filters.language_code(args.language, filters.languages_of(all_meetings))
            criteria = dataclasses.replace(criteria, language=code)
    except filters.FilterError as error:
        raise UsageError(str(error)) from error
    matching = context.library.meetings(criteria)
    current = [meeting for meeting in matching if context.library.holds(meeting.evidence)]
    if outdated := len(matching) - len(current):
        context.terminal.note(
            f"Left out {ENGLISH.counted('meeting_count', outdated)} whose articles have changed "
            "since they were indexed; `passage reload` brings the list up to date."
        )
    if args.json:
        print_json([meeting_json(meeting, context.settings.links) for meeting in current])
    elif args.ics is None:
        context.terminal.meetings(current, criteria, len(all_meetings), context.settings.links)
    if args.ics is not None:
        feeds = filters.feed_addresses(current, criteria, context.settings.links)
        _write_calendar(context, args.ics, current, feeds)


def _write_calendar(
    context: CommandContext, name: str, meetings: Sequence[Meeting], feeds: Sequence[str]
) -> None:
    """Write a calendar file, or - for stdout; note what it has and has not, and the feeds."""
    from ..meetings.calendar import calendar  # noqa: PLC0415 - no other command needs it

    file = calendar(meetings, links=context.settings.links)
    if name == "-":
        sys.stdout.buffer.write(file.content)
        sys.stdout.flush()
    else:
        try:
            Path(name).write_bytes(file.content)
        except (OSError, ValueError) as error:
            reason = retrieval.reason_of(error)
            raise OperatorError(f"{Path(name)} cannot be written: {reason}.") from error
        context.terminal.note(f"{ENGLISH.counted('meeting_count', file.events)} written to {name}.")
    if file.left_out:
        context.terminal.note(ENGLISH.counted("left_out", file.left_out))
    for address in feeds:
        context.terminal.note(ENGLISH("calendar_feed", address=address))


def add_article(context: CommandContext) -> None:
    """Fetch an article, store it, and reload: `passage add URL`.

    Raises:
        OperatorError: the article cannot be fetched or stored; or it is stored, but the index
            cannot be updated: then the next reload takes it in.
    """
    library = context.library  # Opened first: nothing is fetched where no index can be written.
    added = retrieval.add(context.settings.library.seeds_dir, context.args.url)
    if not context.args.json:
        context.terminal.added(added)
    try:
        report = reload_index(library, context.terminal)
    except OperatorError as error:
        raise OperatorError(
            f"The article is stored as {added.source.path}, but not in the index yet; once this is "
            f"put right, run `passage reload`: {error}"
        ) from error
    context.show(report, context.terminal.reload, lambda report: added_json(added.source, report))


def evaluate_gold(context: CommandContext) -> None:
    """Ask gold questions and print figures: `passage eval FILE.jsonl`."""
    args = context.args
    if args.plot:
        # Drawing is prepared first, so that it does not fail after all questions are asked.
        try:
            from .plots import draw  # noqa: PLC0415

            args.plot.mkdir(parents=True, exist_ok=True)
        except ImportError as error:
            raise OperatorError(
                "--plot draws with matplotlib, which is not installed; "
                "`pip install 'passage-bot[plot]'` brings it."
            ) from error
        except OSError as error:
            reason = retrieval.reason_of(error)
            raise OperatorError(f"{args.plot} is no folder to draw in: {reason}.") from error
    make_index_current(context)
    with context.terminal.progress("Asking") as bar:
        figures = retrieval.evaluate(context.library, args.file, bar)
    context.show(figures, context.terminal.evaluation)
    if args.plot:
        files = draw(figures, args.file, args.plot)
        context.terminal.note(f"Drawn: {', '.join(map(str, files))}.")


def _read_line(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except EOFError:
        return ""
