"""Text → vectors, by sentence-transformers whatever the model.

A packaged model needs no hub: `e5` (the default where its package can be had),
`use-multilingual` and `minilm`. Any other name is a folder, or a model on the hub.
"""

from __future__ import annotations

import gc
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import ModelError
from .packaged import DEFAULT_MODEL, PACKAGED, WORDS_MODEL, manner_of
from .turns import Turns

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
"""One unit vector a row."""

Texts = tuple[str, ...]
"""A passage as models are given it: the whole, with its title, and each of its sentences."""

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do."""

BESIDE = 0.5
"""What a cosine of the model beside is worth; from 0.5 to 1 the odds are small."""

BATCH = 8
"""So many texts a question waits for, at most: a fifth of a second with the default model."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """What models make of a passage: the vector of the whole, and those of its sentences by the
    first model, a row each."""

    whole: Vectors
    sentences: NDArray[np.floating[Any]]


class Embedder:
    """A model, loaded; or two, whose vectors stand one behind the other in each vector.

    A passage's vector is of unit length. So is a question's, or it is shorter where one of two
    models does not know the language and has nothing to say. For several threads at once: a
    question waits for one batch of passages at most.
    """

    def __init__(
        self,
        name: str,
        model: SentenceTransformer,
        languages: frozenset[str] | None,
        *,
        usual: float = 0.0,
        scale: float = 1.0,
        beside: Embedder | None = None,
    ):
        self.name = name
        self._model = model
        self._languages = languages
        self._usual = usual
        self.scale = scale
        """What a cosine of the first model is worth."""
        self._beside = beside
        self._turns = Turns()
        self._own = len(self._query("dimension"))
        self.dimension: int = self._own + (beside.dimension if beside else 0)

    @classmethod
    def load(cls, name: str = DEFAULT_MODEL) -> Embedder:
        """Load a model by name: a packaged one, a folder's path, or a name on the model hub.

        Raises:
            ModelError: it cannot be loaded, or its files are not the published ones.
        """
        import_sentence_transformers()
        if name in PACKAGED:
            import torch  # noqa: PLC0415

            # For the process: two are no faster for a question, and far slower beside load.
            torch.set_num_threads(1)
        manner = manner_of(name)
        return cls._loaded(name, cls._loaded(manner.beside) if manner.beside else None)

    @classmethod
    def _loaded(cls, name: str, beside: Embedder | None = None) -> Embedder:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        packaged = PACKAGED.get(name)
        folder = packaged.verified() if packaged else None
        model: SentenceTransformer
        if packaged and folder and packaged.read:
            model = packaged.read(folder)
        else:
            try:
                model = SentenceTransformer(str(folder or name))
            except Exception as error:
                reason = str(error).strip().split("\n")[0][:200]
                raise ModelError(
                    f"The embedding model {name!r} cannot be loaded ({reason}); "
                    "check PASSAGE_EMBEDDING_MODEL and whether a model hub can be reached."
                ) from error
        manner = manner_of(name)
        if not any(model.prompts.values()):
            model.prompts = dict(manner.prompts)
        languages = packaged.languages if packaged else None
        return cls(name, model, languages, usual=manner.usual, scale=manner.scale, beside=beside)

    @property
    def recipe(self) -> str:
        """What vectors depend on beside the name: others of the same name do not mix."""
        return f"{self.scale:g}:{BESIDE:g}" if self._beside else ""

    @property
    def paired(self) -> bool:
        """Whether the vectors of two models stand in each vector."""
        return self._beside is not None

    @property
    def words(self) -> Embedder | None:
        """The model for words, if it is this one or the one beside it."""
        return self if self.name == WORDS_MODEL else self._beside

    def knows(self, language: str) -> bool:
        """Whether the model was made for the language; taken as true where nobody says."""
        return self._languages is None or language in self._languages

    def knows_plainly(self, language: str) -> bool:
        """Whether `plain` says anything of questions in the language."""
        return (self._beside or self).knows(language)

    def query(
        self, text: str, language: str | None = None, beside: Vectors | None = None
    ) -> Vectors:
        """One question's vector, with the model's query prompt; `language` is the question's, and
        `beside` what the model beside makes of the text, if that is known."""
        own = self._query(text)
        if self._beside is None:
            return own
        if language is not None and not self._beside.knows(language):
            other = np.zeros(self._beside.dimension, np.float32)
        else:
            other = self._beside.query(text) if beside is None else beside
        return np.concatenate([self._share * own, self._rest * other])

    def warm(self) -> None:
        """Read texts of up to eighty words: the first of its length takes longer."""
        for words in range(1, 80, 3):
            self._query("one " * words)
        if self._beside:
            self._beside.warm()

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """The vectors of passages, with the model's passage prompt."""
        return self._batched(texts, self.dimension, self._whole, progress)

    def sentences(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """The vectors of sentences of passages, by the first model alone."""
        return self._batched(texts, self._own, self._document, progress)

    def likeness(self, products: Vectors) -> Vectors:
        """Products of a question's vector with passages', on the scale that weights are for: 0 for
        nothing in common. Of two models it is the sum."""
        total = self.scale + BESIDE if self._beside else self.scale
        return np.asarray(total * products - self.scale * self._usual, dtype=np.float32)

    def plain(self, vectors: Vectors) -> Vectors:
        """The part of vectors (the last axis) whose products tell best what has anything to do
        with a question: that of the model beside, or all. Unit vectors, for passages."""
        return vectors[..., self._own :] / self._rest if self._beside else vectors

    def own(self, vectors: Vectors) -> Vectors:
        """The part of vectors (the last axis) that is the first model's. Unit vectors."""
        return np.asarray(vectors[..., : self._own] / self._share) if self._beside else vectors

    def _batched(
        self,
        texts: Sequence[str],
        dimension: int,
        encode: Callable[[Sequence[str]], Vectors],
        progress: Progress | None,
    ) -> Vectors:
        vectors = np.empty((len(texts), dimension), dtype=np.float32)
        # Texts of a length together: no work is done on padding.
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        for start in range(0, len(texts), BATCH):
            places = order[start : start + BATCH]
            vectors[places] = encode([texts[n] for n in places])
            if progress:
                progress(start + len(places), len(texts))
        return vectors

    def _whole(self, texts: Sequence[str]) -> Vectors:
        own = self._document(texts)
        if self._beside is None:
            return own
        return np.hstack([self._share * own, self._rest * self._beside.passages(texts)])

    def _document(self, texts: Sequence[str]) -> Vectors:
        with self._turns:
            vectors = self._model.encode_document(
                list(texts),
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return np.asarray(vectors, dtype=np.float32)

    def _query(self, text: str) -> Vectors:
        with self._turns:
            vector = self._model.encode_query(
                text, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
            )
        return np.asarray(vector, dtype=np.float32)

    @property
    def _share(self) -> float:
        return math.sqrt(self.scale / (self.scale + BESIDE))

    @property
    def _rest(self) -> float:
        """So that a product is the sum of both models' cosines, each times what it is worth."""
        return math.sqrt(BESIDE / (self.scale + BESIDE))


def embeddings(
    embedder: Embedder, passages: Sequence[Texts], progress: Progress | None = None
) -> list[Embedding]:
    """What the models make of passages, in order; `progress` is told of wholes and sentences."""
    wholes = [whole for whole, *_ in passages]
    spoken = [sentence for _, *sentences in passages for sentence in sentences]
    count = len(wholes) + len(spoken)
    tell = progress or (lambda done, count: None)
    vectors = embedder.passages(wholes, lambda n, _: tell(n, count))
    parts = iter(embedder.sentences(spoken, lambda n, _: tell(len(wholes) + n, count)))
    return [
        Embedding(vector, np.array(list(islice(parts, len(one) - 1))))
        for one, vector in zip(passages, vectors, strict=True)
    ]


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
