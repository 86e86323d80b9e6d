"""The first hits put in a better order by a cross-encoder: off unless the operator names one.

Nogueira & Cho, "Passage Re-ranking with BERT", 2019: a model that reads question and passage
together tells more than two vectors do, at the price of a pass through it for each pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..embedding.encoder import quiet_sentence_transformers
from ..errors import ModelError
from ..models import Hit

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

FIRST = 20
"""How many hits are put in a new order."""

# What a model's files call an architecture that ends in a score, by its name's last part.
_SCORING = ("ForSequenceClassification", "ForCausalLM")


class Reranker:
    """A loaded cross-encoder."""

    def __init__(self, name: str, model: CrossEncoder):
        self.name = name
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
            reason = str(error).strip().split("\n")[0][:200].rstrip(".")
            raise ModelError(
                f"The reranker {name!r} cannot be loaded ({reason}); "
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
        return cls(name, model)

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
