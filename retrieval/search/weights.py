"""Every number that ranks, scores or selects: `weights.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SearchWeights:
    """How many passages are compared, and how tokens are weighed."""

    exact: int
    candidates: int
    common_rarity: float
    least_rarity: float


@dataclass(frozen=True, slots=True)
class ChatterWeights:
    """The least log odds that words are chatter which are cut off (see `asked_part`)."""

    cut: float


@dataclass(frozen=True, slots=True)
class OrderWeights:
    """What is added to a passage's MaxSim for its rank."""

    crossing: float
    section: float


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """From MaxSim to the chance that a passage answers: logistic regression, as in Platt,
    "Probabilistic outputs for support vector machines", 1999."""

    maxsim: float
    gap: float
    tokens: float
    crossing: float
    verbatim: float
    offset: float
    rivals: int
    usual: float
    section: float

    def level(self, maxsim: NDArray[np.floating[Any]]) -> float:
        """Return the mean of the `rivals` behind the first of `maxsim`, of shape (passages,), in
        order of rank; where there are fewer, the usual MaxSim stands for the missing ones."""
        behind = maxsim[1 : 1 + self.rivals]
        return float((behind.sum() + (self.rivals - len(behind)) * self.usual) / self.rivals)

    def chance(
        self,
        maxsim: NDArray[np.floating[Any]],
        level: float,
        tokens: int,
        crossing: NDArray[np.bool_],
        evidence: NDArray[np.floating[Any]],
    ) -> NDArray[np.float64]:
        """Return the chance that each passage answers.

        `maxsim` is of shape (passages,), in order of rank; a passage that stands out from the
        `level` is likelier to answer. `tokens` is how many the question has: the more of them
        agree, the less it is by chance. `crossing`, of shape (passages,), says which are in
        another language than the question: tokens agree less there. `evidence` is that of the first
        passages (see `verbatim_evidence`); that of the others is 0.
        """
        # Imported here: what is answered without a search needs the other numbers alone.
        import numpy as np  # noqa: PLC0415

        raw = self.maxsim * maxsim + self.gap * (maxsim - level) + self.tokens * tokens
        raw = raw + self.crossing * crossing
        raw[: len(evidence)] += self.verbatim * evidence
        return np.asarray(1 / (1 + np.exp(-raw - self.offset)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class ReadingWeights:
    """How the readings of the first hits are weighed (see `PassageReader`)."""

    hits: int
    least: float
    order: float
    search: float
    maxsim: float
    reading: float
    offset: float

    def log_chances(self, readings: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the log of the chance that each of these log odds says, but no less than `least`:
        of shape (passages,). How sure a reader is of an answer tells no more."""
        import numpy as np  # noqa: PLC0415

        return np.maximum(-np.logaddexp(0, -readings.astype(np.float64)), self.least)

    def chance(
        self,
        searched: NDArray[np.float64],
        ranks: NDArray[np.float64],
        log_chances: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return the chance that each passage answers, from the log odds of the search's chance,
        its MaxSim with what its rank adds to that, and what `log_chances` says of its reading, all
        of shape (passages,). MaxSim is part of the search's chance, too, which was learnt without
        readings: beside them it counts otherwise."""
        import numpy as np  # noqa: PLC0415

        odds = np.log(searched / (1 - searched))
        raw = self.search * odds + self.maxsim * ranks + self.reading * log_chances + self.offset
        return np.asarray(1 / (1 + np.exp(-raw)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class AnswerWeights:
    """Which hits are quoted."""

    threshold: float
    standing: float
    nearest: float
    closeness: float
    share_of_best: float
    same_words: float
    length_cost: float
    heading_word: int


@dataclass(frozen=True, slots=True)
class FollowUpWeights:
    """What makes a question a follow-up, and what it gives the article quoted before."""

    article: float
    gain: float


@dataclass(frozen=True, slots=True)
class LikenessWeights:
    """From where on two questions mean the same (see `likeness` and `agreement`)."""

    crossing: float
    pin: float
    chance: float
    pointed: float
    group: float


_TABLES = tomllib.loads(files(__package__).joinpath("weights.toml").read_text(encoding="utf-8"))

SEARCH = SearchWeights(**_TABLES["search"])
CHATTER = ChatterWeights(**_TABLES["chatter"])
ORDER = OrderWeights(**_TABLES["order"])
SCORE = ScoreWeights(**_TABLES["score"])
READING = ReadingWeights(**_TABLES["reading"])
FOLLOW_UP = FollowUpWeights(**_TABLES["follow_up"])
ANSWER = AnswerWeights(**_TABLES["answer"])
LIKENESS = LikenessWeights(**_TABLES["likeness"])
