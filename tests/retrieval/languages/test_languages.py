"""The files of the languages: what they hold, and what is said of a broken one."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval import OperatorError
from retrieval.languages import language_name, language_of, language_words, languages, read_language
from retrieval.languages.meeting_words import meeting_words


def test_all_languages_can_be_read_and_four_have_words_for_meetings() -> None:
    words = {code: meeting_words(language) for code, language in languages().items()}
    complete = {code: each for code, each in words.items() if each}
    assert complete.keys() >= {"de", "en", "es", "vi"}
    for each in complete.values():
        assert set(each.months.values()) == set(range(1, 13))
        assert set(each.weekdays.values()) == set(range(7))
    assert [code for code in ("de", "en", "es", "vi") if complete[code].month_first] == ["en"]


def test_words_of_all_languages_are_taken_together() -> None:
    assert {"photo", "foto", "ảnh"} <= set(language_words("page.credits"))


def test_a_language_without_a_file_has_its_code_for_a_name_and_no_words() -> None:
    assert language_name("xx") == "xx"
    assert meeting_words(language_of("xx")) is None


@pytest.mark.parametrize(
    ("toml", "fault"),
    [
        ("name = French", "at line 1"),
        ('name = "Français"\n[page]\nphotos = []', "page.photos: Unexpected"),
        (
            'name = "Français"\n[page]\ncredits = "photo"',
            "page.credits: Input should be a valid tuple",
        ),
        ('[page]\ncredits = ["photo"]', "name: Field required"),
    ],
)
def test_a_broken_file_is_named_with_its_fault(tmp_path: Path, toml: str, fault: str) -> None:
    file = tmp_path / "fr.toml"
    file.write_text(toml, "utf-8")
    with pytest.raises(OperatorError, match=rf"the language 'fr' cannot be read: .*{fault}"):
        read_language(file)


@pytest.mark.parametrize(
    ("toml", "fault"),
    [
        ('\n[meetings.events]\nnouns = "réunion"', r"meetings\.events\.nouns: "),
        ("\n[meetings.events]\nnouns = [réunion]", "at line 4"),
        ("\n[meetings.dates]\n[page]", "page: Unexpected"),
    ],
)
def test_broken_words_for_meetings_are_named_where_they_are_read(
    tmp_path: Path, toml: str, fault: str
) -> None:
    file = tmp_path / "fr.toml"
    file.write_text('name = "Français"\n' + toml, "utf-8")
    language = read_language(file)
    with pytest.raises(OperatorError, match=fault):
        meeting_words(language)
