"""How sure a text of single bytes has to be: `python -m bench.letter_margins FOLDER [--write]`.

FOLDER has parallel texts, `en.txt`, `de.txt` and so on, a sentence a line, as NTREX-128 has them
(Federmann, Kocmi and Xin, 2022). Texts of one, 4 and 25 lines are written in the encodings of their
language and read again. On the first half of the lines are counted those that are read rightly,
refused and garbled by several margins; the best is the one with fewest refused, a garbled text
counting as GARBLED of them. The second half says what it gives, by encoding and length. With
--write it is put into `retrieval/formats/single_byte.py`.
"""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from retrieval.formats import single_byte
from retrieval.formats.single_byte import SINGLE_BYTE_CODECS, likely_readings

GARBLED = 10
MARGINS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
AVERAGES = (4.0, 5.0, 6.0, 7.0, 8.0)
LENGTHS = {"a sentence": 1, "4 sentences": 4, "25 sentences": 25}
TEXTS = 10
"""Texts of each language, encoding and length."""

_WESTERN = "cp1252 iso8859-15 mac-roman cp850"
_CENTRAL = "cp1250 iso8859-2 mac-latin2 cp852"
_WESTERN_LANGUAGES = (
    *("af", "ca", "da", "de", "en", "es", "eu", "fi", "fr", "ga", "gl", "it", "nb", "nl", "nn"),
    *("pt", "sv"),
)
ENCODINGS = {
    **dict.fromkeys(_WESTERN_LANGUAGES, _WESTERN),
    **dict.fromkeys(("fo", "id", "lb", "sq"), "cp1252"),
    **dict.fromkeys(("cs", "hu", "pl", "sk", "sl"), _CENTRAL),
    "ar": "cp1256 iso8859-6",
    "az": "cp1254",
    "be": "cp1251",
    "bg": "cp1251 iso8859-5 cp866",
    "bs": "cp1250",
    "cy": "cp1252 iso8859-14",
    "el": "cp1253 iso8859-7 mac-greek cp737",
    "et": "cp1257 cp1252 iso8859-15",
    "fa": "cp1256",
    "he": "cp1255 iso8859-8 cp862",
    "hr": "cp1250 iso8859-2 mac-croatian cp852",
    "is": "cp1252 iso8859-15 mac-iceland cp861",
    "lt": "cp1257 iso8859-13 iso8859-4 cp775",
    "lv": "cp1257 iso8859-13",
    "mk": "cp1251",
    "mt": "iso8859-3",
    "ro": "cp1250 iso8859-2 iso8859-16",
    "ru": "cp1251 koi8-r iso8859-5 mac-cyrillic cp866",
    "sr": "cp1251 iso8859-5",
    "tr": "cp1254 iso8859-9 mac-turkish cp857",
    "uk": "cp1251 koi8-u iso8859-5 mac-cyrillic",
    "vi": "cp1258",
}
"""The encodings that a language is written in, by its ISO 639-1 code."""

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SPELLINGS = str.maketrans("șțȘȚ\u2011", "şţŞŢ-")


class _Trial(NamedTuple):
    """A text in an encoding of its language, how long it is, and its likeliest reading: whether it
    is right, how much likelier than the next, and how unlikely a character is on average."""

    codec: str
    length: str
    right: bool
    margin: float
    average: float


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description="How sure a text of single bytes has to be.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="put it into single_byte.py")
    args = parser.parse_args()
    texts = {
        path.stem: [line for line in path.read_text("utf-8").splitlines() if line.strip()]
        for path in sorted(args.folder.glob("*.txt"))
        if path.stem in ENCODINGS
    }
    first, second = (
        [
            trial
            for language, lines in texts.items()
            for trial in _trials(language, lines[half * len(lines) // 2 :][: len(lines) // 2])
        ]
        for half in (0, 1)
    )
    costs = {}
    print(f"{len(texts)} languages, {len(first)} and {len(second)} texts\n")
    print("| margin \\ average |", *(f"{average:g} |" for average in AVERAGES))
    print("|---" * (len(AVERAGES) + 1) + "|")
    for margin in MARGINS:
        for average in AVERAGES:
            counts = _counts(first, margin, average)
            costs[margin, average] = counts["refused"] + GARBLED * counts["garbled"]
        print(f"| {margin:g} |", *(f"{_cell(_counts(first, margin, a))} |" for a in AVERAGES))
    best = min(costs, key=costs.__getitem__)
    print(f"\nmargin {best[0]:g}, average {best[1]:g}; the second half:\n")
    print("| encoding |", *(f"{length} |" for length in LENGTHS), "\n|---|---|---|---|")
    for codec, (name, _) in [*SINGLE_BYTE_CODECS.items(), ("", ("all", 0))]:
        rows = [trial for trial in second if codec in (trial.codec, "")]
        if rows:
            cells = ([row for row in rows if row.length == length] for length in LENGTHS)
            print(f"| {name} |", *(f"{_cell(_counts(cell, *best))} |" for cell in cells))
    if args.write:
        _write(*best)


def _trials(language: str, lines: Sequence[str]) -> Iterator[_Trial]:
    dice = np.random.default_rng(0)
    for codec in ENCODINGS[language].split():
        for length, count in LENGTHS.items():
            left = TEXTS
            for start in dice.permutation(len(lines) - count).tolist():
                text = "\n".join(lines[start : start + count]).translate(_SPELLINGS)
                data = _encoded(text, codec)
                if not left or data.isascii():
                    continue
                left -= 1
                best, *others = likely_readings(data) or [None]
                right = best is not None and data.decode(best.codec) == data.decode(codec)
                yield _Trial(
                    codec,
                    length,
                    right,
                    others[0].cost - best.cost if best and others else np.inf,
                    best.average if best else np.inf,
                )


def _encoded(text: str, codec: str) -> bytes:
    """A text in an encoding, without the characters that it has not."""
    if codec == "cp1258":
        # It has tones as characters of their own, and letters with other marks.
        letters = (unicodedata.normalize("NFD", c) for c in unicodedata.normalize("NFC", text))
        tones = re.compile(f"[{_TONES}]")
        text = "".join(
            unicodedata.normalize("NFC", tones.sub("", parts)) + "".join(tones.findall(parts))
            for parts in letters
        )
    return text.encode(codec, "ignore")


def _counts(trials: Sequence[_Trial], margin: float, average: float) -> Counter[str]:
    return Counter(
        "refused"
        if trial.margin < margin or trial.average > average
        else "right"
        if trial.right
        else "garbled"
        for trial in trials
    )


def _cell(counts: Counter[str]) -> str:
    return " / ".join(str(counts[kind]) for kind in ("right", "refused", "garbled"))


def _write(margin: float, average: float) -> None:
    path = Path(single_byte.__file__)
    source = path.read_text("utf-8")
    for name, value in (("LEAST_MARGIN", margin), ("MOST_ON_AVERAGE", average)):
        source = re.sub(rf"(?m)^{name} = \S+", f"{name} = {value}", source, count=1)
    path.write_text(source, "utf-8")


if __name__ == "__main__":
    main()
