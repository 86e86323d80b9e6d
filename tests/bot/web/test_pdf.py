"""A quote from a PDF on its page of the reader."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bot.ui.links import quote_page
from retrieval import of_bytes, quoted
from tests.retrieval.pdfs import pdf

from ..reading import Shelved, get, marked, reading, source

LINES = ("The council met on Tuesday.", "El concejo se reunió el martes.", "Der Rat tagte.")


async def test_the_page_of_a_quote_names_the_pdfs_page_and_opens_it_there(tmp_path: Path) -> None:
    data = pdf([[line] for line in LINES])
    (tmp_path / "a.pdf").write_bytes(data)
    article = of_bytes(data, "a.pdf")
    published = "https://a.example/a.pdf"
    asker = Shelved(source("a.pdf", url=published, sha256=hashlib.sha256(data).hexdigest()))
    async with reading(asker, tmp_path) as client:
        for number, line in enumerate(LINES, 1):
            start = article.text.index(line)
            page = await get(client, "/" + quote_page(quoted(article, start, start + len(line))))
            assert marked(page) == [line]
            assert f"<span>p. {number}</span>" in page
            assert f'href="{published}#page={number}"' in page
