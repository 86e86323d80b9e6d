"""The web reader over the real library: every page, the marked words, what is copied and linked."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import pytest
from aiohttp import ClientSession
from icalendar import Calendar

from bot.i18n.phrases import LANGUAGES, domain, phrases_in
from bot.ui.links import NO_READER, Links, fingerprint, quote_page
from bot.ui.text import clean
from bot.web.article_text import blocks, parts
from retrieval import Library, Quote, of_bytes
from tests.conftest import DATA, SEEDS

from ..reading import get, marked, reading

ORDER = "Who received the Ho Chi Minh Order?"
FIRST = "/articles/" + fingerprint("000_c198e92d4335c7bf.txt")
PAGES = ("/", f"/?q={ORDER}", "/articles", FIRST, f"{FIRST}/q/0-100", "/meetings", "/meetings.ics")


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_there_and_light(client: ClientSession, path: str) -> None:
    async with client.get(path) as answer:
        body = await answer.read()
    assert answer.status == 200
    assert len(body) < 50_000
    async with client.head(path) as answer:
        assert (answer.status, await answer.read()) == (200, b"")


async def test_a_page_with_all_that_it_needs_is_below_50_kb(client: ClientSession) -> None:
    page = await get(client, f"{FIRST}/q/0-100")
    needed = re.findall(r'(?:href|src)="[./]*(static/[^"]+)"', page)
    assert len(needed) == 3
    whole = len(page.encode())
    for path in needed:
        async with client.get(f"/{path}") as answer:
            assert (answer.status, "immutable" in answer.headers["Cache-Control"]) == (200, True)
            whole += len(await answer.read())
    assert whole < 50_000
    assert "://" not in re.sub(r'href="https://[^"]+" rel=|data-(source|text)="[^"]*"', "", page)


async def test_an_answer_is_that_of_the_other_faces(
    client: ClientSession, library: Library
) -> None:
    answer = library.ask(ORDER)
    for asked in (
        await get(client, f"/?q={ORDER}"),
        await get(client, "/", data={"q": ORDER}),
    ):
        shown = re.findall(r"<blockquote[^>]*><p>(.*?)</p>", asked, re.DOTALL)
        plain = [html.unescape(re.sub("<[^>]+>", "", words)) for words in shown]
        assert len(plain) == len(answer.quotes)
        assert all(clean(q.text) in words for q, words in zip(answer.quotes, plain, strict=True))
        for quote in answer.quotes:
            assert f'href="./{html.escape(quote_page(quote))}"' in asked
            assert quote.link is not None
            assert f'href="{quote.link}"' in asked


async def test_what_the_articles_do_not_answer_is_not_answered(client: ClientSession) -> None:
    page = await get(client, "/", data={"q": "How is sourdough bread baked at home?"})
    assert "The articles do not answer this." in page
    assert "<blockquote" not in page


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("x" * 400, "Your question is too long: 400 characters; I take at most 300."),
        ("???", "I found no words to search for"),
        ("\x00", "no words to search for"),
    ],
)
async def test_a_question_that_cannot_be_searched_for(
    client: ClientSession, question: str, said: str
) -> None:
    assert said in await get(client, "/", status=400, data={"q": question})


async def test_small_talk_is_met_with_what_the_reader_does(client: ClientSession) -> None:
    assert "Ask in English, German, Spanish or Vietnamese" in await get(
        client, "/", data={"q": "hello"}
    )


def _quotes(library: Library, every: int) -> list[Quote]:
    lines = (DATA / "questions.jsonl").read_text("utf-8").splitlines()[::every]
    asked = (json.loads(line) for line in lines)
    return [q for one in asked if one["answerable"] for q in library.ask(one["question"]).quotes]


async def test_a_quotes_page_marks_the_quotes_words_and_no_others(
    client: ClientSession, library: Library
) -> None:
    quotes = _quotes(library, 1)
    assert len({quote.article for quote in quotes}) == 5
    for quote in quotes:
        address = Links("https://reader.example/p/").in_reader(quote)
        assert address == f"https://reader.example/p/{quote_page(quote)}"
        assert address.endswith("#quote")
        page = await get(client, "/" + quote_page(quote))
        assert page.count('id="quote"') == 1
        # Paragraphs are marked one by one, without what parts them.
        assert "".join("".join(marked(page)).split()) == "".join(clean(quote.text).split())
        assert f"characters {quote.start}–{quote.end}." in page
        assert f"SHA-256 {quote.sha256}" in page
        (copied,) = re.findall(r'data-copy="([^"]*)"', page)
        assert html.unescape(copied) == clean(quote.text)
        if link := quote.link:
            says = "Original at" if quote.original else "Published at"
            assert (quote.fragment is None) == quote.original == ("#" not in link)
            assert re.search(rf'href="{re.escape(link)}"[^>]*>{says} {domain(link)}</a>', page)
        # The neighbours can be read, in the language they are in.
        assert f'<p lang="{quote.language}"' in page
        assert len(re.findall("<p lang=", page)) > 3


def test_a_markdown_article_is_shown_without_its_marks() -> None:
    lines = ["# Fees", "---", "We **need** [this](https://a.example):", "- a towel\n- a lock"]
    article = of_bytes("\n\n".join([*lines, "| A | B |\n|---|---|\n| 1 | 2 |"]).encode(), "a.md")
    start = article.text.index("- a towel")
    (spans,) = parts(article)
    shown = blocks(article, spans, (start, start + len("- a towel")))
    assert [block.words for block in shown] == [
        "Fees",
        "We need this:",
        "• a towel\n• a lock",
        "A | B\n1 | 2",
    ]
    assert [run.words for block in shown for run in block.runs if run.quoted] == ["• a towel"]


def test_a_dash_within_a_line_and_code_are_shown_as_they_stand() -> None:
    said, code = "¿Vienes? - Sí, dijo. - No.", "```\n# every day\n- a | b |\n```"
    lines = "# Drama", said, code, "- a lock", "```sh", "# to the end"
    article = of_bytes("\n\n".join(lines).encode(), "a.md")
    start = article.text.index("- Sí")
    (spans,) = parts(article)
    shown = blocks(article, spans, (start, start + len("- Sí, dijo.")))
    assert [block.words for block in shown] == ["Drama", said, code, "• a lock", *lines[-2:]]


def test_without_a_public_address_a_quote_has_none(library: Library) -> None:
    (quote, *_) = library.ask(ORDER).quotes
    assert NO_READER.in_reader(quote) is None


Change = Callable[[Path], object]


@pytest.mark.parametrize(
    ("change", "status", "is_marked", "said"),
    [
        (lambda file: None, 200, True, "Verified"),
        (lambda file: file.write_text("Other words stand here, and they are prose."), 200, False,
         "no longer in the article"),
        (lambda file: file.write_text(file.read_text() + "\nMore prose was added at the end."), 200,
         True, "has changed since it was indexed"),
        (lambda file: file.unlink(), 410, False, "no longer there"),
        (lambda file: file.write_bytes(b""), 410, False, "no longer there"),
    ],
    ids=["as it was", "other words", "more words", "gone", "empty"],
)  # fmt: skip
async def test_words_that_stand_there_no_longer_are_not_marked(  # noqa: PLR0917
    library: Library,
    tmp_path: Path,
    change: Change,
    status: int,
    is_marked: bool,
    said: str,
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for file in SEEDS.glob("*.txt"):
        (seeds / file.name).write_bytes(file.read_bytes())
    (quote, *_) = library.ask(ORDER).quotes
    change(seeds / quote.article)
    async with reading(library, seeds) as client:
        page = await get(client, "/" + quote_page(quote), status=status)
        assert bool(marked(page)) is is_marked
        assert said in page
        # Without a fingerprint nothing tells which words were meant, but the index.
        plain = f"/articles/{fingerprint(quote.article)}/q/{quote.start}-{quote.end}"
        page = await get(client, plain, status=status)
        assert bool(marked(page)) is (is_marked and said == "Verified")


async def test_words_that_never_stood_there_are_not_marked(client: ClientSession) -> None:
    page = await get(client, f"{FIRST}/q/0-100?words=000000000000")
    assert marked(page) == []
    assert "no longer in the article" in page
    for span in ("100-0", "5-5", "0-501", "99999999-99999999", "-1-4", "٣-٤"):
        await get(client, f"{FIRST}/q/{span}", status=404)
    assert marked(await get(client, f"{FIRST}/q/99999-100000")) == []


async def test_pages_speak_the_visitors_language(client: ClientSession) -> None:
    headings = {
        language: phrases_in(language).table("reader")("articles") for language in LANGUAGES
    }
    assert headings["vi"] == "Bài viết"
    for language, heading in headings.items():
        asked = {"Accept-Language": f"fr, {language}-XX;q=0.9, en;q=0.1"}
        async with client.get("/articles", headers=asked) as answer:
            page = await answer.text()
        assert f'<html lang="{language}">' in page
        assert f"<h1>{heading}</h1>" in page
        assert answer.headers["Content-Language"] == language


async def test_meetings_are_filtered_and_put_into_a_calendar(
    client: ClientSession, library: Library
) -> None:
    every = library.meetings()
    page = await get(client, "/meetings")
    assert page.count('<section class="quote"') == len(every)
    german = await get(client, "/meetings?language=de")
    assert 0 < german.count('<section class="quote"') < len(every)
    assert "No meeting matches" in await get(client, "/meetings?from=2030")
    about = await get(client, "/meetings?about=Büroarbeit")
    assert 0 < about.count('<section class="quote"') < len(every)
    assert 'value="Büroarbeit"' in about
    assert "cannot read" in await get(client, "/meetings?from=soon", status=400)
    async with client.get("/meetings.ics") as answer:
        events = Calendar.from_ical(await answer.read()).events
    assert len(events) == sum(1 for one in every if one.date and one.date.year)
    assert answer.content_type == "text/calendar"
    await get(client, "/meetings.ics?from=soon", status=400)


async def test_every_link_of_a_page_leads_somewhere(client: ClientSession) -> None:
    for path in PAGES[:-1]:
        page = await get(client, path)
        for link in set(re.findall(r'(?:href|src)="([^"]+)"', page)):
            if not link.startswith(("https://", "#")):
                await get(client, urljoin(path, html.unescape(link)))
