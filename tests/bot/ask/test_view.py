"""The message that a person sees for each kind of answer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.ask.view import answer_message
from bot.i18n.phrases import ENGLISH, LANGUAGES, phrases_in
from bot.ui.message import problem_message
from retrieval import Answer, Outcome, Quote
from retrieval.models import TableHead
from tests.discord_limits import COMPONENTS_V2, message_problems

from ..markup import HOSTILE, live, shown

ADDRESS = "https://www.example.com/news/handover"


def quote(text: str, sentence: str | None = None, **facts: Any) -> Quote:
    """A quote from the middle of an article; `sentence` is the part of it that answers."""
    start = 1000
    first = start + text.index(sentence or text)
    known: dict[str, Any] = {
        "article": "handover.txt",
        "score": 0.9,
        "language": "en",
        "title": "The handover",
        "date": "2025-02-07",
        "url": ADDRESS,
    } | facts
    return Quote(
        start=start,
        end=start + len(text),
        text=text,
        sha256="0" * 64,
        answer=(first, first + len(sentence or text)),
        **known,
    )


def quoted(*quotes: Quote, question: str = "Who took over?", language: str = "en") -> Answer:
    return Answer(question, language, Outcome.QUOTED, quotes, indexed_on="2026-11-22")


def texts(view: discord.ui.LayoutView) -> list[str]:
    """The view's texts as markup, after a check that Discord takes the message."""
    body = {
        "components": view.to_components(),
        "flags": COMPONENTS_V2,
        "allowed_mentions": {"parse": []},
    }
    assert message_problems(body) == []
    return [
        item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)
    ]


def addresses(view: discord.ui.LayoutView) -> list[str | None]:
    buttons = [item for item in view.walk_children() if isinstance(item, discord.ui.Button)]
    assert all(button.label == "Open article" for button in buttons)
    return [button.url for button in buttons]


def test_rows_of_a_table_stand_below_its_head() -> None:
    head = TableHead(10, 35, "| Pool | Adults | Children")
    row = quote("| Ashmere | 5.50 | 3.00 |", article="pools.md", head=head)
    words = texts(answer_message(quoted(row)))[1]
    assert "\n> Pool \\| Adults \\| Children\n> …\n" in words
    assert words.endswith(r"> Ashmere \| 5.50 \| 3.00")


def test_an_answer_shows_the_question_the_source_the_words_and_what_they_are() -> None:
    view = answer_message(
        quoted(
            quote("At noon it began. Ms. Le took over. All rose.", "Ms. Le took over."),
            quote("Ms. Le is 51.", title="A profile", article="profile.txt", date=None, url=None),
        )
    )

    assert texts(view) == [
        "### Who took over?",
        "-# 1\\. The handover\N{NO-BREAK SPACE}· 7\N{NO-BREAK SPACE}February\N{NO-BREAK SPACE}2025"
        "\N{NO-BREAK SPACE}· example.com\n"
        "> At noon it began. **Ms. Le took over.** All rose.",
        "-# 2\\. A profile\n> Ms. Le is 51.",
        "-# articles as of 22\N{NO-BREAK SPACE}November\N{NO-BREAK SPACE}2026",
    ]
    assert addresses(view) == [ADDRESS]


def test_a_quote_of_a_pdf_has_its_page_in_the_source_line_and_the_link() -> None:
    of_pdf = quote("Ms. Le took over.", article="a.pdf", url=ADDRESS + ".pdf", page=3)
    view = answer_message(quoted(replace(of_pdf, fragment="page=3")))
    assert texts(view)[1].startswith("-# 1\\. The handover\N{NO-BREAK SPACE}· ")
    assert "\N{NO-BREAK SPACE}· p.\N{NO-BREAK SPACE}3\n" in texts(view)[1]
    assert addresses(view) == [ADDRESS + ".pdf#page=3"]


def test_quotes_of_one_article_stand_under_one_source_line() -> None:
    view = answer_message(
        quoted(
            quote("Ms. Le took over."),
            quote("She is 51.", score=0.3),
            quote("Ms. Le is 51.", title="A profile", article="profile.txt", score=0.4),
        )
    )

    _, first, second, third, footer = texts(view)
    assert first.startswith("-# 1\\. The handover\N{NO-BREAK SPACE}· ")
    assert second == f"-# 2\\. *{ENGLISH('unsure')}*\n> She is 51."
    assert third.startswith(f"-# 3\\. *{ENGLISH('unsure')}*\N{NO-BREAK SPACE}· A profile")
    assert footer.startswith("-# articles as of ")
    assert len(addresses(view)) == 2
    again = answer_message(quoted(quote("Ms. Le took over."), quote("She is 51.")))
    assert texts(again)[2] == "-# 2\\.\n> She is 51."


def test_a_pinned_quote_is_marked_as_such() -> None:
    view = answer_message(quoted(quote("Ms. Le took over.", pinned=True)))
    assert texts(view)[1].partition("\n")[0].endswith("\N{NO-BREAK SPACE}· pinned by an admin")


def test_a_title_that_is_only_the_first_words_of_the_quote_is_left_out() -> None:
    view = answer_message(quoted(quote("Ms. Le took over.", title="Ms. Le took over.")))
    assert shown(texts(view)[1]) == (
        "-# 1. English · 7 February 2025 · example.com\n> Ms. Le took over."
    )


def test_one_quote_is_one() -> None:
    assert texts(answer_message(quoted(quote("Yes."))))[-1] == (
        "-# articles as of 22\N{NO-BREAK SPACE}November\N{NO-BREAK SPACE}2026"
    )


def test_a_quote_in_another_language_names_it_before_the_words() -> None:
    view = answer_message(quoted(quote("Frau Le übernahm.", language="de"), quote("She did.")))

    _, german, english, footer = texts(view)
    source, words = german.split("\n")
    assert shown(source).startswith("-# 1. The handover · Deutsch · 7")
    assert words == "> Frau Le übernahm."
    assert "English" not in english
    assert footer.startswith("-# articles as of 22")


def test_bold_hugs_the_sentence_however_the_span_was_cut() -> None:
    text = "First.\n Second one.\nThird."
    view = answer_message(quoted(quote(text, "\n Second one.\n")))

    assert texts(view)[1].split("\n", 1)[1] == "> First.\n>  **Second one.**\n> Third."


def test_an_ellipsis_stands_outside_the_words_of_a_part_of_a_sentence() -> None:
    view = answer_message(quoted(quote("who took over at noon;")))

    assert texts(view)[1].split("\n")[1] == "> … who took over at noon; …"


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "http://example.com/a",
        "javascript:alert(1)",
        "https://trusted.example@evil.example/",
        "https://user:secret@example.com/",
        "https://example.com\\@evil.example/",
        "https://localhost/a",
        "https://[::1/a",
        "https://exa mple.com/",
        "https://exämple.com/",
        "https://example.com/" + "a" * 500,
    ],
)
def test_an_address_that_is_not_plain_https_gets_no_button(address: str | None) -> None:
    view = answer_message(quoted(quote("Yes.", url=address)))

    assert addresses(view) == []
    assert texts(view)[1].endswith("> Yes.")


def test_an_address_is_encoded_where_it_must_be_and_not_twice() -> None:
    view = answer_message(quoted(quote("Yes.", url="https://example.com/tin tức?q=%20a#b")))

    assert addresses(view) == ["https://example.com/tin%20t%E1%BB%A9c?q=%20a#b"]


def test_the_button_opens_the_page_at_the_words_where_discord_takes_the_address() -> None:
    fragment = ":~:text=T%E1%BB%95ng%20b%C3%AD%20th%C6%B0"
    view = answer_message(quoted(quote("Tổng bí thư.", fragment=fragment)))
    assert addresses(view) == [f"{ADDRESS}#{fragment}"]
    long = f"{ADDRESS}/{'ứ' * 50}"  # Too long only once it is encoded.
    view = answer_message(quoted(quote("Tổng bí thư.", url=long, fragment=fragment)))
    assert addresses(view) == [f"{ADDRESS}/{'%E1%BB%A9' * 50}"]


def test_an_original_is_named_as_such() -> None:
    original = quote("Ja.", original=True, fragment=":~:text=Ja")
    view = answer_message(quoted(original))
    assert " · example.com (original)\n" in shown(texts(view)[1])
    assert addresses(view) == [ADDRESS]
    assert phrases_in("vi").site(original) == "example.com (bản gốc)"
    assert phrases_in("vi").site(quote("Ja.", original=True, url=None)) == ""


def test_nothing_found_is_said_and_the_nearest_articles_are_linked_without_quotes() -> None:
    near = quote("They met."), quote("They won.", title="[A](b)", url=None)
    answer = Answer("Who won?", "en", Outcome.NOT_FOUND, nearest=near)
    view = answer_message(answer)
    assert texts(view) == [
        "### Who won?",
        "The articles do not answer this.\nClosest articles:",
        "- The handover",
        "- \\[A\\]\\(b\\)",
    ]
    assert addresses(view) == [ADDRESS]
    assert texts(answer_message(replace(answer, nearest=())))[1] == (
        "The articles do not answer this."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_thanks_and_who_are_you_get_what_fits(language: str) -> None:
    spoken = phrases_in(language)
    talk = {"en": ("Thanks!", "Who are you?"), "de": ("Danke!", "Was kannst du?"),
            "es": ("Gracias", "¿Quién eres?"), "vi": ("Cảm ơn bạn", "Bạn là ai?")}  # fmt: skip
    thanks, about = (
        texts(answer_message(Answer(text, language, Outcome.SMALL_TALK), spoken))
        for text in talk[language]
    )
    assert thanks == [spoken("welcome")]
    assert about == [spoken("about")]
    assert "`/ask`" in about[0]


def test_small_talk_is_answered_with_what_to_do() -> None:
    (text,) = texts(answer_message(Answer("Hello", "en", Outcome.SMALL_TALK)))

    assert "word for word" in text
    assert "`/ask`" in text
    assert "Hello" not in text


def test_articles_that_have_changed_are_named_with_whom_to_ask() -> None:
    answer = Answer("Who won?", "en", Outcome.OUT_OF_DATE, out_of_date=("a_b.txt",))

    _, text = texts(answer_message(answer))
    assert "read it and is not quoted: a_b.txt." in shown(text)
    assert text.endswith("Ask an admin to reload the articles.")


def test_many_changed_articles_beside_a_quote_are_counted() -> None:
    answer = replace(quoted(quote("Yes.")), out_of_date=tuple(f"{n}.txt" for n in range(9)))

    _, words, text, footer = texts(answer_message(answer))
    assert words.endswith("> Yes.")
    assert "are not quoted: 0.txt, 1.txt, 2.txt and 6 more." in shown(text)
    assert footer.startswith("-# articles as of ")


def test_a_problem_is_one_sentence_and_a_reference() -> None:
    assert texts(problem_message("That *failed*.", "1a2b3c4d")) == [
        "That \\*failed\\*.\n-# Reference: 1a2b3c4d"
    ]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_articles_and_questions_are_harmless_and_readable(hostile: str) -> None:
    answer = quoted(
        quote(f"Before. {hostile} After.", hostile, title=hostile), question=f"What is {hostile}?"
    )

    heading, part, footer = texts(answer_message(answer))
    source, *lines = part.split("\n")
    assert all(line.startswith("> ") for line in lines)
    markup = "\n".join(line.removeprefix("> ") for line in lines)
    before, words, after = re.split(r"(?<!\\)\*\*", markup)
    one_line = " ".join(hostile.split())
    assert (before, shown(words), after) == ("Before. ", hostile, " After.")
    assert shown(source).startswith(f"-# 1. {one_line} · 7")
    assert shown(heading) == f"### What is {one_line}?"
    for ours in (before, words, after, source[3:], heading.removeprefix("### "), footer[3:]):
        assert live(ours) == []


def test_hostile_titles_and_file_names_are_harmless_where_nothing_is_quoted() -> None:
    near = tuple(quote("Yes.", title=title, url=None) for title in HOSTILE)
    answer = Answer("?", "en", Outcome.NOT_FOUND, (), near, tuple(HOSTILE[:3]))

    _, _, *titles, changed = texts(answer_message(answer))
    for line in titles:
        assert live(line.removeprefix("- ")) == []
    assert live(changed.replace("not quoted:", "")) == []
