"""Which meetings are an article's own news, and what is said of them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import YearFrom, scan
from retrieval.meetings.extract import extract_meetings
from tests.conftest import DATA, SEEDS

from .reading import article, meetings, told

PUBLISHED = {"date": "2018-09-07"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The council will hold a meeting in Leeds on 9 September."),
        ("en", "The meeting planned for 4 September in Leeds was cancelled."),
        ("en", "Nothing has changed since the summit held in Paris on 12 December 2015."),
        ("en", "The firm has been selling a conference camera since 4 September 2018."),
        ("en", "The minutes of the meeting of 3 August were approved and signed."),
        ("en", "At a news conference on Tuesday the mayor said that he was tired."),
        ("de", "Die Sitzung am 11. September wird in Bonn stattfinden."),
        ("de", "Die für gestern angesetzte Versammlung in Bonn fiel wegen Glatteis aus."),
        ("es", "La asamblea se celebrará el 11 de septiembre en Cuenca."),
        ("es", "El encuentro se disputó el domingo en Valdivia ante 14.000 personas."),
        ("vi", "Hội nghị sẽ diễn ra ngày 11/9 tại thành phố Huế."),
        ("vi", "Cuộc họp báo diễn ra chiều qua tại Hà Nội."),
    ],
)
def test_what_is_no_news_of_a_meeting(language: str, text: str) -> None:
    assert meetings(text, language, **PUBLISHED) == []


@pytest.mark.parametrize(
    ("language", "text", "date", "place", "chair"),
    [
        (
            "en",
            "A forum chaired by Dr Ada Byrne was held in the Town Hall, Kendal, on Tuesday.",
            "2018-09-04", "Kendal", "Ada Byrne",
        ),
        (
            "de",
            "Am Dienstagabend kamen die Mitglieder in Görlitz zu ihrer Herbsttagung zusammen. "
            "Den Vorsitz führte Bürgermeisterin Annegret Wolff.",
            "2018-09-04", "Görlitz", "Annegret Wolff",
        ),
        (
            "es",
            "El pleno se celebró el martes en la ciudad de Cuenca bajo la presidencia de "
            "doña Rosa Guamán Paz.",
            "2018-09-04", "Cuenca", "Rosa Guamán Paz",
        ),
        (
            "vi",
            "Sáng 4/9, tại thành phố Cần Thơ, ông Lê Hoàng Nhựt chủ trì hội nghị về lũ.",
            "2018-09-04", "Cần Thơ", "Lê Hoàng Nhựt",
        ),
    ],
)  # fmt: skip
def test_when_where_and_who(language: str, text: str, date: str, place: str, chair: str) -> None:
    (meeting,) = meetings(text, language, **PUBLISHED)
    assert (str(meeting.date), meeting.place, meeting.chair) == (date, place, chair)
    assert meeting.evidence.text in text


def test_the_name_is_as_the_article_words_it() -> None:
    text = "On November 6 the office held a national conference on the work of its branches."
    (meeting,) = meetings(text)
    assert meeting.name == "national conference on the work of its branches"


def test_a_name_and_a_chair_are_not_those_of_another_meeting_of_the_paragraph() -> None:
    text = (
        "The parish council will meet on 12 September. "
        "The conference on housing on 3 October, chaired by Ann Penn, is cancelled."
    )
    to_come, off = extract_meetings(article(text, **PUBLISHED)).meetings
    assert (to_come.name, to_come.chair, to_come.status) == ("parish council", None, "announced")
    assert (off.name, off.chair, off.status) == ("conference on housing", "Ann Penn", "cancelled")


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "The town council is to meet on 11 September in Leeds.", "town council"),
        ("vi", "Hội đồng sẽ họp vào ngày 11/9 tại Hà Nội.", "Hội đồng"),
    ],
)
def test_who_meets_is_named_without_the_verb(language: str, text: str, name: str) -> None:
    (meeting,) = extract_meetings(article(text, language, **PUBLISHED)).meetings
    assert meeting.name == name


def test_the_fields_of_minutes() -> None:
    text = (
        "UPPER MARSH PARISH COUNCIL\n\nMinutes of the Ordinary Meeting\n\n"
        "Date: Monday 5 February 2018\nPlace: Village Hall, Upper Marsh\n"
        "Chair: Cllr Ruth Penn\n\n"
        "1. The minutes of 8 January 2018 were approved.\n"
        "2. The next meeting will be held on 5 March 2018.\n"
    )
    (meeting,) = meetings(text)
    assert str(meeting.date) == "2018-02-05"
    assert (meeting.place, meeting.chair) == ("Upper Marsh", "Ruth Penn")
    assert meeting.evidence.text == "Minutes of the Ordinary Meeting"


def test_a_rule_of_html_in_markdown_is_no_line_of_minutes(tmp_path: Path) -> None:
    text = "# Rye\n\nThe council met in Oslo on 4 June 2021.\n\n<hr>\nPhotos: Lara Kahl\n"
    (tmp_path / "a.md").write_text(text)
    (article,) = scan(tmp_path).articles
    assert [meeting.place for meeting in extract_meetings(article).meetings] == ["Oslo"]


def test_several_meetings_and_a_dateline() -> None:
    text = (
        "GENEVA, 5 September 2018 (AFP) – Donors opened a meeting on mines on Tuesday.\n"
        "On Monday their experts met in Lausanne."
    )
    assert told(text) == [("2018-09-04", "Geneva"), ("2018-09-03", "Lausanne")]


@pytest.mark.parametrize("width", [58, 64, 70])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "The mayor of the town, Ann Lee, and others of the board (Photo: PA) Leeds (PA) - The "
            "board held its annual meeting on 5 March 2018 and voted for a new bridge over the "
            "river, which will be built by the men of the town. A second bridge is to follow.",
        ),
        (
            "de",
            "Vo Van Thuong, der Vorsitzende des ganzen Verbandes (Foto: dpa) Leeds (dpa) - Der "
            "Rat hat sich in seiner Sitzung am 5. März 2018 auf einen Neubau der alten Brücke "
            "geeinigt, sagte der Sprecher. Die Mehrheit stimmte zu, eine Fraktion nicht.",
        ),
        (
            "es",
            "El alcalde de la ciudad, Juan Mora, y otros del pleno (Foto: EFE) Leeds (EFE) - El "
            "consejo municipal celebró el 5 de marzo de 2018 una sesión ordinaria, en la que votó "
            "por el nuevo puente que va a construir el equipo de la ingeniera del río Aire.",
        ),
    ],
)
def test_a_dateline_within_lines_that_are_wrapped(language: str, text: str, width: int) -> None:
    wrapped = f"Bridges\n\n{textwrap.fill(text, width)}"
    assert told(wrapped, language) == told(text, language) == [("2018-03-05", "Leeds")]


def test_declared_meetings_replace_those_of_the_text() -> None:
    text = "Rain fell in Leeds. The council held a meeting in York on 4 September 2018."
    given = [{"name": "Rain council", "date": "2018-09-05", "place": "Leeds", "words": "Rain fell"}]
    (meeting,) = meetings(text, meetings=given)
    assert (meeting.name, str(meeting.date), meeting.place) == (
        "Rain council",
        "2018-09-05",
        "Leeds",
    )
    assert meeting.evidence.text == "Rain fell"
    assert meetings(text, meetings=[]) == []
    assert len(meetings(text)) == 1


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("a meeting", "not tables"),
        ([{"date": "2018-09-05"}], "needs a name"),
        ([{"name": "a", "date": "5 September"}], "YYYY-MM-DD"),
        ([{"name": "a", "when": "2018-09-05"}], "no 'when'"),
    ],
)
def test_a_broken_declaration_is_named(wrong: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        article("The council met in York.", meetings=wrong)


def texts() -> st.SearchStrategy[str]:
    """Those of all articles at hand."""
    folders = SEEDS, *sorted((DATA / "meetings").iterdir())
    return st.sampled_from([one.text for folder in folders for one in scan(folder).articles])


@given(
    st.one_of(
        st.text(min_size=1, max_size=400),
        st.lists(st.deferred(texts), min_size=1, max_size=3).flatmap(
            lambda texts: st.tuples(st.just("\n".join(texts)), st.integers(0, 900)).map(
                lambda pair: pair[0][pair[1] : pair[1] + 700]
            )
        ),
    ),
    st.sampled_from(["de", "en", "es", "vi", "fr", "zh", "xx"]),
)
def test_any_text_gives_evidence_that_verifies_or_nothing(text: str, language: str) -> None:
    try:
        read = article(text, language)
    except ValueError:
        return  # It holds no prose.
    for meeting in extract_meetings(read).meetings:
        evidence = meeting.evidence
        assert read.text[evidence.start : evidence.end] == evidence.text
        assert meeting.name
        assert meeting.end_date is None or meeting.date is not None
        assert (meeting.year_from is None) == (meeting.date is None or meeting.date.year is None)


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("de", "Dächer\n\nDer Rat hielt am 4. September eine Sitzung in Bonn ab.", "Dächer"),
        ("de", "Dächer\n\nAm 4. September fand die Sondersitzung in Bonn statt.", "Sondersitzung"),
        ("en", "A vote\n\nIt met in Leeds on 4 September.", "A vote"),
        ("en", "A vote\n\nThe meeting was held in Leeds on 4 September.", "A vote"),
        ("vi", "Mái nhà\n\nSáng 4/9, tỉnh tổ chức hội nghị về mái nhà.", "hội nghị về mái nhà"),
    ],
)
def test_a_name_is_no_bare_noun_or_verb(language: str, text: str, name: str) -> None:
    (meeting,) = meetings(text, language, **PUBLISHED)
    assert meeting.name == name


@pytest.mark.parametrize(
    ("text", "chair"),
    [
        ("A forum chaired by Ada Byrne and Dr Sam Lee was held on Tuesday.", "Ada Byrne, Sam Lee"),
        ("Jo Ash, Ida Bell and Sam Lee chaired a forum on Tuesday.", "Jo Ash, Ida Bell, Sam Lee"),
        ("Ada Byrne, mayor of Leeds, chaired a forum with Sam Lee on Tuesday.", "Ada Byrne"),
        ("On Tuesday the members Ada Byrne, mayor; Sam Lee, clerk, chaired a forum.", None),
    ],
)
def test_all_who_led_or_none(text: str, chair: str | None) -> None:
    (meeting,) = meetings(text, **PUBLISHED)
    assert meeting.chair == chair


@pytest.mark.parametrize(
    ("language", "text", "date"),
    [
        (
            "es",
            "A treinta de julio de dos mil dieciocho se reunió el pleno.",
            "2018-07-30",
        ),
        ("es", "El pleno se reunió en Almansa el martes cinco de abril de 2022.", "2022-04-05"),
        ("en", "The council met in Leeds on the twenty-first of April 2019.", "2019-04-21"),
        ("de", "Die Versammlung fand am dreiundzwanzigsten Mai 2019 in Melle statt.", "2019-05-23"),
        ("vi", "Hội nghị diễn ra tại Huế vào mồng 3 tháng Giêng năm 2024.", "2024-01-03"),
        ("de", "P R O T O K O L L\n\nder Sitzung des Vorstands vom 3. Mai 2019", "2019-05-03"),
        ("es", "ACTA\n\nFecha : 5 de abril de 2024", "2024-04-05"),
        ("en", "Minutes of the parish council\n\nDate: 5 April 2024", "2024-04-05"),
    ],
)
def test_dates_in_words_in_fields_and_below_a_title(language: str, text: str, date: str) -> None:
    more = "\n\nAna Lerma, Pío Mora. Der Zaun am Weiher wird im Herbst geflickt und gestrichen."
    assert [found for found, _ in told(text + more, language)] == [date]


def test_a_day_that_is_stated_stands_where_its_weekday_differs() -> None:
    (meeting,) = meetings("The council met in Leeds on Monday 4 September 2018, as it does.")
    assert (str(meeting.date), meeting.year_from) == ("2018-09-04", YearFrom.WEEKDAY)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "El consejo habitualmente se reúne los martes en la sala de la biblioteca."),
        ("en", "The council usually holds its meetings in Leeds, and every Monday it met."),
        ("de", "Die Versammlung tagte jeden Dienstag im alten Rathaus am Markt der Stadt Melle."),
        ("en", "The Congress of Almar was a meeting of three powers that took place in May 1945."),
        ("de", "Die Konferenz war ein Treffen der Mächte, das am 4. Mai 1945 in Almar stattfand."),
        ("en", "The last time the council met in Leeds was on 4 May 2018, the chair said."),
    ],
)
def test_habits_definitions_and_the_last_time_are_no_news(language: str, text: str) -> None:
    known = {} if "1945" in text else {"date": "2018-05-10"}
    assert told(text, language, **known) == []
