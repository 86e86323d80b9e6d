"""Answers, reports and progress in a terminal, readable in 80 columns."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.style import Style
from rich.table import Table
from rich.text import Text

from retrieval import Answer, Meeting, Outcome, Quote, Reload, Status, language_name

from ..i18n.phrases import ENGLISH, NOT_FOUND, ellipses, human_date, out_of_date
from ..journal import Feedback
from ..ui.links import NO_READER, Links
from ..ui.text import clean
from . import evaluation_tables, reload_report
from .checks import MARKS, Check, State, lines

if TYPE_CHECKING:  # What these stand on takes long to import.
    from retrieval import Added, Evaluation, Wanted

WIDTH = 80

HELP = (
    "Ask me about the articles, in English, German, Spanish or Vietnamese. "
    "I answer with their own words, each with its source."
)


class Terminal:
    """A person's terminal: what is said goes to stdout, what is done to stderr."""

    def __init__(self) -> None:
        self._out = Console(highlight=False, markup=False, emoji=False)
        self._out.width = min(self._out.width, WIDTH)
        self._err = Console(stderr=True, highlight=False, markup=False, emoji=False)

    def say(self, text: str = "") -> None:
        self._out.print(Text(text))

    def line(self, text: str) -> None:
        """One line, however long."""
        self._out.print(Text(text), soft_wrap=True)

    def note(self, text: str) -> None:
        """A line about what is going on, beside the answer."""
        self._err.print(Text(text, style="dim"), soft_wrap=True)

    def error(self, text: str) -> None:
        self._err.print(Text(text, style="red"), soft_wrap=True)

    @contextmanager
    def progress(self, what: str) -> Iterator[_Bar]:
        """A progress bar on stderr that goes when it is done; none where stderr is no terminal."""
        bar = BarColumn(28, complete_style="cyan", finished_style="cyan", pulse_style="cyan")
        columns = (TextColumn("{task.description}"), bar, _Left())
        with Progress(
            *columns, console=self._err, transient=True, disable=not self._err.is_terminal
        ) as progress:
            yield _Bar(progress, what)

    def answer(self, answer: Answer, links: Links = NO_READER) -> None:
        """Print an answer: its quotes with title, source and link, or why there are none."""
        match answer.outcome:
            case Outcome.SMALL_TALK:
                self.say(HELP)
            case Outcome.NOT_FOUND:
                self.say(NOT_FOUND)
                if answer.nearest:
                    self.say("Closest to it:")
                    for title in answer.nearest:
                        self._block(Text(clean(title)), "  · ", "    ")
            case Outcome.QUOTED:
                for number, quote in enumerate(answer.quotes, 1):
                    self._quote(number, quote, links)

    def warn(self, answer: Answer) -> None:
        """Say beside the answer which articles have changed since they were indexed."""
        self.note(out_of_date([clean(path) for path in answer.out_of_date]))

    def _quote(self, number: int, quote: Quote, links: Links) -> None:
        if number > 1:
            self.say()
        self._block(Text(clean(quote.title), style="bold"), f"{number}. ", "   ")
        facts = [
            language_name(quote.language),
            human_date(quote.date) if quote.date else "",
            ENGLISH.site(quote) or clean(quote.article),
            ENGLISH("unsure") if quote.unsure else "",
        ]
        self._block(Text(" · ".join(filter(None, facts)), style="dim"), "   ")
        first, last = (at - quote.start for at in quote.answer)
        before, after = ellipses(quote.text)
        words = Text.assemble(
            (before, "dim"),
            clean(quote.text[:first]),
            (clean(quote.text[first:last]), "bold" if last - first < len(quote.text) else ""),
            clean(quote.text[last:]),
            (after, "dim"),
        )
        self._block(words, "   │ ")
        if to := links.to(quote):
            self._address(to)
        if quote.link and (reader := links.in_reader(quote)):
            self._address(reader, "dim")

    def meetings(
        self,
        found: Sequence[Meeting],
        wanted: Wanted,
        unfiltered: int,
        links: Links = NO_READER,
    ) -> None:
        """Print meetings, each with what is known of it and the words that say so.

        Where there is none, say how many there are without the filters.
        """
        if not found:
            none = ENGLISH.counted("none_match", unfiltered) if unfiltered else ""
            self.say(none or ENGLISH("no_meetings"))
        known = True
        for number, meeting in enumerate(found, 1):
            if number > 1:
                self.say()
            if known and (meeting.date is None or meeting.date.year is None):
                known = False
                self._out.print(Text(f"{ENGLISH('no_year')}:\n", style="dim"))
            self._meeting(number, meeting, links)
        if wanted.start or wanted.end:
            self.say()
            self._block(Text(ENGLISH("only_dated"), style="dim"), "")

    def _meeting(self, number: int, meeting: Meeting, links: Links) -> None:
        self._block(Text(_line(meeting.name), style="bold"), f"{number}. ", "   ")
        facts = [
            ENGLISH.days(meeting.date, meeting.end_date),
            _line(meeting.place or ""),
            ENGLISH("chaired_by", chair=_line(meeting.chair)) if meeting.chair else "",
            ENGLISH.year_note(meeting.year_from),
        ]
        self._block(Text(" · ".join(filter(None, facts)), style="dim"), "   ")
        quote = meeting.evidence
        before, after = ellipses(quote.text)
        words = Text.assemble((before, "dim"), clean(quote.text), (after, "dim"))
        self._block(words, "   │ ")
        self._source(quote, links)
        for other in meeting.others:
            self._block(Text(f"{ENGLISH('also_in')}:", style="dim"), "   ")
            self._source(other, links)

    def _source(self, quote: Quote, links: Links) -> None:
        where = links.to(quote) or quote.article
        self._address(ENGLISH("original", host=where) if quote.original else where)

    def _address(self, where: str, style: str = "blue") -> None:
        """Print an address without its text fragment, which a terminal that has links follows."""
        whole = clean(where)
        seen, fragment, _ = whole.partition("#:~:")
        link = Style(link=whole) if fragment else Style()
        self._out.print(Text("   ").append(seen, Style.parse(style) + link), soft_wrap=True)

    def _block(self, text: Text, first: str, rest: str | None = None) -> None:
        """Print a text wrapped, with `first` before its first line and `rest` before the others."""
        prefix = first
        for line in text.wrap(self._out, self._out.width - len(first)):
            line.rstrip()
            self._out.print(Text.assemble((prefix, "dim"), line))
            prefix = first if rest is None else rest

    def checks(self, checks: Sequence[Check]) -> None:
        """Print what `passage doctor` has found."""
        colours = {
            MARKS[State.OK]: "green",
            MARKS[State.WARNING]: "yellow",
            MARKS[State.PROBLEM]: "red",
        }
        for line in lines(checks, self._out.width):
            text = Text(line)
            text.stylize(colours.get(line[:3].strip(), ""), 0, 3)
            self._out.print(text, soft_wrap=True)

    def feedback(self, said: Sequence[Feedback]) -> None:
        """Print what members said of answers, the oldest first."""
        for one in said:
            day = datetime.fromtimestamp(one.at, UTC).date().isoformat()
            facts = [day, one.rating, one.reason, one.article, one.words]
            self.say(" · ".join(clean(fact) for fact in facts if fact))
        if not said:
            self.say("No member has said anything yet.")

    def added(self, added: Added) -> None:
        """Print what was fetched and where it is kept."""
        source = added.source
        self._block(Text(clean(source.title), style="bold"), "")
        day = human_date(source.date) if source.date else ""
        facts = [language_name(source.language), day, ENGLISH.site(source)]
        self._block(Text(" · ".join(filter(None, facts)), style="dim"), "")
        self.say(f"{'Replaced' if added.replaced else 'Stored as'} {clean(source.path)}.")

    def reload(self, report: Reload) -> None:
        """Print what a reload did."""
        for mark, line in reload_report.report(report):
            self._block(Text(line), mark, " " * len(mark))

    def status(self, status: Status) -> None:
        """Print the state of the index."""
        rows = {
            "Articles": f"{status.articles} ("
            + ", ".join(f"{n} {language_name(code)}" for code, n in status.languages.items())
            + ")",
            "Passages": str(status.passages),
            "Model": f"{status.model}, {status.dimension} dimensions",
            "Indexed": status.indexed_at,
            "Index": status.store,
        }
        table = Table.grid(padding=(0, 2))
        for name, value in rows.items():
            table.add_row(Text(name, style="bold"), Text(value))
        self._out.print(table)

    def evaluation(self, figures: Evaluation) -> None:
        """Print the figures of an evaluation."""
        self._out.print(evaluation_tables.tables(figures))


class _Left(ProgressColumn):
    """How many are done of how many, and the time left; empty while neither is known."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        if task.total is None:
            return Text()
        counts = f"{task.completed:,.0f} of {task.total:,.0f}"
        if task.finished or task.time_remaining is None:
            return Text(counts)
        minutes, seconds = divmod(int(task.time_remaining), 60)
        return Text(f"{counts} · {minutes}:{seconds:02} left")


class _Bar:
    """Called with what is done and what there is to do."""

    def __init__(self, progress: Progress, what: str):
        self._progress = progress
        self._task = None if progress.disable else progress.add_task(what, total=None)

    def __call__(self, done: int, total: int) -> None:
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=total)


def is_person() -> bool:
    """Whether a person types at this terminal."""
    return sys.stdin.isatty()


def _line(text: str) -> str:
    return " ".join(clean(text).split())
