"""The corpora that a reader shows, each below an address of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..corpora.libraries import Corpora
from ..ui.links import corpus_page
from ..worker import Asker


@dataclass(frozen=True, slots=True)
class CorpusPages:
    """The pages of a corpus: what answers there, the folder of the articles, and what their
    addresses begin with, behind the slash. Who does not know that does not find them."""

    asker: Asker
    folder: Path
    address: str = ""


def further_pages(corpora: Corpora, keys: Mapping[str, str]) -> list[CorpusPages]:
    """Return the pages of all corpora but the main one; `keys` are those of `Links`, by name."""
    return [
        CorpusPages(corpora.view([name]), corpora.entries[name].seeds, corpus_page(key))
        for name, key in keys.items()
    ]
