"""What a question asks for, and whether a passage has any such thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.expected import Expected, expected, holds

NUMBER, TIME = Expected.NUMBER, Expected.TIME


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("How many people live there?", "en", NUMBER),
        ("HOW MUCH did the bridge cost?", "en", NUMBER),
        ("And how old is the mayor?", "en", NUMBER),
        ("When was the bridge opened?", "en", TIME),
        ("In which year was it opened?", "en", TIME),
        ("Who opened the bridge?", "en", None),
        ("What did the whenever-club do?", "en", None),
        ("Wie viele Menschen leben dort?", "de", NUMBER),
        ("Wie hoch ist der Turm?", "de", NUMBER),
        ("Wann wurde die Brücke eröffnet?", "de", TIME),
        ("In welchem Jahr geschah das?", "de", TIME),
        ("Wer hat die Brücke eröffnet?", "de", None),
        ("¿Cuántos habitantes tiene?", "es", NUMBER),
        ("¿Qué porcentaje votó?", "es", NUMBER),
        ("¿Cuándo se inauguró el puente?", "es", TIME),
        ("¿En qué año nació?", "es", TIME),
        ("¿Quién inauguró el puente?", "es", None),
        ("Có bao nhiêu người sống ở đó?", "vi", NUMBER),
        ("Cầu được khánh thành khi nào?", "vi", TIME),
        ("Năm nào cầu được khánh thành?", "vi", TIME),
        ("Ai đã khánh thành cây cầu?", "vi", None),
        # A question is read in its own language alone.
        ("Wann wurde die Brücke eröffnet?", "en", None),
        # A language without such words, and one that is not in the table.
        ("Combien d'habitants ?", "fr", None),
        ("How many?", "xx", None),
        ("", "en", None),
    ],
)
def test_a_question_is_known_by_its_words(
    question: str, language: str, kind: Expected | None
) -> None:
    assert expected(question, language) is kind


def test_a_number_goes_before_a_time() -> None:
    assert expected("How long did it last, and when did it begin?", "en") is NUMBER


@pytest.mark.parametrize(
    ("text", "language", "kind", "held"),
    [
        ("It has 12 members.", "en", NUMBER, True),
        ("It has twelve members.", "en", NUMBER, True),
        ("It has Twelve members.", "en", NUMBER, True),
        ("It has many members.", "en", NUMBER, False),
        ("Often they met at one house.", "en", NUMBER, False),  # "ten" is no word here.
        ("Es hat zwölf Mitglieder.", "de", NUMBER, True),
        ("Es hat viele Mitglieder.", "de", NUMBER, False),
        ("Tiene veinte miembros.", "es", NUMBER, True),
        ("Tiene muchos miembros.", "es", NUMBER, False),
        ("Có mười hai thành viên.", "vi", NUMBER, True),
        ("Có nhiều thành viên.", "vi", NUMBER, False),
        ("It was opened in 1998.", "en", TIME, True),
        ("It was opened on 3/4 at noon.", "en", TIME, True),
        ("It was opened last May.", "en", TIME, True),
        ("It may be opened soon.", "en", TIME, False),
        ("They march on.", "en", TIME, False),
        ("It cost 300 dollars.", "en", TIME, False),
        ("It cost 20255 dollars.", "en", TIME, False),
        ("Sie wurde im März eröffnet.", "de", TIME, True),
        ("Sie wurde am 3.4. eröffnet.", "de", TIME, True),
        ("Sie wurde bald eröffnet.", "de", TIME, False),
        ("Se inauguró en enero.", "es", TIME, True),
        ("Se inauguró pronto.", "es", TIME, False),
        ("Khánh thành tháng 5.", "vi", TIME, True),
        ("Khánh thành sớm.", "vi", TIME, False),
        # Where a language is not in the table, digits are all that is known.
        ("12", "xx", NUMBER, True),
        ("twelve", "xx", NUMBER, False),
        ("1998", "xx", TIME, True),
        ("May", "xx", TIME, False),
    ],
)
def test_what_a_passage_holds(text: str, language: str, kind: Expected, held: bool) -> None:
    assert holds(text, language, kind) is held


@given(st.text(max_size=60), st.sampled_from(["en", "de", "es", "vi", "ja", "xx", "e", ""]))
def test_any_text_in_any_language(text: str, language: str) -> None:
    assert expected(text, language) in {*Expected, None}
    for kind in Expected:
        assert holds(f"{text} 1998", language, kind)
