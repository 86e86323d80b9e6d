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
from .meeting import Meeting, MeetingStatus
from .models import (
    MAIN_CORPUS,
    MAX_QUESTION,
    MAX_QUOTE,
    MAX_QUOTES,
    Answer,
    Article,
    Context,
    Hit,
    Outcome,
    Quote,
    Source,
)
from .reports import Failure, Note, Reload, Status
from .version import __version__

if typing.TYPE_CHECKING:
    from .answer.compose import cleaned, quote, words_key
    from .answer.merging import merged, newest_first
    from .answer.pins import Pin, Pins
    from .answer.small_talk import language_told, small_talk, talk_kind
    from .articles.add import Added, add
    from .articles.check import FileCheck, check_files
    from .articles.formats import file_bytes
    from .articles.metadata import of_bytes
    from .articles.scan import Scan, scan
    from .evaluation import Evaluation, evaluate
    from .feeds.entries import add_entry
    from .feeds.follow import follow_feeds
    from .feeds.reports import FeedReport, feed_reports
    from .feeds.state import mark_indexed
    from .index.reload_lock import reload_lock
    from .index.store import without_credentials
    from .languages import language_name, language_words
    from .languages.countries import country_name
    from .languages.terms import fold
    from .library import Library
    from .meetings.listing import MeetingFilter, article_day, is_upcoming, list_meetings
    from .quotes.citation import Citation, CitationCheck, Verdict, check_citation, read_citations
    from .quotes.quoting import quoted, shown, shown_head, shown_parts
    from .search.likeness import grouped
    from .search.query import Turn, without_markup
else:
    _MODULES = {
        "Added": "articles.add",
        "Citation": "quotes.citation",
        "CitationCheck": "quotes.citation",
        "Evaluation": "evaluation",
        "FeedReport": "feeds.reports",
        "FileCheck": "articles.check",
        "Library": "library",
        "MeetingFilter": "meetings.listing",
        "Pin": "answer.pins",
        "Pins": "answer.pins",
        "Scan": "articles.scan",
        "Verdict": "quotes.citation",
        "Turn": "search.query",
        "add": "articles.add",
        "article_day": "meetings.listing",
        "add_entry": "feeds.entries",
        "check_citation": "quotes.citation",
        "check_files": "articles.check",
        "cleaned": "answer.compose",
        "country_name": "languages.countries",
        "evaluate": "evaluation",
        "feed_reports": "feeds.reports",
        "file_bytes": "articles.formats",
        "fold": "languages.terms",
        "grouped": "search.likeness",
        "is_upcoming": "meetings.listing",
        "follow_feeds": "feeds.follow",
        "language_name": "languages",
        "language_told": "answer.small_talk",
        "language_words": "languages",
        "list_meetings": "meetings.listing",
        "mark_indexed": "feeds.state",
        "merged": "answer.merging",
        "newest_first": "answer.merging",
        "of_bytes": "articles.metadata",
        "quote": "answer.compose",
        "quoted": "quotes.quoting",
        "read_citations": "quotes.citation",
        "reload_lock": "index.reload_lock",
        "scan": "articles.scan",
        "shown": "quotes.quoting",
        "shown_head": "quotes.quoting",
        "shown_parts": "quotes.quoting",
        "small_talk": "answer.small_talk",
        "talk_kind": "answer.small_talk",
        "without_credentials": "index.store",
        "without_markup": "search.query",
        "words_key": "answer.compose",
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
    "MAIN_CORPUS",
    "MAX_QUESTION",
    "MAX_QUOTE",
    "MAX_QUOTES",
    "Added",
    "Answer",
    "Article",
    "Citation",
    "CitationCheck",
    "Context",
    "CorpusError",
    "Day",
    "Evaluation",
    "Failure",
    "FeedReport",
    "FetchError",
    "FileCheck",
    "Hit",
    "Library",
    "Meeting",
    "MeetingFilter",
    "MeetingStatus",
    "ModelError",
    "Note",
    "OperatorError",
    "Outcome",
    "OutdatedIndexError",
    "PassageError",
    "Pin",
    "Pins",
    "QuestionError",
    "Quote",
    "Reload",
    "Scan",
    "Source",
    "Status",
    "StoreError",
    "Turn",
    "Verdict",
    "YearFrom",
    "__version__",
    "add",
    "add_entry",
    "article_day",
    "atomic_write",
    "check_citation",
    "check_files",
    "cleaned",
    "country_name",
    "evaluate",
    "feed_reports",
    "file_bytes",
    "fold",
    "follow_feeds",
    "grouped",
    "is_upcoming",
    "language_name",
    "language_told",
    "language_words",
    "list_meetings",
    "mark_indexed",
    "merged",
    "newest_first",
    "of_bytes",
    "quote",
    "quoted",
    "read_citations",
    "reload_lock",
    "scan",
    "shown",
    "shown_head",
    "shown_parts",
    "small_talk",
    "talk_kind",
    "without_credentials",
    "without_markup",
    "words_key",
]
