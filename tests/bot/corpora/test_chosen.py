"""What a server chooses with `/settings` of the corpora that the operator offers to it. Server 0 is
given the corpus of Birchwick, server 1 that of Cedarholm."""

from __future__ import annotations

from dataclasses import replace

import simcord
from simcord import actors

from bench.several_corpora import foreign, name_of
from bot.admin.setting_menus import given_to
from bot.admin.settings_cog import CORPORA
from bot.i18n.phrases import ENGLISH

from ..managing import Manager, managing
from ..server import seen
from .conftest import Serve, Tenants

HARBOUR = "Who opened the harbour of Ivybridge?"
IVYBRIDGE, JUNIPERTON = name_of(8), name_of(9)


def offer(here: Tenants, corpus: str, *servers: int) -> None:
    """Offer a corpus to servers, and give it to nobody."""
    entries, ids = here.corpora.entries, (here.guilds[server].id for server in servers)
    entry = replace(entries[corpus], servers=frozenset(), channels=frozenset(), roles=frozenset())
    here.corpora.entries = {**entries, corpus: replace(entry, offered=frozenset(ids))}


async def opened(here: Tenants, server: int = 0, corpus: str = IVYBRIDGE) -> Manager:
    """The settings of a corpus, as a member sees them who manages the server."""
    manager = await managing(here.at(server), f"kim{server}")
    await manager.choose("corpora", corpus)
    return manager


async def choose(manager: Manager, part: str, *values: object, corpus: str = IVYBRIDGE) -> None:
    message = manager.result.response.message
    await manager.member.select(message, list(values), custom_id=f"corpus:{part}:{corpus}")


async def forge(manager: Manager, custom_id: str, *values: str) -> None:
    """Send a choice as Discord would not let a member make it."""
    who, data = manager.member, {"custom_id": custom_id, "component_type": 3, "values": [*values]}
    stored = actors._visible_message(who, manager.result.response.message)
    await actors._component_interaction(who, stored, data)


async def test_a_press_changes_what_the_server_is_answered_from_and_undo_takes_it_back(
    tenants: Serve,
) -> None:
    async with tenants() as here:
        offer(here, IVYBRIDGE, 0)
        manager = await opened(here)
        assert "Ada Ivybridge" not in await here.at(0).ask(HARBOUR)
        await choose(manager, "servers", "yes")
        assert f"none → {IVYBRIDGE}: the whole server" in manager.text
        assert "Ada Ivybridge" in await here.at(0).ask(HARBOUR)
        assert "Ada Birchwick" in await here.at(0).ask("Who opened the harbour of Birchwick?")
        assert "Ada Ivybridge" not in await here.at(1).ask(HARBOUR)
        await manager.undo()
        assert "Ada Ivybridge" not in await here.at(0).ask(HARBOUR)
        assert here.env.bot.servers.of(here.guilds[0].id).corpora == {}


async def test_channels_and_roles_are_given_a_corpus(tenants: Serve) -> None:
    async with tenants() as here:
        offer(here, IVYBRIDGE, 0)
        manager = await opened(here)
        await choose(manager, "channels", here.special[0])
        assert "Ada Ivybridge" in await here.at(0, special=True).ask(HARBOUR)
        assert "Ada Ivybridge" not in await here.at(0).ask(HARBOUR)
        readers = here.guilds[0].create_role("readers")
        reader = here.guilds[0].add_member(here.env.create_user("cy"), roles=[readers])
        await choose(manager, "roles", readers)
        assert f"<#{here.special[0].id}>, <@&{readers.id}>" in manager.text

        async def private(who: simcord.MemberActor) -> str:
            asked = await who.slash(here.plain[0], "ask", question=HARBOUR, private=True)
            return seen(asked.response.message)

        assert "Ada Ivybridge" in await private(reader)
        assert "Ada Ivybridge" not in await private(here.members[0])
        assert "Ada Ivybridge" not in await replace(here.at(0), ana=reader).ask(HARBOUR)
        await choose(manager, "channels")
        assert "Ada Ivybridge" not in await here.at(0, special=True).ask(HARBOUR)


async def test_what_is_not_offered_to_a_server_cannot_be_chosen_there(tenants: Serve) -> None:
    async with tenants() as here:
        offer(here, IVYBRIDGE, 0)
        offer(here, JUNIPERTON, 1)
        manager = await managing(here.at(0))
        names = [option["value"] for option in manager.menus["corpora"]["options"]]
        assert foreign(" ".join(names).title(), {"Birchwick", "Cedarholm", "Fernleigh"}) == {
            "Ivybridge"
        }
        # A value that the menu does not have.
        await forge(manager, "settings:corpora", JUNIPERTON)
        assert JUNIPERTON not in manager.text
        theirs = await opened(here, 1, JUNIPERTON)
        assert JUNIPERTON in theirs.text
        kept = here.env.bot.servers
        await manager.choose("corpora", IVYBRIDGE)
        await forge(manager, f"corpus:channels:{IVYBRIDGE}", str(here.plain[1].id))
        await forge(manager, f"corpus:servers:{IVYBRIDGE}", str(here.guilds[1].id))
        assert kept.of(here.guilds[0].id).corpora == {}
        # What was offered when the message was sent and is no longer.
        await choose(manager, "servers", "yes")
        assert IVYBRIDGE in kept.of(here.guilds[0].id).corpora
        offer(here, IVYBRIDGE)
        assert "Ada Ivybridge" not in await here.at(0).ask(HARBOUR)
        await choose(manager, "channels", here.plain[0])
        assert "Ada Ivybridge" not in await here.at(0).ask(HARBOUR)
        assert not kept.of(here.guilds[0].id).corpora[IVYBRIDGE].channels


async def test_what_the_operator_gives_is_shown_as_fixed(tenants: Serve) -> None:
    async with tenants() as here:
        offer(here, IVYBRIDGE, 0)
        manager = await opened(here, corpus="birchwick")
        given = given_to({"servers": [here.guilds[0].id]}, ENGLISH)
        assert f"{given}: {ENGLISH('setting_fixed', variable=CORPORA)}" in manager.text
        assert all(menu["disabled"] for menu in manager.menus.values())
        await forge(manager, "corpus:servers:birchwick", "no")
        assert "Ada Birchwick" in await here.at(0).ask("Who opened the harbour of Birchwick?")
        here.corpora.entries = {"main": here.corpora.entries["main"]}
        assert "corpora" not in (await managing(here.at(1))).menus
