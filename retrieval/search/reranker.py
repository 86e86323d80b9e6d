"""The first hits put in a better order by what reads question and passage together.

The default model's reader always does; a cross-encoder only where the operator names one.
Nogueira & Cho, "Passage Re-ranking with BERT", 2019: such a model tells more than two vectors do,
at the price of a pass through it for each pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from ..embedding.encoder import quiet_sentence_transformers
from ..embedding.onnx_encoder import PASSAGES_AT_ONCE, PassageReader
from ..errors import ModelError, reason_of
from ..index.records import text_of
from ..models import Hit
from .query import as_read_in
from .weights import ANSWER, READING, ReadingWeights

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

FIRST = 20
"""How many hits are put in a new order."""

# What a model's files call an architecture that ends in a score, by its name's last part.
_SCORING = ("ForSequenceClassification", "ForCausalLM")


def reread(reader: PassageReader, question: str, language: str, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits of a search, best first, with the first of them as the reader has them.

    The log of the chance that a reading says is added to a passage's MaxSim and to its odds with
    weights that were learnt (`READING`). Passages are read in their order, as many at a time as
    the reader takes, until no further reading changes what is quoted. Hits that are not read stay
    behind those that are, and their scores are at most the score of the last of these.
    """
    texts = [text_of(hit.passage) for hit in hits[: READING.hits]]
    pairs = [(text.title, text.text) for text in texts]
    questions = [as_read_in(text.language, question, language) for text in texts]
    ranks = np.array([hit.rank_score for hit in hits[: READING.hits]], dtype=np.float64)
    searched = np.array([hit.score for hit in hits[: READING.hits]])
    read = np.empty(0)
    while not _settled(searched, ranks, read):
        batch = slice(len(read), len(read) + PASSAGES_AT_ONCE)
        read = np.append(read, log_chances(reader.read(questions[batch], pairs[batch])))
    count = len(read)
    chances = chances_when_read(searched[:count], ranks[:count], read, READING)
    ranks = ranks[:count] + READING.order * read
    order = np.argsort(-ranks, kind="stable")
    scored = [
        replace(hits[number], rank_score=float(ranks[number]), score=float(chance))
        for number, chance in zip(order, np.minimum.accumulate(chances[order]), strict=True)
    ]
    for hit in hits[count:]:
        rank, score = (min(hit.rank_score, scored[-1].rank_score), min(hit.score, scored[-1].score))
        scored.append(replace(hit, rank_score=rank, score=score))
    return scored


def _settled(
    searched: NDArray[np.float64], ranks: NDArray[np.float64], read: NDArray[np.float64]
) -> bool:
    """Whether no passage that is not read yet could come first, or be quoted beside the first.
    What is read only takes from a rank and from a chance, for it is the log of a chance."""
    count = len(read)
    if not count or count == len(ranks):
        return count == len(ranks)
    final = ranks[:count] + READING.order * read
    first = final.argmax()
    at_most = chances_when_read(searched[count:], ranks[count:], np.zeros(1), READING)
    chance = chances_when_read(searched[:count], ranks[:count], read, READING)[first]
    least = max(ANSWER.threshold, ANSWER.share_of_best * chance)
    return bool(ranks[count:].max() <= final[first] and at_most.max() < least)


def log_chances(readings: Floats) -> NDArray[np.float64]:
    """Return the log of the chance that each of these log odds says, but no less than
    `READING.least`: of shape (passages,). How sure a reader is of an answer tells no more."""
    return np.maximum(-np.logaddexp(0, -readings.astype(np.float64)), READING.least)


def chances_when_read(
    searched: NDArray[np.float64],
    ranks: NDArray[np.float64],
    read: NDArray[np.float64],
    weights: ReadingWeights,
) -> NDArray[np.float64]:
    """Return the chance that each passage answers, from the log odds of the search's chance, its
    MaxSim with what its rank adds to that, and what `log_chances` says of its reading, all of shape
    (passages,). MaxSim is part of the search's chance, too, which was learnt without readings:
    beside them it counts otherwise."""
    odds = weights.search * np.log(searched / (1 - searched))
    raw = odds + weights.maxsim * ranks + weights.reading * read + weights.offset
    return np.asarray(1 / (1 + np.exp(-raw)), dtype=np.float64)


class Reranker:
    """A loaded cross-encoder of the operator's."""

    def __init__(self, model: CrossEncoder):
        self._model = model

    @classmethod
    def load(cls, name: str) -> Reranker:
        """Load a sentence-transformers CrossEncoder: a folder's path, or a name on the model hub.

        Raises:
            ModelError: it cannot be found or reached, or gives no single score for a pair.
        """
        quiet_sentence_transformers()
        from sentence_transformers import CrossEncoder  # noqa: PLC0415

        try:
            model = CrossEncoder(name)
        except Exception as error:
            raise ModelError(
                f"The reranker {name!r} cannot be loaded ({reason_of(error)[:200]}); "
                "check PASSAGE_RERANKER_MODEL and whether a model hub can be reached."
            ) from error
        # A model without a head of its own is given one at random, and would order at random.
        kinds = getattr(model.config, "architectures", None) or ()
        headless = len(model) == 1 and not any(kind.endswith(_SCORING) for kind in kinds)
        if headless or model.num_labels != 1:
            fault = "an encoder without a head" if headless else f"one of {model.num_labels} labels"
            raise ModelError(
                f"PASSAGE_RERANKER_MODEL needs a cross-encoder with one score for question and "
                f"passage, and {name!r} is {fault}."
            )
        return cls(model)

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers the question: one number a text, the higher the better.

        They lie between 0 and 1 where the model ends in a sigmoid, as it does unless its files name
        another activation; some name the identity, and give logits. Question and text together are
        cut to the longest input that the model takes, the longer one first.
        """
        pairs = [(question, text) for text in texts]
        return np.asarray(self._model.predict(pairs, show_progress_bar=False), dtype=np.float32)

    def reranked(self, question: str, hits: Sequence[Hit], first: int = FIRST) -> list[Hit]:
        """Return the hits, best first, with the `first` ones in this model's order.

        A hit keeps its `score`: the answering threshold was set for it, and models score on many
        scales. The `rank_score`s stay in their order, so the new first hit has the highest one.
        """
        head, tail = list(hits[:first]), list(hits[first:])
        scores = self.scores(question, [hit.passage.text for hit in head])
        order = np.argsort(-scores, kind="stable")
        return [
            replace(head[number], rank_score=ranked.rank_score)
            for number, ranked in zip(order, head, strict=True)
        ] + tail
