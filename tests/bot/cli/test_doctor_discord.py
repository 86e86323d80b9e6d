"""What the doctor says of the token, the intents and the servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.cli.checks import OK, PROBLEM, WARNING, Check, CheckState
from bot.cli.doctor_discord import CONTENT_INTENT, check_discord, check_token
from bot.cli.output import Terminal
from bot.options import DEFAULTS, AskOptions, DiscordOptions
from tests.waiting import PATIENCE

from ..portal import APPLICATION, ENOUGH, INVITE, TOKEN, Portal, guild, named, serving, states


async def asked(portal: Portal, ask: AskOptions = DEFAULTS, **discord: int) -> dict[str, Check]:
    async with serving(portal) as api:
        return named(await check_discord(TOKEN, ask, DiscordOptions(**discord), api))


CHANNELS = AskOptions(channels=frozenset({70}))
"""A channel that is set aside."""


def channel(id: int = 70, *overwrites: tuple[str, int, int], **values: Any) -> dict[str, Any]:
    """A channel of server 1 as Discord tells it; each overwrite has an id, allow and deny."""
    listed = [{"id": of, "allow": str(allow), "deny": str(deny)} for of, allow, deny in overwrites]
    channel = {"id": str(id), "type": 0, "guild_id": "1", "permission_overwrites": listed}
    return {
        f"/channels/{id}": channel | values,
        f"/guilds/1/members/{APPLICATION}": {"roles": ["5"]},
    }


def test_a_token_is_told_by_its_shape() -> None:
    check = check_token(TOKEN)
    assert check.state is OK
    assert APPLICATION in check.says


@pytest.mark.parametrize(
    "token",
    [
        None,
        "",
        "a" * 32,
        f'"{TOKEN}"',
        f"Bot {TOKEN}",
        f"{TOKEN}\n",
        f"{TOKEN}.more",
        "YWJj.abc.def",
        "..",
        "é.b.c",
        "/w.b.c",
        "A.b.c",
    ],
)
def test_what_is_no_token_says_where_to_get_one(token: str | None) -> None:
    check = check_token(token)
    assert check.state is PROBLEM
    assert "DISCORD_TOKEN" in check.says
    assert "https://discord.com/developers/applications" in check.do


async def test_a_bot_that_discord_takes() -> None:
    checks = await asked(Portal([guild(1), guild(2, permissions=1 << 3)]))
    assert states(checks) == {
        "Discord": "ok", "Portal": "ok", "Intents": "ok", "Permissions": "ok",
    }  # fmt: skip
    assert checks["Discord"].says == "The token is accepted: passage, on 2 servers."


async def test_a_refused_token() -> None:
    checks = await asked(Portal(accepts="another"))
    assert states(checks) == {"Discord": "problem"}
    assert "Reset it" in checks["Discord"].do


@pytest.mark.parametrize("status", [429, 500])
async def test_an_ailing_discord_is_no_fault_of_the_operator(status: int) -> None:
    checks = await asked(Portal(status=status))
    assert states(checks) == {"Discord": "warning"}
    assert str(status) in checks["Discord"].says


async def test_no_way_to_discord() -> None:
    (check,) = await check_discord(TOKEN, api="http://127.0.0.1:9")
    assert check.state is WARNING
    assert check.says.startswith("Discord cannot be reached (")
    assert "network" in check.do


async def test_a_silent_discord_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.doctor_discord.TIMEOUT", 0.1)
    async with silent_server() as api:
        (check,) = await check_discord(TOKEN, api=api)
    assert check.state is WARNING
    assert "cannot be reached" in check.says


@pytest.mark.parametrize(
    ("wants", "flags", "state"),
    [
        (False, 0, OK),
        (True, 0, PROBLEM),
        (True, 1 << 18, OK),
        (True, 1 << 19, OK),
        (True, ~CONTENT_INTENT & (1 << 24) - 1, PROBLEM),
    ],
)
async def test_the_intent_that_channels_need(wants: bool, flags: int, state: CheckState) -> None:
    portal = Portal(flags=flags, others=channel())
    check = (await asked(portal, CHANNELS if wants else DEFAULTS))["Intents"]
    assert check.state is state
    assert ("PASSAGE_CHANNELS" in check.says) == (state is PROBLEM)


@pytest.mark.parametrize(("flags", "state"), [(1 << 18, OK), (1 << 19, WARNING)])
async def test_with_many_members_discord_reviews_the_intent(flags: int, state: CheckState) -> None:
    guilds = [guild(n) | {"approximate_member_count": 4_000} for n in (1, 2)]
    check = (await asked(Portal(guilds, flags=flags, others=channel()), CHANNELS))["Intents"]
    assert check.state is state
    assert ("8,000 members" in check.says) == ("10,000 users" in check.says) == (state is WARNING)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"privacy_policy_url": None}, "no address of your privacy policy."),
        ({"terms_of_service_url": None}, "no address of your terms of service."),
        ({"bot_public": True}, "Anybody may add the bot"),
    ],
)
async def test_what_the_portal_lacks(values: dict[str, Any], says: str) -> None:
    portal = Portal(application_values=values)
    check = (await asked(portal))["Portal"]
    assert check.state is WARNING
    assert says in check.says
    if "bot_public" in values:
        assert (await asked(portal, AskOptions(guilds=frozenset({1}))))["Portal"].state is OK


async def test_ids_in_the_settings_at_which_the_bot_is() -> None:
    others = channel() | {"/guilds/1/roles": [{"id": "9"}]}
    ask = AskOptions(channels=frozenset({70}), guilds=frozenset({1}))
    check = (await asked(Portal(others=others), ask, home_guild=1, admin_role=9))["Ids"]
    assert (check.state, check.says[-6:]) == (OK, "4 ids.")


async def test_ids_in_the_settings_at_which_it_is_not() -> None:
    ask = AskOptions(channels=frozenset({70}), guilds=frozenset({2}))
    check = (await asked(Portal(), ask, home_guild=3))["Ids"]
    assert check.state is WARNING
    for named_id in ("PASSAGE_GUILDS 2", "PASSAGE_HOME_GUILD 3", "PASSAGE_CHANNELS 70"):
        assert named_id in check.says
    check = (await asked(Portal(others={"/guilds/1/roles": []}), home_guild=1, admin_role=9))["Ids"]
    assert "PASSAGE_ADMIN_ROLE 9" in check.says


SEND, SEND_IN_THREADS = 1 << 11, 1 << 38


@pytest.mark.parametrize(
    ("others", "may"),
    [
        (channel(70, ("1", 0, SEND)), False),
        (channel(70, ("1", 0, SEND), ("5", SEND, 0)), True),
        (channel(70, ("5", SEND, 0), (APPLICATION, 0, SEND)), False),
        (channel(70, ("6", 0, SEND)), True),
        (channel(70, type=11, parent_id="71") | channel(71, ("1", 0, SEND)), True),
        (channel(70, type=11, parent_id="71") | channel(71, ("1", 0, SEND_IN_THREADS)), False),
        (channel(70, guild_id="8"), False),
    ],
)
async def test_whether_the_bot_may_write_in_a_channel(others: dict[str, Any], may: bool) -> None:
    check = (await asked(Portal(others=others), CHANNELS))["Ids"]
    assert (check.state is OK) == may


async def test_missing_permissions_are_named_by_server(capsys: pytest.CaptureFixture[str]) -> None:
    guilds = [guild(n) for n in range(1, 451)]
    guilds[449] = guild(450, ENOUGH & ~(1 << 11), name="Our\x1b[31m club")
    checks = await asked(Portal(guilds))
    assert "450 servers" in checks["Discord"].says
    check = checks["Permissions"]
    assert check.state is WARNING
    assert "club (Send Messages)" in check.says
    assert INVITE in check.do
    Terminal().checks([check])
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert INVITE in shown


async def test_each_needed_permission_is_missed() -> None:
    checks = await asked(Portal([guild(n, permissions=0) for n in range(1, 6)]))
    says = checks["Permissions"].says
    for name in ("View Channels", "Send Messages", "Send Messages in Threads", "Add Reactions"):
        assert name in says
    assert "Read Message History" in says
    assert says.endswith("and 2 more.")


async def test_a_bot_on_no_server_gets_its_invitation() -> None:
    checks = await asked(Portal([]))
    assert checks["Permissions"].state is WARNING
    assert INVITE in checks["Permissions"].do


@asynccontextmanager
async def silent_server() -> AsyncIterator[str]:
    """A server that takes a connection and says nothing."""
    ended = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        ended.set()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await asyncio.wait_for(ended.wait(), PATIENCE)
