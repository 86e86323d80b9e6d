"""A built model is looked at before each use, and built anew where it is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.embedding import model_build, model_manifest
from retrieval.embedding.model_build import build
from retrieval.embedding.model_manifest import BUILT_FILES, damaged_file

FILES = {"tokenizer.json": b"{}", "1_Pooling/config.json": b"{ }", "weights": b"x" * 100}


@pytest.fixture(autouse=True)
def _small_models(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(weights: object, folder: Path) -> None:
        for name, content in FILES.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)

    monkeypatch.setattr(model_build, "_write", write)
    monkeypatch.setattr(model_build, "WeightsFile", lambda path: None)
    monkeypatch.setattr(model_manifest, "SMALL", 50)


@pytest.mark.parametrize(
    ("damaged", "content"),
    [
        ("tokenizer.json", b"[]"),
        ("tokenizer.json", None),
        ("1_Pooling/config.json", b""),
        ("weights", b"x" * 99),
        (BUILT_FILES, b"{"),
    ],
)
def test_a_folder_that_is_damaged_is_built_anew(
    tmp_path: Path, damaged: str, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    folder = build(tmp_path / "weights", tmp_path)
    assert build(tmp_path / "weights", tmp_path) == folder
    assert caplog.text == ""
    if content is None:
        (folder / damaged).unlink()
    else:
        (folder / damaged).write_bytes(content)
    assert build(tmp_path / "weights", tmp_path) == folder
    assert f"is damaged ({damaged})" in caplog.text
    assert damaged_file(folder) is None
    assert all((folder / name).read_bytes() == content for name, content in FILES.items())


def test_an_installed_folder_that_is_damaged_is_passed_over(tmp_path: Path) -> None:
    installed = build(tmp_path / "weights", tmp_path / "installed")
    (installed / "tokenizer.json").unlink()
    used = build(tmp_path / "weights", tmp_path / "models", installed.parent)
    assert used == tmp_path / "models" / installed.name
    assert damaged_file(used) is None
