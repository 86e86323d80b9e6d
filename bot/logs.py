"""What the operator sees of the log: plain lines on stderr, and nothing that is secret."""

from __future__ import annotations

import logging
import re
import sys

_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?]+")


def set_up(level: str | None, *, serving: bool) -> None:
    """A server tells what it does; a command only what is amiss, unless `level` asks for more."""
    number: int = logging.getLevelNamesMapping()[
        (level or ("info" if serving else "warning")).upper()
    ]
    logging.basicConfig(
        stream=sys.stderr, level=number, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for chatty in ("httpx", "chromadb", "urllib3"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, number))
    logging.getLogger("discord.http").addFilter(_without_tokens)
    if number > logging.DEBUG:
        logging.getLogger("discord.shard").addFilter(_plainly)
    if not serving:
        # On the try-it page discord.py warns of intents and of voice, which are no concern there.
        logging.getLogger("discord").setLevel(max(logging.ERROR, number))


def _plainly(record: logging.LogRecord) -> bool:
    """Makes one line of the traceback with which discord.py says that it has to connect again."""
    if record.exc_info and (error := record.exc_info[1]):
        reason = " ".join(str(error).split()) or type(error).__name__
        record.msg = f"No connection to Discord ({reason}). {record.getMessage()}"
        record.args, record.exc_info = (), None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def _without_tokens(record: logging.LogRecord) -> bool:
    """Takes out what lets anyone answer in the bot's name for 15 minutes: an address has it."""
    said = record.getMessage()
    if (plain := _TOKEN.sub(r"\1…", said)) != said:
        record.msg, record.args = plain, ()
    return True
