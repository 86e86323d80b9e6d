"""The reader in torch, to be learnt: the packaged model with low-rank updates, and a head.

The layers follow BERT (Devlin et al., NAACL 2019), the updates Hu et al., "LoRA", ICLR 2022.
Names of tensors are those of the packaged weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

HEADS = 12
RANK = 24
EPSILON = 1e-12
DROPOUT = 0.1

Arrays = Mapping[str, NDArray[np.float32]]


class Linear(nn.Module):
    """A linear layer of fixed weights, with a low-rank update and a bias that are learnt."""

    weight: Tensor

    def __init__(self, arrays: Arrays, name: str, dtype: torch.dtype) -> None:
        super().__init__()
        self._dtype = dtype
        weight = torch.from_numpy(arrays[f"{name}.w"])
        rows, columns = weight.shape
        self.register_buffer("weight", weight)
        self.down = nn.Parameter(torch.randn(RANK, columns) / math.sqrt(columns))
        self.up = nn.Parameter(torch.zeros(rows, RANK))
        self.bias = nn.Parameter(torch.from_numpy(arrays[f"{name}.b"]).clone())

    def tensors(self) -> tuple[Tensor, Tensor]:
        """Return the weight with its update, and the bias, in the type of the states."""
        weight = self.weight + 2 * self.up @ self.down
        return weight.to(self._dtype), self.bias.to(self._dtype)


class Norm(nn.Module):
    """A layer normalization that is learnt."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.from_numpy(arrays[f"{name}.w"]).clone())
        self.bias = nn.Parameter(torch.from_numpy(arrays[f"{name}.b"]).clone())

    def forward(self, states: Tensor) -> Tensor:
        weight, bias = self.weight.to(states.dtype), self.bias.to(states.dtype)
        return functional.layer_norm(states, weight.shape, weight, bias, EPSILON)


class Layer(nn.Module):
    """A layer of the model; `prepare` adds the updates, once a step."""

    def __init__(self, arrays: Arrays, name: str, dtype: torch.dtype = torch.bfloat16) -> None:
        super().__init__()
        self.linear = nn.ModuleDict(
            {
                part: Linear(arrays, f"{name}.{part}", dtype)
                for part in ("q", "k", "v", "ao", "fi", "fo")
            }
        )
        self.norm = nn.ModuleDict({part: Norm(arrays, f"{name}.{part}") for part in ("aln", "oln")})
        self._ready: dict[str, tuple[Tensor, Tensor]] = {}

    def prepare(self) -> None:
        """Make the weights of this step."""
        self._ready = {name: each.tensors() for name, each in self.linear.items()}  # type: ignore[operator]

    def learnt(self, layer: str) -> dict[str, Tensor]:
        """Return the updates under the names of the packaged weights of a layer."""
        arrays = dict[str, Tensor]()
        for name, linear in self.linear.items():
            arrays[f"{layer}.{name}.w.up"] = 2 * linear.up  # type: ignore[operator]
            arrays[f"{layer}.{name}.w.down"] = linear.down  # type: ignore[assignment]
            arrays[f"{layer}.{name}.b"] = linear.bias  # type: ignore[assignment]
        for name, norm in self.norm.items():
            arrays[f"{layer}.{name}.w"] = norm.weight  # type: ignore[assignment]
            arrays[f"{layer}.{name}.b"] = norm.bias  # type: ignore[assignment]
        return arrays

    def _product(self, name: str, states: Tensor) -> Tensor:
        return functional.linear(states, *self._ready[name])

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        batch, tokens, hidden = states.shape
        shape = batch, tokens, HEADS, hidden // HEADS
        parts = [self._product(name, states).view(shape).transpose(1, 2) for name in "qkv"]
        attended = functional.scaled_dot_product_attention(*parts, attn_mask=mask)
        attended = attended.transpose(1, 2).reshape(batch, tokens, hidden)
        states = self.norm["aln"](states + self._product("ao", attended))
        inner = functional.gelu(self._product("fi", states))
        return self.norm["oln"](states + self._product("fo", inner))  # type: ignore[no-any-return]


class TrainedReader(nn.Module):
    """The reader. Its output is how much each token is pointed at; `nowhere` is how much none."""

    words: Tensor
    positions: Tensor

    def __init__(self, arrays: Arrays) -> None:
        super().__init__()
        hidden = arrays["emb.ln.w"].size
        first_type = arrays["emb.type"].reshape(-1, hidden)[0]
        positions = arrays["emb.pos"].reshape(-1, hidden) + first_type
        self.register_buffer("words", torch.from_numpy(arrays["emb.word"]))
        self.register_buffer("positions", torch.from_numpy(positions))
        self.norm = Norm(arrays, "emb.ln").requires_grad_(requires_grad=False)
        self.segment = nn.Parameter(torch.zeros(hidden))
        count = len({name.split(".")[0] for name in arrays if name.startswith("l")})
        self.layers = nn.ModuleList(Layer(arrays, f"l{number}") for number in range(count))
        self.head = nn.Linear(hidden, 1)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.constant_(self.head.bias, -5.5)  # Of a hundred tokens one is pointed at, at most.
        self.nowhere = nn.Parameter(torch.zeros(1))
        self.dropout = nn.Dropout(DROPOUT)

    def prepare(self) -> None:
        """Make the weights of this step."""
        for layer in self.layers:
            layer.prepare()  # type: ignore[operator]

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """`ids`, `types` (1 in the passage) and `mask` are of shape (batch, tokens)."""
        states = self.words[ids] + self.positions[: ids.shape[1]]
        states = self.norm(states + types[..., None].float() * self.segment)
        states = self.dropout(states).bfloat16()
        for layer in self.layers:
            states = layer(states, mask[:, None, None, :])
        pointed: Tensor = self.head(self.dropout(states.float()))
        return pointed[..., 0]

    def learnt(self) -> dict[str, NDArray[np.float16]]:
        """Return what `PassageReader` reads: the updates under the names of the
        packaged weights, and the head, whose bias is that against pointing nowhere."""
        arrays: dict[str, Tensor] = {
            "segment": self.segment,
            "head.w": self.head.weight[0],
            "head.b": self.head.bias - self.nowhere,
        }
        for number, layer in enumerate(self.layers):
            arrays |= layer.learnt(f"l{number}")  # type: ignore[operator]
        return {name: each.detach().half().cpu().numpy() for name, each in arrays.items()}
