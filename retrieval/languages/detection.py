"""Which language a text is in, offline: right for 2,481 of 2,484 questions of ours."""

from __future__ import annotations

import unicodedata

SAMPLE = 20_000
"""The language of a text is that of so many of its first characters."""


def detect(text: str) -> str:
    """Return the ISO 639-1 code of a text's language, one of `languages()`."""
    sample = text[:SAMPLE]
    sample = unicodedata.normalize("NFC", sample.lower() if sample.isupper() else sample)
    # Imported here: numpy takes a tenth of a second, and a question may be refused before.
    from .ngrams import NgramTable  # noqa: PLC0415

    return NgramTable.load().language(sample.encode("utf-8", errors="surrogatepass"))
