"""Every number that ranks, scores or selects: `weights.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files


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
    """From MaxSim to the chance that a passage answers: logistic regression. `rivals` passages are
    compared with the first, each of the `usual` MaxSim where it is missing. `crossing` is that of
    `small` corpora at most, of so many passages; `crossing_loss` is what e times as many take."""

    maxsim: float
    gap: float
    tokens: float
    crossing: float
    crossing_loss: float
    small: int
    verbatim: float
    offset: float
    rivals: int
    usual: float
    section: float


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
    bare: int


@dataclass(frozen=True, slots=True)
class LikenessWeights:
    """From where on two questions mean the same (see `likeness` and `agreement`)."""

    crossing: float
    pin: float
    sure: float
    chance: float
    pointed: float
    group: float


@dataclass(frozen=True, slots=True)
class AboutWeights:
    """How close a meeting must come to what it is said to be about (see `closeness`)."""

    least: float
    behind: float
    sure: float


_TABLES = tomllib.loads(files(__package__).joinpath("weights.toml").read_text(encoding="utf-8"))

SEARCH = SearchWeights(**_TABLES["search"])
CHATTER = ChatterWeights(**_TABLES["chatter"])
ORDER = OrderWeights(**_TABLES["order"])
SCORE = ScoreWeights(**_TABLES["score"])
READING = ReadingWeights(**_TABLES["reading"])
FOLLOW_UP = FollowUpWeights(**_TABLES["follow_up"])
ANSWER = AnswerWeights(**_TABLES["answer"])
MEETINGS_ABOUT = AboutWeights(**_TABLES["about"])
LIKENESS = LikenessWeights(**_TABLES["likeness"])
