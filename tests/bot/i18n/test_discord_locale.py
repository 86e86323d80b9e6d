"""What the bot says in each language, and to whom."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from string import Formatter
from typing import Any

import discord
import pytest

from bot.ask.view import answer_message
from bot.i18n.phrases import (
    ENGLISH,
    FILES,
    LANGUAGES,
    phrases_for,
    phrases_in,
)
from bot.ui.message import Part, greeting, layout, problem_message
from retrieval import Answer, Library, Outcome, Quote
from tests.conftest import ROOT

from ..ask.test_view import quote, quoted, texts
from ..conftest import Speak
from ..server import Server, buttons, nothing_found, seen, serving

TRANSLATED = [language for language in LANGUAGES if language != "en"]
LOCALES = {
    locale.value: language
    for locale in discord.Locale
    for language in TRANSLATED
    if locale.value.partition("-")[0] == language
}
"""Discord's locales, each with the language of ours that members of it are spoken to in."""

SAYING = re.compile(r"(.*\.)?_?(phrases|ENGLISH)(\.counted)?")
"""What the phrases are called where they are said."""


def flat(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """The texts of a file with their dotted keys."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{key}.")
        elif isinstance(value, list):
            yield from ((f"{above}{key}.{place}", text) for place, text in enumerate(value))
        else:
            yield f"{above}{key}", value


def phrases(language: str) -> dict[str, str]:
    texts = flat(phrases_in(language)._texts)
    return {key: text for key, text in texts if not key.startswith("commands.")}


def commands(language: str) -> dict[str, str]:
    return dict(flat(phrases_in(language)._texts["commands"]))


def strings(code: ast.expr) -> Iterator[str]:
    """The strings that an expression may be: one, or those of a choice between several."""
    if isinstance(code, ast.IfExp):
        yield from (*strings(code.body), *strings(code.orelse))
    elif isinstance(code, ast.Constant):
        yield code.value


def names(text: str) -> set[str]:
    """The names that a text has filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", TRANSLATED)
def test_all_languages_have_the_same_phrases_with_the_same_names(language: str) -> None:
    english, other = phrases("en"), phrases(language)
    assert other.keys() == english.keys()
    assert {key: names(text) for key, text in other.items()} == {
        key: names(text) for key, text in english.items()
    }
    assert all(text.strip() == text and text for text in other.values())
    assert commands(language).keys() == commands("de").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_as_short_as_discord_needs_it(language: str) -> None:
    said = phrases(language)
    buttons = (
        "open_article", "previous", "next", "in_context", "more", "delete", "calendar_file",
        "in_reader", "article_file",
    )  # fmt: skip
    for label in (*buttons, "details"):
        assert len(said[label]) <= 80
    for label in ("why_title", "why", "why_words"):
        assert len(said[label]) <= 45
    assert all(len(text) <= 1500 for text in said.values())
    assert len(texts(greeting(phrases_in(language)))[0]) < 300
    assert {f"months.{place}" for place in range(12)} <= said.keys()
    for command in ("ask", "sources", "article", "meetings", "status", "help"):
        assert f"- `/{command}` " in said["help"]


def test_every_phrase_is_said_somewhere_and_none_is_missing() -> None:
    said, mentioned = set[str](), set[str]()
    for module in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                mentioned.add(node.value)
            if isinstance(node, ast.Call) and SAYING.fullmatch(ast.unparse(node.func)):
                said |= set(strings(node.args[0]))
    known = {key.split(".")[0] for key in phrases("en")}
    assert said - known == set()
    assert known - mentioned == set()


@pytest.mark.parametrize(
    ("language", "date"),
    [
        ("en", "7 February 2025"),
        ("de", "7. Februar 2025"),
        ("es", "7 de febrero de 2025"),
        ("vi", "7 tháng 2 năm 2025"),
    ],
)
def test_a_date_is_written_as_in_the_language(language: str, date: str) -> None:
    assert phrases_in(language).date("2025-02-07") == date


def test_the_terminal_speaks_english() -> None:
    assert ENGLISH.date("2026-12-01") == "1 December 2026"
    assert ENGLISH.out_of_date(["a.txt"]).startswith("An article has changed since I read it")


def test_a_locale_has_the_phrases_of_its_language_and_english_where_there_are_none() -> None:
    for locale, language in LOCALES.items():
        assert phrases_for(discord.Locale(locale)) is phrases_in(language)
    assert LOCALES.keys() >= {"de", "es-ES", "es-419", "vi"}
    for locale in discord.Locale:
        if locale.value not in LOCALES:
            assert phrases_for(locale) is ENGLISH
    assert phrases_for(None) is ENGLISH


@pytest.mark.parametrize(
    ("language", "footer"),
    [
        ("de", "Stand: 22. November 2026"),
        ("es", "artículos a fecha de 22 de noviembre de 2026"),
        ("vi", "bài viết tính đến ngày 22 tháng 11 năm 2026"),
    ],
)
def test_the_frame_of_an_answer_is_translated_and_its_quote_is_not(
    language: str, footer: str
) -> None:
    spoken = phrases_in(language)
    answer = quoted(quote("Ms Le took over on 7 February."), question="Wer?", language=language)

    view = answer_message(answer, spoken)
    heading, words, last = texts(view)
    assert heading == "### Wer?"
    source, said = words.split("\n")
    date = spoken.date("2025-02-07")
    assert source.replace("\N{NO-BREAK SPACE}", " ") == (
        f"-# 1\\. The handover · English · {date} · example.com"
    )
    assert said == "> Ms Le took over on 7 February."
    assert last.replace("\N{NO-BREAK SPACE}", " ") == f"-# {footer}"
    (button,) = [item for item in view.walk_children() if isinstance(item, discord.ui.Button)]
    assert button.label == spoken("open_article") != ENGLISH("open_article")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_member_is_told_to_run_a_shell_command(language: str) -> None:
    assert not re.search("`(passage|make|pip) ", FILES[language].read_text("utf-8"))


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_english_is_left_where_nothing_is_quoted(language: str) -> None:
    spoken = phrases_in(language)
    nearest = Quote("a.txt", 0, 1, "x", 0.2, "en", "The handover", None, None, "0" * 64, (0, 1))
    nothing = Answer("?", "en", Outcome.NOT_FOUND, (), (nearest,), tuple("abcde"))

    for view in (
        answer_message(nothing, spoken),
        greeting(spoken),
        *(
            layout([Part(spoken(key))])
            for key in ("about", "welcome", "reply_unseen", "role_unseen")
        ),
        problem_message(spoken("failed"), "1a2b3c4d", spoken),
    ):
        words = " ".join(texts(view)).replace("The handover", "")
        assert not re.search(r"\b(the|and|is|not|more|question|reference)\b", words.casefold())


AT_HOME = {
    "reload.description",
    "unanswered.description",
    "pin.description",
    "pin.parameters.question",
    "pin.parameters.passage",
    "unpin.description",
    "unpin.parameters.question",
}
"""The texts of commands that are sent to the home server alone."""


async def test_discords_menus_show_the_commands_in_each_language() -> None:
    async with serving(nothing_found()) as server:
        (sent,) = [
            request.json
            for request in server.env.http_requests
            if request.method == "PUT" and request.path.endswith("/commands")
        ]

    for command in sent:
        assert command["integration_types"] == [0]  # For servers that have added the bot.
        texts_of = [command.get("description_localizations")] if command["type"] == 1 else []
        texts_of += [option["description_localizations"] for option in command.get("options", [])]
        for localised in texts_of:
            assert localised.keys() == LOCALES.keys()
            assert localised["es-ES"] == localised["es-419"]
            assert all(1 <= len(text) <= 100 for text in localised.values())
        if command["type"] == 1:
            assert command["name_localizations"] == {}
        else:
            assert command["name_localizations"].keys() == LOCALES.keys()
            assert all(1 <= len(name) <= 32 for name in command["name_localizations"].values())
    by_name = {command["name"]: command for command in sent}
    article = by_name["article"]
    assert article["description_localizations"]["de"].startswith("Zeigt einen Artikel")
    assert article["options"][0]["description_localizations"]["vi"].startswith("Tiêu đề")
    assert (
        commands("de").keys()
        == {
            f"{command['name']}.{key}"
            for command in sent
            for key in (
                ["name"]
                if command["type"] != 1
                else [
                    "description",
                    *(f"parameters.{option['name']}" for option in command.get("options", [])),
                ]
            )
        }
        | AT_HOME
    )


async def test_a_command_answers_in_the_members_language(library: Library, speak: Speak) -> None:
    async def said(server: Server, command: str, **options: str) -> discord.Message:
        return (await server.ana.slash(server.channel, command, **options)).response.message

    async with serving(library) as server:
        speak("de")
        listed = await said(server, "sources")
        assert seen(listed).startswith("### 5 Artikel\n1. **")
        assert {label for label, _ in buttons(listed)} == {"Artikel öffnen"}
        (choice,) = await server.ana.autocomplete(server.channel, "article", "title", "teleconf")
        assert choice["name"].endswith("29. Dezember 2022")
        speak("es-419")
        assert "### Cómo preguntar" in seen(await said(server, "help"))
        speak("es-ES")
        missing = seen(await said(server, "article", title="?"))
        assert missing.startswith("No hay ningún artículo")
        speak("vi")
        refused = (await server.env.create_user("bo").slash("status")).response.message
        assert seen(refused).startswith("Chỉ người quản lý")
        speak("fr")
        assert "### How to ask" in seen(await said(server, "help"))
