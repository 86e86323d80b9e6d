"""The website that is followed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.retrieval.website import Website

from .sources import Followed


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    with Website().open() as site:
        yield Followed(site, tmp_path)
