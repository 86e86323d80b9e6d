"""In which language the bot speaks to whom, and its commands in Discord's menus."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation, TranslationContextTypes, locale_str

from .phrases import ENGLISH, LANGUAGES, Phrases, phrases_in


def phrases_for(locale: discord.Locale | None) -> Phrases:
    """The phrases for a member's or a server's locale: English where there are no others."""
    if locale is None:
        return ENGLISH
    language = locale.value.partition("-")[0]
    return phrases_in(language) if language in LANGUAGES else ENGLISH


class CommandTranslator(app_commands.Translator):
    """Translates what Discord shows of the commands. Their English stands beside their code.

    Slash commands keep their names in all languages, so that `/ask` in a message is right.
    """

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        data: Any = context.data
        phrases = phrases_for(locale)
        match context.location:
            case TranslationContextLocation.command_name:
                return phrases.command(data.qualified_name).get("name")
            case TranslationContextLocation.command_description:
                return phrases.command(data.qualified_name).get("description")
            case TranslationContextLocation.parameter_description:
                command = phrases.command(data.command.qualified_name)
                translated: str | None = command.get("parameters", {}).get(data.display_name)
                return translated
        return None
