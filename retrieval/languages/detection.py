"""Which language a text is in, offline: right for 2,481 of 2,484 questions of ours.

By a naive Bayes model of n-grams of bytes: Lui & Baldwin, "langid.py: An Off-the-shelf Language
Identification Tool", ACL 2012. `python -m bench.language_table` takes the n-grams and their weights
from py3langid, whose automaton holds ten times the memory.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from . import languages
from .terms import WORD

if TYPE_CHECKING:  # It takes a tenth of a second, and a question may be refused before.
    import numpy as np
    from numpy.typing import NDArray

SAMPLE = 20_000
"""The number of first characters that the language of a text is detected from."""

LEAST_WORDS = 2
"""The fewest words, not counting names, that tell the language of a question."""

CERTAIN_MARGIN = 5.0
"""The language of a question is certain if its log probability is so much above the next one's: of
829 questions about ten corpora .95 are, two of them wrongly."""

SURELY_OTHER = 200.0
"""A text is in another language than its file says if its log probability is so much above that of
the language said. Of 720 texts of 300 to 1,500 characters in four languages, each is in the one
that it is likeliest in, by 124 and more."""

LONG = 120
"""The number of letters above which a text may be in a language without a file of words."""

SURE = 20.0
"""A shorter one is in such a language if its log probability is so much above that of any other: of
31,809 sentences of 12 to 120 letters, in 25 languages (NTREX-128), 29,000 are read rightly so, and
15,430 without it; of those in a language with a file of words none is read otherwise."""

OWN_LETTERS = {
    "el": ("[\u0370-\u03ff\u1f00-\u1fff]", ""),
    "fa": ("[\u0600-\u06ff]", "[\u067e\u0686\u0698\u06a9\u06af\u06cc]"),
    "he": ("[\u05d0-\u05ea]", ""),
    "hi": ("[\u0900-\u097f]", ""),
    "sr": ("[\u0400-\u04ff]", "[ђјљњћџ]"),
    "uk": ("[\u0400-\u04ff]", "[іїєґ]"),
}
"""Of languages without a file of words their script, and the letters that they alone have of those
with one, where these have the script as well: a short text most words of which are in the script
and one has such a letter may be in that language, too."""

OWN_SCRIPTS = {
    "hy": "[\u0530-\u058f]",
    "dv": "[\u0780-\u07bf]",
    "bn": "[\u0980-\u09ff]",
    "pa": "[\u0a00-\u0a7f]",
    "gu": "[\u0a80-\u0aff]",
    "or": "[\u0b00-\u0b7f]",
    "ta": "[\u0b80-\u0bff]",
    "te": "[\u0c00-\u0c7f]",
    "kn": "[\u0c80-\u0cff]",
    "ml": "[\u0d00-\u0d7f]",
    "si": "[\u0d80-\u0dff]",
    "lo": "[\u0e80-\u0eff]",
    "bo": "[\u0f00-\u0fff]",
    "my": "[\u1000-\u109f]",
    "ka": "[\u10a0-\u10ff]",
    "am": "[\u1200-\u137f]",
    "km": "[\u1780-\u17ff]",
}
"""Scripts of languages that the table of n-grams has not, each with the language that most is
written in of what is in it."""

KEY_BITS = 48
"""Of a key's lower part, the bytes of an n-gram; above them is how many these are."""


def detect(text: str, *, any_language: bool = False, stated: str = "") -> str:
    """Return the ISO 639-1 code of a text's language: one of `languages()`, or, for `any_language`
    one that the text's script tells or, of a long text or where it is sure, one of all that the
    table of n-grams has, of a short one one of those that its letters tell. Where a code is
    `stated`, as a page's head does, it is that, unless the text is surely in another: the head may
    be its template's."""
    sample = text[:SAMPLE]
    sample = unicodedata.normalize("NFC", sample.lower() if sample.isupper() else sample)
    if stated:
        table, data = NgramTable.load(), sample.encode(errors="surrogatepass")
        if stated not in table.codes:
            return stated
        other, _ = table.likeliest(data)
        is_other = other != stated and table.likeliest(data, (other, stated))[1] >= SURELY_OTHER
        return other if is_other else stated
    among: Collection[str] | None = languages()
    if any_language:
        if code := _by_script(sample):
            return code
        code, margin = NgramTable.load().likeliest(sample.encode(errors="surrogatepass"))
        is_sure = margin >= SURE and code not in OWN_LETTERS  # A name may be in another script.
        if is_sure or sum(map(str.isalpha, sample)) > LONG:
            return code
        among = _possible(sample)
    return NgramTable.load().likeliest(sample.encode(errors="surrogatepass"), among)[0]


def _by_script(text: str) -> str | None:
    """The language of a text most of which is in a script that only languages have which the table
    has not."""
    found = "".join(re.findall("|".join(OWN_SCRIPTS.values()), text))
    if not found or 2 * len(found) <= sum(map(str.isalpha, text)):
        return None
    return max(OWN_SCRIPTS, key=lambda code: len(re.findall(OWN_SCRIPTS[code], found)))


def question_language(question: str) -> tuple[str, bool]:
    """Return the ISO 639-1 code of a question's language, and whether that is certain.

    It is short, so names and figures in it, which may be of any language, do not count where enough
    other words are left; where there are not, nothing is certain. And it may be Vietnamese that was
    typed without its diacritics.
    """
    from .vietnamese import is_unmarked_vietnamese  # noqa: PLC0415 - it imports numpy

    text = unicodedata.normalize("NFC", question)
    words = list(WORD.finditer(text))
    # Figures and, but for the first one, words that begin with a capital.
    names = [
        match
        for number, match in enumerate(words)
        if (number and match[0][0].isupper()) or not match[0].isalpha()
    ]
    tells = len(words) - len(names) >= LEAST_WORDS
    if is_unmarked_vietnamese(text):
        return "vi", tells
    if tells:
        for match in reversed(names):
            text = text[: match.start()] + text[match.end() :]
        text = " ".join(text.split())
    sample = text.lower() if text.isupper() else text
    among = _possible(sample)
    code, margin = NgramTable.load().likeliest(sample.encode(errors="surrogatepass"), among)
    return code, tells and margin >= CERTAIN_MARGIN


def _possible(text: str) -> Collection[str]:
    """The languages that a short text may be in."""
    # By words: the name of a club may have more letters than the sentence around it.
    firsts = [first for word in text.split() if (first := next(filter(str.isalpha, word), ""))]
    others = {
        code
        for code, (script, own) in OWN_LETTERS.items()
        if 2 * sum(bool(re.match(script, first)) for first in firsts) > len(firsts)
        and re.search(own, text)
    }
    return others.union(languages())


@dataclass(frozen=True, slots=True)
class NgramTable:
    """A naive Bayes model of n-grams of bytes.

    `keys`, int64 of shape (n-grams,) in ascending order, are the n-grams; `features`, int32 of the
    same shape, the feature that each counts for. `weights`, float16 of shape (features,
    languages), and `prior`, float32 of shape (languages,), are log probabilities; `codes` are the
    languages' ISO 639-1 codes.
    """

    keys: NDArray[np.int64]
    features: NDArray[np.int32]
    weights: NDArray[np.float16]
    prior: NDArray[np.float32]
    codes: tuple[str, ...]

    @classmethod
    @cache
    def load(cls) -> NgramTable:
        """Read the table beside this file, once."""
        import numpy as np  # noqa: PLC0415

        path = files(__package__).joinpath("ngrams.npz")
        with path.open("rb") as file, np.load(file) as arrays:
            return cls(
                keys=arrays["keys"],
                features=arrays["features"],
                weights=arrays["weights"],
                prior=arrays["prior"],
                codes=tuple(arrays["codes"].tolist()),
            )

    def likeliest(self, data: bytes, among: Collection[str] | None = None) -> tuple[str, float]:
        """Return the code of the language that these bytes, UTF-8, are most likely in, one of those
        `among` which to choose, and how far its log probability is above that of the next one."""
        import numpy as np  # noqa: PLC0415

        count, longest = len(data), int(self.keys[-1] >> KEY_BITS)
        # The keys of the n-grams that end at each byte, those of the most bytes in the first row.
        padded = np.frombuffer(bytes(longest - 1) + data, np.uint8).astype(np.int64)
        keys, gram = np.empty((longest, count), np.int64), np.zeros(count, np.int64)
        for length in range(1, longest + 1):
            start = longest - length
            gram |= padded[start : start + count] << 8 * (length - 1)
            keys[start] = gram | length << KEY_BITS
        positions = np.searchsorted(self.keys[:-1], keys)
        known = self.keys[positions] == keys
        # Of those that end at a byte the longest counts alone.
        ending = positions[known.argmax(axis=0), np.arange(count)][known.any(axis=0)]
        counted, counts = np.unique(self.features[ending], return_counts=True)
        columns = [n for n, code in enumerate(self.codes) if among is None or code in among]
        if not len(counted):
            return self.codes[columns[0]], 0.0
        weights = self.weights[counted][:, columns]
        scores = np.log1p(counts.astype(np.float32)) @ weights + self.prior[columns]
        best = int(scores.argmax())
        margin = scores[best] - np.delete(scores, best).max()
        return self.codes[columns[best]], float(margin)
