"""The plain ways to say that people met or will meet, in articles of our own."""

from __future__ import annotations

import pytest

from .reading import announced, meetings, told

LANGUAGES = {
    "en": ("Minutes", "Meeting", "Date", "Place"),
    "de": ("Protokoll", "Sitzung", "Datum", "Ort"),
    "es": ("Acta", "Reunión", "Fecha", "Lugar"),
    "vi": ("Biên bản", "Cuộc họp", "Ngày họp", "Địa điểm"),
}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We had 40 members gather in Leeds on 3 May 2019."),
        ("en", "The mayor sat down with the traders in Leeds on 3 May 2019."),
        ("en", "On 3 May 2019 the growers got together in Leeds."),
        ("en", "On 3 May 2019 a get-together of the growers was held in Leeds."),
        ("en", "The board reconvened in Leeds on 3 May 2019."),
        ("de", "Der Chor hat sich am 3. Mai 2019 in Leeds zum ersten Mal getroffen."),
        ("de", "Am 3. Mai 2019 haben wir uns in Leeds getroffen."),
        ("de", "Am Freitag, 3. Mai 2019, trafen wir uns in Leeds."),
        ("de", "Am 3. Mai 2019 setzten sich die Gärtner in Leeds zusammen."),
        ("de", "Der Rat ist am 3. Mai 2019 in Leeds zusammengetreten."),
        ("de", "Am 3. Mai 2019 fanden sich 40 Imker in Leeds ein."),
        ("de", "Der Verein lud am 3. Mai 2019 zu einem Infoabend in Leeds."),
        ("es", "Los vecinos se juntaron el 3 de mayo de 2019 en Leeds."),
        ("es", "El 3 de mayo de 2019 nos reunimos en Leeds para hablar del tejado."),
        ("es", "Los vecinos estuvieron reunidos el 3 de mayo de 2019 en Leeds."),
        ("es", "El 3 de mayo de 2019 hubo una reunión en Leeds."),
        ("es", "El 3 de mayo de 2019 se efectuó el conversatorio en Leeds."),
        ("vi", "Ngày 3/5/2019, Chủ tịch tỉnh đã hội kiến đoàn khách tại Leeds."),
        ("vi", "Ngày 3/5/2019, đoàn công tác làm việc với lãnh đạo xã tại Leeds."),
        ("vi", "Ngày 3/5/2019, Bí thư tiếp xúc cử tri tại Leeds."),
        ("vi", "Ngày 3/5/2019, hai bên đã có cuộc trao đổi tại Leeds."),
    ],
)
def test_people_met(language: str, text: str) -> None:
    assert told(text, language) == [("2019-05-03", "Leeds")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "On 3 May 2019 the trustees meet in Leeds."),
        ("en", "Members will get together on 3 May 2019 in Leeds."),
        ("en", "Join us for our annual gathering on 3 May 2019 in Leeds."),
        ("en", "The annual meeting takes place on 3 May 2019."),
        ("de", "Am 3. Mai 2019 treffen sich die Imker in Leeds."),
        ("de", "Am 3. Mai 2019 setzen sich die Gärtner in Leeds zusammen."),
        ("de", "Die Sitzung beginnt am 3. Mai 2019 um 19 Uhr."),
        ("de", "Zur Versammlung am 3. Mai 2019 sind alle herzlich willkommen."),
        ("es", "Nos reuniremos el 3 de mayo de 2019 en Leeds. Se servirá té."),
        ("es", "La junta se va a reunir el 3 de mayo de 2019 en Leeds. Habrá té."),
        ("es", "Se convoca a los socios a la asamblea del 3 de mayo de 2019."),
        ("vi", "Hai bên sẽ hội kiến ngày 3/5/2019. Có trà."),
        ("vi", "Cuộc họp được ấn định vào ngày 3/5/2019."),
    ],
)
def test_people_will_meet(language: str, text: str) -> None:
    assert told(text, language) == []
    assert announced(text, language) == [("announced", "2019-05-03")]


def test_people_met_in_another_year_than_that_above() -> None:
    assert told("# Bees\n\nOn 3 May 2019 the hall burned. We gathered in Leeds in 1999.") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_in_bold_below_headings(language: str) -> None:
    _, noun, date, place = LANGUAGES[language]
    text = "\n\n".join(
        f"## {noun} {n}\n\n| **{date}** | {n}/5/2019 |\n|---|---|\n| **{place}** | {town} |\n\n- a"
        for n, town in ((15, "Leeds"), (23, "York"))
    )
    assert [day for day, _ in told(text, language)] == ["2019-05-15", "2019-05-23"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_of_minutes_once_more(language: str) -> None:
    minutes, _, date, place = LANGUAGES[language]
    text = f"# {minutes}\n\n" + "\n\n".join(
        f"| {date} | {n}/5/2019 |\n|---|---|\n| {place} | {town} |\n\nA.\n\nB.\n\nC.\n\nD.\n\nE."
        for n, town in ((15, "Leeds"), (23, "York"))
    )
    assert told(text, language) == [("2019-05-15", "Leeds"), ("2019-05-23", "York")]


def test_the_day_of_a_signature_is_no_second_form() -> None:
    text = (
        "# Protokoll\n\nDatum: 15.05.2019\n\nOrt: Leeds\n\nDas Dach leckt. Der Rat zahlt.\n\n"
        "Datum: 23.05.2019\n\nUnterschrift: Lock"
    )
    assert told(text, "de") == [("2019-05-15", "Leeds")]


@pytest.mark.parametrize("verb", ["hielt … ab", "führte … durch"])
def test_a_name_ends_before_what_the_verb_has_at_the_end(verb: str) -> None:
    first, last = verb.split(" … ")
    text = f"Der Rat {first} am 3. Mai 2019 in Leeds eine Sitzung zum Haushalt {last}."
    assert [meeting.name for meeting in meetings(text, "de")] == ["Sitzung zum Haushalt"]
