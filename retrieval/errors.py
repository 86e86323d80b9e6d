"""What can go wrong, and whose fault it is.

    PassageError
    ├── QuestionError        the asker's: the question cannot be searched for
    └── OperatorError        the operator's: something on the machine needs a hand
        ├── CorpusError      the folder of articles, or a file in it
        ├── StoreError       the index: not built, or not to be reached
        │   ├── MissingIndexError    nothing has been indexed yet
        │   └── OutdatedIndexError   another model or version of Passage built it
        ├── FetchError       an address that cannot be fetched and added
        └── ModelError       the embedding model cannot be loaded, or is not what it should be

Each message is one plain sentence that a person can act on; a face prints it as it is. A FileError
does not reach one: it becomes the Failure of its file.
"""

from enum import StrEnum


class Trouble(StrEnum):
    """The kinds of what can be wrong with a file; each value names its kind to people."""

    ENCODING = "encoding"
    FRONT_MATTER = "front matter"
    NOTHING_TO_QUOTE = "nothing to quote"
    BROKEN = "broken"
    LIMIT = "too large or slow"
    ACCESS = "not accessible"
    COPY = "copy"
    OTHER_FORMAT = "other format"
    LIST = "sources.toml"
    SYNONYMS = "synonyms.txt"


class FetchTrouble(StrEnum):
    """The kinds of why an address cannot be fetched, beside the statuses of servers."""

    ADDRESS = "address"
    """It is none that is fetched."""
    SITE = "site"
    """The site is out of reach."""
    SLOW = "slow"
    ROBOTS = "robots"
    BUSY = "busy"
    """The site wants to be left alone."""
    SIZE = "size"
    CONTENT = "content"
    """What came is not as it must be."""
    EMPTY = "empty"
    """It lists no articles."""
    OTHER = "other"
    """It shows another page than before."""


class FileError(ValueError):
    """A file that nothing can be quoted from. The message is the reason, as "it is empty"."""

    def __init__(self, reason: str, trouble: Trouble = Trouble.NOTHING_TO_QUOTE) -> None:
        super().__init__(reason)
        self.trouble = trouble


class PassageError(Exception):
    """The root: whatever Passage raises on purpose."""


class QuestionError(PassageError):
    """The question is empty, too long, or holds no words.

    `fault` is "empty", "too_long" or "no_words", and `values` are the figures of the sentence, for
    a face that says it in another language.
    """

    def __init__(self, sentence: str, fault: str = "", **values: int) -> None:
        super().__init__(sentence)
        self.fault = fault
        self.values = values


class OperatorError(PassageError):
    """Something on the machine needs the operator."""


class CorpusError(OperatorError):
    """The folder of articles is missing or holds nothing that can be read."""


class StoreError(OperatorError):
    """There is no index, or it cannot be reached."""


class MissingIndexError(StoreError):
    """There is no index yet: a reload builds it."""


class OutdatedIndexError(StoreError):
    """Another model or another version of Passage made the index: a reload builds it anew.

    Until then it answers no question; unless it is of version 0.2, it still lists its articles and
    meetings.
    """


class ModelError(OperatorError):
    """The embedding model cannot be loaded, or its files are not the published ones."""


class FetchError(OperatorError):
    """An article cannot be fetched: its address, its server, or what came is not as it must be.

    `trouble` is its kind, or the HTTP status with which the server refused; `retry_after` are the
    seconds for which it wants to be left alone, if it says so.
    """

    def __init__(
        self,
        sentence: str,
        trouble: FetchTrouble | int = FetchTrouble.CONTENT,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(sentence)
        self.trouble, self.retry_after = trouble, retry_after


def reason_of(error: BaseException) -> str:
    """Return why something failed, in the words of the system or a library: one line without a
    number, a path or a stop at the end."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not text in UTF-8"
    reason = getattr(error, "strerror", None) or str(error)
    return reason.strip().split("\n")[0].rstrip(".") or type(error).__name__
