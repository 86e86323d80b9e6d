"""Edits the answers whose quotes have changed or gone with a reload, so that they stay true."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import discord

from retrieval import PassageError, Quote, Source

from ..client import Bot
from ..journal.records import QUOTE_CHANGED, QUOTE_GONE, QUOTE_STANDS, Renewal, SentAnswer
from ..ui.delivery import DeliveryError, deliver
from ..ui.repeating_cog import RepeatingCog
from ..worker import BusyError
from .buttons import MoreButton, answer_buttons
from .renewal import renewed_message

KEPT_TRUE = 30 * 86_400.0
"""Seconds for which an answer is kept true, if the journal keeps it as long."""

BETWEEN_EDITS = 0.5
"""Seconds after each answer that was read from Discord to be edited: of the fifty requests a second
that a bot may make, these are at most four."""

LOOK_EVERY = 900.0
"""Seconds between two passes without a reload here: another process may have reloaded, or Discord
not have taken an edit."""

LOOK_AGAIN_AFTER = 60.0
"""Seconds after which a pass is tried again for which the worker was too busy."""

TRY_WITHIN = 30.0
"""Seconds for which one request is tried: whoever edits or deletes the question waits for it."""

log = logging.getLogger(__name__)

Articles = Mapping[str, Source]
"""The articles of a corpus, each by its path, its hash and its address."""


class RenewalCog(RepeatingCog):
    """Keeps answers true, one after another, the newest first.

    What a message is to say follows from the quotes as they were sent and the articles of now; the
    journal has what it says. So a pass may end at any moment, and the next one does the rest.
    """

    def __init__(self, bot: Bot) -> None:
        super().__init__(bot, LOOK_EVERY)
        self.bot = bot
        self._due = False
        """Whether the answers are to be looked at anew, from the newest on."""
        self.looking: asyncio.Task[None] | None = None
        """Looks at the answers, as long as that is due."""

    async def cog_unload(self) -> None:
        """Edit no more answers."""
        await super().cog_unload()
        if self.looking is not None:
            self.looking.cancel()

    async def look(self) -> None:
        """Look at the answers anew; what was being looked at is not gone through to its end."""
        self._due = True
        if self.looking is None or self.looking.done():
            self.looking = asyncio.create_task(self._passes())

    async def _passes(self) -> None:
        while self._due:
            self._due = False
            if not await self._pass():
                await asyncio.sleep(LOOK_AGAIN_AFTER)
                self._due = True

    async def _pass(self) -> bool:
        """Look at all answers. Return False where that has to be done again soon.

        A reload meanwhile ends it, for then they are looked at anew.
        """
        journal, since = self.bot.journal, self.bot.clock.now() - KEPT_TRUE
        articles: dict[str, Articles | None] = {}
        ids = await journal.call(lambda journal: journal.quoting(since), patient=True)
        for id in ids or ():
            if self._due:
                break
            try:
                sent = await journal.answer(id, patient=True)
                if sent is not None and sent.sent_as is not None:
                    await self._keep_true(sent, articles)
            except DeliveryError as error:
                log.info("The answer %s is kept true later: %s.", id, error)
            except (BusyError, PassageError) as error:
                log.info("The answers cannot be kept true now: %s", error)
                return False
            except Exception:
                log.exception("An answer cannot be kept true:")
        return ids is not None

    async def _keep_true(self, sent: SentAnswer, articles: dict[str, Articles | None]) -> None:
        """Edit the message of an answer if it is to say something else than it says."""
        seen = self._corpora_seen(sent)
        renewals = []
        for index, quote in enumerate(sent.quotes):
            name = quote.corpus
            if name in seen and name not in articles:
                articles[name] = await self._articles(name)
            listed = articles[name] if name in seen else {}
            renewals.append(
                sent.renewal(index)
                if listed is None
                else await self._renewal(quote, sent.quotes_now[index], listed)
            )
        renewed = replace(sent, renewals=tuple(renewals))
        if self._appearance(renewed) == self._appearance(sent):
            # An article that is renamed later is known by its file of now.
            if renewed.quotes_now != sent.quotes_now:
                await self._record(renewed)
            return
        key = _key(sent)
        await self.bot.settled(key)
        task = asyncio.create_task(self._edit(renewed))
        # An edit or the deletion of the question, and a press for more, wait for it.
        self.bot.answering[key] = task
        try:
            await task
        finally:
            if self.bot.answering.get(key) is task:
                del self.bot.answering[key]
        await asyncio.sleep(BETWEEN_EDITS)

    def _corpora_seen(self, sent: SentAnswer) -> frozenset[str]:
        """The corpora that everybody sees where an answer stands. Where its channel is not at hand,
        as an archived thread's, they are those that were asked."""
        bot, channel = self.bot, self.bot.get_channel(sent.sent_in or 0)
        if channel is None and sent.guild is not None:
            return frozenset(sent.corpora.split()) & bot.corpora.entries.keys()
        return bot.corpora_in(sent.guild, channel)

    async def _articles(self, corpus: str) -> Articles | None:
        """The articles of a corpus; None where they cannot be read, which says nothing of them."""
        try:
            sources = await self.bot.worker.run(self.bot.corpora.view({corpus}).sources)
        except PassageError as error:
            log.info("The answers of the corpus %s stay as they are: %s", corpus, error)
            return None
        return {
            key: source
            for name in ("url", "sha256", "path")
            for source in sources
            if (key := getattr(source, name))
        }

    async def _renewal(self, quote: Quote, last: Quote, articles: Articles) -> Renewal:
        """What has become of a quote, of which `last` became before: in its article, or in one of
        the same file or address."""
        keys = [
            key or "" for each in (quote, last) for key in (each.article, each.sha256, each.url)
        ]
        for source in dict.fromkeys(articles[key] for key in keys if key in articles):
            is_same = source.path == quote.article and source.url == quote.url
            if is_same and source.sha256 == quote.sha256:
                return Renewal()
            asker = self.bot.corpora.view({quote.corpus})
            now = await self.bot.worker.run(asker.renewed, quote, source)
            if now is None:
                continue
            if now.text != quote.text:
                return Renewal(QUOTE_CHANGED, now)
            return Renewal(QUOTE_STANDS if now.sha256 != quote.sha256 else None, now)
        return Renewal(QUOTE_GONE)

    def _appearance(self, sent: SentAnswer) -> list[tuple[bool, str, str | None]]:
        """What the message of an answer shows of its quotes, but for a note that words still stand
        in an article that has changed: nothing is edited for that alone."""
        links = self.bot.links
        return [
            (sent.renewal(index).change == QUOTE_GONE, now.text, links.of_button(now))
            for index, now in enumerate(sent.quotes_now)
        ]

    async def _record(self, sent: SentAnswer) -> None:
        await self.bot.journal.change(lambda journal: journal.renewed(sent.id, sent.renewals))

    async def _edit(self, sent: SentAnswer) -> None:
        """Have the message of an answer say what has become of its quotes, and record that. What
        Discord refuses is not tried again before they change once more."""
        journal = self.bot.journal
        try:
            if not await self._edit_message(sent):
                return
        except DeliveryError as error:
            if error.is_passing:
                raise
            log.info("The answer message=%s is not kept true: %s.", sent.sent_as, error)
            if error.is_gone:
                await journal.change(lambda journal: journal.out_of_reach(sent.id))
                return
        await self._record(sent)

    async def _edit_message(self, sent: SentAnswer) -> bool:
        """Edit the message. Return False where another answer or other quotes are being shown in it
        meanwhile. Raises DeliveryError."""
        bot = self.bot
        channel = bot.get_partial_messageable(sent.sent_in or 0)
        message = await deliver(channel.get_partial_message(sent.sent_as or 0).fetch, TRY_WITHIN)
        first_quote = _first_quote(message, sent.id)
        if first_quote is None:
            return True
        guild = bot.get_guild(sent.guild) if sent.guild else None
        earlier = await bot.journal.answer(sent.follows) if sent.follows else None
        phrases = bot.public_phrases(
            sent.guild,
            guild.preferred_locale if guild else None,
            sent.question,
            earlier.question if earlier else None,
        )
        view = renewed_message(
            message,
            sent.quotes[first_quote:],
            [sent.renewal(index) for index in range(first_quote, len(sent.quotes))],
            buttons=answer_buttons(sent, phrases, bot.links, first_quote),
            phrases=phrases,
            links=bot.links,
        )
        # The journal is asked once more: the answer may have been deleted meanwhile.
        current = await bot.journal.answer(sent.id)
        is_alone = bot.answering.get(_key(sent)) is asyncio.current_task()
        if not is_alone or current is None or current.quotes != sent.quotes:
            return False
        if view is not None:
            nobody = discord.AllowedMentions.none()
            edit = partial(message.edit, view=view, allowed_mentions=nobody)
            await deliver(edit, TRY_WITHIN)
        return True


def _key(sent: SentAnswer) -> int:
    """The message for which others wait while an answer is edited; see `Bot.answering`."""
    return sent.asked_in or sent.sent_as or 0


def _first_quote(message: discord.Message, id: str) -> int | None:
    """The index of the first quote that a message shows of those of an answer; None where the
    message is not that answer's any more."""
    pattern = re.compile(f"{MoreButton.prefix}:{id}:(\\d+)")
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    ids = (getattr(item, "custom_id", None) for item in view.walk_children())
    matches = (pattern.fullmatch(id) for id in ids if id)
    return next((int(match[1]) for match in matches if match), None)


async def setup(bot: Bot) -> None:
    """Add the feature to the bot."""
    await bot.add_cog(RenewalCog(bot))
