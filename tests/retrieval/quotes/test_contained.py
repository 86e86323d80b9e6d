"""A link that is put into the folder after indexing never leads out of it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval import Library, Quote
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store

TEXT = "The council met in Hanoi on Monday, and nobody went home before noon.\n"


@pytest.mark.parametrize("link", ["the file", "its folder"])
def test_nothing_outside_the_folder_is_read(tmp_path: Path, embedder: Embedder, link: str) -> None:
    seeds, outside = tmp_path / "seeds", tmp_path / "outside"
    for folder in (seeds / "news", outside):
        folder.mkdir(parents=True)
        (folder / "a.txt").write_text(TEXT)
    length, hash = len(TEXT) - 1, hashlib.sha256(TEXT.encode()).hexdigest()
    quote = Quote(
        "news/a.txt", 0, length, TEXT.strip(), 0.9, "en", "A", None, None, hash, (0, length)
    )
    with Library(seeds, Store.open(tmp_path / "chroma"), lambda: embedder) as library:
        library.reload()
        assert library.holds(quote)
        assert library.context(quote)
        assert library.article(quote)
        (seeds / "news" / "a.txt").unlink()
        if link == "the file":
            (seeds / "news" / "a.txt").symlink_to(outside / "a.txt")
        else:
            (seeds / "news").rmdir()
            (seeds / "news").symlink_to(outside)
        assert not library.holds(quote)
        assert library.context(quote) is None
        assert library.article(quote) is None
        assert library.article(replace(quote, article="../outside/a.txt")) is None
        assert library.ask("Where did the council meet?").quotes == ()
