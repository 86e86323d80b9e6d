"""Which model a name means, and the prompts it is used with."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.embedding import model_build
from retrieval.embedding.catalog import HUB_NAME
from retrieval.embedding.model_build import find_model


@pytest.mark.parametrize(
    ("name", "prompts"),
    [
        ("intfloat/multilingual-e5-large", {"query": "query: ", "document": "passage: "}),
        ("/models/e5-small-v2", {"query": "query: ", "document": "passage: "}),
        ("/models/e5-1571fc98-1", {}),
        ("sentence-transformers/all-MiniLM-L6-v2", {}),
        ("someone/note5-small", {}),
    ],
)
def test_prompts_that_only_a_card_names(name: str, prompts: dict[str, str], tmp_path: Path) -> None:
    profile = find_model(name, tmp_path)
    assert (profile.name, profile.source, profile.prompts) == (name, name, prompts)
    assert not profile.is_default
    assert profile.onnx_folder is None


def test_the_hub_has_the_same_model() -> None:
    assert find_model(HUB_NAME, Path("/nowhere")).prompts == model_build.E5_PROMPTS
