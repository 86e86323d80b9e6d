"""An embedding model with its encoders for questions and passages, token space and reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from ..arrays import Floats
from .catalog import DEFAULT_MODEL, ModelProfile
from .encoder import Encoder, Progress
from .meeting_reader import MeetingReader
from .model_build import find_model
from .onnx_encoder import OnnxEncoder, PassageReader
from .token_space import Codes, TokenSpace

FEW = 64
"""Up to so many passages are embedded by the encoder of questions, which makes the same of them, if
sentence-transformers is not loaded: that takes seconds. The change of one article is no more."""


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage as the model is given it: the title of its article, for a passage often leaves out
    what the title has named, its own text, and for what is kept of it its sentences and language.
    """

    title: str
    text: str
    sentences: tuple[str, ...]
    language: str

    @property
    def whole(self) -> str:
        return f"{self.title}\n{self.text}"


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """What is kept of a passage: its centred unit vector, of shape (dimension,), the codes of its
    tokens, of shape (tokens, bytes), and the token at which each of its sentences ends; the first
    number is where the first begins, behind the title."""

    vector: Floats
    codes: Codes
    sentence_ends: tuple[int, ...]


class Embedder:
    """An embedding model. Its encoders are loaded when they are first needed: a process that only
    asks needs no torch."""

    def __init__(self, profile: ModelProfile, threads: int = 1, *, reads: bool = True) -> None:
        """`threads` is how many batches of passages are embedded at the same time; `reads` whether
        the model's reader is used, if it has one."""
        self._reads = reads
        self.name = profile.name
        self.is_default = profile.is_default
        self._profile = profile
        self._threads = threads

    @classmethod
    def load(
        cls,
        name: str = DEFAULT_MODEL,
        models: Path = Path("data/models"),
        threads: int = 1,
        *,
        reads: bool = True,
    ) -> Self:
        """Find the model called `name`: "e5", a folder's path, or a name on a model hub; the
        default one is built below `models` where it is not installed. See also `__init__`.

        Raises:
            ModelError: the default model cannot be built.
        """
        return cls(find_model(name, models), threads, reads=reads)

    @cached_property
    def _graph(self) -> OnnxEncoder | None:
        """The default model without sentence-transformers, where it was built on this machine."""
        folder = self._profile.onnx_folder
        return OnnxEncoder(self._profile, folder) if folder else None

    @cached_property
    def passages(self) -> Encoder:
        """What embeds passages. Raises ModelError if it cannot be loaded."""
        if self._graph is None:
            return Encoder.load(self._profile, self._threads)
        from .graph_module import graph_model  # noqa: PLC0415

        return Encoder(self._profile, graph_model(self._graph), self._threads)

    @cached_property
    def questions(self) -> OnnxEncoder | Encoder:
        """What embeds questions. Raises ModelError if it cannot be loaded."""
        return self._graph or self.passages

    @cached_property
    def reader(self) -> PassageReader | None:
        """What reads question and passage together, if it is to be used and the model has one."""
        folder, graph = self._profile.onnx_folder, self._graph
        return PassageReader(folder, graph) if self._reads and folder and graph else None

    @cached_property
    def meeting_reader(self) -> MeetingReader | None:
        """What reads for meetings, if the model is the default one."""
        folder, graph = self._profile.onnx_folder, self._graph
        return MeetingReader(folder, graph, self._threads) if folder and graph else None

    @property
    def dimension(self) -> int:
        """The length of a pooled vector."""
        return self.questions.dimension

    @cached_property
    def space(self) -> TokenSpace:
        """How states of tokens are compared."""
        if self.is_default:
            return TokenSpace.general().rotated()
        return TokenSpace.random(self.questions.query("dimension").states.shape[1])

    def embed(
        self, texts: Sequence[PassageText], progress: Progress | None = None
    ) -> list[PassageVectors]:
        """Embed passages; in order."""
        is_quick = len(texts) <= FEW and "passages" not in vars(self)
        encoder = self.questions if is_quick else self.passages
        encodings = encoder.passages([text.whole for text in texts], progress)
        counts = self.questions.token_counts(
            [part for text in texts for part in (text.title, *text.sentences)]
        )
        next_count = iter(counts)
        vectors = []
        for text, encoding in zip(texts, encodings, strict=True):
            ends = np.cumsum([next(next_count) for _ in range(1 + len(text.sentences))])
            codes = self.space.passage(encoding.states, text.language)
            within = tuple(np.minimum(ends, len(codes)).tolist())
            vector = self.space.passage_vector(encoding.vector, text.language)
            vectors.append(PassageVectors(vector, codes, within))
        return vectors
