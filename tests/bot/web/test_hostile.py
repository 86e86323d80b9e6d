"""Articles that would harm whoever reads them, and those that are too large."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest

from bot.ui.links import fingerprint, quote_page
from bot.web.article_text import MAX_PAGE, TextCache, blocks, parts
from tests.conftest import Folder

from ..agenda import evidence, meeting
from ..reading import Shelved, get, harmless, marked, reading, source

NASTY = (
    "<script>alert(1)</script><img src=x onerror=alert(1)></p></article><style>*{display:none}"
    "</style><a href='javascript:alert(1)'>here</a>{{ 7*7 }}{% raw %}"
)
TEXT = f"""{NASTY}

"><svg onload=alert(1)> \u202egnp.exe\u202c \x1b[31m and & more; <!-- {NASTY} --> were said there.

مجلس المدينة اجتمع يوم الأحد في القاعة الكبرى.
"""


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a@evil.example/", "http://plain.example/", None]
)
async def test_a_hostile_article_is_shown_harmless(folder: Folder, url: str | None) -> None:
    seeds = folder({"a.txt": TEXT})
    text = TextCache(seeds).open("a.txt")
    assert text is not None
    asker = Shelved(
        source(
            "a.txt",
            title=NASTY,
            url=url,
            language='en" onload="alert(1)',
            sha256=text.source.sha256,
        )
    )
    words = TEXT[:80]
    quote = evidence(text=words, title=NASTY, url=url, article="a.txt", start=0, end=80,
                     answer=(0, 80))  # fmt: skip
    asker.given = [meeting(name=NASTY, place=NASTY, chair=NASTY, evidence=quote, others=(quote,))]
    async with reading(asker, seeds) as client:
        for path in ("/articles", f"/articles/{fingerprint('a.txt')}", "/meetings", f"/?q={NASTY}"):
            harmless(await get(client, path))
        page = await get(client, "/" + quote_page(quote))
        harmless(page)
        assert marked(page) == [words]
        assert 'href="https://a@' not in page
        assert "http://plain" not in re.sub('data-text="[^"]*"', "", page)


async def test_5_mb_are_shown_in_parts(folder: Folder) -> None:
    line = "The council met on the river bank and nobody went home. " * 60
    seeds = folder({"big.txt": (line + "\n") * 1300, "one.txt": "word " * 990_000})
    async with reading(Shelved(source("big.txt"), source("one.txt")), seeds) as client:
        for name in ("big.txt", "one.txt"):
            path = f"/articles/{fingerprint(name)}"
            page = await get(client, path)
            assert len(page) < 2 * MAX_PAGE
            last = int(re.findall(r"Page 1 of (\d+)", page)[0])
            assert last > 200
            await get(client, f"{path}?part={last}")
            for part in (last + 1, 0, -1, "x", "9" * 99, "²"):
                await get(client, f"{path}?part={part}", status=404)


def test_no_part_ends_within_a_quote(folder: Folder) -> None:
    seeds = folder({"one.txt": "word " * 30_000})
    text = TextCache(seeds).open("one.txt")
    assert text is not None
    whole = [span for part in parts(text) for span in part]
    assert "".join(text.text[slice(*span)] for span in whole) == text.text.strip()
    for start in range(MAX_PAGE - 300, MAX_PAGE + 10, 7):
        span = (start, start + 250)
        shown = [blocks(text, part, span) for part in parts(text, span)]
        words = [[p.words for b in part for p in b.runs if p.quoted] for part in shown]
        assert sum(map(bool, words)) == 1
        assert "".join(chain(*words)) == text.text[slice(*span)]


async def test_a_link_that_leads_out_of_the_folder_is_no_article(
    folder: Folder, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("These words are nobody's business at all.")
    seeds = folder({"a.txt": "The words of an article stand here."})
    (seeds / "link.txt").symlink_to(secret)
    shelf = TextCache(seeds)
    assert shelf.open("a.txt")
    for path in ("link.txt", "../secret.txt", str(secret), "none.txt", ".", "\x00"):
        assert shelf.open(path) is None
