"""What a page says of itself: its title, day and language."""

from __future__ import annotations

import pytest

from retrieval.articles.metadata import of_bytes
from retrieval.formats.file_text import read

FIRST = "The old mill of Elden will reopen in May, its owner said on Friday."
LAST = "Whoever wants to help may come to the yard on Saturday at ten."


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Die Mühle öffnet | Heimatverein</title>", "Die Mühle öffnet"),
        ("<title>Die Mühle öffnet - Heimatverein Elden</title>", "Die Mühle öffnet"),
        ("<title>Der Hof im Mai - Elden</title><meta property=og:site_name content=Elden>",
         "Der Hof im Mai"),
        ("<title>Die Mühle öffnet - Elden</title><meta property=og:site_name content=Elden>"
         "<meta property=og:title content='Die Mühle öffnet - Elden'>", "Die Mühle öffnet"),
        ("<title>Die Mühle öffnet - Feste - Heimatverein</title>", "Die Mühle öffnet"),
        ("<title>Die Mühle öffnet - Feste - Elden</title>", "Die Mühle öffnet - Feste"),
        ("<title>Der Hof-Elden</title><meta property=og:site_name content=Elden>",
         "Der Hof-Elden"),
    ],
)  # fmt: skip
def test_the_title_of_a_page_has_no_name_of_its_site(head: str, title: str) -> None:
    logo = "<h1><a href=/>Heimatverein</a></h1>" if "Heimatverein" in head else ""
    page = (
        f"<html><head>{head}</head><body>{logo}"
        f"<article><h2>Die Mühle öffnet</h2><p>{FIRST}</p><p>{LAST}</p></article></body></html>"
    )
    assert read(page.encode(), ".html").title == title


GERMAN = (
    "Die Mühle am Bach öffnet wieder im Mai, wie ihr Besitzer am Freitag sagte. Der Verein hat das "
    "Rad erneuert und den Weg gepflastert. Wer helfen will, kann am Samstag um zehn in den Hof "
    "kommen; Handschuhe und Getränke sind vorhanden, und danach gibt es für alle eine warme Suppe."
)


@pytest.mark.parametrize(
    ("said", "text", "language"),
    [
        ("en", GERMAN, "de"),  # As a theme's template has it.
        ("de-AT", GERMAN, "de"),
        ("gl", GERMAN, "gl"),  # Which texts look like is not known.
        ("en", "Die Mühle öffnet wieder im Mai.", "en"),
    ],
)
def test_a_page_is_in_the_language_of_its_text(said: str, text: str, language: str) -> None:
    page = f"<html lang={said}><head><title>A</title></head><body><p>{text}</p></body></html>"
    assert of_bytes(page.encode(), "a.html").source.language == language


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("index.de.md", "Meeting im Hotel Berlin.", "de"),
        ("index.en.md", GERMAN, "de"),
        ("Nr.xx.md", GERMAN, "de"),
    ],
)
def test_the_name_of_a_file_may_say_its_language(name: str, text: str, language: str) -> None:
    assert of_bytes(text.encode(), name).source.language == language
