"""Passages pinned by an admin to questions: questions of the same meaning are answered by them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock

from pydantic import TypeAdapter, ValidationError

from ..arrays import Floats
from ..embedding.embedder import Embedder
from ..errors import OperatorError
from ..files import atomic_write
from ..models import MAX_QUOTES, Answer, Outcome, Quote
from ..quotes.quoting import present, verified
from ..search.likeness import ReadQuestion, agreement, likeness, pointed_at
from ..search.weights import ANSWER, LIKENESS

PINS = "pins.json"
"""The file's name in the data folder."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A question and the words of an article that are to answer it."""

    question: str
    quote: Quote


log = logging.getLogger(__name__)

_PINS = TypeAdapter(tuple[Pin, ...])


class Pins:
    """The pins in a file, which other processes may change too. Threads may share them.

    Raises:
        OperatorError: the file cannot be read or written; so do the methods that an admin calls.
    """

    def __init__(self, file: Path | None = None) -> None:
        """`file` is made when a passage is pinned; None keeps the pins in memory alone."""
        self._file = file
        self._lock = RLock()
        self._stamp: tuple[int, int] | None = None
        self._pins: tuple[Pin, ...] = ()
        self._read: dict[str, ReadQuestion] = {}
        """The questions of the pins as the model reads them."""
        self._pointed: dict[Pin, Floats] = {}
        """What the reader points at in what is pinned, of those that it has read."""

    def all(self) -> tuple[Pin, ...]:
        """Return the pins, the oldest first."""
        with self._lock:
            try:
                status = self._file.stat() if self._file else None
                stamp = (status.st_mtime_ns, status.st_ino) if status else None
                if self._file and stamp != self._stamp:
                    self._pins = _PINS.validate_json(self._file.read_bytes())
                    self._stamp = stamp
            except FileNotFoundError:
                self._pins, self._stamp = (), None
            except (OSError, ValidationError) as error:
                raise OperatorError(f"The pins in {self._file} cannot be read.") from error
            return self._pins

    def pin(self, question: str, quote: Quote) -> None:
        """Pin a quote to a question, in place of another one that was pinned to it."""
        pin = Pin(question, replace(quote, score=1.0, pinned=True))
        self._change(lambda pins: (*(old for old in pins if old.question != question), pin))

    def unpin(self, question: str) -> bool:
        """Unpin what is pinned to a question. Return whether anything was."""
        before = self.all()
        self._change(lambda pins: tuple(pin for pin in pins if pin.question != question))
        return len(self.all()) < len(before)

    def unpin_changed(self, folder: Path) -> tuple[str, ...]:
        """Unpin what the files of a folder no longer hold, wherever; return the questions. A file
        of pins that cannot be used costs a warning, not the reload that has been done."""
        try:
            checked = {pin: present(folder, pin.quote) for pin in self.all()}
            unchanged = {
                pin: replace(pin, quote=result[1]) for pin, result in checked.items() if result
            }
            # Another thread may have pinned meanwhile.
            self._change(
                lambda pins: tuple(
                    unchanged.get(p, p) for p in pins if p in unchanged or p not in checked
                )
            )
        except OperatorError as error:
            log.warning("%s", error)
            return ()
        return tuple(pin.question for pin in checked if pin not in unchanged)

    def put_first(self, answer: Answer, embedder: Embedder, folder: Path) -> Answer:
        """Return an answer that begins with the quote pinned to a question of the same meaning.

        It is the same answer if there is none, or its file no longer holds it. A follow-up has no
        meaning of its own. A file that cannot be read costs a warning, not the answer. Raises
        ModelError if the model cannot be loaded.
        """
        try:
            pins = self.all() if answer.follows is None else ()
        except OperatorError as error:
            log.warning("%s", error)
            return answer
        pin = self._closest(pins, answer, embedder) if pins else None
        quote = verified(folder, pin.quote) if pin else None
        if quote is None:
            return answer
        further = [other for other in answer.quotes if not _overlap(other, quote)]
        articles = [quote.article, *(q.article for q in further)]
        further.sort(key=lambda q: articles.index(q.article))
        quotes = (quote, *further)[:MAX_QUOTES]
        return replace(answer, outcome=Outcome.QUOTED, quotes=quotes, nearest=())

    def _closest(self, pins: Sequence[Pin], answer: Answer, embedder: Embedder) -> Pin | None:
        known = self._read
        self._read = read = {
            pin.question: known.get(pin.question) or ReadQuestion.of(embedder, pin.question)
            for pin in pins
        }
        asked = ReadQuestion.of(embedder, answer.question)
        best = max(pins, key=lambda pin: likeness(read[pin.question], asked))
        alike = likeness(read[best.question], asked)
        if alike < (LIKENESS.sure if is_sure_elsewhere(answer, best.quote) else LIKENESS.pin):
            return None
        if embedder.reader is None:
            return best
        cached = self._pointed
        if best not in cached:
            kept = {pin: cached[pin] for pin in pins if pin in cached}
            pointed_by_pin = pointed_at(embedder.reader, read[best.question], best.quote)
            self._pointed = cached = kept | {best: pointed_by_pin}
        chance, pointed = agreement(cached[best], pointed_at(embedder.reader, asked, best.quote))
        return best if chance >= LIKENESS.chance and pointed >= LIKENESS.pointed else None

    def _change(self, change: Callable[[Sequence[Pin]], tuple[Pin, ...]]) -> None:
        with self._lock:
            before = self.all()
            pins = change(before)
            if pins == before:
                return
            if self._file is None:
                self._pins = pins
                return
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                with atomic_write(self._file, private=True) as stream:
                    stream.write(_PINS.dump_json(pins, indent=1))
            except OSError as error:
                raise OperatorError(f"The pins in {self._file} cannot be written.") from error


def is_sure_elsewhere(answer: Answer, pinned: Quote) -> bool:
    """Return whether an answer begins with other words than the pinned ones, which surely answer:
    then a question that is only somewhat like the pinned one asks for something else."""
    return any(q.score >= ANSWER.standing and not _overlap(q, pinned) for q in answer.quotes[:1])


def _overlap(a: Quote, b: Quote) -> bool:
    return a.article == b.article and a.start < b.end and b.start < a.end
