"""The bot's commands in the language of Discord's menus."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation, TranslationContextTypes, locale_str

from .phrases import phrases_for


class CommandTranslator(app_commands.Translator):
    """Translates what Discord shows of the commands; their English is in the code of the commands.

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
