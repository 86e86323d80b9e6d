"""French, added as CONTRIBUTING.md says: two files, and no Python."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.ask.incoming import looks_like_question
from bot.ask.view import answer_message
from bot.i18n.phrases import FILES, Phrases, read_phrases
from bot.meetings import view
from bot.ui.buttons import Page
from retrieval import Answer, Day, Meeting, MeetingFilter, Outcome, small_talk
from retrieval.articles.metadata import of_content
from retrieval.formats.file_text import Content
from retrieval.languages import languages, read_language
from retrieval.meetings.extract import extract_meetings
from retrieval.meetings.listing import list_meetings

from .bot.ask.test_view import texts

WORDS = """
name = "Français"
stemmer = "french"

[page]
credits = ["photo", "crédit photo"]
sources = ["source", "selon"]
controls = ["partager", "imprimer", "commentaires"]

[small_talk]
phrases = ["bonjour", "merci", "au revoir"]
addressees = ["tous"]

[questions]
openers = ["qui", "quand", "où", "pourquoi", "comment", "combien", "quel", "quelle"]

[particles]
persons = ["de", "du", "la"]
places = ["le", "sur", "de", "la"]

[meetings.events]
nouns = ["conférence", "réunion", "congrès", "assemblée", "colloque", "séance", "sommet"]
other_nouns = ["conférence de presse", "assemblée nationale", "séance de tirs"]
held = ["s'est tenue", "s'est tenu", "a eu lieu", "s'est ouverte", "a réuni", "s'est achevée"]
met = ["se sont réunis", "se sont réunies", "s'est réuni", "s'est réunie"]
meets = ["se réunit", "se réunira", "se réuniront"]
future = ["se tiendra", "aura lieu", "prochaine", "prévue", "doit", "sera"]
cancelled = ["annulée", "annulé", "reportée", "reporté"]
postponed = ["reportée", "reporté"]
agenda = ["ordre du jour"]
past = ["depuis", "l'an dernier", "précédente", "à la suite de"]
past_tense = ["a", "ont", "était", "étaient"]
negation = ["pas", "jamais"]
determiners = ["le", "la", "les", "cette", "ce"]
minutes = ["procès-verbal", "compte rendu"]
approved = ["approuvé", "adopté"]
sport = ["but", "gardien", "match"]

[meetings.dates]
labels = ["date"]
asked = ["quand"]
unrelated = ["né le", "née le", "depuis le", "avant le"]
published = ["publié le"]
updated = ["mis à jour le"]
review = ["bilan"]
plan = ["programme", "budget"]
range = ["au", "et"]
relative = { "aujourd'hui" = 0, "hier" = -1 }
numeric_orders = ["dmy"]
ordinal_endings = ["er"]
before_day = ["le", "du"]
last = ["dernier"]
next = ["prochain"]

[meetings.places]
prepositions = ["à", "en"]
kinds_before = ["la ville de", "la commune de"]
cities_before = ["la ville de"]
bodies = ["mairie de"]
venues = ["salle", "hôtel de ville", "palais", "maison"]
never = ["présence"]
online = ["en ligne", "par visioconférence"]
labels = ["lieu"]

[meetings.people]
labels = ["présidence"]
chaired = ["a présidé"]
chaired_by = ["présidée par", "présidé par", "sous la présidence de"]
chair_marks = ["(présidente)", "(président)"]
titles = ["M", "Mme", "Dr"]
bodies = ["conseil*", "comité*"]
present = ["présents"]

[meetings.names]
before = ["la", "le", "les", "une", "un", "à", "de", "du", "des"]
after = ["des", "de", "du", "sur", "pour"]
stop = ["qui", "que", "à", "le", "en", "a", "s'est"]
joins = ["et"]
purpose = ["pour"]
adjective_after = true
"""

TRANSLATED = {
    '"January", "February", "March", "April", "May", "June"': (
        '"janvier", "février", "mars", "avril", "mai", "juin"'
    ),
    '"July", "August", "September", "October", "November", "December"': (
        '"juillet", "août", "septembre", "octobre", "novembre", "décembre"'
    ),
    "The articles do not answer this.": "Les articles ne répondent pas à cette question.",
    "articles as of {date}": "articles au {date}",
    "Open article": "Ouvrir l'article",
    "chaired by {chair}": "présidence : {chair}",
    "{count} meeting": "{count} réunion",
}
"""A few phrases of bot/i18n/en.toml; a real file translates all of them."""

ARTICLE = """Les archives municipales débattent du papier

La conférence nationale des archives municipales s'est tenue du 12 au 13 mars 2024 à Lyon.
Elle était présidée par Mme Claire Fontaine. Le budget de la salle a été doublé.

La prochaine conférence aura lieu le 3 avril 2025 à Nantes. La réunion de mai est annulée.
"""


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Phrases:
    """What the bot says in French, while French is among the languages."""
    words, phrases = tmp_path / "fr.toml", tmp_path / "phrases" / "fr.toml"
    words.write_text(WORDS, "utf-8")
    monkeypatch.setitem(languages(), "fr", read_language(words))
    said = FILES["en"].read_text("utf-8")
    for english, translation in TRANSLATED.items():
        assert english in said
        said = said.replace(english, translation)
    phrases.parent.mkdir()
    phrases.write_text(said, "utf-8")
    return read_phrases(phrases)


def meetings() -> list[Meeting]:
    article = of_content(Content(ARTICLE), "archives.txt", {}, "0" * 64)
    assert article.source.language == "fr"
    return extract_meetings(article).meetings


def test_a_french_meeting_is_listed(french: Phrases) -> None:
    (meeting,) = list_meetings(meetings(), MeetingFilter(place="lyon", language="fr"))
    assert meeting.name == "conférence nationale des archives municipales"
    assert (meeting.date, meeting.end_date) == (Day(3, 12, 2024), Day(3, 13, 2024))
    assert (meeting.place, meeting.chair) == ("Lyon", "Claire Fontaine")
    heading, listed = (
        part.text
        for part in view.meetings_page(
            Page([meeting], 0), MeetingFilter(), french, [meeting.evidence]
        )
    )
    assert heading == "### 1 réunion"
    assert "12–13 mars 2024" in listed.replace("\N{NO-BREAK SPACE}", " ")
    assert "présidence : Claire Fontaine" in listed


def test_an_answer_has_a_french_frame(french: Phrases) -> None:
    question = "Où s'est tenue la conférence ?"
    (meeting,) = list_meetings(meetings(), MeetingFilter(place="lyon"))
    quote = replace(meeting.evidence, score=1.0)
    answer = Answer(question, "fr", Outcome.QUOTED, (quote,), indexed_on="2024-03-20")
    *_, footer = texts(answer_message(answer, french))
    assert footer.replace("\N{NO-BREAK SPACE}", " ") == ("-# articles au 20 mars 2024")
    (_, nothing) = texts(answer_message(Answer(question, "fr", Outcome.NOT_FOUND), french))
    assert nothing == "Les articles ne répondent pas à cette question."


@pytest.mark.usefixtures("french")
def test_french_questions_and_small_talk_are_recognised() -> None:
    assert looks_like_question("Combien de villes étaient là")
    assert not looks_like_question("Les villes étaient toutes là")
    answer = small_talk("Bonjour à tous !") or small_talk("Bonjour tous !")
    assert answer
    assert (answer.language, answer.outcome) == ("fr", Outcome.SMALL_TALK)
