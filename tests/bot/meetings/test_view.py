"""Meetings as Discord messages: dates in each language, limits, hostile words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.i18n.phrases import ENGLISH, Phrases, phrases_in
from bot.meetings import view
from bot.ui.buttons import Page
from bot.ui.message import Part, layout
from bot.ui.text import escape, quote_block
from retrieval import Context, Day, Meeting, MeetingFilter, YearFrom
from tests.bot.ask.test_view import texts
from tests.discord_limits import message_problems

from ..agenda import evidence, meeting
from ..markup import HOSTILE, live, shown

SPANS = [
    (Day(5, 3, 2019), None),
    (Day(5, 3, 2019), Day(5, 5, 2019)),
    (Day(2, 28, 2020), Day(3, 2, 2020)),
    (Day(12, 30, 2019), Day(1, 2, 2020)),
    (Day(11, 6), None),
    (Day(11, 6), Day(11, 8)),
    (Day(11, 30), Day(12, 1)),
    (None, None),
]
SAID = {
    "en": [
        "3 May 2019",
        "3–5 May 2019",
        "28 February – 2 March 2020",
        "30 December 2019 – 2 January 2020",
        "6 November, year not stated",
        "6–8 November, year not stated",
        "30 November – 1 December, year not stated",
        "no date",
    ],
    "de": [
        "3. Mai 2019",
        "3.–5. Mai 2019",
        "28. Februar – 2. März 2020",
        "30. Dezember 2019 – 2. Januar 2020",
        "6. November, Jahr nicht genannt",
        "6.–8. November, Jahr nicht genannt",
        "30. November – 1. Dezember, Jahr nicht genannt",
        "ohne Datum",
    ],
    "es": [
        "3 de mayo de 2019",
        "3–5 de mayo de 2019",
        "28 de febrero – 2 de marzo de 2020",
        "30 de diciembre de 2019 – 2 de enero de 2020",
        "6 de noviembre, año no indicado",
        "6–8 de noviembre, año no indicado",
        "30 de noviembre – 1 de diciembre, año no indicado",
        "sin fecha",
    ],
    "vi": [
        "3 tháng 5 năm 2019",
        "3–5 tháng 5 năm 2019",
        "28 tháng 2 – 2 tháng 3 năm 2020",
        "30 tháng 12 năm 2019 – 2 tháng 1 năm 2020",
        "6 tháng 11, không nêu năm",
        "6–8 tháng 11, không nêu năm",
        "30 tháng 11 – 1 tháng 12, không nêu năm",
        "không rõ ngày",
    ],
}


def shown_page(
    meetings: Sequence[Meeting], number: int, wanted: MeetingFilter, phrases: Phrases
) -> Iterator[Part]:
    """A page of meetings whose files are as they were."""
    held = [one.evidence for one in meetings]
    return view.meetings_page(Page(meetings, number), wanted, phrases, held)


def entry(phrases: Phrases = ENGLISH, **facts: Any) -> list[str]:
    """The lines of the entry of one meeting."""
    *_, part = shown_page([meeting(1, **facts)], 0, MeetingFilter(), phrases)
    return part.text.split("\n")


def problems(parts: list[Part]) -> list[str]:
    view = layout(parts)
    return message_problems({"components": view.to_components(), "allowed_mentions": {}})


@pytest.mark.parametrize("language", SAID)
def test_days_are_written_as_each_language_writes_them(language: str) -> None:
    phrases = phrases_in(language)
    assert [phrases.days(*span) for span in SPANS] == SAID[language]
    assert phrases.days(Day(5, 3, 2019), Day(5, 3, 2019)) == phrases.date("2019-05-03")


def test_how_long_ago_is_counted_from_noon_in_utc_and_only_if_the_year_is_known() -> None:
    when = entry(date=Day(5, 3, 2019), end_date=Day(5, 5, 2019))[1]
    words, stamp = when.split(" · ")
    assert words == "3–5 May 2019"
    seconds = int(stamp.removeprefix("<t:").removesuffix(":R>"))
    assert datetime.fromtimestamp(seconds, UTC) == datetime(2019, 5, 3, 12, tzinfo=UTC)
    assert entry(date=Day(11, 6))[1] == "6 November, year not stated"
    assert entry(date=None)[1] == "no date"


def test_an_entry_has_name_date_place_chair_source_and_the_words_that_say_so() -> None:
    lines = entry(place="Hue", chair="Ms Le", year_from=YearFrom.URL)
    assert lines[0] == "1\\. **Meeting 1**"
    assert [shown(line) for line in lines[2:]] == [
        "-# Hue · chaired by Ms Le · year taken from the article's address · example.com",
        "> The council met for the 1th time.",
    ]
    assert entry(evidence=evidence(1, url=None))[2] == "-# Article 1"
    marked = evidence(1, "- The **council** met in [Hue](https://a.example).", article="1.md")
    assert entry(evidence=marked)[-1] == "> • The council met in Hue."
    begun = evidence(1, "The council met on 1 January in Hue. " * 3, url=None)
    untitled = dataclasses.replace(begun, title=begun.text)
    assert len(entry(evidence=untitled)) == len(entry(evidence=begun)) - 1
    assert "worked out" in entry(year_from=YearFrom.CONTEXT)[2]
    for plain in (YearFrom.STATED, YearFrom.HEADER, None):
        assert "year" not in entry(year_from=plain)[2]


def test_those_without_a_year_stand_last_under_a_heading_of_their_own() -> None:
    held = [meeting(2), meeting(3, date=Day(2, 7)), meeting(4, date=None)]
    parts = [part.text for part in shown_page(held, 0, MeetingFilter(), ENGLISH)]
    assert parts[0] == "### 3 meetings"
    assert parts[2] == "### Without a stated year"
    assert parts[3].startswith("2\\. **Meeting 3**")
    later = [meeting(n, date=None) for n in range(1, 8)]
    assert "### Without a stated year" in [
        part.text for part in shown_page(later, 1, MeetingFilter(), ENGLISH)
    ]


def test_the_evidence_is_cut_between_words_and_the_ellipsis_is_none_of_them() -> None:
    words = "The council (of the *north-east*) met at last. " * 10
    block = entry(name="(" * 80, chair="(" * 40, evidence=evidence(1, words.strip()))[3]
    quoted = shown(block).removeprefix("> ")
    assert quoted.endswith(" …")
    kept = quoted.removesuffix(" …")
    assert words.startswith(kept + " ")
    assert len(kept) > 300
    one_word = entry(evidence=evidence(1, "*" * 500))[3]
    assert shown(one_word).removeprefix("> ").removesuffix(" …").strip("*") == ""
    assert len(one_word) > 200


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_harmless_and_readable(hostile: str) -> None:
    one_line = " ".join(hostile.split())
    held = meeting(
        1,
        name=hostile,
        place=hostile,
        chair=hostile,
        evidence=evidence(1, hostile, title=hostile, url=None),
    )
    _, part = shown_page([held], 0, MeetingFilter(place=one_line), ENGLISH)
    name, _, facts, *quoted = part.text.split("\n")
    name = name.removeprefix("1\\. **").removesuffix("**")
    capital = one_line[:1].upper() + one_line[1:]
    assert shown(name) == capital
    words = "\n".join(shown(line).removeprefix("> ") for line in quoted)
    assert words.removeprefix("… ").removesuffix(" …") == hostile
    for ours in (name, facts.removeprefix("-# "), *(line.removeprefix("> ") for line in quoted)):
        assert live(ours) == []
    head, quoted_part = view.details(held, Context("", "", held.evidence, "", ""), ENGLISH)
    assert shown(head.text.split("\n")[0]) == f"### {capital}"
    assert quoted_part.text.endswith("\n" + quote_block(f"**{escape(hostile.strip())}**"))


@pytest.mark.parametrize("one", ["*", "漢", "👩‍👩‍👧", "\n- ", "ệ", "w "])
def test_the_longest_page_and_the_longest_details_fit(one: str) -> None:
    long = (one * 500)[:500]
    host = "a" * 60 + "." + "b" * 60
    facts: dict[str, Any] = {
        "title": long,
        "url": f"https://{host}.com/" + "c" * 380,
        "date": "2025-09-30",
    }
    longest = [
        meeting(
            n,
            name=long,
            date=Day(9, 30, 2020),
            end_date=Day(12, 30, 2021),
            year_from=YearFrom.CONTEXT,
            place=long,
            chair=long,
            evidence=evidence(n, long, **facts),
            others=tuple(evidence(n, long, **facts) for _ in range(9)),
        )
        for n in range(1, 12)
    ]
    wanted = MeetingFilter(date(2020, 1, 1), date(2021, 12, 31), one * 20, "de")
    for language in SAID:
        phrases = phrases_in(language)
        parts = list(shown_page(longest, 1, wanted, phrases))
        assert len(texts(layout(parts))) == 6
        assert problems(parts) == []
        for around in ("", long):
            context = Context(around, around, longest[0].evidence, around, around)
            whole = view.details(longest[0], context, phrases)
            assert problems(whole) == []
        for choice in view.details_options(Page(longest, 1), phrases):
            assert 1 <= len(choice.label) <= 100
            assert 1 <= len(choice.description or "") <= 100
            assert 1 <= len(choice.value) <= 100


def test_the_details_leave_out_what_is_around_before_they_cut_the_evidence() -> None:
    words = "The council met. " * 29
    held = meeting(1, evidence=evidence(1, words.strip()), chair="(" * 200, place="(" * 200)
    crowd = Context(*("(" * 500,) * 2, held.evidence, *("(" * 500,) * 2)
    _, part = view.details(held, crowd, ENGLISH)
    assert part.text.endswith(f"> {words.strip()}")


def test_a_meeting_is_offered_once_and_known_by_its_words_and_its_name() -> None:
    held = [meeting(1), meeting(1), meeting(1, name="Another"), meeting(2, name="\u200b")]
    offered = view.details_options(Page(held, 0), ENGLISH)
    assert [choice.label for choice in offered] == ["1. Meeting 1", "3. Another", "4. Article 2"]
    assert offered[0].description == "1 January 2025"
    assert len({choice.value for choice in offered}) == 3


def test_what_an_article_no_longer_says_is_not_quoted() -> None:
    held, gone = meeting(1), meeting(2)
    pages = view.meetings_page(Page([held, gone], 0), MeetingFilter(), ENGLISH, [held.evidence])
    _, first, second = (part.text for part in pages)
    assert shown(first).endswith(held.evidence.text)
    assert second.endswith(ENGLISH("source_changed"))
    assert gone.evidence.text not in shown(second)
