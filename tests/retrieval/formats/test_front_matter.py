"""What stands before a text and says what is known of it, as exporters write it."""

from __future__ import annotations

import pytest

from retrieval.articles import dates
from retrieval.articles.dates import read_date
from retrieval.articles.metadata import of_bytes
from retrieval.articles.passages import passages
from retrieval.formats.front_matter import front_matter, with_front_matter
from retrieval.models import Article

PROSE = "El pleno del ayuntamiento aprobó ayer el presupuesto de las piscinas."


def article(text: str, path: str = "a.md") -> Article:
    """The article of a text, of which nothing before the prose is quoted."""
    made = of_bytes(text.encode(), path)
    assert [passage.text for passage in passages(made)] == [PROSE]
    return made


VARIANTS = {
    "yaml": "---\ntitle: Vuelve la piscina\ndate: 2024-04-05\nurl: https://a.example/p\n---\n",
    "yaml, closed by dots": (
        "---\ntitle: Vuelve la piscina\ndate: 2024-04-05 10:00 +0200\n"
        "url: https://a.example/p\n...\n"
    ),
    "yaml behind blank lines": (
        "\n  \n---\ntitle: 'Vuelve la piscina'\ndate: 5 de abril de 2024\n"
        "link: https://a.example/p\n---\n"
    ),
    "yaml with a tab": (
        "---\ntitle:\tVuelve la piscina\ntags:\n\t- agua\npublished: 5.4.2024\n"
        "canonical_url: https://a.example/p\n---\n"
    ),
    "yaml with reserved signs": (
        "---\nauthor: @redaccion\ntitle: Vuelve la piscina\nshare: 50% off\nmail: `x`\n"
        "date: 2024-04-05\nurl: https://a.example/p\n---\n"
    ),
    "toml": (
        '+++\ntitle = "Vuelve la piscina"\ndate = 2024-04-05T00:30:00+02:00\n'
        'url = "https://a.example/p"\n[author]\nemail = "r@a.example"\n+++\n'
    ),
    "toml with a broken line": (
        '+++\ntitle = "Vuelve la piscina"\ndate = 2024-04-05\n'
        'url = "https://a.example/p"\ntags = agua\n[author]\nemail = "r@a.example"\n+++\n'
    ),
    "not closed": (
        "---\ntitle: Vuelve la piscina\ntags:\n- agua\ndate: 2024-04-05\nmail: r@a.example\n"
        "url: https://a.example/p\n"
    ),
    "json": (
        '{\n "title": "Vuelve la piscina",\n "date": "2024/04/05",\n'
        ' "url": "https://a.example/p", "tags": ["{}"]\n}\n'
    ),
    "json with a comma too many": (
        '{\n  "title": "Vuelve la piscina",\n  "date": "2024-04-05",\n'
        '  "url": "https://a.example/p",\n}\n'
    ),
    "pelican": (
        "Title: Vuelve la piscina\nDate: 2024-04-05 10:00\nSlug: piscina\n"
        "Link: https://a.example/p\nCover: b.jpg\n"
    ),
    "multimarkdown": (
        "title:  Vuelve la piscina\nauthor: Una\n    Redactora\ndate:   5 abril 2024\n"
        "url:    https://a.example/p\n"
    ),
    "nikola": (
        "<!--\n.. title: Vuelve la piscina\n.. date: 2024-04-05 10:00:00 UTC\n"
        ".. link: https://a.example/p\n-->\n"
    ),
    "long values": (
        "---\ntitle: Vuelve la piscina\ndate: 2024-04-05\nurl: https://a.example/p\ntags:\n- agua\n"
        'excerpt: "La piscina de la villa\nvuelve a abrir\nlas puertas\neste verano."\n'
        'summary: "Vuelve\nla\npiscina."\n---\n'
    ),
    "nikola, bare": (
        ".. title: Vuelve la piscina\n.. date: 2024-04-05\n.. link: https://a.example/p\n"
    ),
}


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("front", VARIANTS.values(), ids=VARIANTS.keys())
def test_what_exporters_write(front: str, ends: str) -> None:
    source = article(f"\ufeff{front}\n{PROSE}\n".replace("\n", ends)).source
    assert (source.title, source.date) == ("Vuelve la piscina", "2024-04-05")
    assert (source.url, source.language) == ("https://a.example/p", "es")


@pytest.mark.parametrize(
    "text",
    [
        f"---\nsolo palabras\n---\n{PROSE}",
        f"---\n{PROSE}\n---\n",
        f"---\nNota: {PROSE}\n{PROSE}\n{PROSE}\n---\n",
        f"{{{{< figure src='a' >}}}}\n{PROSE}",
        f"<!-- nota -->\n{PROSE}",
        f"Fecha: 5 de abril de 2024\nLugar: Álora\n\n{PROSE}",
        f"Title: Pleno\nLugar: Álora\nPresidenta: Inés Núñez\n\n{PROSE}",
        f"+++\n{PROSE}\n+++",
        f"{{\n{PROSE}\n}}",
    ],
)
def test_what_is_none(text: str) -> None:
    assert front_matter(text) == ({}, 0, ())


@pytest.mark.parametrize(
    ("front", "notes"),
    [
        ("---\ntitle: A\ndate: pronto\n---", ["its date in line 3 cannot be read: pronto"]),
        ("---\ntitle: A\ndate: 04/05/2024\nlang: en\n---",
         ["its date in line 3 cannot be read: 04/05/2024"]),
        ("---\ntitle: A\nurl: javascript:alert(1)\n---",
         ["its url in line 3 cannot be read: javascript:alert(1)"]),
        ("---\ntitle: A\npublished: true\n---", []),
        ("---\ntitle: [A]\n---", ["its title in line 2 cannot be read: ['A']"]),
        ("---\ntitle: A\nurl: /piscina/\n---", []),
        ("---\ntitle: A\ntags: [a, b\nmore: {\n---",
         [f"line {line} of its front matter cannot be read" for line in (3, 4)]),
        ("\n\n+++\ntitle = A\nx = 1\n+++", ["line 4 of its front matter cannot be read"]),
        ('{\n"title": "A",\n"x": [oops,\n}', ["line 3 of its front matter cannot be read"]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_its_line(front: str, notes: list[str]) -> None:
    assert list(article(f"{front}\n\n{PROSE}").notes) == notes


def test_titles_have_no_entities() -> None:
    made = article(f"---\ntitle: La&#8217;s &amp; otros\n---\n\n{PROSE}")
    assert made.source.title == "La’s & otros"


@pytest.mark.parametrize(
    ("locale", "language"), [("en_GB", "en"), ("pt-BR", "pt"), ("Deutsch", "de"), ("klingon", "es")]
)
def test_languages(locale: str, language: str) -> None:
    assert article(f"---\nlocale: {locale}\n---\n\n{PROSE}").source.language == language


@pytest.mark.parametrize(
    "text",
    [
        "5 April 2024", "April 5th, 2024", "Fri, 05 Apr 2024 10:00:00 +0200", "5. April 2024",
        "ngày 5 tháng 4 năm 2024", "5 de abril de 2024", "5 avril 2024", "2024年4月5日",
        "2024.04.05", "20240405", "05.04.2024", "5 апреля 2024 г.", "2024-04-05T09:30:00Z",
    ],
)  # fmt: skip
def test_dates(text: str) -> None:
    assert read_date(text) == "2024-04-05"


@pytest.mark.parametrize("text", ["04/05/2024", "April 2024", "2024", "1712275200", "x" * 99, "5"])
def test_what_is_no_date_for_certain(text: str) -> None:
    assert read_date(text, "en") is None


@pytest.mark.parametrize("text", ["", "soon", "last May"])
def test_no_month_is_looked_up_without_a_number(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Their names in all languages take a process a sixth of a second."""
    monkeypatch.delattr(dates, "_months")
    assert read_date(text) is None


def test_what_is_written_is_read() -> None:
    fields = {"title": "A: b @c", "date": "2024-04-05", "url": "https://a.example/p"}
    text = with_front_matter({**fields, "language": None}, PROSE)
    assert {key: str(value) for key, value in front_matter(text).fields.items()} == fields
