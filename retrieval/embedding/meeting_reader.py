"""Reads a day in its context, with the default model: whether and where people met on it."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ..arrays import Floats
from ..meeting import MeetingPlace, Mention, MentionReading, PossibleMeeting
from ..models import Span
from .catalog import MEETINGS_FILE
from .onnx_encoder import OnnxEncoder

_TITLE, _HEADING, _ABOVE, _BELOW, _SIDE, _DAY = 24, 16, 32, 32, 48, 16
"""The most tokens that are read of the title, the heading, the end of the statement above, the
beginning of the one below, what stands on each side of the day, and the day itself or the
dateline."""

_OPEN, _CLOSE = "«", "»"
"""What is put around the day."""

_WORD = re.compile(r"\S+")

_AGES = (*range(8), 14, 30, 100, 400)
"""The steps in which it is told how many days lie between a day and that of the article."""


class MeetingReader:
    """Tells by how a day is mentioned whether it is that of a meeting, and where that was.

    It is the packaged model with low-rank updates of its last layers (Hu et al., "LoRA", ICLR 2022)
    and a head on the token that opens the day, after Baldini Soares et al., "Matching the Blanks",
    ACL 2019, and on those of the names of places. `bench/meeting_reader.py` learns both.
    """

    def __init__(self, folder: Path, encoder: OnnxEncoder, threads: int = 1) -> None:
        """Load it from a model's folder; `encoder` has its tokenizer and words. So many mentions
        are read at the same time, each on a core."""
        self._session = encoder.session(folder / MEETINGS_FILE)
        self._encoder, self._threads = encoder, threads

    def read(self, meetings: Sequence[PossibleMeeting]) -> list[MentionReading]:
        """Read the mentions of meetings, with the places that they may be at. One that may tell of
        a meeting that was held and of one that is to come is read once."""
        each = [(meeting.mention, meeting.places) for meeting in meetings]
        different = dict.fromkeys(each)
        with ThreadPoolExecutor(self._threads, "meetings") as pool:
            read = dict(zip(different, pool.map(self._reading, different), strict=True))
        return [read[one] for one in each]

    def _reading(self, named: tuple[Mention, tuple[MeetingPlace, ...]]) -> MentionReading:
        tokens = mention_tokens(*named, self._encoder)
        feed = {"words": self._encoder.words.vectors(tokens.ids)[None]}
        odds: Floats = self._session.run(None, feed)[0][0]
        at = [
            max((float(odds[time, 2].mean()) for time in times), default=None)
            for times in tokens.places
        ]
        return MentionReading(odds[tokens.opening, :2].tolist(), at)


@dataclass(frozen=True, slots=True)
class MentionTokens:
    """What is read of a mention: the ids of tokens, which of them opens the day, and for each of
    some places the tokens of each time that it is named."""

    ids: Sequence[int]
    opening: int
    places: Sequence[Sequence[Sequence[int]]]


def mention_tokens(
    mention: Mention, places: Sequence[MeetingPlace], encoder: OnnxEncoder
) -> MentionTokens:
    """Return what is read of a mention, and where it names some places."""
    lines = _Lines(mention.texts, encoder)
    for number, most in enumerate((_TITLE, _DAY, _HEADING)):
        lines.add(number, slice(most))
        lines.end()
    lines.ids += encoder.bare_ids(_age_words(mention.age))
    lines.end()
    *_, before, text, after = range(len(mention.texts))
    lines.add(before, slice(-_ABOVE, None))
    lines.end()
    lines.add(text, slice(-_SIDE, None), 0, mention.start)
    opening = len(lines.ids)
    lines.ids += encoder.bare_ids(_OPEN)
    lines.add(text, slice(_DAY), mention.start, mention.end)
    lines.ids += encoder.bare_ids(_CLOSE)
    lines.add(text, slice(_SIDE), mention.end)
    lines.end()
    lines.add(after, slice(_BELOW))
    lines.end()
    return MentionTokens(lines.ids, opening, [lines.named(each.place) for each in places])


class _Lines:
    """The tokens of parts of some texts, one behind the other."""

    def __init__(self, texts: Sequence[str], encoder: OnnxEncoder) -> None:
        self._texts, self._encoder = texts, encoder
        start, self._end = encoder.marks
        self.ids = [start]
        self._words = dict[tuple[int, Span], list[int]]()

    def end(self) -> None:
        """Add the mark behind a text."""
        self.ids.append(self._end)

    def add(self, number: int, kept: slice, start: int = 0, end: int = sys.maxsize) -> None:
        """Add those tokens of a part of a text that are kept; its words are whole tokens."""
        words = list(_WORD.finditer(self._texts[number], start, end))
        tokens = [(id, word.span()) for word in words for id in self._encoder.bare_ids(word[0])]
        for id, span in tokens[kept]:
            self._words.setdefault((number, span), []).append(len(self.ids))
            self.ids.append(id)

    def named(self, place: str) -> list[list[int]]:
        """The tokens of the words of each time that a place is named."""
        words = r"\s+".join(map(re.escape, place.split()))
        pattern = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
        times = [
            [
                token
                for (of, (start, end)), tokens in self._words.items()
                if of == number and start < match.end() and match.start() < end
                for token in tokens
            ]
            for number, text in enumerate(self._texts)
            for match in pattern.finditer(text)
        ]
        return [time for time in times if time]


def _age_words(age: int | None) -> str:
    """What is told of how many days a day is before that of the article."""
    if age is None:
        return ""
    span = next((f"{step} days" for step in _AGES if abs(age) <= step), "years")
    return f"{span} ago" if age >= 0 else f"in {span}"
