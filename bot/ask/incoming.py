"""What a message asks: in its own words, or in those that it points to; and whether it asks at all,
where nobody has put it to the bot."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import discord

from retrieval import (
    MAIN_CORPUS,
    MAX_QUESTION,
    QUESTION_MARKS,
    UNSPACED,
    Turn,
    language_words,
    talk_kind,
    without_markup,
)

from ..client import Bot
from ..i18n.phrases import ENGLISH, Phrases
from ..journal.background import BackgroundJournal
from ..journal.records import SentAnswer

_TAGS = re.compile(
    r"<(?:@[!&]?|#)\d+>|<t:-?\d+(?::\w)?>|</[^:<>]+:\d+>|<id:\w+>|@(?:everyone|here)\b"
)
"""Mentions of members, roles, channels, commands and everybody, and points in time."""

EDITABLE = 120.0
"""Seconds within which an edit of a question changes its answer, or an edit that asks is heard."""

MIN_QUESTION_WORDS = 3
"""The fewest words of a message that is taken as a question."""

MIN_QUESTION_LETTERS = 5
"""The fewest letters of one in a script that puts no spaces between words."""


@dataclass(frozen=True, slots=True)
class IncomingQuestion:
    """A question, with who asks it and where."""

    text: str
    guild: int | None
    channel: int | None
    member: int
    event: str
    """What the log calls the message or the interaction that asks."""
    phrases: Phrases = ENGLISH
    message: int | None = None
    """The id of the message that asks; None where a command asks."""
    overheard: bool = False
    """Whether nobody put it to the bot, which then says nothing unless it is certain."""
    before: SentAnswer | None = None
    """The answer that it may go on from."""
    replaces: str | None = None
    """The id of the answer whose place the new one takes; it stays whole where there is none."""
    corpora: frozenset[str] = frozenset({MAIN_CORPUS})
    """The names of the corpora that are asked."""
    is_above: bool = False
    """Whether the answer replies to a message with these words, and need not repeat them."""
    deletions: int = 0
    """How many `BackgroundJournal.deletions` of the member there were when it was asked."""


def plain_words(markup: str) -> str:
    """Return the words of a message's markup on one line, without marks, mentions and links."""
    return without_markup(_TAGS.sub(" ", markup))


def words_of(message: discord.Message) -> str:
    """Return the words of a message, else those that it forwards, else the question of its poll,
    else those of an embed: of one that is too long for a question its title."""
    messages: list[discord.Message | discord.MessageSnapshot]
    messages = [message, *message.message_snapshots]
    texts = (plain_words(each.content) for each in messages)
    if words := next(filter(None, texts), ""):
        return words
    if message.poll is not None:
        return plain_words(message.poll.question)
    embeds = (
        _joined(plain_words(embed.title or ""), plain_words(embed.description or ""))
        for each in messages
        for embed in each.embeds
    )
    return next(filter(None, embeds), "")


def is_call(words: str) -> bool:
    """Return whether the words of a message only call, and ask nothing themselves."""
    return not any(map(str.isalnum, words)) or talk_kind(words) == "call"


def question_in(message: discord.Message, me: int) -> str:
    """Return the question that a message puts to the bot; empty if it has none.

    A call for help, or a message without letters ("^", "?"), in a reply to somebody else's message
    asks that message, and in a forum post the post's title. The title is part of what the post
    itself asks.

    Args:
        message: the message.
        me: the bot's id, to whose messages a reply is a question of its own.
    """
    words, target, channel = words_of(message), answered_message(message), message.channel
    title = ""
    if isinstance(channel, discord.Thread) and isinstance(channel.parent, discord.ForumChannel):
        title = plain_words(channel.name)
    if (title or target) and is_call(words):
        if target and target.author.id != me:
            return words_of(target) or title
        return title or words
    return _joined(title, words) if title and message.id == message.channel.id else words


async def question_of(
    bot: Bot, message: discord.Message, kind: str, *, overheard: bool = False
) -> IncomingQuestion:
    """Return the question that a message asks; `kind` is what the log calls the message."""
    me = bot.user.id if bot.user else 0
    text, deletions = question_in(message, me), bot.journal.deletions[message.author.id]
    guild, locale = (g.id, g.preferred_locale) if (g := message.guild) else (None, None)
    replied = answered_message(message)
    before = None  # The answer that it replies to, or else the last one in its thread.
    if replied or isinstance(message.channel, discord.Thread):
        target, channel = replied.id if replied else None, message.channel.id
        before = await bot.journal.call(lambda journal: journal.answer_before(target, channel))
    question_before = before.question if before else None
    return IncomingQuestion(
        text=text,
        guild=guild,
        channel=message.channel.id,
        member=message.author.id,
        event=f"{kind}={message.id}",
        phrases=bot.public_phrases(guild, locale, text, question_before),
        message=message.id,
        overheard=overheard,
        before=before,
        corpora=bot.corpora_in(guild, message.channel),
        is_above=text == words_of(message),
        deletions=deletions,
    )


async def turn_after(journal: BackgroundJournal, sent: SentAnswer) -> Turn:
    """Return what an answer leaves to a question that goes on from it: the question that stood
    alone, as far as it is kept, and the article quoted last."""
    first = sent
    while first.follows and (earlier := await journal.answer(first.follows)):
        first = earlier
    corpus = sent.quotes[0].corpus if sent.quotes else MAIN_CORPUS
    return Turn(first.question, sent.article, corpus)


def answered_message(message: discord.Message) -> discord.Message | None:
    """Return the message to which a message replies, if Discord has sent it along."""
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    return reference.resolved if isinstance(reference.resolved, discord.Message) else None


def is_of_a_person(message: discord.Message) -> bool:
    """Return whether a member has written a message, and not a bot or Discord itself: Discord names
    a member as the author of the result of that member's poll."""
    is_written = not message.is_system() and message.type is not discord.MessageType.poll_result
    return is_written and not message.author.bot and message.webhook_id is None


def is_addressed(message: discord.Message, me: int) -> bool:
    """Return whether a message is put to the bot, which has the id `me`: a direct one, a mention or
    a reply."""
    if message.guild is None:
        return True  # Where they are switched off, Discord is not asked for them.
    if me in message.raw_mentions or mentions_role_of_bot(message):
        return True
    target = answered_message(message)
    if target is None or target.author.id != me:
        return False
    # Without the intent Discord withholds the words of a reply that does not ping the bot.
    return bool(message.content) or any(user.id == me for user in message.mentions)


def is_just_edited(message: discord.Message) -> bool:
    """Return whether its author has just edited a message; Discord edits messages too, to add a
    link's embed."""
    if message.edited_at is None:
        return False
    return (discord.utils.utcnow() - message.edited_at).total_seconds() <= EDITABLE


def mentions_role_of_bot(message: discord.Message) -> bool:
    """Return whether a message mentions the role of the bot's name that Discord has made for it."""
    if message.guild is None or not message.role_mentions:
        return False
    return any(role.managed for role in message.role_mentions if role in message.guild.me.roles)


@lru_cache(maxsize=1)
def _opening(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{'|'.join(map(re.escape, words))})\b")


def looks_like_question(text: str) -> bool:
    """Return whether a text begins or ends as a question does, and is long enough for one.

    In a script that puts no spaces between words, a word of a question may stand anywhere in it.
    """
    plain = unicodedata.normalize("NFC", text).casefold().strip()
    is_unspaced = len(UNSPACED.findall(plain)) >= MIN_QUESTION_LETTERS
    if not is_unspaced and len(plain.split()) < MIN_QUESTION_WORDS:
        return False
    if plain.rstrip("!\"'”’»)*_ ").endswith(QUESTION_MARKS):
        return True
    if is_unspaced and any(word in plain for word in language_words("questions.unspaced")):
        return True
    return bool(_opening(language_words("questions.openers")).match(plain))


def _joined(title: str, words: str) -> str:
    """A title and the words below it, unless these begin with it or make it too long to ask."""
    if not title or words.casefold().startswith(title.casefold()):
        return words
    both = f"{title}{'.' if title[-1].isalnum() and words else ''} {words}".strip()
    return both if len(both) <= MAX_QUESTION else title
