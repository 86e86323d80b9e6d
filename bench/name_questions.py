"""Questions who somebody is, made from the names in articles: of such there are few in any gold."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from retrieval.evaluation.gold import Gold
from retrieval.index.records import text_of
from retrieval.languages.terms import folded_words
from retrieval.models import Passage

WHO_IS = "who is NAME"
"""What these questions ask for, by the word that gold files have."""

TEMPLATES = {"en": "Who is {}?", "de": "Wer ist {}?", "es": "¿Quién es {}?", "vi": "{} là ai?"}
NAMES = 8
"""Names of each corpus that are asked for, and names of others that are."""

_WORD = r"[^\W\d_a-zà-ÿ][^\W\d_]+"
_NAME = re.compile(rf"(?<=[^\W\d_] ){_WORD}(?: {_WORD}){{1,2}}\b")


def names_of(passages: Sequence[Passage]) -> list[str]:
    """Return what looks like a name in running text, in order: two or three words in a row with
    capitals. German is left out, for its nouns have capitals too."""
    texts = (passage.text for passage in passages if passage.source.language != "de")
    names = (match[0] for text in texts for match in _NAME.finditer(text))
    return list(dict.fromkeys(name for name in names if name.istitle()))


def name_questions(passages: Sequence[Passage], strangers: Sequence[str], seed: int) -> list[Gold]:
    """Return questions about names that stand in passages, and about some of the `strangers` that
    do not, each in every language."""
    dice = np.random.default_rng(seed)
    texts = [f" {' '.join(folded_words(text_of(passage).whole))} " for passage in passages]
    absent = [
        name
        for name in strangers
        if not any(f" {' '.join(folded_words(name))} " in text for text in texts)
    ]
    golds = []
    for names, answerable in ((names_of(passages), True), (absent, False)):
        for name in dice.permutation(names)[:NAMES]:
            paths = [p.source.path for p in passages if name in p.text] if answerable else []
            gold = tuple((path, str(name)) for path in dict.fromkeys(paths))
            golds += [
                Gold(question.format(name), language, answerable, gold, asks=WHO_IS)
                for language, question in TEMPLATES.items()
            ]
    return golds
