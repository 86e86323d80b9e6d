"""Finds and quotes passages of articles. This is the door: nothing else here is for others."""

from .articles import Scan, scan
from .days import Day, YearFrom
from .embedding import DEFAULT_MODEL, PACKAGED
from .errors import (
    CorpusError,
    ModelError,
    OperatorError,
    PassageError,
    QuestionError,
    StoreError,
)
from .evaluation import Evaluation, evaluate
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
    Outcome,
    Quote,
    Reload,
    Source,
    Status,
)

__all__ = [
    "DEFAULT_MODEL",
    "MAX_QUESTION",
    "MAX_QUOTE",
    "PACKAGED",
    "Answer",
    "Context",
    "CorpusError",
    "Day",
    "Evaluation",
    "Failure",
    "Hit",
    "Library",
    "Meeting",
    "ModelError",
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
    "evaluate",
    "fold",
    "language_name",
    "scan",
]
