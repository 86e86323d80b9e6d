"""Citations in the web reader: copied from a quote's page, and verified."""

from __future__ import annotations

import html
import json
import re

import pytest
from aiohttp import ClientSession

from bot.ui.links import quote_page
from retrieval import Library

from ..reading import get

ORDER = "Who received the Ho Chi Minh Order?"


async def test_a_quote_is_cited_and_its_citation_verified(
    client: ClientSession, library: Library
) -> None:
    quote = library.ask(ORDER).quotes[0]
    page = await get(client, "/" + quote_page(quote))
    (text,) = re.findall(r'data-text="([^"]*)"', page)
    assert html.unescape(text).startswith(f"“{quote.text}”\n— {quote.title}")
    (link,) = re.findall(r'href="[./]*(articles/[^"]*\.json[^"]*)"', page)
    async with client.get("/" + html.unescape(link)) as answer:
        assert answer.content_type == "application/ld+json"
        citation = await answer.text()
    for cited, sentence in (
        (citation, "Verified: the article has exactly these words there"),
        (citation.replace(quote.text[:9], quote.text[:8] + "~"), "are not in the article"),
        (citation.replace(quote.sha256, "0" * 64), "The words are in the article, but not there"),
    ):
        async with client.post("/verify", data={"citation": cited}) as answer:
            assert answer.status == 200
            assert sentence in html.unescape(await answer.text())


@pytest.mark.parametrize("text", ["x", "{}", "[" * 3_000, json.dumps({"target": "<script>"})])
async def test_what_is_no_citation_is_refused(client: ClientSession, text: str) -> None:
    async with client.post("/verify", data={"citation": text}) as answer:
        page = await answer.text()
    assert answer.status == 400
    assert "That is no citation." in page
    assert "<script>" not in page


async def test_a_citation_of_another_file_reads_no_file(client: ClientSession) -> None:
    assert "Paste a citation" in await get(client, "/verify")
    source = {
        "id": "urn:sha256:0", "language": "en", "dcterms:title": "t", "schema:sha256": "0",
        "dcterms:identifier": "../../../../etc/passwd",
    }  # fmt: skip
    record = {"target": {"source": source, "selector": [{"exact": "root"}, {"start": 0, "end": 4}]}}
    async with client.post("/verify", data={"citation": json.dumps(record)}) as answer:
        assert "There is no such article here." in html.unescape(await answer.text())
