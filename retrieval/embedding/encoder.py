"""Texts → vectors and token states, by sentence-transformers: passages, whatever the model.

It is imported when a model is loaded: that takes seconds and 400 MB, and the process that answers
does without (`onnx_encoder.py`). The default model has a graph in it (`graph_module.py`), others
run in torch.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Floats
from ..errors import ModelError
from ..languages.terms import composed
from .catalog import ModelProfile, loading_error

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


Progress = Callable[[int, int], None]
"""Called with how many items are done and how many there are."""

BATCH_SIZE = 16
"""Texts that go through the model together: more are no faster on one core."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """What one pass of a model makes of a text.

    `vector` is the pooled unit vector, of shape (dimension,); `states` are the last layer's states
    of the text's own tokens, of shape (tokens, hidden), without those of the prompt and of the
    marks around it; `rarity` is the negative log probability of each, of shape (tokens,), or 0
    where the model's tokenizer knows none.
    """

    vector: Floats
    states: Floats
    rarity: Floats


class Encoder:
    """A sentence-transformers model, for passages and for questions."""

    def __init__(self, profile: ModelProfile, model: SentenceTransformer, threads: int = 1) -> None:
        """`threads` batches of passages are embedded at the same time, each on a core: threads
        within a product would wait for each other wherever another process keeps a core busy."""
        self._model = model
        self._threads = threads
        self._tokenizing = threading.Lock()
        prompts = {key: text for key, text in model.prompts.items() if text} or profile.prompts
        self._prompts = {role: prompts.get(role, "") for role in ("query", "document")}
        # The tokens before a text's own: the start mark and the prompt's.
        self._skipped = {
            role: int(self._tokens([prompt.strip()])["attention_mask"].sum()) - 1 if prompt else 1
            for role, prompt in self._prompts.items()
        }
        self.dimension = len(self.query("dimension").vector)

    @classmethod
    def load(cls, profile: ModelProfile, threads: int = 1) -> Encoder:
        """Load a model's folder, or take it from a hub, to run in torch.

        Raises:
            ModelError: it cannot be loaded, or gives no states of tokens.
        """
        quiet_sentence_transformers()
        import torch  # noqa: PLC0415
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        torch.set_num_threads(1)
        options = {"dtype": _fastest_dtype()}
        try:
            model = SentenceTransformer(profile.source, device="cpu", model_kwargs=options)
        except Exception as error:
            raise loading_error(profile, error) from error
        try:
            return cls(profile, model, threads)
        except KeyError as error:
            raise ModelError(
                f"The embedding model {profile.name!r} gives no vectors of single tokens, which "
                "Passage compares; set another one in PASSAGE_EMBEDDING_MODEL."
            ) from error

    def query(self, text: str) -> Encoding:
        """Embed a question, with the model's query prompt."""
        return self._encode([text], "query")[0]

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> list[Encoding]:
        """Embed passages, with the model's passage prompt; in order."""
        encodings: list[Encoding | None] = [None] * len(texts)
        # Texts of a length together: no work is done on padding. The longest come first: none of
        # the last batches then keeps one core busy long after the others are done.
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]), reverse=True)
        batches = [order[start : start + BATCH_SIZE] for start in range(0, len(order), BATCH_SIZE)]
        done = 0
        for batch, batch_encodings in zip(batches, self._each(texts, batches), strict=True):
            for number, encoding in zip(batch, batch_encodings, strict=True):
                encodings[number] = encoding
            done += len(batch)
            if progress:
                progress(done, len(texts))
        return [encoding for encoding in encodings if encoding is not None]

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text alone, without marks around it. Texts that are joined by
        white space have as many together: no token reaches across it."""
        with self._tokenizing:
            ids = (
                self._model.tokenizer(
                    [composed(text) for text in texts], add_special_tokens=False, truncation=False
                )["input_ids"]
                if texts
                else []
            )
        return [len(text_ids) for text_ids in ids]

    def _each(
        self, texts: Sequence[str], batches: Sequence[Sequence[int]]
    ) -> Iterator[list[Encoding]]:
        chosen = ([texts[number] for number in batch] for batch in batches)
        if self._threads == 1 or len(batches) < 2:
            yield from (self._encode(batch, "document") for batch in chosen)
            return
        with ThreadPoolExecutor(self._threads, thread_name_prefix="encode") as pool:
            futures = [pool.submit(self._encode, batch, "document") for batch in chosen]
            try:
                for future in futures:
                    yield future.result()
            finally:
                for future in futures:
                    future.cancel()

    def _encode(self, texts: Sequence[str], role: str) -> list[Encoding]:
        import torch  # noqa: PLC0415

        prompt, skipped = self._prompts[role], self._skipped[role]
        with torch.inference_mode():
            features = self._tokens([prompt + composed(text) for text in texts])
            counts = features["attention_mask"].sum(dim=1).tolist()
            outcome: dict[str, Any] = self._model(features)
            vectors = torch.nn.functional.normalize(outcome["sentence_embedding"].float(), dim=1)
            states = outcome["token_embeddings"].float().numpy()
        return [
            Encoding(
                vector, rows[skipped : count - 1], np.zeros(max(count - 1 - skipped, 0), np.float32)
            )
            for vector, rows, count in zip(vectors.numpy(), states, counts, strict=True)
        ]

    def _tokens(self, texts: list[str]) -> dict[str, Any]:
        with self._tokenizing:  # The library's tokenizers are not for several threads at once.
            features: dict[str, Any] = self._model.preprocess(texts)
        return features


def _fastest_dtype() -> Any:
    """16 bits where the processor multiplies them in one step: five times as fast there."""
    import torch  # noqa: PLC0415

    has = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return torch.bfloat16 if has.get("amx_bf16") or has.get("avx512_bf16") else torch.float32


def quiet_sentence_transformers() -> None:
    """Import sentence-transformers, without its progress bars and messages."""
    import sentence_transformers  # noqa: F401, PLC0415
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    for chatty in ("sentence_transformers", "transformers", "huggingface_hub"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
