"""The values that travel from a file to an answer: frozen, checked where they are made.

    Article → Passage → Hit → Quote → Answer

All offsets count characters of the article's text, from `start` up to but not including `end`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from .days import Day

Span = tuple[int, int]

MAX_QUOTE = 500
"""The most characters that one quote may have."""
MAX_QUOTES = 3
"""The most quotes that one answer may have."""
UNSURE = 0.5
"""Below this score more of the first quotes miss the answer than hold it: .44 of those from .45 to
.5 do hold it, .65 of those from .5 to .6 (folds left out)."""
MAX_LINK = 512
"""The most characters of an address that opens at a quote's words: Discord takes no more."""
MAX_QUESTION = 300
"""The most characters that a question may have."""
MAIN_CORPUS = "main"
"""The name of the corpus that is there where nobody speaks of several."""


class Kind(StrEnum):
    """What a line of an article is."""

    PROSE = "prose"
    TABLE = "table"
    CAPTION = "caption"
    HEADING = "heading"
    FURNITURE = "furniture"


class Outcome(StrEnum):
    """How a question ended."""

    QUOTED = "quoted"
    NOT_FOUND = "not found"
    SMALL_TALK = "small talk"
    OUT_OF_DATE = "out of date"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a passage comes from: what is known of an article beyond its words.

    `path` is the file's path below the seeds folder, with forward slashes; `sha256` that of the
    file. `date` is ISO (`2025-02-07`) or None; `url` is an http(s) address or None, `original`
    whether it is that of the text of which the article is a translation; `metadata_sha256` the
    hash of what `sources.toml` says of the article, if it says anything; `opening` that of its
    first words. `corpus` is the name of the article's corpus, for whoever holds several; no index
    keeps it.
    """

    path: str
    sha256: str
    title: str
    language: str
    date: str | None = None
    url: str | None = None
    metadata_sha256: str | None = None
    original: bool = False
    opening: str | None = None
    corpus: str = MAIN_CORPUS

    @property
    def article(self) -> str:
        """The article's path, as `Quote.article` is."""
        return self.path

    @property
    def link(self) -> str | None:
        """The address of the published page, as `Quote.link` is."""
        return self.url


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its text exactly as the file has it.

    `body` is the offset at which the text proper begins, after front matter if there is any.
    `given` are its meetings, where front matter or `sources.toml` give them outright; `notes` say
    what else there could not be read. `pages` are the offsets at which the pages of a PDF begin.
    """

    source: Source
    text: str
    body: int = 0
    given: tuple[GivenMeeting, ...] | None = None
    notes: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences in a row: of one paragraph as they are found, perhaps of more in a quote.
    `heading` is that above it, which the model is given, too."""

    source: Source
    start: int
    end: int
    text: str
    kind: Kind
    sentences: tuple[Span, ...]
    heading: str = ""

    def __post_init__(self) -> None:
        if self.start < 0 or self.end - self.start != len(self.text) or not self.text:
            raise ValueError(f"{len(self.text)} characters do not fill {self.start}–{self.end}")
        if len(self.text) > MAX_QUOTE:
            raise ValueError(f"a passage of {len(self.text)} characters cannot be quoted")
        if not self.sentences:
            raise ValueError("a passage needs a sentence")

    @property
    def id(self) -> str:
        """Stable by content: the same words in the same article text have the same id."""
        key = f"{self.source.sha256}:{self.start}:{self.end}"
        return hashlib.sha256(key.encode()).hexdigest()[:32]

    @property
    def sentence_texts(self) -> list[str]:
        """The texts of its sentences."""
        return [self.text[start - self.start : end - self.start] for start, end in self.sentences]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found for a question. `rank_score` orders the hits, `score` is the chance
    that it answers, as estimated on development data; the sentence `answer` says most of what was
    asked."""

    passage: Passage
    rank_score: float
    score: float
    answer: Span


@dataclass(frozen=True, slots=True)
class TableHead:
    """The first row of a table, of which a quote has other rows: `article.text[start:end]`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article, exactly: `article.text[start:end] == text`."""

    article: str
    start: int
    end: int
    text: str
    score: float
    language: str
    title: str
    date: str | None
    url: str | None
    sha256: str
    answer: Span
    """The sentence that answers, as offsets in the article, within start and end."""
    original: bool = False
    """As in Source."""
    fragment: str | None = None
    """What opens the published page at these words, behind a `#`."""
    page: int | None = None
    """The page of a PDF on which the answering sentence begins, from 1."""
    pinned: bool = False
    """Whether an admin has pinned it to this question."""
    head: TableHead | None = None
    """What names the columns of the rows that it begins with; read from the file with its words."""
    corpus: str = MAIN_CORPUS
    """As in Source."""

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.text) or len(self.text) > MAX_QUOTE:
            raise ValueError(f"{len(self.text)} characters do not fill {self.start}–{self.end}")
        if not self.start <= self.answer[0] < self.answer[1] <= self.end:
            raise ValueError("the answering sentence lies outside the quote")

    @property
    def unsure(self) -> bool:
        """Whether it is doubtful that this answers: members are told so in words."""
        return self.score < UNSURE

    @property
    def link(self) -> str | None:
        """The address of the published page, opened at these words if it can be."""
        opened = f"{self.url}#{self.fragment}"
        can_open = self.url and self.fragment and not self.original and "#" not in self.url
        return opened if can_open and len(opened) <= MAX_LINK else self.url


@dataclass(frozen=True, slots=True)
class Context:
    """A quote among its neighbours: the paragraph before, its own in three parts, the one after; no
    neighbour is an empty text. `quote` has the place and the hash of the file as they are now:
    another hash than before if the article has changed."""

    before: str
    lead: str
    quote: Quote
    rest: str
    after: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a face shows for a question.

    `nearest` holds the best passages, one an article, when nothing is quoted; `out_of_date`
    the paths of articles that have changed since they were indexed and are not quoted;
    `indexed_on` the day of the index (ISO, UTC); `follows` the question that it was read behind.
    """

    question: str
    language: str
    outcome: Outcome
    quotes: tuple[Quote, ...] = ()
    nearest: tuple[Quote, ...] = ()
    out_of_date: tuple[str, ...] = ()
    indexed_on: str | None = None
    follows: str | None = None

    def __post_init__(self) -> None:
        if (self.outcome is Outcome.QUOTED) != bool(self.quotes):
            raise ValueError("an answer has quotes when it is quoted, and only then")
        if len(self.quotes) > MAX_QUOTES:
            raise ValueError(f"an answer has at most {MAX_QUOTES} quotes")

    @property
    def answered(self) -> bool:
        return self.outcome is Outcome.QUOTED

    @property
    def is_sure(self) -> bool:
        """Whether a quote is not doubtful. Of the 78 questions of development, 92 % of those that
        can be answered and 8 % of the others get a quote at all; 79 % and 8 % one that is sure."""
        return any(not quote.unsure for quote in self.quotes)


@dataclass(frozen=True, slots=True)
class GivenMeeting:
    """A meeting as front matter or `sources.toml` gives it; `words` of the article are evidence."""

    name: str
    date: Day | None = None
    end_date: Day | None = None
    place: str | None = None
    chair: str | None = None
    words: str | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a meeting needs a name")
