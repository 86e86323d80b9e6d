"""Which lines of a text are one paragraph: wrapped ones are, items of a list are not."""

from __future__ import annotations

import textwrap

import pytest

from retrieval.articles.metadata import of_bytes
from retrieval.articles.passages import passages
from retrieval.articles.plain_view import plain
from retrieval.formats.wrapped import paragraph_spans
from retrieval.meetings.extract import extract_meetings


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in paragraph_spans(text)]


def flat(text: str) -> list[str]:
    return [" ".join(plain(part, "a.txt").split()) for part in parts(text)]


ENGLISH = (
    "The harbour board of Kinsale held its spring meeting on 12 March 2024 in Kinsale. "
    "Chairwoman Maeve Tully said that dredging would begin in June. Mr. Dean Askew of the "
    "Fishermen's Association asked for a second ice plant, which the board will look into. "
    "It adjourned at 9 pm."
)
GERMAN = (
    "Der Gemeinderat von Ellerhof hat am 7. Mai 2024 in Ellerhof über die Hochwasserhilfe "
    "beraten. Bürgermeisterin Käthe Söhnlein kündigte größere Zuschüsse für Geschädigte an. "
    "Die Mehrheit der Mitglieder stimmte zu, die Fraktion der Freien Wähler enthielt sich."
)
SPANISH = (
    "El pleno del ayuntamiento de Álora celebró el miércoles su sesión ordinaria, presidida "
    "por la alcaldesa Inés Núñez. El concejal de Hacienda explicó que las cuentas de la "
    "piscina municipal arrojan pérdidas desde hace tres años y que el tejado corre peligro."
)
VIETNAMESE = (
    "Hội đồng nhân dân huyện Bắc Sơn đã họp phiên thường kỳ ngày 12 tháng 3 năm 2024 tại thị "
    "trấn. Chủ tịch Nguyễn Thị Hồng Nhạn cho biết huyện sẽ xây cầu mới trị giá 5 tỷ đồng. Cây "
    "cầu dự kiến hoàn thành vào năm 2026, sau khi các hộ dân đồng ý nhường đất cho công trình."
)
ALL = pytest.mark.parametrize(
    "prose", [ENGLISH, GERMAN, SPANISH, VIETNAMESE], ids=["en", "de", "es", "vi"]
)


@ALL
@pytest.mark.parametrize("width", [48, 60, 72, 100])
def test_text_wrapped_at_a_width_is_paragraphs_again(prose: str, width: int) -> None:
    wrapped = [textwrap.fill(each, width) for each in (prose, prose[len(prose) // 2 :])]
    text = "\n\n".join(wrapped)
    assert [" ".join(part.split()) for part in parts(text)] == [
        " ".join(each.split()) for each in wrapped
    ]


def divided(prose: str, width: int) -> str:
    """The text wrapped, with words divided wherever four of their letters fit."""
    lines, line = list[str](), ""
    for word in prose.split():
        room = width - len(line) - 2
        if len(line) + 1 + len(word) <= width:
            line = f"{line} {word}".strip()
        elif room >= 4 and len(word) > room + 3 and word.isalpha() and word.islower():
            lines.append(f"{line} {word[:room]}-")
            line = word[room:]
        else:
            lines.append(line)
            line = word
    return "\n".join([*lines, line])


@ALL
@pytest.mark.parametrize("width", [40, 56, 64, 76])
def test_divided_words_are_put_together(prose: str, width: int) -> None:
    text = divided(prose, width)
    assert flat(text) == [prose]
    made = of_bytes(text.encode(), "a.txt")
    for passage in passages(made):
        assert text[passage.start : passage.end] == passage.text
        assert plain(passage.text, "a.txt").split()[0] in prose.split()


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "\u2028", "\x85"])
@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (  # Minutes, without a blank line.
            [
                "PROTOKOLL DER SITZUNG DES KREISTAGS IN OBERWALD",
                "Anwesend: Frau Adler (Vorsitz), Herr Brandt, Frau Celik",
                "1. Genehmigung der Tagesordnung",
                "Die Tagesordnung wird ohne Änderung genehmigt.",
                "2. Spielplatz",
                "Der Kreistag beschließt, die Geräte für 18.400 Euro zu",
                "ersetzen; der Antrag stammt von der Vorsitzenden und",
                "Herrn Brandt.",
                "3. Verschiedenes",
                "Keine Wortmeldungen.",
            ],
            [(5, 8)],
        ),
        (
            [
                "ACTA DEL PLENO MUNICIPAL",
                "Asistentes: Inés Núñez, Dolores Prieto, Juan Mora",
                "La alcaldesa informó de que la piscina costará este",
                "año un total de 18.400 euros, según el informe de",
                "Dolores Prieto.",
                "- Ruegos: ninguno",
                "- Preguntas: ninguna",
            ],
            [(2, 5)],
        ),
        (
            [
                "Bring to the fair:",
                "bread",
                "butter and salt",
                "a chair of your own for the evening",
            ],
            [],
        ),
        (
            [
                "The | names of all pools",
                "| Ashmere | 5.50 |",
                "| Brindle | open all summer long |",
            ],
            [],
        ),
        (
            [
                "# The pool opens",
                "the pool opened on Monday.",
                "## What it costs",
                "it costs a lot.",
            ],
            [],
        ),
        (  # A heading below a line that a sentence fills.
            [
                "Gebacken wird an jedem zweiten Samstag im Monat.",
                "Um 6 Uhr wird angeheizt; das Brot kommt um 10 Uhr",
                "in den Ofen. Holz bringt bitte jeder selbst mit.",
                "Frühjahrsputz",
                "Am 25. März räumen wir auf. Treffpunkt ist um 9 Uhr",
                "am Feuerwehrhaus. Zu Mittag gibt es Linsensuppe.",
                "Nachmittags wird gespielt.",
            ],
            [(0, 3), (4, 7)],
        ),
        (  # A name below an abbreviation, which ends no sentence.
            [
                "The search of the whole valley went on for days, and on Tuesday",
                "the team that had come from the town was led through the snow by",
                "men of the valley. The search was led that night by Prof. and Dr.",
                "Ann Lee and Bo Ray",
            ],
            [(0, 4)],
        ),
        (  # What is no number of a section, though it ends in a number.
            [
                "A teleconference tells of the plans for the next",
                "for 2023",
                "The commission held a teleconference on Monday to",
                "review its work, and put forward the new tasks.",
            ],
            [(0, 2), (2, 4)],
        ),
    ],
)
def test_lists_items_and_headings_stay_apart(
    lines: list[str], joined: list[tuple[int, int]], ends: str
) -> None:
    expected = list(lines)
    for start, end in reversed(joined):
        expected[start:end] = [ends.join(lines[start:end])]
    assert parts(ends.join(lines)) == expected


def test_names_with_a_comma_at_the_end_of_each_line_are_one_paragraph() -> None:
    names = "Ana Gil,\nJosé Luis Ruiz (hasta las 20:15),\nEva Mora"
    assert parts(f"### Asistentes\n\n{names}\n\nSe abre la sesión.")[1] == names
    for apart in (
        "1. die Satzung,\n2. den Haushalt,\n3. die Wahl",
        "Chair: Ida Holm,\nClerk: Bo Ray,",
        "'only' => ['index'],\n'duration' => 60,",
        "- bread,\n- butter,",
        "Estimada Ana,\nLa sala abre el lunes.",
        "Mit freundlichen Grüßen,\nAnna Weiß\nVorsitzende",
    ):
        assert parts(apart) == apart.split("\n")


@pytest.mark.parametrize("gap", ["\n  ", "  \n  "])
def test_what_is_indented_below_an_items_label_belongs_to_it(gap: str) -> None:
    items = [f"* Spenden{gap}Viele wollen mit Geld helfen.", f"* Cobro de cuotas{gap}Es anual."]
    assert parts("\n".join(["Der Verein hat zwei Aufgaben:\n", *items]))[1:] == items
    for apart in (
        "- He was there.\n  He left.",
        "- Motion:\n  The council agrees.",
        "* * *\n  It rained.",
    ):
        assert len(parts(apart)) == 2


@pytest.mark.parametrize(
    "blank", ["\r\r", "\u2029", "\x85\x85", "\u2028\u2028", "\r\n\r\n", "\n \n", "\x0b\x0b"]
)
@ALL
def test_line_ends_of_any_kind(prose: str, blank: str) -> None:
    text = blank.join(["Heading of the day", *prose.split(". ")]) + blank
    made = of_bytes(text.encode(), "a.txt")
    assert made.source.title == "Heading of the day"
    assert made.text == text
    assert parts(text) == ["Heading of the day", *prose.split(". ")]


def test_a_meeting_in_wrapped_minutes() -> None:
    text = divided(ENGLISH.replace("spring meeting", "ordinary spring meeting"), 43)
    assert "ordi-\nnary" in text
    (meeting,) = extract_meetings(of_bytes(text.encode(), "a.txt")).meetings
    assert (meeting.name, str(meeting.date), meeting.place) == (
        "ordinary spring meeting", "2024-03-12", "Kinsale",
    )  # fmt: skip
    evidence = meeting.evidence
    assert text[evidence.start : evidence.end] == evidence.text


def test_words_that_have_a_hyphen_elsewhere_keep_it() -> None:
    text = "A well-known plan: the well-\nknown mayor of Baden-\nBaden wel-\ncomed all."
    assert (
        plain(text, "a.txt")
        == "A well-known plan: the well-known mayor of Baden-Baden welcomed all."
    )


@pytest.mark.parametrize(
    ("title", "date"),
    [
        ("The council of the town opens its new pool", "date 2021-12-08"),
        ("Der Rat der Stadt eröffnet das neue Bad am See", "datum: 8. Dezember 2021"),
        ("El pleno de la ciudad abre la piscina nueva", "fecha: 3 de mayo de 2020"),
        ("Khai mạc Kỳ họp thứ Tư HĐND tỉnh khóa X", "ngày: 8/12/2021"),
    ],
)
def test_a_day_below_a_title_is_none_of_its_words(title: str, date: str) -> None:
    assert parts(f"{title}\n {date}\n\n{ENGLISH}") == [title, date, ENGLISH]


FIELDS = {
    "Present": "Hedwig Brandl (chair), Mirko Sander, Nora Whitlock, Anna Le, Daniel Okafor, "
    "Ines Falk and Ulrich Pfister, who came late and left before the end of the meeting",
    "Entschuldigt": "Stadträtin Käthe Söhnlein (Kur in Bad Krozingen), Stadtrat Jörg Haber, "
    "Bürgermeister Max Hohenstein und der Vorsitzende des Vereins der Freunde des Waldes",
    "Chủ trì": "ông Trần Minh Khôi, chủ tịch hội đồng nhân dân huyện Bắc Sơn, cùng bà Nguyễn "
    "Thị Hồng Nhạn và các ông Vũ Đình Lộc, Lê Văn Tùng và Phạm Quang Huy",
    "Beginn": "19 Uhr",
}


@pytest.mark.parametrize("blank", ["\n\n", "\n"])
@pytest.mark.parametrize("prose", [ENGLISH, GERMAN, VIETNAMESE])
@pytest.mark.parametrize("width", [56, 64, 72])
def test_fields_of_a_form_are_put_together_and_stay_apart(
    prose: str, width: int, blank: str
) -> None:
    fields = [f"{label}: {names}" for label, names in FIELDS.items()]
    text = blank.join(textwrap.fill(part, width) for part in ("Minutes", *fields, prose, prose))
    assert flat(text)[1:5] == fields


@pytest.mark.parametrize(
    "words",
    [
        "Alles zusammen hat der neue Ofen der Gemeinde seit dem Mai 2.000 Euro gekostet.",
        "The wages of the crews of all the ferries will go up by 4.5 percent from June.",
        "La tarifa del agua de los vecinos de la comarca subirá hasta 1.250 euros al año.",
    ],
)
def test_a_number_with_a_point_is_no_heading_where_a_line_goes_on_in_it(words: str) -> None:
    prose = {"Al": GERMAN, "Th": ENGLISH, "La": SPANISH}[words[:2]]
    at = next(index for index, letter in enumerate(words) if letter.isdigit())
    text = f"{textwrap.fill(prose, at + 3)}\n\n{words[: at - 1]}\n{words[at:]}"
    assert flat(text)[-1] == words


def test_a_quoted_line_that_begins_with_many_spaces() -> None:
    lines = ["> The board of the harbour met in the old hall of the", f">{' ' * 200}spoke."]
    assert parts("\n".join(lines)) == lines
