"""`python -m bench.calibration --xquad FOLDER`: what the constants of the score rest on.

Each question is asked of its corpus as it is, and once more with the articles that answer it taken
away (near); questions about other corpora are asked too (far). Printed are the constants that a
logistic regression finds, how many first quotes of a score are right with those that are set in
`retrieval.scoring`, and what is answered from the threshold on.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, cast

import numpy as np
from sklearn.linear_model import LogisticRegression

from bench.ablation import DATA, SEEDS, Set, xquad
from bench.in_memory import Corpus, Models
from retrieval.answering import THRESHOLD
from retrieval.index import Index
from retrieval.language import detect
from retrieval.packaged import WORDS_MODEL
from retrieval.scoring import MANY, OTHER, PLAIN, Floats
from retrieval.search import Searcher, Weighed
from retrieval.synonyms import ExpandedQuery
from retrieval.word_vectors import WordVectors

SHARE = {"full": 0.5, "near": 0.25, "far": 0.25}
"""What each kind of question weighs in the fit, in each group of corpora alike."""
MOST = 250
"""Questions asked of a corpus."""
FAR = 100
"""Questions about others that are asked of a corpus."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question, and what the score of its first quote is made of."""

    corpus: str
    passages: int
    kind: str
    plain: bool
    evidence: float
    likeness: float
    score: float
    right: bool

    @property
    def group(self) -> str:
        return "seeds" if self.corpus == "seeds" else "XQuAD"


class _Probe(Searcher):
    """Tells what the score of the first quote is made of."""

    def case(self, corpus: str, kind: str, asked: dict[str, Any], gold: list[Any]) -> Case | None:
        language = detect(asked["question"])
        question = ExpandedQuery(asked["question"])
        vector = self._vector(question, language)
        found = self._weighed(question, language, self._matched(question, language), vector)
        taken = {one["seed"] for one in gold} if kind == "near" else set()
        paths = [self.passages[place].source.path for place in found.places]
        left = np.array([n for n, path in enumerate(paths) if path not in taken])
        if not len(left):
            return None
        found = Weighed(*(getattr(found, one.name)[left] for one in fields(found)))
        (k,), (score,) = found.first(1)
        passage = self.passages[found.places[k]]
        return Case(
            corpus,
            len(self.passages),
            kind,
            self._embedder.knows_plainly(language),
            float(found.evidence[k]),
            float(found.likeness[k]),
            float(score),
            any(
                one["seed"] == passage.source.path and one["contains"] in passage.text
                for one in gold
            ),
        )


def cases(sets: Sequence[Set], loaded: Models) -> Iterator[Case]:
    """What came of all questions; those about XQuAD are far from the seeds, and the reverse."""
    dice = random.Random(0)
    rows = {one: _rows(one.questions) for one in sets}
    about_seeds = [row for one in sets if one.folder == SEEDS for row in rows[one]]
    about_others = [row for one in sets if one.folder != SEEDS for row in rows[one]]
    by_folder = defaultdict[Path, list[Set]](list)
    for one in sets:
        by_folder[one.folder].append(one)
    for folder, own in by_folder.items():
        embedder = loaded("e5")
        corpus = cast(Index, Corpus(folder, embedder, lambda passage: passage.worded))
        probe = _Probe(corpus, embedder, WordVectors(loaded(WORDS_MODEL)))
        name = folder.name
        for one in own:
            for row in dice.sample(rows[one], min(MOST, len(rows[one]))):
                yield from _of(probe, name, row)
        far = about_others if folder == SEEDS else about_seeds
        for row in dice.sample(far, min(FAR, len(far))):
            if found := probe.case(name, "far", row, []):
                yield found


def _of(probe: _Probe, name: str, row: dict[str, Any]) -> Iterator[Case]:
    kinds = ["full"] if row["answerable"] else ["near"]
    if row["answerable"] and name != "seeds":
        kinds.append("near")
    for kind in kinds:
        if found := probe.case(name, kind, row, row["gold"]):
            yield found


def _rows(file: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [row for row in rows if row.get("kind") != "far"]


def main() -> int:
    """The exit code: 0; 2 for wrong options."""
    parser = argparse.ArgumentParser(prog="python -m bench.calibration", description=__doc__)
    parser.add_argument("--xquad", type=Path, required=True, help="folder of dev.LANG.json")
    parser.add_argument("--cache", type=Path, default=Path("data/ablation"), help="of vectors")
    args = parser.parse_args()
    loaded = Models(args.cache)
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        sets = [
            Set("q", SEEDS, DATA / "questions.jsonl"),
            Set("more", SEEDS, DATA / "more_questions.jsonl"),
            *xquad(args.xquad, Path(work), MOST),
        ]
        found = list(cases(sets, loaded))
    loaded.save()
    for name, plain, set_now in (("PLAIN", True, PLAIN), ("OTHER", False, OTHER)):
        own = [case for case in found if case.plain is plain]
        print(f"{name}, fitted: {_fitted(own)}; set: {set_now}")
        print(_reliability(own))
    print(f"Answered from {THRESHOLD} on:")
    print(_answered(found))
    return 0


def _fitted(own: Sequence[Case]) -> str:
    known = [[one.evidence - MANY * np.log(one.passages), one.likeness] for one in own]
    fit = LogisticRegression(C=1e4).fit(known, [one.right for one in own], 1000 * _weights(own))
    (slope, likeness), (offset,) = fit.coef_[0], fit.intercept_
    return f"slope {slope:.2f}, offset {offset:.2f}, likeness {likeness / slope:.2f}"


def _weights(own: Sequence[Case]) -> Floats:
    """Each kind's SHARE in its group of corpora, whatever their numbers."""
    count = Counter((case.group, case.kind) for case in own)
    return np.array([SHARE[case.kind] / count[case.group, case.kind] for case in own], np.float32)


def _reliability(own: Sequence[Case]) -> str:
    """For each tenth of the score: how many of the first quotes were right, weighed as above."""
    lines, weights = [], _weights(own)
    for group in ("seeds", "XQuAD"):
        cells = []
        for tenth in range(10):
            at = [n for n, c in enumerate(own) if c.group == group and int(c.score * 10) == tenth]
            right = [own[n].right for n in at]
            share = f"{np.average(right, weights=weights[at]):.2f}" if at else "–"
            cells.append(f"{share} ({len(at)})")
        lines.append(f"  {group}: " + ", ".join(cells))
    return "\n".join(lines)


def _answered(found: Sequence[Case]) -> str:
    lines = []
    for plain in (True, False):
        for corpus in dict.fromkeys(case.corpus for case in found):
            own = [case for case in found if case.corpus == corpus and case.plain is plain]
            said = ", ".join(f"{kind} {_share(own, kind)}" for kind in SHARE)
            lines.append(f"  {corpus}, {own[0].passages} passages: {said}" if own else "")
        lines.append("  … in a language that USE does not know:" if plain else "")
    return "\n".join(filter(None, lines))


def _share(own: Sequence[Case], kind: str) -> str:
    answered = [case.score >= THRESHOLD for case in own if case.kind == kind]
    return f"{np.mean(answered):.2f} of {len(answered)}" if answered else "–"


if __name__ == "__main__":
    sys.exit(main())
