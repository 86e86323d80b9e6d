"""The default model's graph as a sentence-transformers model: passages, by the very steps by which
questions are embedded.

It is imported when passages are embedded, as sentence-transformers is (see `encoder.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Normalize
from sentence_transformers.sentence_transformer.modules import Pooling

from .encoder import quiet_sentence_transformers
from .onnx_encoder import OnnxEncoder


def graph_model(encoder: OnnxEncoder) -> SentenceTransformer:
    """Return a sentence-transformers model that runs the graph of an encoder of questions."""
    quiet_sentence_transformers()
    torch.set_num_threads(1)  # Nothing but pooling is torch's here.
    modules = [GraphModule(encoder), Pooling(encoder.dimension, "mean"), Normalize()]
    return SentenceTransformer(modules=modules, device="cpu")


class GraphModule(torch.nn.Module):
    """Texts → the states of their tokens, as the first module of a model.

    The graph takes the scale of its 8 bits over all that it is given at once. So each text goes
    through it alone: its states are the same whatever texts are embedded with it, and no work is
    done on padding. More at once would be no faster on one core.
    """

    def __init__(self, encoder: OnnxEncoder) -> None:
        super().__init__()
        self._encoder = encoder

    def preprocess(self, inputs: Sequence[str], **_: Any) -> dict[str, torch.Tensor]:
        """Return the ids of texts and which of them are no padding, of shape (texts, tokens)."""
        ids = [torch.tensor(self._encoder.read_ids(text)) for text in inputs]
        pad = torch.nn.utils.rnn.pad_sequence
        return {
            "input_ids": pad(ids, batch_first=True),
            "attention_mask": pad([torch.ones_like(row) for row in ids], batch_first=True),
        }

    def forward(self, features: dict[str, torch.Tensor], **_: Any) -> dict[str, torch.Tensor]:
        """Add the states of all tokens, of shape (texts, tokens, hidden); 0 for padding."""
        ids = features["input_ids"]
        states = torch.zeros(*ids.shape, self._encoder.dimension)
        for row, count in enumerate(features["attention_mask"].sum(dim=1).tolist()):
            if count:
                text_states = self._encoder.states(ids[row, :count].tolist())
                states[row, :count] = torch.from_numpy(text_states)
        return {**features, "token_embeddings": states}
