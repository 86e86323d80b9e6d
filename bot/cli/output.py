"""Everything that the command line prints for people, in at most 80 columns."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from textwrap import TextWrapper

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.style import Style
from rich.table import Table
from rich.text import Text

import retrieval
from retrieval import (
    Answer,
    Meeting,
    Outcome,
    Quote,
    Reload,
    Status,
    language_name,
    shown,
    shown_head,
    shown_parts,
)

from ..i18n.phrases import ENGLISH, NOT_FOUND, ellipses
from ..journal.records import Feedback
from ..meetings.facts import notes, section
from ..meetings.filters import none_match
from ..ui.links import NO_READER, Links
from ..ui.text import clean, cleaned_line, one_line
from . import evaluation_tables, reload_report
from .checks import OK, PROBLEM, WARNING, Check

WIDTH = 80

BAR = "   │ "
"""What stands before each line of a quote."""

MARKS = {OK: ("ok", "green"), WARNING: ("!", "yellow"), PROBLEM: ("x", "red")}
"""How a check of `passage doctor` is marked, and in which colour."""

HELP = (
    "Ask me about the articles, in English, German, Spanish or Vietnamese. "
    "I answer with their own words, each with its source."
)


class Terminal:
    """A terminal: results go to stdout, and notes, errors and progress to stderr."""

    def __init__(self) -> None:
        self._out = Console(highlight=False, markup=False, emoji=False)
        self._out.width = min(self._out.width, WIDTH)
        self._err = Console(stderr=True, highlight=False, markup=False, emoji=False)

    def say(self, text: str = "") -> None:
        """Print a text, wrapped."""
        self._out.print(Text(clean(text)))

    def line(self, text: str) -> None:
        """Print a line, however long."""
        self._out.print(Text(one_line(text)), soft_wrap=True)

    def note(self, text: str) -> None:
        """Print a line on stderr, dimmed."""
        self._err.print(Text(one_line(text), style="dim"), soft_wrap=True)

    def error(self, text: str) -> None:
        """Print a line on stderr, in red."""
        self._err.print(Text(one_line(text), style="red"), soft_wrap=True)

    @contextmanager
    def progress(self, name: str) -> Iterator[Callable[[int, int], None]]:
        """Show a progress bar on stderr, if that is a terminal, and remove it at the end; yields
        what is called with how many are done and how many there are."""
        bar = BarColumn(28, complete_style="cyan", finished_style="cyan", pulse_style="cyan")
        left = MofNCompleteColumn(separator=" of "), TimeRemainingColumn(compact=True)
        columns = TextColumn("{task.description}"), bar, *left
        with Progress(
            *columns, console=self._err, transient=True, disable=not self._err.is_terminal
        ) as progress:
            task = progress.add_task(name, total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total)

    def answer(self, answer: Answer, links: Links = NO_READER) -> None:
        """Print an answer: its quotes with title, source and link, or why it has none."""
        if answer.follows is not None:
            question = clean(" ".join(answer.follows.split()))
            self._facts([ENGLISH("follows", question=question)], "")
        match answer.outcome:
            case Outcome.SMALL_TALK:
                self.say(HELP)
            case Outcome.NOT_FOUND:
                self.say(NOT_FOUND)
                if answer.nearest:
                    self.say("Closest to it:")
                    for quote in answer.nearest:
                        link = links.to(quote) or quote.article
                        self._block(Text(f"{clean(quote.title)}, {one_line(link)}"), "  · ")
            case Outcome.QUOTED:
                article = None
                for number, quote in enumerate(answer.quotes, 1):
                    if number > 1:
                        self.say()
                    self._quote(number, quote, links, anew=quote.article != article)
                    article = quote.article

    def warn(self, answer: Answer) -> None:
        """Note which articles of an answer have changed since they were indexed."""
        self.note(f"{ENGLISH.out_of_date(answer.out_of_date)} Here that is `passage reload`.")

    def _quote(self, number: int, quote: Quote, links: Links, *, anew: bool) -> None:
        """Print a quote; its article's title and addresses only if that begins `anew`."""
        page = ENGLISH("pdf_page", page=quote.page) if quote.page else ""
        unsure = ENGLISH("unsure") if quote.unsure else ""
        if anew:
            self._block(Text(clean(quote.title), style="bold"), f"{number}. ")
            date = ENGLISH.date(quote.date) if quote.date else ""
            site = ENGLISH.site(quote) or one_line(quote.article)
            certainty = ENGLISH("pinned") if quote.pinned else unsure
            self._facts([language_name(quote.language), date, site, page, certainty])
        elif page or unsure:
            self._facts([page, unsure], f"{number}. ")
        before, sentence, after = map(clean, shown_parts(quote))
        opened, closed = ellipses(quote.text)
        opened, bold = clean(shown_head(quote)) + opened, "bold" if before + after else ""
        words = Text.assemble((opened, "dim"), before, (sentence, bold), after, (closed, "dim"))
        self._block(words, BAR if anew or page or unsure else f"{number}. │ ", BAR)
        if not anew:
            return
        if address := links.to(quote):
            self._address(address)
        if quote.link and (reader := links.in_reader(quote)):
            self._address(reader, "dim")

    def meetings(
        self,
        meetings: Sequence[Meeting],
        criteria: retrieval.MeetingFilter,
        total: int,
        links: Links = NO_READER,
    ) -> None:
        """Print meetings, each with date, place, chair and evidence.

        Args:
            meetings: the meetings, those with a year first.
            criteria: the filters that they match.
            total: how many there are without filters.
            links: give the addresses of the evidence.
        """
        if not meetings:
            no_match = none_match(criteria, total, ENGLISH) if total else ""
            self.say(no_match or ENGLISH("no_meetings"))
        above = ""
        for number, meeting in enumerate(meetings, 1):
            if number > 1:
                self.say()
            key = section(meeting)
            if key != above:
                self._out.print(Text(f"{ENGLISH(key or 'already_over')}:\n", style="dim"))
            above = key
            self._meeting(number, meeting, links)
        if criteria.start or criteria.end:
            self.say()
            self._facts([ENGLISH("only_dated")], "")

    def _meeting(self, number: int, meeting: Meeting, links: Links) -> None:
        self._block(Text(cleaned_line(meeting.name), style="bold"), f"{number}. ")
        days = ENGLISH.days(meeting.date, meeting.end_date)
        place = cleaned_line(meeting.place or "")
        chair = ENGLISH("chaired_by", chair=cleaned_line(meeting.chair)) if meeting.chair else ""
        self._facts([days, place, chair, *notes(meeting, ENGLISH)])
        quote = meeting.evidence
        before, after = ellipses(quote.text)
        words = Text.assemble((before, "dim"), clean(shown(quote)), (after, "dim"))
        self._block(words, BAR, BAR)
        self._source(quote, links)
        for repeat in meeting.others:
            self._facts([f"{ENGLISH('also_in')}:"])
            self._source(repeat, links)

    def _source(self, quote: Quote, links: Links) -> None:
        address = links.to(quote) or quote.article
        self._address(ENGLISH("original", host=address) if quote.original else address)

    def _address(self, address: str, style: str = "blue") -> None:
        """Print an address without its text fragment, which is in the terminal's link alone."""
        target = one_line(address)
        visible, fragment, _ = target.partition("#:~:")
        link = Style(link=target) if fragment else Style()
        self._out.print(Text("   ").append(visible, Style.parse(style) + link), soft_wrap=True)

    def _facts(self, facts: Iterable[str], first: str = "   ") -> None:
        """Print facts, dimmed, with dots between them."""
        self._block(Text(" · ".join(filter(None, facts)), style="dim"), first)

    def _block(self, text: Text, first: str, following: str | None = None) -> None:
        """Print a text wrapped, `first` before its first line and `following` before the others;
        by default that is as many spaces."""
        prefix = first
        for line in text.wrap(self._out, self._out.width - len(first)):
            line.rstrip()
            self._out.print(Text.assemble((prefix, "dim"), line))
            prefix = " " * len(first) if following is None else following

    def fact(self, name: str, lines: Sequence[str]) -> None:
        """Print the name of a fact, and its lines beside it."""
        name = f"  {name}"
        for number, line in enumerate(lines):
            self._block(Text(line), " " * len(name) if number else name)

    def checks(self, checks: Sequence[Check]) -> None:
        """Print the checks of `passage doctor`: a mark, a name, the result, and what to do."""
        margin = max((len(check.name) for check in checks), default=0) + 6
        # An address stays whole, so that a terminal makes it a link.
        width = max(self._out.width - margin, 1)
        wrapper = TextWrapper(width, break_long_words=False, break_on_hyphens=False)
        for check in checks:
            mark, colour = MARKS[check.state]
            first = Text.assemble((f"{mark:<4}", colour), check.name.ljust(margin - 4))
            for line in wrapper.wrap(clean(check.says)) + wrapper.wrap(clean(check.do)):
                self._out.print(first + Text(line), soft_wrap=True)
                first = Text(" " * margin)

    def feedback(self, entries: Sequence[tuple[Feedback, str | None]]) -> None:
        """Print members' feedback, the oldest first, each with its question if that is kept."""
        for entry, question in entries:
            about = (question, entry.reason, entry.article, entry.words)
            facts = (day_of(entry.at), entry.rating, *about)
            self.say(" · ".join(clean(fact) for fact in facts if fact))
        if not entries:
            self.say("No member has said anything yet.")

    def added(self, added: retrieval.Added) -> None:
        """Print the title of an article that was fetched, and its file."""
        source = added.source
        self._block(Text(clean(source.title), style="bold"), "")
        day = ENGLISH.date(source.date) if source.date else ""
        self._facts([language_name(source.language), day, ENGLISH.site(source)], "")
        self.say(f"{'Replaced' if added.replaced else 'Stored as'} {one_line(source.path)}.")

    def reload(self, report: Reload) -> None:
        """Print the report of a reload."""
        for mark, line in reload_report.report(report):
            self._block(Text(line), mark)

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

    def evaluation(self, figures: retrieval.Evaluation) -> None:
        """Print the figures of an evaluation."""
        self._out.print(evaluation_tables.tables(figures))


def is_person() -> bool:
    """Return whether a person types at this terminal."""
    return sys.stdin.isatty()


def day_of(at: float) -> str:
    """Return the day of a time in seconds since the epoch, in UTC, as ISO 8601 has it."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()
