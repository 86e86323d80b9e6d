"""Makes the table of the languages' n-grams: `python -m bench.language_table`.

Writes `retrieval/languages/ngrams.npz` from the model of py3langid (Lui & Baldwin, "langid.py",
ACL 2012; BSD-3-Clause). That one is an automaton whose states are n-grams of bytes: after each byte
its state is the longest n-gram that ends there. Here they are n-grams once more, with the weights
of the most read languages. Run it when one is added that is not among them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from retrieval.languages.detection import KEY_BITS

TARGET = Path(__file__).parent.parent / "retrieval" / "languages" / "ngrams.npz"

LANGUAGES = [
    "ar",
    "bg",
    "ca",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fa",
    "fi",
    "fr",
    "he",
    "hi",
    "hr",
    "hu",
    "id",
    "it",
    "ja",
    "ko",
    "lt",
    "lv",
    "nl",
    "no",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sr",
    "sv",
    "th",
    "tr",
    "uk",
    "vi",
    "zh",
]


def main() -> None:
    """Make the table and write it."""
    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages(LANGUAGES)
    ngrams = _ngrams(np.array(model.tk_nextmove).reshape(-1, 256), np.array(model.tk_row))
    features = np.array(model.tk_output, np.int32)
    counting = [state for state in ngrams if features[state] >= 0]
    keys = np.array(
        [
            int.from_bytes(ngrams[state], "big") | len(ngrams[state]) << KEY_BITS
            for state in counting
        ]
    )
    order = np.argsort(keys)
    np.savez_compressed(
        TARGET,
        keys=keys[order],
        features=features[counting][order],
        weights=np.asarray(model.nb_ptc, np.float16),
        prior=model.nb_pc,
        codes=np.array(model.nb_classes),
    )
    print(f"{len(keys)} n-grams, {len(model.nb_ptc)} features, {len(model.nb_classes)} languages")


def _ngrams(moves: np.ndarray, rows: np.ndarray) -> dict[int, bytes]:
    """The n-gram of each state: the shortest way to it from the first."""
    ngrams = {0: b""}
    level = [0]
    while level:
        following = []
        for state in level:
            for byte, target in enumerate(moves[rows[state]].tolist()):
                if target not in ngrams:
                    ngrams[target] = ngrams[state] + bytes([byte])
                    following.append(target)
        level = following
    return ngrams


if __name__ == "__main__":
    main()
