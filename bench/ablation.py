"""`python -m bench.ablation [ROW ...]`: what each signal of the search is worth.

Each row of the table is Passage with one thing less, or another (see `bench.variants`), asked the
gold questions about the seeds; with `--xquad`, also questions about the paragraphs of XQuAD, whose
files (`dev.en.json` and so on) hold the same paragraphs and questions in each language.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.in_memory import Models
from bench.runner import OFFLINE
from bench.variants import ROWS, Memory, Row
from retrieval import Evaluation, answering, evaluate, fold

SEEDS, DATA = Path("seeds"), Path("tests/data")
LANGUAGES = ("en", "de", "es")
SAMPLE = 300
SEED = 0

SEED_GROUPS = ("q", "more")
GROUPS = ("same", "across", "pool", "vi", "mixed")
LEGEND = """\
r@1, r@3: recall of passages that hold the gold words. a@1: the first is of the right article.
auc: how well the score tells answerable from unanswerable. ans, un: answered of the answerable and
of the unanswerable, at the threshold; not where a row's score is on another scale.
q: questions.jsonl, more: more_questions.jsonl, both about the seeds. XQuAD: same: asked and held in
one language; across: in two; pool: each paragraph in en, de, es and vi; vi: in en, de and es, and
asked in Vietnamese; mixed: in one of en, de and es at random. Others are asked in en, de and es."""


@dataclass(frozen=True, slots=True)
class Set:
    """Gold questions about a folder of articles; a cell of the table is the mean of its sets."""

    group: str
    folder: Path
    questions: Path


def main() -> int:
    """The exit code: 0; 1 when it was stopped in the first row; 2 for wrong options."""
    args = _parse()
    os.environ.update(OFFLINE)
    rows = {name: ROWS[name] for name in args.rows or ROWS}
    loaded, memories = Models(args.cache), dict[Path, Memory]()
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        sets = [
            Set("q", SEEDS, DATA / "questions.jsonl"),
            Set("more", SEEDS, DATA / "more_questions.jsonl"),
        ]
        if args.xquad:
            sets += xquad(args.xquad, Path(work), args.sample)
        found = {}
        # A terminal's Ctrl-C or another's SIGTERM: then the table has what there is.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            for name, row in rows.items():
                started = time.perf_counter()
                found[name] = measured(row, sets, loaded, memories)
                loaded.save()
                print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    if not found:
        return 1
    rows = {name: rows[name] for name in found}
    print(_table(rows, found, args.xquad is not None))
    return 0


def measured(
    row: Row, sets: Sequence[Set], loaded: Models, memories: dict[Path, Memory]
) -> dict[str, list[Evaluation]]:
    """What the questions of each set came to, by group."""
    found: dict[str, list[Evaluation]] = {}
    with row.applied(), patch.object(answering, "fold", cache(fold)):
        ready = {
            folder: row.library(folder, loaded, memories.setdefault(folder, {}))
            for folder in dict.fromkeys(one.folder for one in sets)
        }
        for one in sets:
            found.setdefault(one.group, []).append(evaluate(ready[one.folder], one.questions))
    return found


def xquad(data: Path, work: Path, sample: int) -> Iterator[Set]:
    """Paragraphs as articles, in several mixtures of languages, and the questions for them."""
    texts = {one: _paragraphs(data / f"dev.{one}.json") for one in (*LANGUAGES, "vi")}
    count = len(texts["en"])
    asked = sorted(id for _, _, questions in texts["en"] for id in questions)
    dice = random.Random(SEED)
    mixed = [dice.choice(LANGUAGES) for _ in range(count)]
    if 0 < sample < len(asked):
        asked = dice.sample(asked, sample)

    def held(name: str, languages: Sequence[Sequence[str]]) -> Path:
        """A folder of articles: each paragraph in these languages."""
        folder, titles = work / name, ""
        folder.mkdir()
        for number, own in enumerate(languages):
            for language in own:
                title, text, _ = texts[language][number]
                (folder / f"{language}-{number:03}.txt").write_text(text + "\n", "utf-8")
                titles += f'["{language}-{number:03}.txt"]\ntitle = {json.dumps(title)}\n'
        (folder / "sources.toml").write_text(titles, "utf-8")
        return folder

    def ask(group: str, language: str, folder: Path) -> Set:
        file = folder.with_name(f"{folder.name}-{language}.jsonl")
        places: dict[str, list[dict[str, str]]] = {}
        for one, paragraphs in texts.items():
            for number, (_, _, questions) in enumerate(paragraphs):
                if (path := folder / f"{one}-{number:03}.txt").exists():
                    for id, (_, answer) in questions.items():
                        places.setdefault(id, []).append({"seed": path.name, "contains": answer})
        wording = {id: said for _, _, own in texts[language] for id, (said, _) in own.items()}
        rows = (
            {"question": wording[id], "lang": language, "answerable": True, "gold": places[id]}
            for id in asked
        )
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        return Set(group, folder, file)

    own = {one: held(one, [[one]] * count) for one in LANGUAGES}
    yield from (ask("same", one, own[one]) for one in LANGUAGES)
    yield from (ask("across", one, own[other]) for one, other in permutations(LANGUAGES, 2))
    pool = held("pool", [[*LANGUAGES, "vi"]] * count)
    yield from (ask("pool", one, pool) for one in LANGUAGES)
    yield ask("vi", "vi", held("three", [LANGUAGES] * count))
    random_language = held("mixed", [[one] for one in mixed])
    yield from (ask("mixed", one, random_language) for one in LANGUAGES)


def _paragraphs(file: Path) -> list[tuple[str, str, dict[str, tuple[str, str]]]]:
    """The article's title, the text, and the question and answer by id, of each paragraph."""
    return [
        (
            article["title"].replace("_", " "),
            paragraph["context"],
            {qa["id"]: (qa["question"], qa["answers"][0]["text"]) for qa in paragraph["qas"]},
        )
        for article in json.loads(file.read_text("utf-8"))["data"]
        for paragraph in article["paragraphs"]
    ]


def seed_figures(found: Evaluation) -> list[float | None]:
    """Recall@1 and @3, AUC, and what is answered of the answerable and of the unanswerable."""
    rates = [found.abstention[one] for one in ("answered_answerable", "answered_unanswerable")]
    return [found.recall_at_1, found.recall_at_3, found.abstention["auc"], *rates]


def _mean(values: Sequence[float | None]) -> float:
    return sum(one or 0 for one in values) / len(values)


def _table(rows: dict[str, Row], found: dict[str, dict[str, list[Evaluation]]], xquad: bool) -> str:
    lines = []
    for name, row in rows.items():
        cells = [seed_figures(found[name][group][0]) for group in SEED_GROUPS]
        shown = [one if row.scaled else [*one[:3], None, None] for one in cells]
        lines.append([name, row.label, *(_share(value, 2) for one in shown for value in one)])
    figures = ("r@1", "r@3", "auc", "ans", "un")
    head = [["row", "", *(f"{group} {what}" for group in SEED_GROUPS for what in figures)]]
    parts = [_columns(head + lines)]
    if xquad:
        head = [["row", "", *(f"{one} {what}" for one in GROUPS for what in ("a@1", "r@3"))]]
        lines = []
        for name, row in rows.items():
            values: list[float | None] = []
            for group in GROUPS:
                own = found[name][group]
                values.append(_mean([one.article_recall_at_1 for one in own]))
                values.append(_mean([one.recall_at_3 for one in own]))
            lines.append([name, row.label, *(_share(value, 3) for value in values)])
        parts += ["", _columns(head + lines)]
    return "\n".join([*parts, "", LEGEND, *_errors(next(iter(found.values())), xquad)])


def _columns(cells: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; the first line is its head."""
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _share(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}".removeprefix("0")


def _errors(first: dict[str, list[Evaluation]], xquad: bool) -> Iterator[str]:
    """Standard errors of the first row's shares; the wordings of a question in several languages
    count as one question."""
    for group in SEED_GROUPS:
        (own,) = first[group]
        asked = sum(int(one["questions"]) for one in own.by_language.values())
        errors = (_error(share or 0, asked) for share in (own.recall_at_1, own.recall_at_3))
        yield f"{group}: {asked} answerable of {own.questions}; standard error of recall@1 " + (
            "{:.3f}, of recall@3 {:.3f}.".format(*errors)
        )
    if xquad:
        count = first["same"][0].questions
        errors = (
            _error(_mean([one.article_recall_at_1 for one in first[group]]), count)
            for group in GROUPS
        )
        said = ", ".join(f"{g} {e:.3f}" for g, e in zip(GROUPS, errors, strict=True))
        yield f"XQuAD: {count} questions in each language; standard errors of article@1: {said}."
    yield "They are those of the first row. Rows are asked the same, and differ by less at random."


def _error(share: float, count: int) -> float:
    return float((share * (1 - share) / count) ** 0.5)


def _parse() -> Any:
    parser = argparse.ArgumentParser(prog="python -m bench.ablation", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)}; all")
    parser.add_argument("--xquad", type=Path, metavar="FOLDER", help="of XQuAD's dev.LANG.json")
    parser.add_argument(
        "--sample",
        type=int,
        default=SAMPLE,
        metavar="N",
        help=f"so many questions of XQuAD, the same in each language; {SAMPLE}; 0 is all",
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path("data/ablation"),
        help="keeps the vectors of texts; to be deleted when the code of a model changes",
    )
    args = parser.parse_args()
    if unknown := [one for one in args.rows if one not in ROWS]:
        parser.error(f"there is no row {unknown[0]}")
    return args


if __name__ == "__main__":
    sys.exit(main())
