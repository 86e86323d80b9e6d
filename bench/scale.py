"""What a large corpus costs: `python -m bench.scale PASSAGES [--server URL] [--keep FOLDER]`.

The articles are generated and cut as any others; the vectors and tokens of their passages are made
up, of the real number and size, but for those of the seeds' articles among them. So what Chroma
holds, what a question reads and what a reload looks at are as large as they would be. Then a
process of its own asks questions, and one article is changed and reloaded with the real model.

A corpus in a folder that is kept can grow: each copy of the articles serves as soon as it is
written, and a build goes on from there. `--phase` does one part alone: build, ask or change.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench import corpus
from bench.child import peak_mib
from bench.gold import load_questions
from bench.percentiles import in_ms
from bench.runner import OFFLINE
from retrieval import Library
from retrieval.articles.file_reader import ParsedFile
from retrieval.articles.scan import scan
from retrieval.embedding.embedder import Embedder, PassageText, PassageVectors
from retrieval.embedding.token_space import BITS, DIMENSIONS
from retrieval.index.generation import Generation
from retrieval.index.records import Indexed, Vocabulary, text_of
from retrieval.index.reload import format_of
from retrieval.index.store import Store
from retrieval.index.writing import Writing
from retrieval.models import Article, Passage

Entry = tuple[Indexed, Sequence[Passage]]
"""An article and its passages."""

SEEDS = Path("seeds")
QUESTIONS = Path("tests/data/questions.jsonl")
PER_FOLDER = 5_000
"""Articles that are generated; a larger corpus has them again and again, in further folders."""

TOKENS = 95
"""Of a passage: the mean over real ones."""

AT_ONCE = 150
"""Articles that are written at once: more would be more than Chroma's server takes in a request."""

COPY = "copy"
"""The folders of the generated articles are named so, with a number."""

BYTES = DIMENSIONS * BITS // 8


def main() -> None:
    """Build the corpus, ask it, change it."""
    parser = argparse.ArgumentParser(description="What a large corpus costs.")
    parser.add_argument("passages", type=int)
    parser.add_argument("--server", help="the address of a Chroma server")
    parser.add_argument("--keep", type=Path, help="a folder that is kept, and used again")
    parser.add_argument("--phase", choices=["build", "ask", "change"], help="do this alone")
    args = parser.parse_args()
    os.environ.update(OFFLINE)
    if args.phase:
        print(json.dumps({"build": _build, "ask": _ask, "change": _change}[args.phase](args)))
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        args.keep = args.keep or Path(work)
        for phase in ("build", "ask", "change", "ask"):
            server = ["--server", args.server] if args.server else []
            command = [sys.executable, "-m", "bench.scale", str(args.passages), *server]
            command += ["--keep", str(args.keep), "--phase", phase]
            print(phase, subprocess.check_output(command, text=True).strip(), flush=True)


def _build(args: argparse.Namespace) -> dict[str, object]:
    """Write the articles and an index of them, or go on where an earlier build has ended."""
    started = time.perf_counter()
    seeds = args.keep / "seeds"
    embedder = Embedder.load()
    with closing(Store.open(args.keep / "data" / "chroma", args.server)) as store:
        if store.index() is None:
            _write_seeds(seeds, store, embedder)
        index = store.index()
        indexed = index.articles() if index else []
        passages = sum(article.passages for article in indexed)
        folders = {article.source.path.split("/")[0] for article in indexed}
        copy = sum(name.startswith(COPY) for name in folders)
        template = _template()
        mean = sum(len(file.spans) for file in template) / len(template)
        while passages < args.passages:
            files = template[: int((args.passages - passages) / mean) + 1]
            passages += _write_copy(files, copy, seeds, store, embedder)
            seconds = time.perf_counter() - started
            print(f"{passages} passages, {seconds:.0f} s", file=sys.stderr, flush=True)
            copy += 1
        index = store.index()
        articles = len(index.articles()) if index else 0
    seconds = round(time.perf_counter() - started, 1)
    return {"passages": passages, "articles": articles, "build_s": seconds}


def _write_seeds(seeds: Path, store: Store, embedder: Embedder) -> None:
    """Index the real articles, with their real vectors."""
    shutil.copytree(SEEDS, seeds, dirs_exist_ok=True)
    parsed = scan(SEEDS, whole=True).files
    texts = [text_of(passage) for file in parsed for passage in file.passages]
    vectors = dict(zip(texts, embedder.embed(texts), strict=True))
    with store.exclusively():
        writing = store.writing(format_of(embedder))
        entries = [
            (Indexed(file.article.source, len(file.spans), file.meetings, 1), file.passages)
            for file in parsed
        ]
        _plan(writing, store.index(), entries)
        writing.add(entries, vectors)
        store.serve(writing)


def _plan(writing: Writing, old: Generation | None, entries: Sequence[Entry]) -> None:
    """Write what the next generation has: what the old one has, and more articles."""
    articles = [*(old.articles() if old else []), *(article for article, _ in entries)]
    vocabulary = old.vocabulary() if old else Vocabulary()
    texts = (
        text
        for article, passages in entries
        for text in (article.source.title, *(passage.text for passage in passages))
    )
    articles.sort(key=lambda article: article.source.path)
    writing.plan(articles, vocabulary.changed((), texts))


def _template() -> Sequence[ParsedFile]:
    """Return the generated articles as parsed, with a number that each copy has of its own: no two
    articles may have the same text."""
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        for name, text in corpus.articles(PER_FOLDER):
            path = Path(work) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text}\n{_number(0)}\n", "utf-8")
        return scan(Path(work), whole=True).files


def _number(copy: int) -> str:
    return f"No. {copy:06}."


def _write_copy(
    template: Sequence[ParsedFile], copy: int, seeds: Path, store: Store, embedder: Embedder
) -> int:
    """Write a copy of the articles and let it serve; return how many passages it has."""
    dice = np.random.default_rng(copy)
    with store.exclusively():
        writing = store.writing(format_of(embedder))
        entries = list[Entry]()
        for file in template:
            text = file.article.text.replace(_number(0), _number(copy))
            source = replace(
                file.article.source,
                path=f"{COPY}{copy}/{file.article.source.path}",
                sha256=hashlib.sha256(text.encode()).hexdigest(),
                opening=None,  # Else a reload takes it for the same article in another file.
            )
            path = seeds / source.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            passages = replace(file, article=Article(source, text)).passages
            entries.append((Indexed(source, len(passages), (), writing.generation), passages))
        _plan(writing, store.index(), entries)
        for start in range(0, len(entries), AT_ONCE):
            batch = entries[start : start + AT_ONCE]
            texts = [text_of(passage) for _, passages in batch for passage in passages]
            writing.add(batch, dict(_made_up(texts, dice, embedder.dimension)))
        store.serve(writing)
    return sum(len(passages) for _, passages in entries)


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
    questions = [question.text for question in load_questions(QUESTIONS)]
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
    article = next((args.keep / "seeds" / f"{COPY}0").rglob("*.txt"))
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
