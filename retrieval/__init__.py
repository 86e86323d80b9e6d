"""Finds and quotes passages of articles. This is the door: nothing else here is for others."""

from .articles import Scan, scan
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
from .models import (
    MAX_QUESTION,
    MAX_QUOTE,
    Answer,
    Context,
    Failure,
    Hit,
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
    "Evaluation",
    "Failure",
    "Hit",
    "Library",
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
    "evaluate",
    "fold",
    "language_name",
    "scan",
]
