"""What each signal is worth, and what a score says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """How signals are weighed. Likeness counts 1; the others were measured on development data:
    see docs/retrieval.md."""

    sentence: float = 0.5
    """The first model's cosine is that of the passage less so much, plus so much of that of its
    best sentence."""
    words: float = 0.035
    """The question's words matched by meaning, whatever the language …"""
    around: float = 0.015
    """… and those that only the passages beside have."""
    names: float = 0.015
    """Words matched as they are spelt, where the words' model does not know the language …"""
    names_alone: float = 0.1
    """… and where the passages' model does not know it either: names and numbers carry all …"""
    likeness_unknown: float = 0.25
    """… and likeness counts for little."""
    caption: float = 0.1
    """Taken from a picture's caption: it repeats what the prose says."""
    lacking: float = 0.15
    """Taken from a passage without any number or date, where the question asks for one."""
    evidence: float = 0.15
    """Given to the evidence of a meeting, where a question asks when or where one was."""
    plain: float = 1.5
    """What a plain cosine adds to the score: whether a passage answers at all, not only better
    than the others of its language."""


MANY = 0.25
"""Taken from the evidence for each e-fold of passages: the best of many is better by chance, and
its words are rarer."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """From the evidence for a passage to the chance that it answers.

    Platt, "Probabilistic outputs for support vector machines", 1999. Fitted on development data,
    see docs/retrieval.md. `likeness` is what likeness as such adds to the evidence.
    """

    slope: float
    offset: float
    likeness: float

    def chance(
        self, evidence: NDArray[np.floating[Any]], likeness: Floats, passages: int
    ) -> Floats:
        """From 0 to 1, for each of some of the passages of a corpus."""
        raw = evidence + self.likeness * likeness - MANY * np.log(passages)
        return np.asarray(1 / (1 + np.exp(-self.slope * raw - self.offset)), dtype=np.float32)


PLAIN = Calibration(slope=2.2, offset=-1.25, likeness=1.5)
"""For questions in a language for which there is a plain cosine, that of a second model …"""

ALONE = Calibration(slope=3.7, offset=0.7, likeness=0.0)
"""… or that of the only one …"""

OTHER = Calibration(slope=1.4, offset=-1.4, likeness=6.7)
"""… and for others."""
