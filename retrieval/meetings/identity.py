"""Which meeting of an index is which of the one before: what a calendar knows it by. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ..languages.countries import name_key
from ..meeting import Meeting

_FACTS: tuple[Callable[[Meeting], object], ...] = (
    lambda meeting: (meeting.date, name_key(meeting.name)),
    lambda meeting: meeting.evidence.text,
    lambda meeting: meeting.date,
    lambda meeting: name_key(meeting.name),
)
"""By what a meeting is the earlier one, the surest first."""


def identified(
    meetings: Sequence[Meeting], earlier: Iterable[Meeting], now: str
) -> tuple[Meeting, ...]:
    """The meetings of an article, with the `uid` and the times of those that they were.

    Args:
        meetings: those that are in the article.
        earlier: those that were in it at the last reload, under any name of its file.
        now: the time in ISO 8601; a meeting that is new or has changed is of it.
    """
    left, same = list(earlier), dict[int, Meeting]()
    for fact in _FACTS:
        for index, meeting in enumerate(meetings):
            if index in same:
                continue
            match = next((old for old in left if fact(old) == fact(meeting)), None)
            if match and fact(match):
                left.remove(match)
                same[index] = match
    if len(meetings) == len(left) == 1:
        same.setdefault(0, left[0])
    return tuple(
        _continued(meeting, same[index], now) if index in same else _new(meeting, index, now)
        for index, meeting in enumerate(meetings)
    )


def _new(meeting: Meeting, index: int, now: str) -> Meeting:
    quote = meeting.evidence
    key = f"{quote.article}:{quote.sha256}:{quote.start}:{quote.end}:{index}"
    uid = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:32]
    return replace(meeting, uid=uid, created=now, modified=now)


def _continued(meeting: Meeting, old: Meeting, now: str) -> Meeting:
    is_changed = _content(meeting) != _content(old)
    modified = now if is_changed else old.modified
    return replace(meeting, uid=old.uid, created=old.created, modified=modified)


def _content(meeting: Meeting) -> tuple[object, ...]:
    days = meeting.date, meeting.end_date, meeting.status
    return (*days, meeting.name, meeting.place, meeting.chair, meeting.evidence.text)
