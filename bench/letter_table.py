"""Makes the table of letters: `python -m bench.letter_table MODELS`.

Writes `retrieval/languages/letters.npz` from the language models of Lingua (Stahl,
github.com/pemistahl/lingua-py; Apache-2.0), which were learnt from sentences of each language.
MODELS is the folder `lingua/language-models` of its wheel, version 1.3.5; the command
needs `pip install brotli` to read it.
"""

from __future__ import annotations

import argparse
import json
from fractions import Fraction
from pathlib import Path

import brotli
import numpy as np

from retrieval.languages.letters import (
    FIRST_LETTER,
    NO_LANGUAGES,
    NO_LETTER,
    STEPS,
)

HIGHEST = 255
"""No value of the table is higher."""

UNSEEN = 1e-7
"""The chance of a letter that a language does not have."""

TARGET = Path(__file__).parent.parent / "retrieval" / "languages" / "letters.npz"

LANGUAGES = [
    *("af", "ar", "az", "be", "bg", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et"),
    *("eu", "fa", "fi", "fr", "ga", "he", "hr", "hu", "is", "it", "lt", "lv", "mk", "nb", "nl"),
    *("nn", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "th", "tr", "uk", "vi"),
]

LEAST = 3e-6
"""A letter belongs to a language of whose letters it has this share."""
SHARE = 0.01
"""Of the chance of a letter after another one, what is its chance anywhere."""

ALPHABETS = {
    "az": "çəğıöşü",
    "bs": "čćđšž",
    "cs": "áčďéěíňóřšťúůýž",
    "et": "äõöüšž",
    "hr": "čćđšž",
    "hu": "áéíóöőúüű",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "pl": "ąćęłńóśźż",
    "ro": "ăâîşţșț",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": "čšž",
    "sq": "çë",
    "tr": "âçğıîöşûü",
}
"""The letters beyond ASCII of languages whose sentences in Lingua's models were partly in a wrong
encoding; no other letter is more likely there than STRANGE."""
STRANGE = 3e-6


def main() -> None:
    """Make the table and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path)
    models = parser.parse_args().models
    single = {code: _chances(models / code / "unigrams.json.br") for code in LANGUAGES}
    letters = sorted({c for of in single.values() for c, p in of.items() if p >= LEAST})
    number = {letter: FIRST_LETTER + n for n, letter in enumerate(letters)}
    chances = np.full((len(LANGUAGES), len(number) + FIRST_LETTER, len(number) + FIRST_LETTER), 0.0)
    chances[:, :, :FIRST_LETTER] = 1.0  # What no letter is costs the same in all languages.
    chances[:, :, NO_LANGUAGES] = 0.0
    for language, code in enumerate(LANGUAGES):
        strange = {
            letter: min(STRANGE / chance, 1.0)
            for letter, chance in single[code].items()
            if code in ALPHABETS and not letter.isascii() and letter not in ALPHABETS[code]
        }
        for letter, share in single[code].items():
            if letter in number:
                chance = share * strange.get(letter, 1.0)
                chances[language, :FIRST_LETTER, number[letter]] = chance
                chances[language, FIRST_LETTER:, number[letter]] = SHARE * chance
        for (first, second), chance in _chances(models / code / "bigrams.json.br").items():
            if first in number and second in number:
                chances[language, number[first], number[second]] += (
                    (1 - SHARE) * chance * strange.get(second, 1.0)
                )
    ascii_letters = slice(number["a"], number["z"] + 1)
    for language in range(len(LANGUAGES)):
        # English words stand in texts of every script.
        if chances[language, NO_LETTER, ascii_letters].sum() < 0.5:
            chances[language, ascii_letters, FIRST_LETTER:] = 0.0
            chances[language, FIRST_LETTER:, ascii_letters] = 0.0
            words = chances[LANGUAGES.index("en"), : ascii_letters.stop, ascii_letters]
            chances[language, : ascii_letters.stop, ascii_letters] = words
    costs = np.rint(np.minimum(-np.log(np.maximum(chances, UNSEEN)) * STEPS, HIGHEST))
    np.savez_compressed(TARGET, costs=costs.astype(np.uint8), letters=np.array("".join(letters)))
    print(f"{len(LANGUAGES)} languages, {len(letters)} letters, {TARGET.stat().st_size} bytes")


def _chances(path: Path) -> dict[str, float]:
    """How likely each n-gram's last letter is behind the others."""
    ngrams = json.loads(brotli.decompress(path.read_bytes()))["ngrams"]
    return {
        ngram: float(Fraction(chance)) for chance, same in ngrams.items() for ngram in same.split()
    }


if __name__ == "__main__":
    main()
