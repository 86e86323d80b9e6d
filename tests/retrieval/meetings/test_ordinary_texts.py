"""Ordinary texts with words of the rules for chairs and places, in another meaning: a wrong chair
or an invented meeting is worse than none."""

from __future__ import annotations

import pytest

from .reading import meetings, told

MEETING = {
    "de": "Am 3. Mai 2024 fand die Hauptversammlung in Kassel statt.",
    "en": "The annual meeting was held on 3 May 2024 in Leeds.",
    "es": "La asamblea se celebró el 3 de mayo de 2024 en Soria.",
    "vi": "Ngày 3/5/2024, huyện tổ chức hội nghị tại Đà Lạt.",
}


def chairs(text: str, language: str) -> list[str | None]:
    return [meeting.chair for meeting in meetings(f"{MEETING[language]} {text}", language)]


@pytest.mark.parametrize(
    ("language", "elected", "led"),
    [
        ("de", "## Vorstand\n\nKarl Huber und Tom Ash wurden gewählt.", "Ida Moor leitete"),
        *(
            ("de", f"Gewählt:\n\n{office}: Karl Huber", "Ida Moor leitete")
            for office in ("Obmann", "Vorstand", "Präsident", "Ehrenvorsitzender", "Vorsitzender")
        ),
        ("de", "## Vorsitz\n\nKarl Huber", "Ida Moor leitete"),
        ("en", "Officers elected:\n\nChair: Tom Ash", "Ida Moor chaired"),
        ("es", "## Presidenta\n\nAna Gil", "Ida Moor presidió"),
    ],
)
def test_who_leads_is_not_whom_they_elected(language: str, elected: str, led: str) -> None:
    what = {"de": "die Versammlung", "en": "the meeting", "es": "la asamblea"}[language]
    assert chairs(f"{led} {what}.\n\n{elected}\n", language) == ["Ida Moor"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "## Chair\n\nTom Ash was elected for two years."),
        ("es", "## Presidente\n\nFue elegido Juan Gil."),
        ("de", "## Vorsitz\n\nKarl Huber wurde gewählt."),
        ("vi", "## Chủ trì\n\nÔng Nguyễn Văn Nam được bầu."),
    ],
)
def test_a_sentence_below_a_heading_is_no_field(language: str, text: str) -> None:
    assert chairs(f"\n\n{text}\n", language) == [None]


@pytest.mark.parametrize(
    ("language", "text", "chair"),
    [
        (
            "en",
            "A working group chaired by the secretariat had reported. Ann Low chaired the meeting.",
            "Ann Low",
        ),
        ("en", "Each panel was moderated. The meeting was chaired by Ann Low.", "Ann Low"),
        ("de", "Das leitete eine neue Zeit ein. Den Vorsitz führte Ida Moor.", "Ida Moor"),
        ("de", "Der Erfolg leitete sich davon ab. Ida Moor leitete die Versammlung.", "Ida Moor"),
        (
            "es",
            "La empresa lideró las ventas. Presidió la sesión la alcaldesa Ana Gil.",
            "Ana Gil",
        ),
        ("es", "El paro encabezó el orden del día. Ana Gil presidió la sesión.", "Ana Gil"),
        (
            "vi",
            "Sở Y tế chủ trì, phối hợp với các huyện. Ông Nguyễn Văn Nam chủ trì hội nghị.",
            "Nguyễn Văn Nam",
        ),
        (
            "vi",
            "Công tác điều hành có tiến bộ. Ông Nguyễn Văn Nam chủ trì hội nghị.",
            "Nguyễn Văn Nam",
        ),
    ],
)
def test_what_nobody_chaired_hides_no_chair(language: str, text: str, chair: str) -> None:
    assert chairs(text, language) == [chair]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Präsident Emmanuel Macron begrüßte die Entscheidung."),
        ("de", "Präsident Emmanuel Macron begrüßte die Konferenz."),
        ("de", "Vorsitzender Karl Huber eröffnete 1990 das Bad."),
        ("en", "Chairman Joe Marsh welcomed the decision of the court."),
        ("en", "Visitors saw the bridge, which Chairman Joe Marsh opened in 1990."),
        ("en", "Chairman Joe Marsh said that the mayor opened the meeting."),
        ("en", "Chairman Joe Marsh and Tom Ash opened the meeting."),
        ("de", "Mit Musik eröffnete der Chor die Versammlung, dann sprach Präsident Karl Huber."),
        ("de", "Vorsitzender Karl Huber begrüßte die Entscheidung der Mitglieder."),
        ("es", "La empresa abrió la fábrica del presidente Juan Gil."),
        ("es", "La alcaldesa abrió la sesión del presidente Juan Gil."),
        ("es", "El presidente Juan Gil abrió la puerta a un acuerdo."),
    ],
)
def test_who_welcomes_or_opens_something_else_leads_nothing(language: str, text: str) -> None:
    assert chairs(text, language) == [None]


def test_who_is_said_to_have_chaired_comes_before_who_opened() -> None:
    text = "Vorsitzender Karl Huber hieß alle willkommen. Die Sitzung leitete Ida Moor."
    assert chairs(text, "de") == ["Ida Moor"]
    text = "Chairman Joe Marsh welcomed the members. Ann Low chaired the meeting."
    assert chairs(text, "en") == ["Ann Low"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Ngày 3/5/2024, UBND tỉnh Tổ chức Hội nghị tại Hà Nội.", "Hà Nội"),
        ("Sáng 3/5/2024, Sở Y tế Tổ chức Hội nghị tổng kết năm tại Đà Nẵng.", "Đà Nẵng"),
        ("Công đoàn Trường Họp Ban chấp hành ngày 3/5/2024 tại Hà Nội.", "Hà Nội"),
        ("Chi bộ thôn Tổ chức Đại hội ngày 3/5/2024 tại Đà Lạt.", "Đà Lạt"),
        ("Hội Phụ nữ xã Họp mặt hội viên ngày 3/5/2024 tại Hà Nội.", "Hà Nội"),
    ],
)
def test_a_verb_with_a_capital_is_a_verb(text: str, place: str) -> None:
    assert told(text, "vi") == [("2024-05-03", place)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The race was agreed at the meeting. It took place on 3 May 2024 in Leeds."),
        ("en", "The flea market was planned at a meeting. It took place on 3 May 2024 in Leeds."),
        ("en", "The wedding followed the meeting. It took place on 3 May 2024 in Leeds."),
        ("en", "The mayor missed the meeting. This was held on 3 May 2024 to be a scandal."),
        (
            "de",
            "Die Idee zum Fest kam bei einer Sitzung auf. Es fand am 3. Mai 2024 in Kassel statt.",
        ),
        (
            "de",
            "Der Minister sprach über die Konferenz. Er veranstaltete am 3. Mai 2024 ein Fest.",
        ),
        ("de", "Der Lauf war Thema der Sitzung. Er fand am 3. Mai 2024 in Kassel statt."),
        ("es", "La feria se decidió en una reunión. Se celebró el 3 de mayo de 2024 en Soria."),
        (
            "es",
            "El alcalde habló de la reunión. Celebró el 3 de mayo de 2024 su cumpleaños en Soria.",
        ),
        (
            "es",
            "El ministro habló de la cumbre. Organizó el 3 de mayo de 2024 una fiesta en Soria.",
        ),
        ("es", "La boda siguió a la asamblea. Tuvo lugar el 3 de mayo de 2024 en Soria."),
    ],
)
def test_what_it_stands_for_may_be_something_else(language: str, text: str) -> None:
    assert told(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "# Gemeinderat Kassel\n\nProtokoll\n\nDatum: 3. Mai 2024\n\nOrt: Online"),
        ("en", "# Leeds City Council\n\nMinutes\n\nDate: 3 May 2024\n\nLocation: Online (Zoom)"),
        ("es", "# Ayuntamiento de Soria\n\nActa\n\nFecha: 3 de mayo de 2024\n\n"
               "Lugar: videoconferencia"),
        ("vi", "# Biên bản họp UBND TP Đà Lạt\n\nNgày: 3/5/2024\n\nĐịa điểm: trực tuyến"),
    ],
)  # fmt: skip
def test_what_was_held_online_was_in_no_town(language: str, text: str) -> None:
    assert told(text, language) == [("2024-05-03", None)]


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("en", "The club held its annual meeting on 3 May 2024. Tea was served in Leeds in "
               "England.", "Leeds"),
        ("de", "Der Verein hielt am 3. Mai 2024 seine Hauptversammlung ab. Danach gab es Kuchen in "
               "Kassel in Hessen.", "Kassel"),
        ("es", "El club celebró su asamblea el 3 de mayo de 2024. Los socios comieron en Soria, en "
               "Castilla.", "Soria"),
        ("es", "El club celebró su asamblea el 3 de mayo de 2024. Los socios comieron en Soria en "
               "España.", "Soria"),
        ("vi", "Câu lạc bộ tổ chức đại hội ngày 3/5/2024. Hội viên ăn trưa tại Đà Nẵng, ở Việt "
               "Nam.", "Đà Nẵng"),
    ],
)  # fmt: skip
def test_a_town_and_its_country_are_one_place(language: str, text: str, place: str | None) -> None:
    assert told(f"# News\n\n{text}", language) == [("2024-05-03", place)]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "The parish of Leeds met on 3 May 2024.", "parish of Leeds"),
        ("de", "Die Pfarrei Kassel tagte am 3. Mai 2024.", "Pfarrei Kassel"),
        ("es", "La parroquia de Soria se reunió el 3 de mayo de 2024.", "parroquia de Soria"),
        ("vi", "Giáo xứ Đà Lạt họp ngày 3/5/2024.", "Giáo xứ Đà Lạt"),
    ],
)
def test_a_parish_that_met_has_its_name(language: str, text: str, name: str) -> None:
    (meeting,) = meetings(f"# News\n\n{text}", language)
    assert name in meeting.name


@pytest.mark.parametrize(
    ("language", "wrapped"),
    [
        ("en", "The board held its regular meeting at Leeds on Tuesday,\n5 May 2024, and voted.\n"),
        ("de", "Der Rat hielt seine ordentliche Sitzung am Dienstag, 5. Mai\n2024, in Leeds ab.\n"),
        (
            "es",
            "La asamblea general de la\nasociación se celebró el 5 de mayo\nde 2024 en Leeds.\n",
        ),
        ("vi", "Hội nghị thường niên của\nhội được tổ chức ngày 5 tháng 5\nnăm 2024 tại Leeds.\n"),
    ],
)
def test_a_text_of_a_few_wrapped_lines_keeps_its_day(language: str, wrapped: str) -> None:
    below = "Tea, cake and many stories of the years before went on until late in the night."
    assert told(f"{wrapped}\n{below}", language) == [("2024-05-05", "Leeds")]
