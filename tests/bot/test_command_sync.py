"""Telling Discord the commands: once, and again when they have changed."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import pytest
import simcord
from discord import app_commands
from discord.ext import commands

from bot.command_sync import sync

German = dict[str, str]


class Translator(app_commands.Translator):
    def __init__(self, german: German) -> None:
        self.german = german

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        return self.german.get(string.message) if locale is discord.Locale.german else None


class Small(commands.Bot):
    """A bot of two slash commands and a message menu."""

    def __init__(
        self, file: Path | None, says: str, german: German | None, order: int, number: int
    ) -> None:
        super().__init__("!", intents=discord.Intents.none(), application_id=number)
        self.file = file
        self.german = german

        @app_commands.command(description=says)
        async def ping(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("Pong.")

        @app_commands.command(description="Says what there is")
        async def help(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("/ping")

        @app_commands.context_menu(name="Ask about this")
        async def ask(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(message.content)

        for command in (ping, help, ask)[::order]:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        if self.german is not None:
            await self.tree.set_translator(Translator(self.german))
        await sync(self.tree, self.file)


@asynccontextmanager
async def started(
    file: Path | None,
    says: str = "Says pong",
    *,
    german: German | None = None,
    order: int = 1,
    number: int = 1,
) -> AsyncIterator[simcord.Env]:
    async with simcord.run(Small(file, says, german, order, number)) as env:
        yield env


async def told(file: Path | None, says: str = "Says pong", **how: object) -> int:
    """How often a start of the bot tells Discord its commands."""
    async with started(file, says, **how) as env:
        return sent(env)


def sent(env: simcord.Env) -> int:
    entries = [(request.method, request.path) for request in env.http_requests]
    return sum(method == "PUT" and path.endswith("/commands") for method, path in entries)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "commands.json"


async def test_only_the_first_start_tells_discord(file: Path) -> None:
    assert await told(file) == 1
    assert await told(file) == 0
    assert await told(file, order=-1) == 0
    assert [path.name for path in file.parent.iterdir()] == [file.name]


async def test_a_changed_description_is_told(file: Path) -> None:
    await told(file)
    assert await told(file, "Answers a ping") == 1
    assert await told(file, "Answers a ping") == 0


async def test_a_changed_translation_is_told(file: Path) -> None:
    await told(file)
    assert await told(file, german={"Says pong": "Sagt Pong"}) == 1
    assert await told(file, german={"Says pong": "Sagt Pong"}) == 0
    assert await told(file, german={"Says pong": "Ruft Pong"}) == 1


async def test_another_application_is_told(file: Path) -> None:
    await told(file)
    assert await told(file, number=4_242) == 1


async def test_without_a_file_every_start_tells() -> None:
    assert await told(None) == 1
    assert await told(None) == 1


async def test_a_refusal_is_one_line_and_is_tried_again(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with started(file) as env:
        env.bot.tree.remove_command("ping")
        env.inject_error("PUT", "/applications/*/commands", status=403, message="Missing\nAccess")
        assert not await sync(env.bot.tree, file)
        (line,) = [entry.getMessage() for entry in caplog.records if entry.levelno >= logging.ERROR]
        assert "has not taken the commands" in line
        assert "Missing Access" in line
        assert await sync(env.bot.tree, file)
        assert not await sync(env.bot.tree, file)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\xff", None])
async def test_a_file_that_says_nothing_is_no_failure(
    file: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    make(file, content)
    assert await told(file) == 1
    warnings = [
        entry
        for entry in caplog.records
        if entry.name == "bot.command_sync" and "cannot" in entry.msg
    ]
    assert warnings
    assert not any("\n" in entry.getMessage() for entry in warnings)
    assert [path.name for path in made(file)] == [file.name]


def make(file: Path, content: bytes | None) -> None:
    """Put the content there, or what can be neither read nor written."""
    file.parent.mkdir()
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)


def made(file: Path) -> list[Path]:
    return list(file.parent.iterdir())
