"""What the tests of the web reader share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from retrieval import Library
from tests.conftest import SEEDS

from ..reading import reading


@pytest.fixture
async def client(library: Library) -> AsyncIterator[ClientSession]:
    """A visitor of the reader of the five seeds."""
    async with reading(library, SEEDS) as client:
        yield client
