"""What the operator reads in the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from bot import logs


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    for name in ("discord", "discord.http", "discord.shard", "httpx", "chromadb", "urllib3"):
        logger = logging.getLogger(name)
        logger.filters.clear()
        logger.setLevel(logging.NOTSET)


def test_a_lost_connection_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    logs.set_up("info", serving=True)
    try:
        raise ConnectionResetError("peer has gone")
    except ConnectionResetError:
        logging.getLogger("discord.shard").exception("Attempting a reconnect in %.2fs", 1.5)
    (record,) = caplog.records
    assert record.getMessage() == (
        "No connection to Discord (peer has gone). Attempting a reconnect in 1.50s"
    )
    assert record.levelname == "WARNING"
    assert record.exc_info is None


def test_escape_codes_of_a_server_do_not_reach_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    logs.set_up("info", serving=True)
    try:
        raise ValueError("a type \x1b]0;owned\x07 of\ttext")
    except ValueError:
        logging.getLogger("bot").exception("It is \x9b2Jx:")
    said = capsys.readouterr().err
    assert "ERROR bot: It is \\x9b2Jx:\nTraceback" in said
    assert said.endswith("ValueError: a type \\x1b]0;owned\\x07 of\ttext\n")


def test_no_token_of_an_interaction_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    logs.set_up(None, serving=True)
    address = "https://discord.com/api/v10/webhooks/12/aW50ZXJhY3Rpb24/messages/@original"
    logging.getLogger("discord.http").warning("%s %s responded with 429.", "PATCH", address)
    (record,) = caplog.records
    assert "aW50ZXJhY3Rpb24" not in record.getMessage()
    assert record.getMessage().endswith("webhooks/12/…/messages/@original responded with 429.")
