"""What a large corpus costs: `python -m bench.scale PASSAGES [--server URL] [--keep FOLDER]`.

The articles are generated and cut as any others; the vectors and tokens of their passages are made
up, of the real number and size, but for those of the seeds' articles among them. So what Chroma
holds, what a question reads and what a reload looks at are as large as they would be. Then a
process of its own asks questions, and one article is changed and reloaded with the real model.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from bench import corpus
from bench.child import peak_mib
from bench.gold import load_questions
from bench.percentiles import in_ms
from bench.runner import OFFLINE
from retrieval import Library
from retrieval.articles.scan import scan
from retrieval.embedding.embedder import Embedder, PassageText, PassageVectors
from retrieval.embedding.token_space import BITS, DIMENSIONS
from retrieval.index.records import Indexed, text_of
from retrieval.index.reload import AT_ONCE, made_by
from retrieval.index.store import Store

SEEDS = Path("seeds")
QUESTIONS = Path("tests/data/questions.jsonl")
PER_FOLDER = 5_000
"""Articles that are generated; a larger corpus has them again and again, in further folders."""

TOKENS = 95
"""Of a passage: the mean over real ones."""

BYTES = DIMENSIONS * BITS // 8


def main() -> None:
    """Build the corpus, ask it, change it."""
    parser = argparse.ArgumentParser(description="What a large corpus costs.")
    parser.add_argument("passages", type=int)
    parser.add_argument("--server", help="the address of a Chroma server")
    parser.add_argument("--keep", type=Path, help="a folder that is kept, and used again")
    parser.add_argument("--phase", choices=["build", "ask", "change"], help=argparse.SUPPRESS)
    args = parser.parse_args()
    os.environ.update(OFFLINE)
    if args.phase:
        print(json.dumps({"build": _build, "ask": _ask, "change": _change}[args.phase](args)))
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        args.keep = args.keep or Path(work)
        for phase in ("build", "ask", "change", "ask"):
            if phase == "build" and (args.keep / "seeds").exists():
                continue
            server = ["--server", args.server] if args.server else []
            command = [sys.executable, "-m", "bench.scale", str(args.passages), *server]
            command += ["--keep", str(args.keep), "--phase", phase]
            print(phase, subprocess.check_output(command, text=True).strip(), flush=True)


def _build(args: argparse.Namespace) -> dict[str, object]:
    """Write the articles, and an index of them."""
    folder, wanted = args.keep, args.passages
    started = time.perf_counter()
    seeds = folder / "seeds"
    shutil.copytree(SEEDS, seeds)
    store = Store.open(folder / "data" / "chroma", args.server)
    embedder = Embedder.load()
    dice = np.random.default_rng(0)
    count = articles = 0
    with store.exclusively():
        writing = store.writing(made_by(embedder))
        parsed = scan(seeds, whole=True).files
        texts = [text_of(passage) for file in parsed for passage in file.passages]
        vectors = dict(zip(texts, embedder.embed(texts), strict=True))
        for file in parsed:
            entry = Indexed(file.article.source, len(file.spans), file.meetings, writing.generation)
            writing.add([(entry, file.passages)], vectors)
        for copy in range(10**6):
            if count >= wanted:
                break
            own = seeds / f"copy{copy}"
            left = wanted - count
            for name, text in islice(corpus.articles(PER_FOLDER), left // 4 + 1):
                path = own / name
                path.parent.mkdir(parents=True, exist_ok=True)
                # A number of its own: no two articles may have the same text.
                path.write_text(f"{text}\nNo. {copy}.\n", "utf-8")
            entries = []
            for file in scan(own, whole=True).files:
                source = replace(file.article.source, path=f"{own.name}/{file.article.source.path}")
                passages = [replace(passage, source=source) for passage in file.passages]
                entries.append((Indexed(source, len(passages), (), writing.generation), passages))
            for start in range(0, len(entries), AT_ONCE):
                batch = entries[start : start + AT_ONCE]
                texts = [text_of(passage) for _, passages in batch for passage in passages]
                writing.add(batch, dict(_made_up(texts, dice, embedder.dimension)))
                count += len(texts)
            articles += len(entries)
        store.serve(writing)
    store.close()
    return {
        "passages": count,
        "articles": articles,
        "build_s": round(time.perf_counter() - started, 1),
    }


def _made_up(
    texts: list[PassageText], dice: np.random.Generator, dimension: int
) -> Iterator[tuple[PassageText, PassageVectors]]:
    for text in texts:
        vector = dice.normal(size=dimension).astype(np.float32)
        tokens = max(2, int(dice.normal(TOKENS, TOKENS / 4)))
        ends = np.linspace(2, tokens, len(text.sentences) + 1).astype(int).tolist()
        codes = np.frombuffer(dice.bytes(tokens * BYTES), np.uint8).reshape(tokens, BYTES)
        yield text, PassageVectors(vector / np.linalg.norm(vector), codes, tuple(ends))


def _library(args: argparse.Namespace) -> Library:
    return Library.open(args.keep / "seeds", args.keep / "data", chroma_url=args.server)


def _ask(args: argparse.Namespace) -> dict[str, object]:
    """Ask the seeds' questions, each once and then all again."""
    questions = [one.text for one in load_questions(QUESTIONS)]
    started = time.perf_counter()
    with _library(args) as library:
        answers = [library.ask(questions[0])]
        first = time.perf_counter() - started
        seconds = []
        for question in questions * 4:
            start = time.perf_counter()
            answers.append(library.ask(question))
            seconds.append(time.perf_counter() - start)
        half = len(seconds) // 4
        return {
            "start_to_answer_s": round(first, 2),
            "first_time_ms": in_ms(seconds[:half]),
            "ms": in_ms(seconds[half:]),
            "answered": sum(answer.answered for answer in answers) / len(answers),
            "peak_mib": round(peak_mib()),
        }


def _change(args: argparse.Namespace) -> dict[str, object]:
    """Change one article and reload, as a bot does that answers meanwhile."""
    article = next((args.keep / "seeds" / "copy0").rglob("*.txt"))
    with article.open("a", encoding="utf-8") as file:
        file.write(f"\nOn that day, {time.time_ns()} people came to the meeting of the council.\n")
    with _library(args) as library:
        library.ask("Who took over as Chief of the Party Central Office?")
        report = library.reload()
        start = time.perf_counter()
        library.ask("Who took over as Chief of the Party Central Office?")
        return {
            "reload_s": report.seconds,
            "changed": len(report.changed),
            "embedded": report.embedded,
            "next_question_s": round(time.perf_counter() - start, 2),
            "peak_mib": round(peak_mib()),
        }


if __name__ == "__main__":
    main()
