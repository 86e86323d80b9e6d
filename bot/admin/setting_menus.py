"""The menus of `/settings`: what each offers, and what is saved of a choice."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import discord

from retrieval import language_name

from ..i18n.phrases import LANGUAGES, Phrases

Item = discord.ui.Item[Any]

MAX_CHOSEN = 25
"""The most channels or roles that a menu of Discord's takes."""

AUTOMATIC = "auto"
"""The choice of no language."""

YES_NO = ("yes", "no")

WRITING = ("view_channel", "send_messages", "read_message_history")
IN_THREADS = (*WRITING, "create_public_threads", "send_messages_in_threads")
"""The permissions that the bot needs in a channel."""


class Menu(ABC):
    """The menu of one setting. A value is as JSON has it, or as `GuildSettings` does."""

    @abstractmethod
    def item(self, id: str, value: Any, guild: discord.Guild, phrases: Phrases) -> Item:
        """Return the menu with what holds now, for a custom_id."""

    @abstractmethod
    def value(self, chosen: Sequence[str], guild: discord.Guild) -> Any:
        """Return what is saved of a choice: of what is gone nothing."""

    @abstractmethod
    def text(self, value: Any, phrases: Phrases) -> str:
        """Return a value as markup."""

    def lacking(self, value: Any, guild: discord.Guild) -> list[str]:
        """Return the channels of a value in which the bot lacks a permission, as markup."""
        return []


class ChannelMenu(Menu):
    """Chooses channels, or one."""

    def __init__(
        self, *types: discord.ChannelType, most: int = MAX_CHOSEN, needs: Iterable[str] = WRITING
    ) -> None:
        self._types, self._most = list(types), most
        self._needs = discord.Permissions(**dict.fromkeys(needs, True))

    def item(self, id: str, value: Any, guild: discord.Guild, phrases: Phrases) -> Item:
        return discord.ui.ChannelSelect(
            custom_id=id,
            channel_types=self._types,
            min_values=0,
            max_values=self._most,
            default_values=self._channels(value, guild)[: self._most],
        )

    def value(self, chosen: Sequence[str], guild: discord.Guild) -> Any:
        ids = [channel.id for channel in self._channels(map(int, chosen), guild)]
        return ids if self._most > 1 else next(iter(ids), None)

    def text(self, value: Any, phrases: Phrases) -> str:
        return _list((f"<#{id}>" for id in _ids(value)), phrases)

    def lacking(self, value: Any, guild: discord.Guild) -> list[str]:
        return [
            channel.mention
            for channel in self._channels(value, guild)
            if not channel.permissions_for(guild.me) >= self._needs
        ]

    def _channels(self, value: Any, guild: discord.Guild) -> list[Any]:
        channels = (guild.get_channel(id) for id in _ids(value))
        return [channel for channel in channels if channel is not None]


class RoleMenu(Menu):
    """Chooses roles."""

    def item(self, id: str, value: Any, guild: discord.Guild, phrases: Phrases) -> Item:
        roles = [role for id in _ids(value) if (role := guild.get_role(id))]
        return discord.ui.RoleSelect(
            custom_id=id, min_values=0, max_values=MAX_CHOSEN, default_values=roles[:MAX_CHOSEN]
        )

    def value(self, chosen: Sequence[str], guild: discord.Guild) -> Any:
        return [id for id in _ids(map(int, chosen)) if guild.get_role(id)]

    def text(self, value: Any, phrases: Phrases) -> str:
        return _list((f"<@&{id}>" for id in _ids(value)), phrases)


class LanguageMenu(Menu):
    """Chooses a language of the bot's, or none."""

    def item(self, id: str, value: Any, guild: discord.Guild, phrases: Phrases) -> Item:
        offered = {AUTOMATIC: None, **{code: code for code in LANGUAGES}}
        return _select(
            id, [(key, self.text(code, phrases), code == value) for key, code in offered.items()]
        )

    def value(self, chosen: Sequence[str], guild: discord.Guild) -> Any:
        return next((code for code in chosen if code in LANGUAGES), None)

    def text(self, value: Any, phrases: Phrases) -> str:
        return language_name(value) if value else phrases("settings_automatic")


class LimitMenu(Menu):
    """Chooses a number of questions a minute."""

    def __init__(self, *numbers: int) -> None:
        self._numbers = numbers

    def item(self, id: str, value: Any, guild: discord.Guild, phrases: Phrases) -> Item:
        numbers = sorted({*self._numbers, value})
        return _select(
            id, [(str(each), self.text(each, phrases), each == value) for each in numbers]
        )

    def value(self, chosen: Sequence[str], guild: discord.Guild) -> Any:
        return int(chosen[0])

    def text(self, value: Any, phrases: Phrases) -> str:
        return str(value) if value else phrases("settings_unlimited")


class CorporaMenu(Menu):
    """Chooses the corpus that is shown next. Its value there is the names of these; that of the
    setting is to whom in the server each is given."""

    def item(self, id: str, value: Any, guild: discord.Guild, phrases: Phrases) -> Item:
        return _select(id, [(name, name, False) for name in value[:MAX_CHOSEN]])

    def value(self, chosen: Sequence[str], guild: discord.Guild) -> Any:
        return chosen[0]

    def text(self, value: Any, phrases: Phrases) -> str:
        given = (f"{name}: {given_to(parts, phrases)}" for name, parts in sorted(value.items()))
        return "; ".join(given) or phrases("settings_none")


class ServerMenu(Menu):
    """Chooses whether the whole server is given something: its value has the server's id then."""

    def item(self, id: str, value: Any, guild: discord.Guild, phrases: Phrases) -> Item:
        return _select(
            id, [(key, phrases(key).capitalize(), (key == "yes") == bool(value)) for key in YES_NO]
        )

    def value(self, chosen: Sequence[str], guild: discord.Guild) -> Any:
        return [guild.id] if chosen == ["yes"] else []

    def text(self, value: Any, phrases: Phrases) -> str:
        return phrases("whole_server") if value else phrases("settings_none")


_TEXT, _NEWS = discord.ChannelType.text, discord.ChannelType.news
_CATEGORY = discord.ChannelType.category

MENUS: dict[str, Menu] = {
    "channels": ChannelMenu(
        _TEXT, _NEWS, discord.ChannelType.forum, discord.ChannelType.voice, needs=WRITING
    ),
    "threads": ChannelMenu(_TEXT, _NEWS, needs=IN_THREADS),
    "language": LanguageMenu(),
    "per_member": LimitMenu(1, 2, 3, 6, 10, 20, 30, 60),
    "per_guild": LimitMenu(10, 20, 30, 60, 120, 300, 600),
    "reload_roles": RoleMenu(),
    "news": ChannelMenu(_TEXT, _NEWS, most=1),
    "corpora": CorporaMenu(),
}
"""The menu of each setting, in the order of the message."""

CORPUS_MENUS: dict[str, Menu] = {
    "servers": ServerMenu(),
    "channels": ChannelMenu(
        _TEXT, _NEWS, discord.ChannelType.forum, discord.ChannelType.voice, _CATEGORY, needs=()
    ),
    "roles": RoleMenu(),
}
"""The menus of a corpus: to whom in the server it is given, by the fields of `CorpusEntry`."""


def given_to(parts: Mapping[str, Any], phrases: Phrases) -> str:
    """Return as markup to whom a corpus is given: the ids by the fields of `CorpusEntry`."""
    texts = (CORPUS_MENUS[part].text(ids, phrases) for part, ids in parts.items() if ids)
    return _list(texts, phrases)


def _select(id: str, options: Sequence[tuple[str, str, bool]]) -> Item:
    return discord.ui.Select(
        custom_id=id,
        options=[
            discord.SelectOption(value=value, label=label, default=default)
            for value, label, default in options
        ],
    )


def _ids(value: Any) -> list[int]:
    """Return the ids of a value that is one id, several or none, in the order of their age."""
    return sorted([value] if isinstance(value, int) else value or ())


def _list(mentions: Iterable[str], phrases: Phrases) -> str:
    return ", ".join(mentions) or phrases("settings_none")
