"""Which language a text is in, offline: the only importer of py3langid.

py3langid is langid.py kept up to date: Lui & Baldwin, "langid.py: An Off-the-shelf Language
Identification Tool", ACL 2012. Held to the languages of our table it names 2,481 of 2,484
questions of our development data rightly; 4.5 MB on disk, 0.03 ms a question.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from . import languages

SAMPLE = 20_000
"""The number of first characters by which the language of a text is told."""


@cache
def _identifier() -> Any:
    # Imported here: it takes a tenth of a second, and a question may be refused before.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    every = LanguageIdentifier.from_model_file(MODEL_FILE)
    every.set_languages(list(languages()))
    # A smaller one for these languages: the one with all languages keeps 20 MB.
    return LanguageIdentifier(
        every.nb_ptc.copy(),
        every.nb_pc,
        every.nb_classes,
        every.tk_nextmove,
        every.tk_output,
        tk_row=every.tk_row,
    )


def detect(text: str) -> str:
    """The ISO 639-1 code of the text's language, one of `languages()`."""
    code, _ = _identifier().classify(text[:SAMPLE])
    return str(code)
