"""The kinds of pages and sentences that real pages showed were not read, in articles of our own."""

from __future__ import annotations

import pytest

from .reading import announced, meetings, told

LANGUAGES = ("en", "de", "es", "vi")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "# Beekeepers, notes – May 3, 2019\n\n## Attendees\n\nAnn Lock, Piet Moor, Sara Dunne",
        ),
        ("de", "# Imkerkreis 3. Mai 2019\n\n### Anwesende Mitglieder\n\nAnn Lock, Piet Moor"),
        ("es", "# Apicultores, 3 de mayo de 2019\n\nAsistentes: Ana Lerma, Pío Mora"),
        ("vi", "# Nhóm nuôi ong 3/5/2019\n\nCó mặt: Lê Thị Na, Phạm Văn Mô"),
    ],
)
def test_a_day_and_a_list_of_those_present_are_minutes(language: str, text: str) -> None:
    assert [date for date, _ in told(text, language)] == ["2019-05-03"]


def test_a_day_below_the_title_is_that_of_the_minutes() -> None:
    text = "# Board meeting\n\nFriday, 3 May 2019\n\n### Present\n\nAnn Lock, Piet Moor"
    assert [date for date, _ in told(text)] == ["2019-05-03"]


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        (
            "es",
            "Acta de la junta de vecinos\n\nEn Soria, a las 20 horas del día 3 de mayo de 2019, "
            "acuden los vecinos. Se lee la memoria.",
            "Soria",
        ),
        (
            "de",
            "Protokoll der Gründung\n\nAm 3. Mai 2019 fanden sich zwölf Personen in Kassel ein.",
            "Kassel",
        ),
        (
            "vi",
            "BIÊN BẢN HỌP\n\nHôm nay, ngày 3 tháng 5 năm 2019, tại Đà Lạt. Ban đọc báo cáo.",
            "Đà Lạt",
        ),
    ],
)
def test_the_first_sentence_of_minutes_has_their_day(language: str, text: str, place: str) -> None:
    assert told(text, language) == [("2019-05-03", place)]


def test_the_days_of_a_list_of_changes_are_no_meetings() -> None:
    text = "## 2019-05-03\n\nFixed the search.\n\n## 2019-05-10\n\nAdded a page of help."
    assert told(text) == []


@pytest.mark.parametrize(
    ("language", "name", "date", "place"),
    [
        ("en", "Spring workshop", "Date", "Place"),
        ("de", "Frühjahrstagung", "Datum", "Ort"),
        ("es", "Taller de primavera", "Fecha", "Lugar"),
        ("vi", "Hội thảo mùa xuân", "Ngày", "Địa điểm"),
    ],
)
def test_several_meetings_with_fields(language: str, name: str, date: str, place: str) -> None:
    text = "\n\n".join(
        f"### {name} {n}\n\n{date}: {n}.5.2019\n\n{place}: {town}"
        for n, town in ((15, "Leeds"), (23, "York"))
    )
    assert told(text, language) == [("2019-05-15", "Leeds"), ("2019-05-23", "York")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The board held its meeting in Leeds on May the 3rd, 2019."),
        ("en", "The board held its meeting in Leeds on 3-May-2019."),
        ("es", "La junta celebró su reunión en Leeds el 3/mayo/2019."),
        ("de", "Am 3. Mai 2019 saßen die Imker in Leeds zusammen."),
        ("de", "Es begann damit, dass der Vorstand sich am 3. Mai 2019 in Leeds traf."),
        ("vi", "Ngày 3/5/2019, đại hội tại Leeds đã thành công tốt đẹp."),
    ],
)
def test_dates_and_verbs(language: str, text: str) -> None:
    assert told(text, language) == [("2019-05-03", "Leeds")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The board met on 3 May 2019. Ann Lock is poet in the Residence."),
        ("de", "Protokoll der Sitzung\n\nAm 3. Mai 2019 tagte der Rat. Herr (…) las vor."),
        ("es", "La asamblea de vecinos se celebró el 3 de mayo de 2019. Consta en el Registro."),
        ("es", "La Asociación de Vecinos se reunió el 3 de mayo de 2019. Los vecinos hablaron."),
    ],
)
def test_a_common_noun_is_no_place(language: str, text: str) -> None:
    assert told(text, language) == [("2019-05-03", None)]


def test_the_place_of_a_statement_of_another_day_is_another_one() -> None:
    text = (
        "# 01.06.2019 - Protokoll Treffen\n\nVom 26. bis zum 28. Mai war das Fest in Berlin.\n\n"
        "Das Dach leckt."
    )
    assert told(text, "de") == [("2019-06-01", None)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "# Summer meeting\n\nDate: 3 May 2019\n\nPlace: Leeds\n\nYou are invited."),
        ("de", "# Sommertreffen\n\nDatum: 3. Mai 2019\n\nWir laden alle herzlich ein."),
        ("es", "# Reunión de verano\n\nFecha: 3 de mayo de 2019\n\nSe invita a todos."),
        ("vi", "# Cuộc họp mùa hè\n\nNgày: 3/5/2019\n\nKính mời các bạn."),
    ],
)
def test_fields_and_an_invitation_announce(language: str, text: str) -> None:
    assert meetings(text, language) == []
    assert announced(text, language) == [("announced", "2019-05-03")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The talks will take place on 3 May 2019.\n\nThe board has postponed the talks."),
        ("de", "Die Tagung wird am 3. Mai 2019 stattfinden.\n\nWir müssen die Tagung verschieben."),
        (
            "es",
            "El congreso tendrá lugar el 3 de mayo de 2019.\n\nLa junta aplaza el congreso.",
        ),
        ("vi", "Hội thảo dự kiến tổ chức ngày 3/5/2019.\n\nBan xin hoãn hội thảo."),
    ],
)
def test_what_a_later_sentence_puts_off(language: str, text: str) -> None:
    assert announced(text, language, date="2019-04-01") == [("postponed", "2019-05-03")]


def test_a_plan_of_long_before_the_article_is_history() -> None:
    text = "The hall was built in 1999. On 3 May 1903 the registration of the congress was opened."
    assert announced(f"{text} It was sold on 7 June 2003.") == []
    assert told(f"{text} It was sold on 7 June 2003.") == []


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        (
            "vi",
            "Ngày 3/5/2019, Ban Thường vụ Huyện ủy tổ chức hội nghị về đường sá.",
            None,
        ),
        (
            "vi",
            "Ngày 3/5/2019, tại Hội trường trung tâm Mai Vàng, Thường trực hội tổ chức hội nghị.",
            "Hội trường trung tâm Mai Vàng",
        ),
        (
            "en",
            "The council held a meeting in the Jubilee Hall, Church Lane on 3 May 2019.",
            "Jubilee Hall",
        ),
        (
            "es",
            "Los socios celebraron una reunión el 3 de mayo de 2019 en la sede, en Chacabuco 3110.",
            None,
        ),
        (
            "es",
            "PLENO\n\nActa nº 2\n\nDía 3 de mayo de 2019\n\nASISTENTES:\n\nD. Juan Lerma\n\nEn la "
            "Casa Consistorial del Ayuntamiento de Morata de Tajuña, se reúne la Corporación.",
            "Morata de Tajuña",
        ),
        (
            "de",
            "Am 3. Mai 2019 hielt der Verein seine Sitzung ab. Eine Woche früher als sonst, weil "
            "nächste Woche gefeiert wird.",
            None,
        ),
    ],
)
def test_towns_are_no_streets_no_offices_and_no_weeks(
    language: str, text: str, place: str | None
) -> None:
    assert told(text, language) == [("2019-05-03", place)]


def test_a_line_below_what_a_website_has_above_it_is_the_title() -> None:
    text = "Gemeinde Altdorf (Druckversion)\n\nAutor: Gemeinde Altdorf\n\nArtikel vom 19.12.2014"
    assert [
        day for day, _ in told(f"{text}\n\nAus der Ratssitzung vom 6. November 2014", "de")
    ] == ["2014-11-06"]


@pytest.mark.parametrize(
    "text",
    [
        "ACTA DE LA SESIÓN ORDINARIA DEL AYUNTAMIENTO PLENO,\nCORRESPONDIENTE AL DIA DIECISIETE DE "
        "OCTUBRE DE DOS MIL\nDOCE.",
        "ACTA DE LA SESIÓN\n\nEn Soria a diecisiete de octubre de dos mil",
    ],
)
def test_a_year_in_words_that_its_line_cuts_is_not_invented(text: str) -> None:
    assert all(day in ("2012-10-17", "--10-17") for day, _ in told(text, "es"))


def test_a_notice_of_a_meeting_with_a_list_of_those_invited_announces() -> None:
    text = (
        "Thông báo Hội nghị nuôi ong\n\n1. Thời gian: 7h30 ngày 31 tháng 5 năm 2019\n"
        "2. Địa điểm: Hội trường B1\n3. Thành phần tham gia:\nHội viên"
    )
    assert meetings(text, "vi") == []
    assert announced(text, "vi") == [("announced", "2019-05-31")]


def test_what_is_to_come_today_was_not_held_by_being_named_again() -> None:
    text = (
        "Se realizará hoy la asamblea general\n\nSe realizará este miércoles la asamblea.\n\n"
        "Miércoles 28 de diciembre de 2022\n\nHubo dudas en torno a esta asamblea, por la fecha."
    )
    assert meetings(text, "es") == []
