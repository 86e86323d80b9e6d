"""What the doctor says of the token, the intents and the servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.cli.checks import OK, PROBLEM, WARNING, Check, CheckState, lines
from bot.cli.doctor_discord import CONTENT_INTENT, check_discord, check_token
from tests.waiting import PATIENCE

from ..portal import APPLICATION, ENOUGH, INVITE, TOKEN, Portal, guild, named, serving, states


async def asked(portal: Portal, *, wants_content: bool = False) -> dict[str, Check]:
    async with serving(portal) as api:
        return named(await check_discord(TOKEN, wants_content, api))


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
    assert states(checks) == {"Discord": "ok", "Intents": "ok", "Permissions": "ok"}
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
    (check,) = await check_discord(TOKEN, False, "http://127.0.0.1:9")
    assert check.state is WARNING
    assert check.says.startswith("Discord cannot be reached (")
    assert "network" in check.do


async def test_a_silent_discord_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.doctor_discord.TIMEOUT", 0.1)
    async with silent_server() as api:
        (check,) = await check_discord(TOKEN, False, api)
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
    check = (await asked(Portal(flags=flags), wants_content=wants))["Intents"]
    assert check.state is state
    assert ("PASSAGE_CHANNELS" in check.says) == (state is PROBLEM)


async def test_missing_permissions_are_named_by_server() -> None:
    guilds = [guild(n) for n in range(1, 451)]
    guilds[449] = guild(450, ENOUGH & ~(1 << 11), name="Our\x1b[31m club")
    checks = await asked(Portal(guilds))
    assert "450 servers" in checks["Discord"].says
    check = checks["Permissions"]
    assert check.state is WARNING
    assert "club (Send Messages)" in check.says
    assert INVITE in check.do
    shown = "\n".join(lines([check]))
    assert "\x1b" not in shown
    assert INVITE in shown


async def test_each_needed_permission_is_missed() -> None:
    checks = await asked(Portal([guild(n, permissions=0) for n in range(1, 6)]))
    says = checks["Permissions"].says
    for name in ("View Channels", "Send Messages", "Send Messages in Threads"):
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
