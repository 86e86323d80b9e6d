"""Questions → vectors and token states by ONNX Runtime, without torch: the process that answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Floats
from ..errors import ModelError
from ..memory import release_memory
from .catalog import ONNX_FILE, ModelProfile, loading_error
from .encoder import Encoding, Progress, composed
from .model_build import PIECES_FILE

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Tokenize = Callable[[str], list[int]]


class OnnxEncoder:
    """Embeds questions on the weights that sentence-transformers embeds passages with.

    One thread: for a text so short a second one is no faster, and far slower beside load.
    """

    def __init__(self, profile: ModelProfile, folder: Path) -> None:
        """Load `onnx/model.onnx` and the tokenizer of a model's folder.

        Raises:
            ModelError: they cannot be loaded.
        """
        from threadpoolctl import threadpool_limits  # noqa: PLC0415

        threadpool_limits(1, user_api="blas")  # numpy's products of a question are as short.
        try:
            # First what needs memory for a moment: the rest then takes the same.
            self._tokenize, self._rarity = _tokenizer(folder)
            self._session = self.session(folder / ONNX_FILE)
            self._mean = _pools_by_mean(folder)
            self._longest = _longest(folder)
        except Exception as error:
            raise loading_error(profile, error) from error
        self.name = profile.name
        self._inputs = {node.name for node in self._session.get_inputs()}
        saved = _prompts(folder)
        self._prompts = {
            role: saved.get(role) or profile.prompts.get(role, "") for role in ("query", "document")
        }
        self._skipped = {
            role: len(self._tokenize(prompt.strip())) - 1 if prompt else 1
            for role, prompt in self._prompts.items()
        }
        self.dimension = len(self.query("dimension").vector)
        release_memory()

    def session(self, path: Path) -> InferenceSession:
        """Load a graph, to be run on one thread."""
        import onnxruntime  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def ids(self, text: str, role: str) -> list[int]:
        """Return the ids of a text's tokens behind the prompt of its role, "query" or "document",
        with the marks around them."""
        return self._tokenize(self._prompts[role] + composed(text))

    def query(self, text: str) -> Encoding:
        """Embed a question, with the model's query prompt."""
        return self._encode(text, "query")

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> list[Encoding]:
        """Embed passages, with the model's passage prompt; in order. It is for a few of them."""
        encodings = []
        for text in texts:
            encodings.append(self._encode(text, "document"))
            if progress:
                progress(len(encodings), len(texts))
        return encodings

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text alone, without the marks around it."""
        return [len(self._tokenize(composed(text))) - 2 for text in texts]

    def _encode(self, text: str, role: str) -> Encoding:
        ids = self.ids(text, role)
        ids = [*ids[: self._longest - 1], ids[-1]] if len(ids) > self._longest else ids
        row = np.array([ids], dtype=np.int64)
        feed = {"input_ids": row}
        if "attention_mask" in self._inputs:
            feed["attention_mask"] = np.ones_like(row)
        if "token_type_ids" in self._inputs:
            feed["token_type_ids"] = np.zeros_like(row)
        states: Floats = self._session.run(None, feed)[0][0]
        pooled = states.mean(axis=0) if self._mean else states[0]
        text_tokens = slice(self._skipped[role], -1)
        rarity = np.array([self._rarity(id) for id in ids[text_tokens]], dtype=np.float32)
        return Encoding(pooled / np.linalg.norm(pooled), states[text_tokens], rarity)


def _tokenizer(folder: Path) -> tuple[Tokenize, Callable[[int], float]]:
    """How a text becomes ids, with the marks around them, and how rare each id is."""
    if (folder / PIECES_FILE).is_file():
        from sentencepiece import SentencePieceProcessor  # noqa: PLC0415

        processor = SentencePieceProcessor(model_file=str(folder / PIECES_FILE))
        start, end = processor.bos_id(), processor.eos_id()
        return (
            # Text by text: for a list it starts a pool of threads.
            lambda text: [start, *processor.encode(text), end],
            lambda id: -processor.get_score(id),
        )
    from tokenizers import Tokenizer  # noqa: PLC0415

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return lambda text: list(tokenizer.encode(text).ids), lambda id: 0.0


def _pools_by_mean(folder: Path) -> bool:
    """Whether the vector is the mean of all states; else it is the first one.

    Raises ModelError for any other pooling."""
    pooling = _json(folder / "1_Pooling" / "config.json")
    mean = bool(pooling.get("pooling_mode_mean_tokens")) or pooling.get("pooling_mode") == "mean"
    first = bool(pooling.get("pooling_mode_cls_token")) or pooling.get("pooling_mode") == "cls"
    if mean == first:
        raise ModelError("its pooling is neither the mean nor the first token")
    return mean


def _longest(folder: Path) -> int:
    """The most tokens that the model takes, with the marks around a text."""
    limits = (
        _json(folder / file).get(name)
        for file, name in (
            ("sentence_bert_config.json", "max_seq_length"),
            ("tokenizer_config.json", "model_max_length"),
            ("config.json", "max_position_embeddings"),
        )
    )
    return int(min(limit for limit in (*limits, 512) if limit))


def _prompts(folder: Path) -> dict[str, str]:
    prompts = _json(folder / "config_sentence_transformers.json").get("prompts")
    return prompts if isinstance(prompts, dict) else {}


def _json(path: Path) -> dict[str, Any]:
    value = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return value if isinstance(value, dict) else {}
