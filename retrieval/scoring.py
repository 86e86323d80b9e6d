"""What each signal is worth, and what a score says. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """How signals are weighed. Likeness counts 1; the others were measured on development data:
    see docs/retrieval.md."""

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
    short: float = 0.2
    """Taken from a passage of no length, less from a longer one, nothing from LONG_ENOUGH on:
    a vector of few words is near to everything that names the same people."""
    lacking: float = 0.15
    """Taken from a passage without any number or date, where the question asks for one."""
    evidence: float = 0.15
    """Given to the evidence of a meeting, where a question asks when or where one was."""
    plain: float = 1.5
    """What a plain cosine adds to the score: whether a passage answers at all, not only better
    than the others of its language …"""
    likeness: float = 0.5
    """… and what likeness adds, where there is no plain cosine for the language."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """From a raw score to the chance that the passage answers.

    Platt, "Probabilistic outputs for support vector machines", 1999. Fitted on development data,
    see docs/retrieval.md.
    """

    slope: float
    offset: float

    def chance(self, score: Floats) -> Floats:
        """From 0 to 1, for each score."""
        return np.asarray(1 / (1 + np.exp(-self.slope * score - self.offset)), dtype=np.float32)


PLAIN = Calibration(3.0, -3.0)
"""For questions in a language for which there is a plain cosine …"""

OTHER = Calibration(6.1, -3.0)
"""… and for others."""
