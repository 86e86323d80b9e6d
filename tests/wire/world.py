"""What Discord knows, as its API writes it: users, servers, channels, messages, interactions."""

from __future__ import annotations

import asyncio
import copy
import itertools
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.waiting import PATIENCE

Payload = dict[str, Any]

EPHEMERAL, LOADING = 1 << 6, 1 << 7

DISCORD_EPOCH_MS = 1_420_070_400_000

PERMISSIONS = str(1 << 6 | 1 << 10 | 1 << 11 | 1 << 16 | 1 << 31 | 1 << 35 | 1 << 38)
"""Of everybody: react, view, send, read the history, use commands, open threads and write there."""

MENTION, ROLE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>")


@dataclass(eq=False)
class Interaction:
    """What a member did with a command, a button or a modal, and what the bot made of it."""

    payload: Payload
    channel: Payload
    source: Payload | None
    """The message of the button."""
    made: float = field(default_factory=time.monotonic)
    acknowledged_after: float | None = None
    """Seconds until the first callback; None if there was none in time."""
    callback: Payload | None = None
    original: str | None = None
    """The id of the message that answers it."""
    followups: list[str] = field(default_factory=list)
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the first callback has come, in time or not."""


class World:
    """Everything that the members and the bot can see, and when they saw it."""

    def __init__(self) -> None:
        self._count = itertools.count()
        self.users: dict[str, Payload] = {}
        self.guilds: dict[str, Payload] = {}
        self.channels: dict[str, Payload] = {}
        self.messages: dict[str, Payload] = {}
        self.commands: list[Payload] = []
        self.interactions: dict[str, Interaction] = {}
        self.reactions: dict[str, list[tuple[float, str]]] = {}
        """The emoji under a message, and since when."""
        self.replies: dict[str, list[str]] = {}
        """The ids of the messages that reply to a message."""
        self.shown: dict[str, list[tuple[float, str]]] = {}
        """What a message has said and since when, on the monotonic clock."""
        self.bot = self.user("Passage", bot=True)
        self._changed = asyncio.Event()

    def change(self) -> None:
        """Something has happened: whoever waits looks again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, true: Callable[[], object], patience: float = PATIENCE) -> None:
        """Returns when it is true. Raises TimeoutError if it is not within so many seconds."""
        async with asyncio.timeout(patience):
            while not true():
                await self._changed.wait()

    def snowflake(self, seconds_ago: float = 0) -> str:
        ms = int((time.time() - seconds_ago) * 1000) - DISCORD_EPOCH_MS
        return str(ms << 22 | next(self._count) & 0x3FFFFF)

    def user(self, name: str, *, bot: bool = False) -> Payload:
        made = {
            "id": self.snowflake(), "username": name, "global_name": name, "discriminator": "0",
            "avatar": None, "bot": bot, "flags": 0, "public_flags": 0,
        }  # fmt: skip
        self.users[made["id"]] = made
        return made

    def guild(self, name: str) -> Payload:
        """A server with the bot in it and no channels yet."""
        guild_id = self.snowflake()
        everyone = {
            "id": guild_id, "name": "@everyone", "permissions": PERMISSIONS, "position": 0,
            "color": 0, "colors": {"primary_color": 0}, "hoist": False, "managed": False,
            "mentionable": False, "flags": 0,
        }  # fmt: skip
        lists = ("emojis", "stickers", "features", "channels", "threads", "presences")
        more = ("voice_states", "stage_instances", "guild_scheduled_events", "soundboard_sounds")
        made = {
            "id": guild_id, "name": name, "owner_id": self.snowflake(), "icon": None,
            "preferred_locale": "en-US", "verification_level": 0, "afk_timeout": 300,
            "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0,
            "nsfw_level": 0, "premium_tier": 0, "system_channel_flags": 0, "large": False,
            "unavailable": False, "joined_at": _now(), "member_count": 1, "roles": [everyone],
            "members": [{"user": self.bot, **self.membership()}],
            **{key: [] for key in (*lists, *more)},
        }  # fmt: skip
        self.guilds[guild_id] = made
        return made

    @staticmethod
    def role(guild: Payload, id: str, **more: Any) -> Payload:
        """A new role of a server."""
        made = guild["roles"][0] | {"id": id, **more}
        guild["roles"].append(made)
        return made

    def role_of_bot(self, guild: Payload) -> Payload:
        """The role that Discord makes for the bot, under its name."""
        (me,) = guild["members"]
        tags = {"bot_id": self.bot["id"]}
        made = self.role(
            guild, self.snowflake(), name=self.bot["username"], managed=True, tags=tags
        )
        me["roles"].append(made["id"])
        return made

    def thread(self, forum: Payload, name: str, id: str | None = None) -> Payload:
        """A forum's post, still without its first message; or the thread of a message's id."""
        made = forum | {
            "id": id or self.snowflake(), "type": 11, "name": name, "parent_id": forum["id"],
            "last_message_id": None,
            "owner_id": self.snowflake(), "message_count": 0, "member_count": 1,
            "thread_metadata": {
                "archived": False, "auto_archive_duration": 1440, "archive_timestamp": _now(),
                "locked": False,
            },
        }  # fmt: skip
        self.channels[made["id"]] = made
        return made

    def channel(self, guild: Payload, name: str, kind: int = 0) -> Payload:
        """A channel of a server: one of text, or of another kind."""
        made = {
            "id": self.snowflake(), "type": kind, "guild_id": guild["id"], "name": name,
            "position": len(guild["channels"]), "permission_overwrites": [], "nsfw": False,
            "topic": None, "rate_limit_per_user": 0, "parent_id": None, "flags": 0,
        }  # fmt: skip
        guild["channels"].append(made)
        self.channels[made["id"]] = made
        return made

    @staticmethod
    def membership() -> Payload:
        """A member of a server, without the user."""
        return {"roles": [], "joined_at": _now(), "deaf": False, "mute": False, "flags": 0}

    def post(
        self,
        channel: Payload,
        author: Payload,
        body: Payload,
        flags: int = 0,
        id: str | None = None,
    ) -> Payload:
        """A new message; one without an id is of now. `flags` are added to those of the body."""
        content = body.get("content") or ""
        made = {
            "id": id or self.snowflake(), "channel_id": channel["id"], "author": author, "type": 0,
            "content": content, "timestamp": _now(), "edited_timestamp": None, "tts": False,
            "mention_everyone": False, "mention_roles": ROLE.findall(content),
            "attachments": body.get("attachments") or [], "embeds": [],
            "mentions": self._mentioned(content),
            "pinned": False, "flags": (body.get("flags") or 0) | flags,
            "components": numbered(body.get("components")),
        }  # fmt: skip
        if to := body.get("message_reference"):
            replied = str(to["message_id"])
            made |= {
                "type": 19,
                "message_reference": {
                    "type": 0, "message_id": replied, "channel_id": channel["id"],
                    "guild_id": channel["guild_id"],
                },
                "referenced_message": copy.deepcopy(self.messages.get(replied)),
            }  # fmt: skip
            self.replies.setdefault(replied, []).append(made["id"])
        self.messages[made["id"]] = made
        channel["last_message_id"] = made["id"]
        self._note(made)
        return made

    def edit(self, message: Payload, body: Payload) -> Payload:
        """Changes a message as the body says."""
        if "content" in body:
            message["content"] = body["content"] or ""
            message["mentions"] = self._mentioned(message["content"])
        if "components" in body:
            message["components"] = numbered(body["components"])
        if "attachments" in body:
            message["attachments"] = body["attachments"]
        kept = message["flags"] & ~LOADING
        message |= {"flags": kept | (body.get("flags") or 0), "edited_timestamp": _now()}
        self._note(message)
        return message

    def _mentioned(self, content: str) -> list[Payload]:
        users = (self.users[one] for one in MENTION.findall(content) if one in self.users)
        return [{**user, "member": self.membership()} for user in users]

    def answers(self, message: Payload) -> list[Payload]:
        """The messages that reply to a message and are still there."""
        ids = self.replies.get(message["id"], [])
        return [self.messages[one] for one in ids if one in self.messages]

    def react(self, message: Payload, emoji: str) -> None:
        """The bot puts an emoji under a message."""
        self.reactions.setdefault(message["id"], []).append((time.monotonic(), emoji))
        self.change()

    def says(self, message: str | None) -> str:
        """All words of the message of that id; empty for none."""
        if message is None or message not in self.messages:
            return ""
        return self.shown[message][-1][1]

    def has_said(self, text: str) -> bool:
        """Whether any message says just that now."""
        return any(times[-1][1] == text for times in self.shown.values())

    def forget(self, before: str) -> None:
        """Forgets all that is older than an id."""
        for table in (self.messages, self.shown, self.replies, self.reactions):
            for id in [id for id in table if id < before]:
                del table[id]  # type: ignore[attr-defined]
        self.interactions = {
            token: made for token, made in self.interactions.items() if made.payload["id"] >= before
        }

    def _note(self, message: Payload) -> None:
        texts = [message["content"], *(part.get("content") for part in parts(message))]
        said = "\n".join(text for text in texts if text)
        self.shown.setdefault(message["id"], []).append((time.monotonic(), said))
        self.change()


def parts(message: Payload) -> Iterator[Payload]:
    """All components of a message or modal, those within others too."""

    def walk(components: list[Payload]) -> Iterator[Payload]:
        for component in components:
            yield component
            yield from walk(component.get("components") or [])
            for inner in ("accessory", "component"):
                if inner in component:
                    yield from walk([component[inner]])

    yield from walk(message.get("components") or [])


def numbered(components: list[Payload] | None) -> list[Payload]:
    """Components with the ids that Discord gives them."""
    made = copy.deepcopy(components or [])
    for number, part in enumerate(parts({"components": made}), 1):
        part.setdefault("id", number)
    return made


def _now() -> str:
    return datetime.now(UTC).isoformat()
