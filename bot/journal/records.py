"""What the journal keeps: answers as they were sent, feedback on them, and who is not recorded."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, astuple, dataclass, field, fields, replace
from functools import partial
from typing import Any, Self, TypeVar

from pydantic import TypeAdapter

from retrieval import MAIN_CORPUS, Quote

Record = TypeVar("Record")

log = logging.getLogger(__name__)

new_id = partial(secrets.token_hex, 8)
"""Returns an id for an answer, which nobody can guess."""

QUOTE_GONE, QUOTE_STANDS, QUOTE_CHANGED = "quote_gone", "quote_stands", "quote_changed"


@dataclass(frozen=True, slots=True)
class Renewal:
    """What has become of a quote since it was sent."""

    change: str | None = None
    """The phrase for it, one of the three above; None where the article is as it was."""

    quote: Quote | None = None
    """What stands for it now; None if nothing does, or it was never looked for."""


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """An answer as it was sent."""

    at: float
    """Seconds since the epoch."""

    question: str
    language: str
    asker: int
    """The member's id."""

    quotes: tuple[Quote, ...]
    asked_in: int | None = None
    """The id of the question's message; None where it was asked with a command."""

    sent_in: int | None = None
    """The id of the answer's channel, once it is sent."""

    sent_as: int | None = None
    """The id of the answer's message, once it is sent."""

    guild: int | None = None
    """The id of the server in which it was asked, if it was in one."""

    copy_of: str | None = None
    """The id of the answer to another member of which it is a copy that shows further quotes."""

    follows: str | None = None
    """The id of the answer from which its question goes on, if it does."""

    outcome: str | None = None
    """How the question ended, as `Outcome` has it; None where an earlier version answered it."""

    nearest: Quote | None = None
    """The nearest passage, where nothing was quoted and something is near."""

    corpora: str = MAIN_CORPUS
    """The names of the corpora that were asked, with spaces between them."""

    renewals: tuple[Renewal, ...] = ()
    """What has become of its quotes, in their order, as its message says; of those without an entry
    nothing has."""

    id: str = field(default_factory=new_id)

    @property
    def quotes_now(self) -> tuple[Quote, ...]:
        """The quotes, each as it stands in its article now, as far as the message says."""
        if not self.renewals:
            return self.quotes
        return tuple(self.renewal(index).quote or quote for index, quote in enumerate(self.quotes))

    @property
    def article(self) -> str | None:
        """The article of the first quote, if there is one."""
        return self.quotes_now[0].article if self.quotes else None

    def renewal(self, index: int) -> Renewal:
        """Return what has become of one of the quotes."""
        return self.renewals[index] if index < len(self.renewals) else Renewal()

    def copy_for(self, member: int, at: float, quotes: tuple[Quote, ...]) -> Self:
        """Return a copy for another member that shows these quotes: it has the asker's words, and
        goes with the answer."""
        return replace(
            self,
            at=at,
            asker=member,
            quotes=quotes,
            asked_in=None,
            sent_in=None,
            sent_as=None,
            copy_of=self.copy_of or self.id,
            id=new_id(),
        )

    def to_row(self) -> tuple[object, ...]:
        """Return the values of the columns, in the order of COLUMNS."""
        texts: Any = {
            "quotes": to_json(self.quotes),
            "nearest": to_json([self.nearest] if self.nearest else []),
            "renewals": to_json(self.renewals),
        }
        return astuple(replace(self, **texts))

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Self:
        """Return the answer of such values. Raises ValueError where they are none."""
        values = dict(zip(COLUMNS.split(", "), row, strict=True))
        # By `json`: pydantic's own parser refuses half a surrogate pair, as a title may have.
        quotes, nearest, renewals = (
            kind.validate_python(json.loads(values[name]))
            for kind, name in ((_QUOTES, "quotes"), (_QUOTES, "nearest"), (_RENEWALS, "renewals"))
        )
        lists = {"quotes": quotes, "renewals": renewals}
        return cls(**values | lists | {"nearest": nearest[0] if nearest else None})


@dataclass(frozen=True, slots=True)
class Feedback:
    """A member's rating of an answer, and what she wrote about it."""

    answer: str
    """The answer's id."""

    member: int
    at: float
    """Seconds since the epoch."""

    article: str | None
    rating: str
    reason: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """The members who do not want to be recorded, known by salted hashes of their ids alone: these
    tell nobody whose they are."""

    salt: bytes = b""
    hashes: frozenset[bytes] = frozenset()

    def hash_of(self, member: int) -> bytes:
        """Return the hash of a member's id."""
        return hashlib.blake2b(str(member).encode(), key=self.salt, digest_size=16).digest()

    def __contains__(self, member: int) -> bool:
        return bool(self.hashes) and self.hash_of(member) in self.hashes


COLUMNS = ", ".join(column.name for column in fields(SentAnswer))
"""The names of the fields of an answer, as the journal's table has them."""

_QUOTES = TypeAdapter(tuple[Quote, ...])
_RENEWALS = TypeAdapter(tuple[Renewal, ...])


def to_json(records: Sequence[Quote | Renewal]) -> str:
    """Return quotes, or what has become of some, as a column has them."""
    return json.dumps([asdict(record) for record in records])


def readable(
    read: Callable[[Sequence[Any]], Record], rows: Iterable[Sequence[Any]]
) -> list[Record]:
    """Return what rows of a table say. A damaged one does not keep the others from being read: such
    are passed over, with one warning."""
    records, damaged = list[Record](), 0
    for row in rows:
        try:
            records.append(read(row))
        except (TypeError, ValueError):
            damaged += 1
    if damaged:
        log.warning("Damaged entries of the journal are passed over: %d.", damaged)
    return records
