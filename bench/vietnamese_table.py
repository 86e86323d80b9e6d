"""Makes the table of Vietnamese syllables: `python -m bench.vietnamese_table WIKI NTREX XQUAD`.

Writes `retrieval/languages/vietnamese.npz` from free texts:

- WIKI: a folder of articles of the Vietnamese Wikipedia as plain text (CC BY-SA 3.0 and 4.0), the
  7,864 of `viwiki/` in github.com/undertheseanlp/corpus.viwiki: 15.6 million syllables.
- NTREX: a Vietnamese file of sentences, one a line: `vi.txt` of NTREX-128 (Federmann, Kocmi and
  Xin, 2022; CC BY-SA 4.0).
- XQUAD: questions and paragraphs, `xquad.vi.json` of XQuAD (Artetxe, Ruder and Yogatama, 2020;
  CC BY-SA 4.0).

How often other languages write such words comes from wordfreq (Speer, 2022; its data CC BY-SA 4.0),
which this command alone needs (`pip install wordfreq`).
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from wordfreq import get_frequency_dict

from retrieval.languages.terms import fold
from retrieval.languages.vietnamese import BREAK, FOREIGN, NUMBER, SCALE, TOKEN, syllable_of

TARGET = Path(__file__).parent.parent / "retrieval" / "languages" / "vietnamese.npz"

LEAST_COUNT = 5
"""Rarer syllables are left out."""
LEAST_SHARE = 0.0005
"""So are those that stand for so few of what is the same without diacritics."""
MOST_FORMS = 16
LEAST_PAIR = 2
"""Rarer pairs of syllables are left out."""
DISCOUNT = 0.75
"""Of each pair's count, for those that were not seen (Kneser and Ney)."""

QUESTION_WEIGHT = 30
"""So often each question is counted: encyclopedias ask few, and members little else."""

SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
    r"(?:uye|uya|uyu|oai|oay|oeo|uay|uoi|uou|ieu|yeu|[iy]e|uo|ua|ue|uy|oa|oe|oo|ai|ao|au|ay|eo|eu"
    r"|ia|iu|oi|ui|uu|[aeiouy])"
    r"(?:ch|ng|nh|[cmnpt])?"
)
"""A Vietnamese syllable without diacritics: first consonant, vowel, last consonant."""

FOREIGN_LANGUAGES = {"en": 1, "de": 1, "es": 1, "fr": 1} | dict.fromkeys(
    [
        "it",
        "pt",
        "nl",
        "pl",
        "id",
        "ms",
        "fil",
        "ca",
        "da",
        "nb",
        "sv",
        "fi",
        "hu",
        "cs",
        "ro",
        "tr",
    ],
    0.5,
)
"""The languages whose words are compared, and what their frequencies count."""


def main() -> None:
    """Make the table and write it."""
    parser = argparse.ArgumentParser(description="Make the table of Vietnamese syllables.")
    for name in ("wiki", "ntrex", "xquad"):
        parser.add_argument(name, type=Path)
    args = parser.parse_args()
    numbers, sequence = _numbered(_texts(args.wiki, args.ntrex, args.xquad))
    table = _table(numbers, sequence)
    np.savez_compressed(TARGET, **table)  # type: ignore[arg-type]
    print(
        f"{len(numbers)} syllables, {len(table['chances'])} pairs of {len(sequence)},"
        f" {TARGET.stat().st_size // 1000} kB"
    )


def _texts(wiki: Path, ntrex: Path, xquad: Path) -> Iterator[str]:
    for path in sorted(wiki.glob("*.txt")):
        yield path.read_text("utf-8", errors="ignore")
    yield ntrex.read_text("utf-8")
    for article in json.loads(xquad.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            yield paragraph["context"]
            questions = [question["question"] for question in paragraph["qas"]]
            yield from QUESTION_WEIGHT * questions


def _numbered(texts: Iterator[str]) -> tuple[dict[str, int], np.ndarray]:
    """The syllables that are kept, those that are the same without diacritics in a row, with their
    numbers; and the texts as numbers."""
    kinds = {".": BREAK, "a": FOREIGN, "1": NUMBER}
    first: dict[str, int] = {}  # Any token, as it was first met.
    met = array("i")
    for text in texts:
        met.append(first.setdefault(".", len(first)))
        met.extend(
            first.setdefault(_counted_token(match[0]), len(first))
            for match in TOKEN.finditer(unicodedata.normalize("NFC", text))
        )
    counts = Counter(dict(zip(first, np.bincount(met).tolist(), strict=True)))
    rows: dict[str, list[str]] = defaultdict(list)
    for word, count in counts.most_common():
        if word not in kinds and count >= LEAST_COUNT:
            rows[fold(word)].append(word)
    numbers = dict(kinds)
    for plain in sorted(rows):
        total = sum(counts[word] for word in rows[plain])
        for word in rows[plain][:MOST_FORMS]:
            if counts[word] >= LEAST_SHARE * total:
                numbers[word] = len(numbers)
    return numbers, np.array([numbers.get(word, FOREIGN) for word in first], np.int64)[met]


@cache
def _counted_token(token: str) -> str:
    """A token as it is counted: a syllable, or ".", "a" or "1" for what is none."""
    if not token[0].isalnum():
        return "."
    if any(character.isdigit() for character in token):
        return "1"
    syllable = syllable_of(token)
    return syllable if SYLLABLE.fullmatch(fold(syllable)) else "a"


def _table(numbers: dict[str, int], sequence: np.ndarray) -> dict[str, np.ndarray]:
    """What `SyllableTable.load` reads."""
    size = len(numbers)
    pairs, counts = np.unique(sequence[:-1] * size + sequence[1:], return_counts=True)
    before = np.bincount(pairs // size, weights=counts, minlength=size) + 1.0
    kinds_before = np.bincount(pairs % size, minlength=size) + 0.5
    single = kinds_before / kinds_before.sum()
    frequent = counts >= LEAST_PAIR
    pairs, discounted = pairs[frequent], counts[frequent] - DISCOUNT
    first, second = pairs // size, pairs % size
    backoff = np.maximum(1 - np.bincount(first, weights=discounted, minlength=size) / before, 1e-5)
    chances = np.log(discounted / before[first] + backoff[first] * single[second])
    plain = [fold(word) for word in list(numbers)[NUMBER + 1 :]]
    starts = [n for n, word in enumerate(plain) if not n or word != plain[n - 1]]
    rows = [plain[start] for start in starts]
    steps = np.diff(pairs, prepend=0).astype("<u4")
    return {
        "syllables": np.array(" ".join(list(numbers)[NUMBER + 1 :])),
        "plain": np.array(" ".join(rows)),
        "starts": np.array([*starts, len(plain)], np.int16) + NUMBER + 1,
        "foreign": _bytes(_foreign(rows)),
        "single": np.log(single).astype(np.float16),
        "backoff": np.log(backoff).astype(np.float16),
        "steps": np.ascontiguousarray(steps.view(np.uint8).reshape(-1, 4).T),
        "chances": _bytes(chances),
    }


def _bytes(log_chances: np.ndarray) -> np.ndarray:
    return np.clip(np.round(-SCALE * log_chances), 0, 255).astype(np.uint8)


def _foreign(words: list[str]) -> np.ndarray:
    """The log probability of each word in the language that has it most."""
    most = dict.fromkeys(words, 1e-5)
    for language, weight in FOREIGN_LANGUAGES.items():
        shares: Counter[str] = Counter()
        for word, share in get_frequency_dict(language, wordlist="small").items():
            shares[fold(word)] += weight * share
        most = {word: max(share, shares[word]) for word, share in most.items()}
    return np.log([most[word] for word in words])


if __name__ == "__main__":
    main()
