"""Gold questions → how well they are answered."""

from .gold import evaluate
from .metrics import Evaluation

__all__ = ["Evaluation", "evaluate"]
