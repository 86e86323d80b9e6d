"""`passage chat` with the reader beside it, and what the reader's settings may be."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable, Generator
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from bot.cli.app import main
from bot.settings import read_settings
from bot.web.options import MAX_PUBLIC_URL
from retrieval import OperatorError

pytestmark = pytest.mark.usefixtures("command_line", "several_quotes")

QUESTION = "Who is Le Minh Hung?"
"""Is answered from an article whose page is known, and from one whose page is not."""

Lines = Generator[str, None, None]


class Person(io.StringIO):
    """Types one line after another, and looks in between at what is said."""

    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self._lines = lines

    def isatty(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> str:
        return next(self._lines, "")


@pytest.fixture
def chat(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[list[str]], object]], None]:
    """Asks QUESTION in the chat, and looks at the lines of the answer while it goes on."""

    def run(look: Callable[[list[str]], object]) -> None:
        def lines() -> Lines:
            capsys.readouterr()
            yield f"{QUESTION}\n"
            look(capsys.readouterr().out.splitlines())
            yield "\n"

        monkeypatch.setattr("sys.stdin", Person(lines()))
        assert main(["chat"]) == 0
        assert capsys.readouterr().err == ""

    assert main(["reload"]) == 0
    return run


def addresses(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines if "://" in line]


def test_a_person_who_chats_opens_each_quote_in_the_reader(
    chat: Callable[[Callable[[list[str]], object]], None],
) -> None:
    shown: list[str] = []

    def look(lines: list[str]) -> None:
        # The page of the first quote is known: it goes before the reader's.
        pages = addresses(lines)
        assert [page.startswith("http://127.0.0.1:") for page in pages] == [0, 1, 1]
        shown.extend(page for page in pages if page.startswith("http:"))
        words = " ".join(" ".join(lines).replace("│", "").split())
        for address in shown:
            assert address.endswith("#quote")
            with urlopen(address) as page:  # noqa: S310 - ours
                said = page.read().decode()
            marked = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", said, re.S))
            assert " ".join(html.unescape(marked).split())[:60] in words
        assert all(len(line) <= 80 for line in lines if "://" not in line)

    chat(look)
    with pytest.raises(URLError):
        urlopen(shown[0])  # noqa: S310 - as above


def test_one_setting_turns_it_off(
    chat: Callable[[Callable[[list[str]], object]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSAGE_READER", "false")

    def look(lines: list[str]) -> None:
        pages = addresses(lines)
        assert [page.partition("://")[0] for page in pages] == ["https"]

    chat(look)


def test_what_is_printed_once_leads_to_the_public_reader(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSAGE_PUBLIC_URL", "https://reader.example/p")
    assert main(["ask", QUESTION]) == 0
    pages = addresses(capsys.readouterr().out.splitlines())
    assert main(["ask", "--json", QUESTION]) == 0
    quotes = json.loads(capsys.readouterr().out)["quotes"]
    assert [quote["link"] == quote["reader"] for quote in quotes] == [False, True]
    links = [quote["link"].partition("#:~:")[0] for quote in quotes]
    readers = [quote["reader"] for quote in quotes]
    assert pages == [links[0], readers[0], links[1]]
    assert pages[2].startswith("https://reader.example/p/articles/")
    assert main(["meetings", "--language", "es"]) == 0
    assert "https://reader.example/p/articles/" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "fine"),
    [
        ("https://reader.example", True),
        ("https://reader.example:8443/passage/", True),
        ("http://192.0.2.1/", True),
        ("http://[2001:db8::1]:8798/", True),
        ("http://127.0.0.1:8798/", True),
        ("javascript:alert(1)", False),
        ("https://a@reader.example/", False),
        ("https://reader.example/?a", False),
        ("https://reader.example/#a", False),
        ("https://reader.example:80000/", False),
        ("https://[reader.example/", False),
        ("https://läser.example/", False),
        ("https://reader.example/" + "a" * MAX_PUBLIC_URL, False),
        ("reader.example", False),
    ],
)
def test_a_public_address_is_one_to_which_pages_can_be_added(
    monkeypatch: pytest.MonkeyPatch, value: str, fine: bool
) -> None:
    monkeypatch.setenv("PASSAGE_PUBLIC_URL", value)
    if fine:
        settings = read_settings()
        assert settings.reader.public_url == settings.links.reader == value
    else:
        with pytest.raises(
            OperatorError, match=r"PASSAGE_PUBLIC_URL cannot be '.*; it takes an address like"
        ):
            read_settings()


@pytest.mark.parametrize(
    ("reader", "beside_the_bot", "beside_a_person"),
    [("", False, True), ("true", True, True), ("false", False, False)],
)
def test_one_setting_says_where_the_reader_is_served(
    monkeypatch: pytest.MonkeyPatch, reader: str, beside_the_bot: bool, beside_a_person: bool
) -> None:
    monkeypatch.setenv("PASSAGE_READER", reader)
    monkeypatch.setenv("PASSAGE_READER_HOST", "0.0.0.0")  # noqa: S104 - not for the person's own
    settings = read_settings()
    own = settings.reader.private
    assert (bool(settings.reader.enabled), bool(own)) == (beside_the_bot, beside_a_person)
    if own:
        assert (own.host, own.port, own.public_url) == ("127.0.0.1", 0, None)
