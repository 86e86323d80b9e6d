"""What `sources.toml` says, and what of it cannot be read."""

from __future__ import annotations

import unicodedata

import pytest

from retrieval.articles.scan import Scan, scan
from tests.conftest import Folder

PROSE = "The council met on Tuesday and approved the budget for the coming year."
GOOD = '["a.txt"]\ntitle = "First"\n\n["b.txt"]\ntitle = "Second"\ndate = 2024-05-01\n'


def found(folder: Folder, sources: str, *names: str) -> Scan:
    files = {name: f"{PROSE} {name}." for name in names or ("a.txt", "b.txt")}
    return scan(folder({**files, "sources.toml": sources}))


def titles(scanned: Scan) -> list[str]:
    return [article.source.title for article in scanned.articles]


@pytest.mark.parametrize("name", ["Sitzung März.txt", "Hội đồng.txt", "sesión/Núñez.md"])
@pytest.mark.parametrize("key", ["NFC", "NFD"])
@pytest.mark.parametrize("file", ["NFC", "NFD"])
def test_names_are_the_same_in_every_form(folder: Folder, name: str, key: str, file: str) -> None:
    said = f'["{unicodedata.normalize(key, name)}"]\ntitle = "Listed"\n'  # type: ignore[arg-type]
    scanned = found(folder, said, unicodedata.normalize(file, name))  # type: ignore[arg-type]
    assert titles(scanned) == ["Listed"]
    assert not scanned.notes


@pytest.mark.parametrize("gone", ["tow.txt", "B.txt", "Straße.md"])
def test_what_speaks_of_no_file_is_named(folder: Folder, gone: str) -> None:
    scanned = found(folder, f'{GOOD}\n["{gone}"]\ntitle = "Lost"\n')
    assert titles(scanned) == ["First", "Second"]
    assert [note.text for note in scanned.notes] == [
        f"it speaks of {gone} (line 8), which is not there"
    ]


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ("url = https://a.example\n", 7),
        ("broken = [\n", 7),
        ('title = "Überschrift\n', 7),
        ('["c.txt"\ntitle = "Third"\n', 7),
    ],
)
def test_a_broken_line_costs_itself_alone(folder: Folder, broken: str, line: int) -> None:
    scanned = found(folder, GOOD + broken)
    assert titles(scanned) == ["First", "Second"]
    assert scanned.articles[1].source.date == "2024-05-01"
    assert [(failure.article, failure.reason) for failure in scanned.failed] == [
        ("sources.toml", f"line {line} cannot be read")
    ]


def test_a_broken_line_in_the_middle(folder: Folder) -> None:
    meetings = '[["a.txt".meetings]]\nname = "May"\n[["a.txt".meetings]]\nname = "June"\n'
    scanned = found(folder, f'["a.txt"]\ndate = 1.Mai\ntitle = "First"\n{meetings}["b.txt"]\n')
    (failure,) = scanned.failed
    assert "line 2 " in failure.reason
    assert titles(scanned)[0] == "First"
    given = scanned.articles[0].given
    assert given is not None
    assert [meeting.name for meeting in given] == ["May", "June"]


def test_a_key_in_two_spellings_costs_no_other_line(folder: Folder) -> None:
    said = '["a.txt"]\n"title" = "Once"\ntitle = "First"\nurl = broken\ndate = "2024-05-01"\n'
    scanned = found(folder, f'{said}["b.txt"]\ntitle = "Second"\n')
    assert titles(scanned) == ["First", "Second"]
    assert scanned.articles[0].source.date == "2024-05-01"


def test_a_table_twice_is_named_and_both_count(folder: Folder) -> None:
    scanned = found(folder, f'{GOOD}["a.txt"]\nlanguage = "de"\n')
    assert titles(scanned) == ["First", "Second"]
    assert scanned.articles[0].source.language == "de"
    assert len(scanned.failed) == 1


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ('titel = "x"', "'titel' is none of title, date, url, language, original, meetings"),
        ('date = "gestern"', "its date cannot be read: gestern"),
        ('url = "news.example"', "its url cannot be read: news.example"),
        ('language = "Klingon"', "its language cannot be read: Klingon"),
    ],
)
def test_what_is_no_fact_of_an_article_is_named(folder: Folder, line: str, note: str) -> None:
    scanned = found(folder, f'["a.txt"]\n["b.txt"]\noriginal = true\n{line}\n["c.txt"]\n')
    assert scanned.notes[0].text == f"{note} (b.txt, line 4)"
    scanned = found(folder, f'"a.txt" = {{ original = true }}\n"b.txt" = {{ {line} }}\n')
    assert [each.text for each in scanned.notes] == [f"{note} (b.txt, line 2)"]


def test_dates_in_words_are_read(folder: Folder) -> None:
    scanned = found(folder, '["a.txt"]\ndate = "5 tháng 4 năm 2024"\n["b.txt"]\ndate = "5.4.2024"')
    assert [article.source.date for article in scanned.articles] == ["2024-04-05"] * 2


def test_what_is_named_is_bounded(folder: Folder) -> None:
    scanned = found(folder, "oops\n" * 1_000)
    assert 1 < len(scanned.failed) <= 20
    scanned = found(folder, "".join(f'["{n}.txt"]\n' for n in range(1_000)))
    assert scanned.notes[-1].text == "it speaks of 980 more files that are not there"
