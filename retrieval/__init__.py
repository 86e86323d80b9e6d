"""Finds and quotes passages of articles. This is the door: nothing else here is for others.

What takes long to import (Chroma, numpy, the language model's tables) is imported when it is first
taken from here, so that `passage --help` need not wait for it.
"""

import importlib
import typing

from .atomic import atomic_write
from .days import Day, YearFrom
from .embedding.catalog import DEFAULT_MODEL
from .errors import (
    CorpusError,
    FetchError,
    ModelError,
    OperatorError,
    OutdatedIndexError,
    PassageError,
    QuestionError,
    StoreError,
)
from .models import (
    MAX_QUESTION,
    MAX_QUOTE,
    Answer,
    Context,
    Failure,
    Hit,
    Meeting,
    Note,
    Outcome,
    Quote,
    Reload,
    Source,
    Status,
)
from .version import __version__

if typing.TYPE_CHECKING:
    from .answer.compose import cleaned
    from .answer.small_talk import language_told, small_talk, talk_kind
    from .articles.add import Added, add
    from .articles.formats import file_bytes
    from .articles.metadata import of_bytes
    from .articles.scan import Scan, scan
    from .evaluation import Evaluation, evaluate
    from .index.reload_lock import reload_lock
    from .languages import language_name, language_words
    from .languages.terms import fold
    from .library import Library
    from .meetings.listing import MeetingFilter
    from .quotes.quoting import quoted, shown, shown_parts
    from .search.query import Turn, without_markup
else:
    _MODULES = {
        "Added": "articles.add",
        "Evaluation": "evaluation",
        "Library": "library",
        "MeetingFilter": "meetings.listing",
        "Scan": "articles.scan",
        "Turn": "search.query",
        "add": "articles.add",
        "cleaned": "answer.compose",
        "evaluate": "evaluation",
        "file_bytes": "articles.formats",
        "fold": "languages.terms",
        "language_name": "languages",
        "language_told": "answer.small_talk",
        "language_words": "languages",
        "of_bytes": "articles.metadata",
        "quoted": "quotes.quoting",
        "reload_lock": "index.reload_lock",
        "scan": "articles.scan",
        "shown": "quotes.quoting",
        "shown_parts": "quotes.quoting",
        "small_talk": "answer.small_talk",
        "talk_kind": "answer.small_talk",
        "without_markup": "search.query",
    }

    def __getattr__(name: str) -> object:
        """Import what is asked for (PEP 562)."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f".{_MODULES[name]}", __name__), name)
        globals()[name] = value
        return value


__all__ = [
    "DEFAULT_MODEL",
    "MAX_QUESTION",
    "MAX_QUOTE",
    "Added",
    "Answer",
    "Context",
    "CorpusError",
    "Day",
    "Evaluation",
    "Failure",
    "FetchError",
    "Hit",
    "Library",
    "Meeting",
    "MeetingFilter",
    "ModelError",
    "Note",
    "OperatorError",
    "Outcome",
    "OutdatedIndexError",
    "PassageError",
    "QuestionError",
    "Quote",
    "Reload",
    "Scan",
    "Source",
    "Status",
    "StoreError",
    "Turn",
    "YearFrom",
    "__version__",
    "add",
    "atomic_write",
    "cleaned",
    "evaluate",
    "file_bytes",
    "fold",
    "language_name",
    "language_told",
    "language_words",
    "of_bytes",
    "quoted",
    "reload_lock",
    "scan",
    "shown",
    "shown_parts",
    "small_talk",
    "talk_kind",
    "without_markup",
]
