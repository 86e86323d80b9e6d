"""A file's bytes → an article, its passages and its meetings: all in a helper process.

What comes back is JSON, checked against the types, and not a pickle: the helper runs parsers of
others over files from anywhere, and one that is taken over must not be able to run anything here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ..errors import Trouble
from ..formats.helper_process import BROKEN, SECONDS, HelperProcess, trouble_of
from ..meeting import Meeting, PossibleMeeting
from ..models import Article, Kind, Passage, Span
from ..reports import Failure

if TYPE_CHECKING:
    from pydantic import TypeAdapter

WORKER = "retrieval.file_worker"


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A file's bytes; `path` and the hashes are as in Source, and `known` is what
    `sources.toml` says of it."""

    data: bytes
    path: str
    known: Mapping[str, Any]
    sha256: str
    metadata_sha256: str | None = None

    @property
    def about(self) -> dict[str, Any]:
        """Return what is said of it besides its bytes."""
        names = "path", "known", "sha256", "metadata_sha256"
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What a file holds. `encoding` is that of its text, where it is not UTF-8; `left_out` and
    `notes` are as in Content.

    `possible` are meetings for the model to tell. `spans` are its passages: start, end, kind,
    sentences, heading. Without them the file was read for its article alone.
    """

    article: Article
    encoding: str | None = None
    spans: tuple[tuple[int, int, Kind, tuple[Span, ...], str], ...] = ()
    meetings: tuple[Meeting, ...] = ()
    possible: tuple[PossibleMeeting, ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def passages(self) -> list[Passage]:
        """Its passages, in order. Raises ValueError where a span is none of the article's."""
        source, text = self.article.source, self.article.text
        return [
            Passage(source, start, end, text[start:end], kind, sentences, heading)
            for start, end, kind, sentences, heading in self.spans
        ]


@cache
def _parsed_file() -> TypeAdapter[ParsedFile]:
    # Imported here: the helper, which imports this module, checks nothing.
    from pydantic import TypeAdapter  # noqa: PLC0415

    return TypeAdapter(ParsedFile)


class FileReader(HelperProcess):
    """The process that reads files; started when it is first needed.

    For one thread. Use it as a context: it ends with it.
    """

    def __init__(self, seconds: float = SECONDS, worker: str = WORKER):
        super().__init__(worker, seconds)

    def parse(
        self, files: Sequence[FileToRead], *, whole: bool = False
    ) -> Iterator[ParsedFile | Failure]:
        """What each of some files holds, in order, with passages and meetings if the `whole` is
        wanted; or why nothing can be quoted from it."""
        requests = [({**file.about, "whole": whole}, file.data) for file in files]
        for file, reply in zip(files, self.replies(requests), strict=True):
            if "refused" in reply:
                yield Failure(file.path, str(reply["refused"]), trouble_of(reply))
            else:
                yield _checked(reply, file)


def _checked(reply: Mapping[str, Any], file: FileToRead) -> ParsedFile | Failure:
    """What was made of a file, if it can be that."""
    broken = Failure(file.path, BROKEN, Trouble.BROKEN)
    try:
        parsed = _parsed_file().validate_python(reply.get("parsed"))
        _ = parsed.passages
    except ValueError:
        return broken
    source, expected = parsed.article.source, (file.path, file.sha256, file.metadata_sha256)
    every = (*parsed.meetings, *(one.meeting for one in parsed.possible))
    others = {meeting.evidence.article for meeting in every} - {file.path}
    same = (source.path, source.sha256, source.metadata_sha256) == expected
    return parsed if same and not others else broken
