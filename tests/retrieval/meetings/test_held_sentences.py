"""Meetings that sentences tell of by their wording alone."""

from __future__ import annotations

import pytest

from retrieval.meetings.held_sentences import HeldModel, features

from .reading import told

DAY = "2024-05-16"
"""A Thursday."""

PLACES = {"es": "Villarroya"}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "Residents crowded into the school canteen on Tuesday evening to hear from the "
            "engineers why the bridge will stay closed.",
        ),
        (
            "de",
            "Der Stadtrat von Hagenried hat am Dienstagabend nach langer Debatte mit 14 zu 9 "
            "Stimmen für den neuen Radweg gestimmt.",
        ),
        (
            "es",
            "Los vecinos de Villarroya se sentaron el martes con el alcalde y la concejala para "
            "hablar del precio del agua.",
        ),
        (
            "vi",
            "Tối thứ Ba, hơn một trăm hộ dân thôn Đồng Lau ngồi kín nhà văn hóa nghe xã giải trình "
            "về tiền đền bù đất, đến gần nửa đêm mới thống nhất.",
        ),
    ],
)
def test_people_come_together_without_a_word_for_it(language: str, sentence: str) -> None:
    assert told(f"{sentence}\n", language, date=DAY) == [("2024-05-14", PLACES.get(language))]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The ferry hit the quay on Tuesday evening and two passengers were hurt."),
        ("en", "Capital: Vienna; daylight saving time begins on the last Sunday in March."),
        ("en", "On Tuesday the crews from France and Hungary raced in the women's double scull."),
        ("de", "Am Dienstag wurde die neue Brücke für den Verkehr freigegeben."),
        ("de", "Das Ministerium teilte am Dienstag mit, dass die Gebühr steigt."),
        ("es", "El martes se publicaron los resultados del primer trimestre de la empresa."),
        (  # It names a meeting, and the rules have passed it over.
            "es",
            "Novecientos delegados, en representación de los afiliados, celebrarán el martes el "
            "congreso constituyente del sindicato.",
        ),
        (
            "vi",
            "Thứ Ba, Ban Tuyên giáo vừa ban hành Kế hoạch số 01 về tổ chức Hội nghị toàn quốc "
            "nghiên cứu, học tập Nghị quyết Đại hội.",
        ),
        ("vi", "Thứ Ba, lũ cuốn trôi cầu tạm ở bản Nà Lếch, hai xe máy bị hỏng."),
    ],
)
def test_what_else_has_a_day_is_none(language: str, sentence: str) -> None:
    assert not told(f"{sentence}\n", language, date=DAY)


def test_a_very_sure_wording_counts_where_a_meeting_is_named() -> None:
    text = (
        "La novena sesión ordinaria del Pleno del Consejo Regional de Soria, de fecha treinta de "
        "abril, ha debatido sobre el presupuesto y los caminos.\n"
    )
    assert told(text, "es", date=DAY) == [("2024-04-30", "Soria")]
    text = "El acuerdo de la sesión ordinaria del 30 de abril se publica en el tablón.\n"
    assert not told(text, "es", date=DAY)


def test_an_old_day_one_of_a_document_and_an_article_of_no_day_tell_of_none() -> None:
    sentence = (
        "Der Stadtrat von Hagenried hat am {} nach langer Debatte mit 14 zu 9 Stimmen für den "
        "neuen Radweg gestimmt."
    )
    assert told(sentence.format("14. Mai"), "de", date=DAY)
    assert not told(sentence.format("14. Mai 2024"), "de", date=DAY)
    assert not told(sentence.format("20. Mai"), "de", date=DAY)
    assert not told(sentence.format("14. Mai"), "de")


def test_the_items_of_a_review_are_of_the_year_of_its_title() -> None:
    text = (
        "Was 2023 so los war\n\n- 14.1. Frühjahrsputz\n- 11.3. fand die Mitgliederversammlung "
        "statt, 41 Stimmen\n- 20.5. Ausflug\n- 7.10. Prämierung\n\nAnmeldung bis 15.1. im Büro.\n"
    )
    assert told(text, "de") == [("2023-03-11", None)]


def test_a_saturday_is_no_verb() -> None:
    assert not told("Sat 21 September, home again with sand in everything.\n", date="2019-09-22")


def test_a_day_and_its_spelling_do_not_matter() -> None:
    assert features("On 14 May we sat down") == features("on 3 MAY we sat down".upper())
    assert features("") == []
    assert HeldModel.learnt().wording("") == pytest.approx(HeldModel.learnt().offset)
