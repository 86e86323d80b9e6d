"""An index that another version or model made: the next command that asks builds it anew."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from filelock import FileLock

from bot.cli.app import main
from bot.cli.context import OUTDATED
from bot.cli.reload_report import BUILT_ANEW
from bot.i18n.phrases import ENGLISH
from retrieval import DEFAULT_MODEL
from tests.waiting import wait_until

from ...conftest import OTHER_MODEL
from ...outdated import make_outdated

ORDER = "Who received the Ho Chi Minh Order?"
TO_HUY_RUA = "Ho Chi Minh Order to To Huy Rua"

pytestmark = pytest.mark.usefixtures("outdated")

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def outdated(
    command_line: None,
    data: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    one_seed: Path,
) -> None:
    """The index of one article: each test builds it anew."""
    monkeypatch.setenv("PASSAGE_SEEDS_DIR", str(one_seed))
    assert main(["reload"]) == 0
    make_outdated(data)
    capsys.readouterr()


def test_what_needs_the_articles_alone_is_told_from_the_old_one(capsys: Capture) -> None:
    for argv in (["status"], ["meetings"]):
        assert main(argv) == 0
        out, err = capsys.readouterr()
        assert out
        assert err == ""


def test_ask_builds_it_anew_and_answers(capsys: Capture) -> None:
    assert main(["ask", ORDER]) == 0
    out, err = capsys.readouterr()
    assert TO_HUY_RUA in " ".join(out.split())
    assert err == f"{OUTDATED}\n"
    assert main(["ask", ORDER]) == 0
    assert capsys.readouterr().err == ""


def test_reload_says_that_it_is_built_anew(capsys: Capture) -> None:
    assert main(["reload"]) == 0
    assert BUILT_ANEW in " ".join(capsys.readouterr().out.split())
    assert main(["reload"]) == 0
    assert BUILT_ANEW not in " ".join(capsys.readouterr().out.split())


def test_chat_builds_it_anew_and_answers(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{ORDER}\n"))
    assert main(["chat"]) == 0
    out, err = capsys.readouterr()
    assert TO_HUY_RUA in " ".join(out.split())
    assert err == f"{OUTDATED}\n"


def test_try_builds_it_anew_first(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{ORDER}\n"))
    with taken_port() as port:
        # The page cannot start, so it is the chat that answers.
        monkeypatch.setenv("PASSAGE_TRY_PORT", str(port.getsockname()[1]))
        assert main(["try"]) == 0
    out, err = capsys.readouterr()
    assert TO_HUY_RUA in " ".join(out.split())
    assert err.splitlines()[:2] == ["Loading the model ...", OUTDATED]


def test_another_model_builds_it_anew(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["reload"]) == 0
    monkeypatch.setenv("PASSAGE_EMBEDDING_MODEL", OTHER_MODEL)
    capsys.readouterr()
    assert main(["ask", ORDER]) == 0
    out, err = capsys.readouterr()
    assert TO_HUY_RUA in " ".join(out.split())
    assert err == f"{OUTDATED}\n"
    assert main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["model"] == OTHER_MODEL


def test_doctor_says_that_it_will_be_built_anew(capsys: Capture) -> None:
    main(["doctor"])
    out = " ".join(capsys.readouterr().out.split())
    assert "! Index The index was made by another version of Passage" in out
    assert "`passage reload`" in out


def test_the_reader_serves_at_once_and_answers_when_it_is_built_anew(
    data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with taken_port() as port:
        number = port.getsockname()[1]
    monkeypatch.setenv("PASSAGE_READER_PORT", str(number))
    for limit in ("PASSAGE_QUESTIONS_PER_MEMBER", "PASSAGE_QUESTIONS_PER_GUILD"):
        monkeypatch.setenv(limit, "0")
    page = f"http://127.0.0.1:{number}"

    def visit() -> None:
        try:
            # Nothing is reloaded while another holds the lock.
            with FileLock(data / "chroma" / "reload.lock"):
                wait_until(lambda: get(f"{page}/articles")[0] == 200)
                assert get(f"{page}/meetings")[0] == 200
                status, body = get(f"{page}/?q={quote(ORDER)}")
                assert status == 503
                assert ENGLISH("reading_anew") in body
            wait_until(lambda: "To Huy Rua" in get(f"{page}/?q={quote(ORDER)}")[1])
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    with ThreadPoolExecutor(max_workers=1) as thread:
        visiting = thread.submit(visit)
        assert main(["reader"]) == 0
        visiting.result()
    assert caplog.messages.count(OUTDATED) == 1


def test_a_reader_that_is_stopped_meanwhile_leaves_the_old_one(
    data: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSAGE_READER_PORT", "0")
    with FileLock(data / "chroma" / "reload.lock"), ThreadPoolExecutor(max_workers=1) as thread:

        def stop() -> None:
            try:
                wait_until(lambda: "http://" in capsys.readouterr().out)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)

        stopping = thread.submit(stop)
        assert main(["reader"]) == 0
        stopping.result()
    assert main(["status"]) == 0
    assert f"{DEFAULT_MODEL}, " in capsys.readouterr().out
    assert main(["ask", ORDER]) == 0
    assert OUTDATED in capsys.readouterr().err


def taken_port() -> socket.socket:
    """A port of this machine that nobody else can open while it is open."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken


def get(address: str) -> tuple[int, str]:
    """A page's status and text; 0 where nobody serves it yet."""
    try:
        with urllib.request.urlopen(address) as page:  # noqa: S310
            return page.status, page.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""
