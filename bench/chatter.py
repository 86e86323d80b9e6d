"""Learns what is chatter around a question: `python -m bench.chatter ANSWERS QA XQUAD [--write]`.

`bench/data/chatter.jsonl` has messages in nine languages in which the chatter is marked; what
stands before and behind a question there is also put around questions of the same language from QA
(files of JSON lines with a `question`) and XQUAD (`dev.en.json` and so on). Those, and the
questions of the folds of ANSWERS, as they are and typed otherwise, have none. Prints what each of
CUTS leaves and loses on a quarter of the messages and of the folds that was left out, in turn; with
--write learns from all. The best one leaves least of the chatter where hardly a question without
chatter loses a third of its words.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.corpora import ROOT, Bools, folds
from bench.learn import write_weights
from bench.respelling import with_typos
from bench.token_space import LANGUAGES, read_xquad
from retrieval.arrays import Floats
from retrieval.embedding.embedder import Embedder
from retrieval.languages.terms import without_diacritics
from retrieval.search.chatter import FILE, Chatter, asked_part, message_words

MESSAGES = ROOT / "bench" / "data" / "chatter.jsonl"
QUESTIONS = 1_200
"""Of other sources, asked without chatter."""
OF_EACH_LANGUAGE = 300
PARTS = 4
STRENGTH = 0.3
"""The inverse of how much large weights cost; with .1 and 1 as much is left."""
CUTS = (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0)
MOST_LOST = 0.001
"""How many of the questions without chatter may lose a third of their words."""

TYPED: tuple[Callable[[str], str], ...] = (str.lower, with_typos, lambda text: text.rstrip("?"))


@dataclass(frozen=True, slots=True)
class Marked:
    """A message: its words; which are chatter, of shape (words,); the states of its tokens, of
    shape (tokens, hidden), and how many each word has; `source` is the number of the marked message
    from which its chatter comes."""

    words: list[str]
    chatter: Bools
    states: Floats
    counts: list[int]
    source: int

    @classmethod
    def read(cls, marked: str, source: int, embedder: Embedder) -> Marked:
        """Read a text whose chatter stands between ⟦ and ⟧."""
        inside, text, is_chatter = False, "", list[bool]()
        for character in marked:
            if character in "⟦⟧":
                inside = character == "⟦"
            else:
                text += character
                is_chatter.append(inside)
        words = message_words(text)
        starts = [word.start() for word in re.finditer(r"\S+", text)]
        encoding = embedder.questions.query(" ".join(words))
        counts = embedder.questions.token_counts(words)
        chatter = np.array([is_chatter[start] for start in starts])
        return cls(words, chatter, encoding.states, counts, source)

    @property
    def tokens(self) -> Bools:
        """Which tokens are chatter, of shape (tokens,)."""
        return np.repeat(self.chatter, self.counts)[: len(self.states)]


def main() -> None:
    """Print what each cut leaves and loses; write what is learnt."""
    parser = argparse.ArgumentParser(description="What is chatter around a question.")
    parser.add_argument("answers", type=Path)
    parser.add_argument("qa", type=Path)
    parser.add_argument("xquad", type=Path)
    parser.add_argument("--write", action="store_true", help="learn from all, and keep it")
    args = parser.parse_args()
    embedder = Embedder.load()
    messages = [
        Marked.read(text, source, embedder)
        for text, source in _texts(args.answers, dict(_questions(args.qa, args.xquad)))
    ]
    chosen = _report(messages)
    if args.write:
        learnt = learn(messages)
        np.savez_compressed(FILE, weights=learnt.weights.astype(np.float16), offset=learnt.offset)
        write_weights("chatter", {"cut": chosen})


def learn(messages: Sequence[Marked]) -> Chatter:
    """Learn from messages, of which a long one counts less a token (by the root of its length)."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    states = np.concatenate([message.states for message in messages])
    mean = states.mean(axis=0)
    counts = np.array([len(message.states) for message in messages])
    model = LogisticRegression(C=STRENGTH, max_iter=300).fit(
        states - mean,
        np.concatenate([message.tokens for message in messages]),
        sample_weight=np.repeat(counts**-0.5, counts),
    )
    weights = model.coef_[0].astype(np.float32)
    return Chatter(weights, float(model.intercept_[0] - weights @ mean))


def _texts(answers: Path, questions: dict[str, list[str]]) -> Iterator[tuple[str, int]]:
    """Yield marked texts, each with the number of the message that its chatter is of, or of its
    corpus."""
    dice = random.Random(3)
    rows = [json.loads(line) for line in MESSAGES.read_text("utf-8").splitlines()]
    for source, row in enumerate(rows):
        yield row["text"], source
        others = questions.get(row["lang"]) or questions["en"]
        before, _, asked = row["text"].partition("⟧")
        for other in dice.sample(others, 2) if before.startswith("⟦") else ():
            small = asked[:1].islower() and dice.random() < 0.7
            yield f"{before}⟧{other[:1].lower() + other[1:] if small else other}", source
        if row["text"].endswith("⟧"):
            yield dice.choice(others) + row["text"][row["text"].rindex("⟦") :], source
    every = sorted({question for asked in questions.values() for question in asked})
    for number, question in enumerate(dice.sample(every, min(QUESTIONS, len(every)))):
        yield question.lower() if dice.random() < 0.3 else question, len(rows) + number
    for number, fold in enumerate(folds(answers), len(rows) + QUESTIONS):
        for gold in fold.golds["dev"]:
            yield gold.question, number
            typed = without_diacritics if gold.language == "vi" else dice.choice(TYPED)
            yield typed(gold.question), number


def _questions(qa: Path, xquad: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the questions of each language."""
    asked = defaultdict[str, list[str]](list)
    for path in sorted(qa.glob("*.jsonl")):
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            asked[row["lang"]].append(row["question"])
    for language in LANGUAGES:
        if (path := xquad / f"dev.{language}.json").is_file():
            asked[language] += read_xquad(path)[1]
    for language, texts in asked.items():
        dice = random.Random(language)
        yield language, dice.sample(texts, min(len(texts), OF_EACH_LANGUAGE))


def _report(messages: Sequence[Marked]) -> float:
    """Print a row for each of CUTS; return the best one."""
    part = np.random.default_rng(0).permutation(max(m.source for m in messages) + 1) % PARTS
    odds: list[Floats] = [np.zeros(0)] * len(messages)
    for left_out in range(PARTS):
        learnt = learn([m for m in messages if part[m.source] != left_out])
        for number, message in enumerate(messages):
            if part[message.source] == left_out:
                odds[number] = learnt.of_words(message.states, message.counts)
    with_chatter = np.array([message.chatter.any() for message in messages])
    rows = []
    print("cut | chatter left | lose a third, with chatter | without")
    for cut in CUTS:
        left, lost = np.zeros(len(messages)), np.zeros(len(messages))
        for number, (message, words) in enumerate(zip(messages, odds, strict=True)):
            kept = np.zeros(len(words), bool)
            kept[slice(*asked_part(message.words, words, cut))] = True
            left[number] = kept[message.chatter].sum() / max(1, message.chatter.sum())
            lost[number] = (~kept & ~message.chatter).sum() / max(1, (~message.chatter).sum())
        third = lost > 1 / 3
        figures = left[with_chatter], third[with_chatter], third[~with_chatter]
        row = cut, *map(float, map(np.mean, figures))
        print(" | ".join(f"{value:.3g}" for value in row))
        rows.append(row)
    return min((row for row in rows if row[3] <= MOST_LOST), key=lambda row: row[1])[0]


if __name__ == "__main__":
    main()
