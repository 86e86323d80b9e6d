"""Standing questions: `python -m bench.standing_questions FOLDER... [--at-once N] [--readers
READERS] [--json]`.

Each FOLDER has `articles/` (the seeds are asked where it has none) and gold questions in
`gold.jsonl` or `dev.jsonl`; `days.json` may give the day of an article by its path. All questions
are followed from the start. The articles come in order of day, N with each reload, those of no day
in an order by chance, and each reload, one a day, asks all questions of what it brought. For each
threshold of `[answer] standing` in `retrieval/search/weights.toml` the table has how many posts
there are and which share of them has a quote with gold words (precision), which share of the gold
articles is posted (recall), and how often the same sentence is posted again to a question
(doubles). The questions of a folder NAME are read by NAME.npz of READERS, which was learnt without
it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.corpora import ROOT
from bench.reading.fit import reading_with
from bot.standing.answers import POSTS_A_DAY, TOLD_ROUNDS
from retrieval import Library, Quote, words_key
from retrieval.answer import compose
from retrieval.articles.scan import scan
from retrieval.embedding.embedder import Embedder
from retrieval.evaluation.gold import Gold
from retrieval.index.store import Store

THRESHOLDS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)


@dataclass(slots=True)
class Figures:
    """What was posted at a threshold: posts, those that are right, gold articles that were posted,
    and sentences that were posted again."""

    posts: int = 0
    right: int = 0
    gold: int = 0
    doubles: int = 0
    told: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def post(self, corpus: str, gold: Gold, quotes: Sequence[Quote]) -> None:
        """Count a post to a question."""
        keys = [words_key(quote) for quote in quotes]
        told = self.told[corpus, gold.question]
        self.doubles += len(keys) - len(set(keys) - told)
        told.update(keys)
        held = {q.article for q in quotes if gold.held_by(q.article, q.text)}
        self.posts, self.right = self.posts + 1, self.right + bool(held)
        self.gold += len(held)


def main() -> None:
    """Replay the folders and print a row a threshold."""
    parser = argparse.ArgumentParser(prog="python -m bench.standing_questions", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--at-once", type=int, default=5, help="articles that a reload brings")
    parser.add_argument("--only", type=float, nargs="+", default=THRESHOLDS, help="thresholds")
    parser.add_argument(
        "--readers", type=Path, help="a folder with NAME.npz: readers learnt without that folder"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    args = parser.parse_args()
    figures = {threshold: Figures() for threshold in args.only}
    embedder, articles, questions = Embedder.load(), 0, 0
    for folder in args.folders:
        golds = _golds(folder)
        articles += sum(len({path for path, _ in gold.passages}) for gold in golds)
        questions += len(golds)
        with reading_with(embedder, args.readers, folder.name):
            replay(folder, golds, args.at_once, embedder, figures)
        print(f"{folder.name}: {len(golds)} questions", file=sys.stderr, flush=True)
    rows = [
        {
            "threshold": threshold,
            "posts": each.posts,
            "precision": each.right / max(1, each.posts),
            "recall": each.gold / articles,
            "doubles": each.doubles,
        }
        for threshold, each in figures.items()
    ]
    if args.json:
        print(json.dumps({"questions": questions, "gold articles": articles, "thresholds": rows}))
        return
    print(f"{questions} questions, {articles} gold articles\n\n| {' | '.join(rows[0])} |")
    print("|---" * len(rows[0]) + "|")
    for row in rows:
        print("| " + " | ".join(f"{value:.3g}" for value in row.values()) + " |")


def replay(
    folder: Path,
    golds: Sequence[Gold],
    at_once: int,
    embedder: Embedder,
    figures: dict[float, Figures],
) -> None:
    """Ask the questions after each reload, and count what is posted at each threshold."""
    source = folder / "articles" if (folder / "articles").is_dir() else ROOT / "seeds"
    paths = _in_order_of_day(folder, source)
    with tempfile.TemporaryDirectory(prefix="standing-") as temporary:
        seeds = Path(temporary) / "articles"
        store = Store.open(Path(temporary) / "index")
        with Library(seeds, store, lambda: embedder) as library:
            for start in range(0, len(paths), at_once):
                new = paths[start : start + at_once]
                for path in new:
                    (seeds / path).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(source / path, seeds / path)
                library.reload()
                files = {each.sha256 for each in library.sources() if each.path in new}
                for gold in golds:
                    _ask(library, folder.name, gold, files, figures)


def _ask(
    library: Library,
    corpus: str,
    gold: Gold,
    new: Collection[str],
    figures: dict[float, Figures],
) -> None:
    shipped = compose.ANSWER
    least = min(figures)
    try:
        for threshold, each in sorted(figures.items()):
            compose.ANSWER = replace(shipped, standing=threshold)
            if not _post(library, corpus, gold, new, each) and threshold == least:
                return  # Nor would anything be posted at a higher threshold.
    finally:
        compose.ANSWER = shipped


def _post(
    library: Library, corpus: str, gold: Gold, new: Collection[str], figures: Figures
) -> bool:
    """Post what answers a question, as the bot does on a day; return whether anything does."""
    told = figures.told[corpus, gold.question]
    for number in range(POSTS_A_DAY):
        answer = library.ask_new(gold.question, new, told)
        if not answer.quotes:
            return number > 0
        figures.post(corpus, gold, answer.quotes)
        quoted = {quote.sha256 for quote in answer.quotes}
        for _ in range(TOLD_ROUNDS):  # Nothing else that these articles say is told.
            told.update(map(words_key, library.ask_new(gold.question, quoted, told).quotes))
    return True


def _golds(folder: Path) -> list[Gold]:
    file = next(file for name in ("gold", "dev") if (file := folder / f"{name}.jsonl").is_file())
    rows = map(json.loads, file.read_text("utf-8").splitlines())
    return [
        Gold(
            row["question"],
            row["lang"],
            bool(row["gold"]),
            tuple((each["seed"], each["contains"]) for each in row["gold"]),
        )
        for row in rows
    ]


def _in_order_of_day(folder: Path, articles: Path) -> list[str]:
    file = folder / "days.json"
    days = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    sources = [article.source for article in scan(articles).articles]
    by_chance = {each.path: hashlib.sha256(each.path.encode()).hexdigest() for each in sources}
    days = {each.path: each.date or "" for each in sources} | days
    return sorted(by_chance, key=lambda path: (days[path], by_chance[path]))


if __name__ == "__main__":
    main()
