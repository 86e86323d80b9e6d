"""Which language a text is in, offline: the only importer of py3langid.

py3langid is langid.py kept up to date: Lui & Baldwin, "langid.py: An Off-the-shelf Language
Identification Tool", ACL 2012. Held to the languages of our table it names 2,481 of 2,484
questions of our development data rightly; 0.03 ms a question.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from . import LANGUAGES

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SAMPLE = 20_000
"""The language of a text is that of so many of its first characters."""

INSTALLED = Path(sys.prefix) / "share" / "passage"
"""Where `make setup` unpacks the model's tables: beside the packages of the environment."""

_ARRAYS = ("features", "priors", "moves", "rows", "outputs")


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the text's language, one of `LANGUAGES`."""
    code, _ = _identifier().classify(text[:SAMPLE])
    return str(code)


def unpack(installed: Path = INSTALLED) -> Path:
    """Write the tables of our languages as they are looked at, 41 MB; return their folder.

    A process that maps them is ready at once and holds what it looks at; one that unpacks the
    package's file takes half a second and 40 MB. The folder appears whole or not at all. Raises
    OSError.
    """
    import numpy as np  # noqa: PLC0415

    folder = _folder(installed)
    if folder.is_dir():
        return folder
    packed = _packed()
    tables = (packed.nb_ptc, packed.nb_pc, packed.tk_nextmove, packed.tk_row, packed.tk_output)
    draft = installed / f".{folder.name}-{secrets.token_hex(4)}"
    try:
        draft.mkdir(parents=True)
        (draft / "classes").write_text(" ".join(packed.nb_classes), encoding="ascii")
        for name, table in zip(_ARRAYS, tables, strict=True):
            np.save(draft / f"{name}.npy", np.asarray(table))
        os.replace(draft, folder)
    except OSError:
        if not folder.is_dir():  # Another process was quicker.
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


@cache
def _identifier() -> LanguageIdentifier:
    folder = _folder(INSTALLED)
    return _unpacked(folder) if folder.is_dir() else _packed()


def _folder(installed: Path) -> Path:
    """Where the tables are that the package's file has for our languages: no two files of other
    tables have as many bytes when they are compressed."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE  # noqa: PLC0415

    size = (MODEL_DIR / MODEL_FILE).stat().st_size
    languages = hashlib.sha256(" ".join(LANGUAGES).encode()).hexdigest()[:8]
    return installed / f"langid-{size}-{languages}"


def _packed() -> LanguageIdentifier:
    """The identifier from the package's own file, for our languages alone."""
    # Imported here: it takes a tenth of a second, and a question may be refused before.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    every = LanguageIdentifier.from_model_file(MODEL_FILE)
    every.set_languages(list(LANGUAGES))
    # One of its own for these languages: the other one keeps the 20 MB of all that it knows.
    return LanguageIdentifier(
        every.nb_ptc.copy(),
        every.nb_pc,
        every.nb_classes,
        every.tk_nextmove,
        every.tk_output,
        tk_row=every.tk_row,
    )


def _unpacked(folder: Path) -> LanguageIdentifier:
    import numpy as np  # noqa: PLC0415
    from py3langid.langid import LanguageIdentifier  # noqa: PLC0415

    features, priors, moves, rows, outputs = (
        np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS
    )
    classes = (folder / "classes").read_text("ascii").split()
    # A memoryview gives numbers of Python's own, as quickly as an array does.
    return LanguageIdentifier(
        features, priors, classes, memoryview(moves), memoryview(outputs), tk_row=rows.tolist()
    )
