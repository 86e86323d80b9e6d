"""Finds and quotes passages of articles. This is the door: nothing else here is for others."""

from .adding import Added, add
from .articles import Scan, of_bytes, scan
from .days import Day, YearFrom
from .errors import (
    CorpusError,
    FetchError,
    ModelError,
    OperatorError,
    PassageError,
    QuestionError,
    StoreError,
)
from .evaluation import Evaluation, evaluate
from .formats import file_bytes
from .languages import name_of as language_name
from .lexical import fold
from .library import Library
from .meetings import Wanted
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
from .packaged import DEFAULT_MODEL, PACKAGED
from .quoting import quoted

__all__ = [
    "DEFAULT_MODEL",
    "MAX_QUESTION",
    "MAX_QUOTE",
    "PACKAGED",
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
    "ModelError",
    "Note",
    "OperatorError",
    "Outcome",
    "PassageError",
    "QuestionError",
    "Quote",
    "Reload",
    "Scan",
    "Source",
    "Status",
    "StoreError",
    "Wanted",
    "YearFrom",
    "add",
    "evaluate",
    "file_bytes",
    "fold",
    "language_name",
    "of_bytes",
    "quoted",
    "scan",
]
