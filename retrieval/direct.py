"""A sentence-transformers model of one module, straight from texts to vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule


class Direct(SentenceTransformer):
    """A module that needs no other device, no batches and no truncation: what `encode` does about
    these takes half a millisecond for each question."""

    def __init__(self, module: InputModule):
        super().__init__(modules=[module], device="cpu")

    def encode(  # type: ignore[override]
        self,
        inputs: str | Sequence[str],
        prompt_name: str | None = None,
        prompt: str | None = None,
        **_: Any,
    ) -> Any:
        """The unit vector of a text, or those of several, a row each; always as NumPy's."""
        if prompt is None and prompt_name is not None:
            prompt = self.prompts[prompt_name]
        alone = isinstance(inputs, str)
        module: Any = self[0]
        features = module.preprocess([inputs] if alone else inputs, prompt=prompt)
        vectors = module(features)["sentence_embedding"].numpy()
        return vectors[0] if alone else vectors
