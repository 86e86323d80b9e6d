"""BERT's encoder: the forward pass alone, for the few tokens of a question.

Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
NAACL 2019. It gives what the class of transformers gives, in half of the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

Normal = tuple[Tensor, Tensor]
"""Weight and bias of a normalization."""

FEW = 16
"""The rows of a product that weights are laid out for: the tokens of a question."""


class Linear:
    """A linear layer. Its weights are laid out once as the processor's library (oneDNN) reads
    them; otherwise that happens for each product, and takes as long as one of few rows.

    The two operators are those that torch.compile uses. Where they are missing, it is slower.
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self._weight, self._bias, self._packed = weight, bias, False
        try:
            self._weight = torch.ops.mkldnn._reorder_linear_weight(weight, FEW)
            self._packed = True
        except (AttributeError, RuntimeError):
            return

    def __call__(self, x: Tensor) -> Tensor:
        """Of each row of `x` (… × in): … × out."""
        if not self._packed:
            return functional.linear(x, self._weight, self._bias)
        done: Tensor = torch.ops.mkldnn._linear_pointwise(
            x, self._weight, self._bias, "none", [], ""
        )
        return done


@dataclass(frozen=True, slots=True)
class Layer:
    """What one layer has learnt."""

    attention: Linear
    """Query, key and value, one below the other."""
    joined: Linear
    attended: Normal
    wide: Linear
    narrow: Linear
    done: Normal


class Bert:
    """Layers, and what is added to the words before the first of them."""

    def __init__(
        self, places: Tensor, normal: Normal, layers: Sequence[Layer], heads: int, epsilon: float
    ):
        """`places` are the embeddings of positions, each with that of the only token type."""
        self._places, self._normal, self._layers = places, normal, layers
        self._heads, self._epsilon = heads, epsilon

    def __call__(self, words: Tensor, mask: Tensor) -> Tensor:
        """The last layer's states of texts (text × token × dimension), from their words'
        embeddings in the same shape; `mask` (text × token) is true where there is a token."""
        texts, tokens, size = words.shape
        x = self._normalized(words + self._places[:tokens], self._normal)
        seen = None if bool(mask.all()) else mask[:, None, None, :]
        for layer in self._layers:
            mixed = layer.attention(x).view(texts, tokens, 3, self._heads, -1)
            query, key, value = mixed.permute(2, 0, 3, 1, 4)
            found = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
            found = found.transpose(1, 2).reshape(texts, tokens, size)
            x = self._normalized(x + layer.joined(found), layer.attended)
            x = self._normalized(x + layer.narrow(functional.gelu(layer.wide(x))), layer.done)
        return x

    def _normalized(self, x: Tensor, by: Normal) -> Tensor:
        return functional.layer_norm(x, x.shape[-1:], *by, self._epsilon)
