"""A linear layer and a normalization, for the few rows of a question."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

FEW = 16
"""The rows of a product that weights are laid out for: the tokens of a question."""

KIND = torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32
"""What the packaged models compute in. Of bfloat16 half as many bytes are read for each question;
the cosine with what float32 gives is above .9999."""


def rounded(rows: int, step: int) -> int:
    """So many rows to give to linear layers at least: the library compiles a product anew for each
    number of rows that it has not met, which takes far longer than a product of few.

    It is a multiple of `step` (a power of two), and of more where that adds an eighth at most.
    """
    step = max(step, (1 << rows.bit_length()) // 16)
    return -(-rows // step) * step


class Linear:
    """A linear layer. Its weights are laid out once as the processor's library (oneDNN) reads
    them; otherwise that happens for each product, and takes as long as one of few rows.

    The two operators are those that torch.compile uses. Where they are missing, it is slower.
    """

    def __init__(self, weight: Tensor, bias: Tensor | None = None) -> None:
        """`weight` is out × in."""
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
class Normal:
    """A layer normalization."""

    weight: Tensor
    bias: Tensor
    epsilon: float

    def __call__(self, x: Tensor) -> Tensor:
        """Of each row of `x` (… × size): the same shape."""
        return functional.layer_norm(x, self.weight.shape, self.weight, self.bias, self.epsilon)
