"""The log on stderr: plain lines without secrets."""

from __future__ import annotations

import logging
import re
import sys

_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?]+")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def set_up(level: str | None, *, serving: bool) -> None:
    """Send the log to stderr.

    Args:
        level: the least level that is logged: debug, info, warning or error. None is info for a
            server and warning for another command.
        serving: whether the command serves until it is stopped.
    """
    number: int = logging.getLevelNamesMapping()[
        (level or ("info" if serving else "warning")).upper()
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_PlainFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=number)
    for chatty in ("httpx", "chromadb", "urllib3"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, number))
    logging.getLogger("discord.http").addFilter(_hide_tokens)
    if number > logging.DEBUG:
        logging.getLogger("discord.shard").addFilter(_shorten_traceback)
    if not serving:
        # On the try-it page discord.py warns of intents and of voice, which are no concern there.
        logging.getLogger("discord").setLevel(max(logging.ERROR, number))


class _PlainFormatter(logging.Formatter):
    """Writes control characters as in "\\x1b": a server's words tell the terminal nothing."""

    def format(self, record: logging.LogRecord) -> str:
        plain = super().format(record)
        return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), plain)


def _shorten_traceback(record: logging.LogRecord) -> bool:
    """Make the traceback with which discord.py reports that it connects again a single line."""
    if record.exc_info and (error := record.exc_info[1]):
        reason = " ".join(str(error).split()) or type(error).__name__
        record.msg = f"No connection to Discord ({reason}). {record.getMessage()}"
        record.args, record.exc_info = (), None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def _hide_tokens(record: logging.LogRecord) -> bool:
    """Remove the token of an interaction, which lets anyone answer for the bot for 15 minutes."""
    message = record.getMessage()
    if (hidden := _TOKEN.sub(r"\1…", message)) != message:
        record.msg, record.args = hidden, ()
    return True
