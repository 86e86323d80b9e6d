"""Languages are told apart alike by the package's own tables and by the unpacked ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.languages import LANGUAGES, detection
from tests.conftest import SEEDS

TEXTS = [file.read_text("utf-8") for file in sorted(SEEDS.glob("*.txt"))] + [
    "Wer hat das gesagt?",
    "¿Quién lo dijo?",
    "Ai nói vậy?",
    "WHO SAID SO?",
    "12",
    "",
]


def test_unpacked_tables_say_what_the_packages_own_say(tmp_path: Path) -> None:
    packed = detection._packed()
    unpacked = detection._unpacked(detection.unpack(tmp_path))
    assert unpacked.labels == packed.labels
    assert set(packed.labels) == set(LANGUAGES)
    assert [unpacked.rank(text) for text in TEXTS] == [packed.rank(text) for text in TEXTS]


def test_tables_are_unpacked_once_and_whole(tmp_path: Path) -> None:
    folder = detection.unpack(tmp_path)
    before = folder.stat().st_mtime_ns
    assert detection.unpack(tmp_path) == folder
    assert folder.stat().st_mtime_ns == before
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("there", [True, False])
def test_a_language_is_told_with_unpacked_tables_and_without(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detection, "INSTALLED", tmp_path)
    if there:
        detection.unpack(tmp_path)
    detection._identifier.cache_clear()
    try:
        assert detection.detect("Wer hat das gesagt, und wann war es?") == "de"
    finally:
        detection._identifier.cache_clear()
