"""What the people who manage a server set for it, with `/settings`.

The settings are read once, and asked without a look at the disk. One that the operator has given in
the environment is fixed: nothing that a server sets takes its place.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from typing import Any

from pydantic import TypeAdapter

from .corpora.entries import CorpusEntry
from .journal.background import BackgroundJournal
from .journal.journal import Journal
from .journal.settings_table import SettingChange, setting_changes, store_change, stored_values
from .options import DEFAULTS, NO_NEWS, AskOptions, Home, NewsOptions

FIXED_BY = {
    "channels": "PASSAGE_CHANNELS",
    "per_member": "PASSAGE_QUESTIONS_PER_MEMBER",
    "per_guild": "PASSAGE_QUESTIONS_PER_GUILD",
    "reload_roles": "PASSAGE_ADMIN_ROLE",
    "news": "PASSAGE_NEWS_CHANNEL",
}
"""The variable with which an operator fixes a setting."""


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What holds in a server. To add a setting, add a field, and its menu in `admin`."""

    channels: frozenset[int]
    """Channels in which the bot answers questions that do not mention it."""

    threads: frozenset[int]
    """Channels in which it answers in a thread that it opens from the question."""

    language: str | None
    """The language of what stands around the quotes; None is that of the question or the server."""

    per_member: int
    """Questions a minute that a member may ask; 0 is no limit."""

    per_guild: int
    """Questions a minute that the members may ask together; 0 is no limit."""

    reload_roles: frozenset[int]
    """Roles whose members may reload the articles, in the home server."""

    news: int | None
    """The channel in which news is posted; None is nowhere."""

    corpora: dict[str, CorpusEntry]
    """To whom in the server it has given corpora that are offered to it, by their names."""


_GUILD = TypeAdapter(GuildSettings)
_NAMES = tuple(field.name for field in fields(GuildSettings))


class ServerSettings:
    """The settings of all servers."""

    def __init__(
        self,
        journal: BackgroundJournal,
        ask: AskOptions = DEFAULTS,
        news: NewsOptions = NO_NEWS,
        home: Home | None = None,
        given: Iterable[str] = (),
    ) -> None:
        """Set up what holds where a server has set nothing; `read` reads what they have set.

        Args:
            journal: keeps the settings.
            ask: the operator's channels and limits.
            news: the operator's channel for news.
            home: the operator's server, with the role that may reload.
            given: the variables that the operator has set.
        """
        self._journal = journal
        roles = {home.admin_role} if home and home.admin_role else set()
        self._defaults = GuildSettings(
            channels=ask.channels,
            threads=frozenset(),
            language=None,
            per_member=ask.per_member,
            per_guild=ask.per_guild,
            reload_roles=frozenset(roles),
            news=news.channel,
            corpora={},
        )
        self.fixed = frozenset(name for name, variable in FIXED_BY.items() if variable in given)
        """The names of the settings that the operator has fixed."""
        self._values: dict[int, dict[str, str]] = {}
        self._of: dict[int, GuildSettings] = {}
        self._changing = asyncio.Lock()
        self.is_read = False

    async def read(self) -> bool:
        """Read what the servers have set, once. Return whether it is read by now."""
        if not self.is_read:
            rows = await self._journal.tables(stored_values)
            self.is_read = rows is not None
            for guild, name, value in rows or ():
                self._set(guild, name, value)
        return self.is_read

    def of(self, guild: int | None) -> GuildSettings:
        """Return what holds in a server; None is a direct message."""
        return self._defaults if guild is None else self._of.get(guild, self._defaults)

    def news_channels(self) -> set[int]:
        """Return the channels of all servers in which news is posted."""
        return {each.news for each in (self._defaults, *self._of.values()) if each.news is not None}

    async def change(self, guild: int, setting: str, value: Any, at: float, member: int) -> bool:
        """Change a setting and keep who did it. Return whether it is written by now.

        Args:
            guild: the server.
            setting: a name of `GuildSettings`, which is not fixed.
            value: the new value, as JSON has it; None for what holds without one. Where it depends
                on the value before, a function that returns it: no other change comes between.
            at: the time, in seconds since the epoch.
            member: who changes it.
        """
        async with self._changing:
            before = self._values.get(guild, {}).get(setting)
            value = value() if callable(value) else value
            after = None if value is None else json.dumps(value)
            if before == after:
                return True
            return await self._store(SettingChange(guild, setting, before, after, at, member))

    async def last_change(self, guild: int) -> SettingChange | None:
        """Return the change that would be undone now: the last that is not taken back, takes none
        back, and is of no fixed setting. None if there is none, or on failure."""
        changes = await self._journal.tables(partial(setting_changes, guild=guild)) or ()
        undone = {change.undoes for change in changes}
        for change in changes:
            is_open = change.undoes is None and change.number not in undone
            if is_open and change.setting not in self.fixed:
                return change
        return None

    async def undo(self, number: int, guild: int, at: float, member: int) -> bool:
        """Undo a change, unless it is not the last any more. Return whether that is written."""
        async with self._changing:
            last = await self.last_change(guild)
            if last is None or last.number != number:
                return True
            values = last.after, last.before
            return await self._store(
                SettingChange(guild, last.setting, *values, at, member, undoes=number)
            )

    def forget_guilds_except(self, guilds: Iterable[int]) -> None:
        """Forget what is set in all servers but these; the journal does so itself."""
        for guild in self._values.keys() - set(guilds):
            del self._values[guild], self._of[guild]

    async def _store(self, change: SettingChange) -> bool:
        self._set(change.guild, change.setting, change.after)
        return await self._journal.change(partial(_write, change=change))

    def _set(self, guild: int, name: str, value: str | None) -> None:
        values = self._values.setdefault(guild, {})
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
        usable = {
            name: json.loads(value)
            for name, value in values.items()
            if name in _NAMES and name not in self.fixed
        }
        self._of[guild] = _GUILD.validate_python(asdict(self._defaults) | usable)


def _write(journal: Journal, change: SettingChange) -> None:
    if change.member is not None and change.member in journal.unrecorded():
        change = replace(change, member=None)
    journal.with_tables(partial(store_change, change=change), writes=True)
