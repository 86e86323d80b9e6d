"""From a question to verified quotes, over the five seed articles."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval import DEFAULT_MODEL, Evaluation, Library, Outcome, QuestionError, evaluate
from retrieval.embedding.embedder import Embedder
from retrieval.evaluation.gold import read_gold
from retrieval.index.store import Store
from tests.conftest import DATA, SEEDS

GOLD = DATA / "questions.jsonl"


def test_every_quote_of_every_gold_question_stands_in_its_file(library: Library) -> None:
    quoted = 0
    for gold in read_gold(GOLD):
        answer = library.ask(gold.question)
        assert len(answer.quotes) <= 3
        for quote in answer.quotes:
            data = (SEEDS / quote.article).read_bytes()
            assert data.decode("utf-8")[quote.start : quote.end] == quote.text
            assert hashlib.sha256(data).hexdigest() == quote.sha256
            assert 0 < len(quote.text) <= 500
            quoted += 1
        spans = [(quote.article, quote.start, quote.end) for quote in answer.quotes]
        for n, (article, start, end) in enumerate(spans):
            others = (span for span in spans[n + 1 :] if span[0] == article)
            assert all(end <= other[1] or other[2] <= start for other in others)
    assert quoted > 30


def test_it_does_better_than_what_comes_off_the_shelf(gold_figures: Evaluation) -> None:
    """The floor is txtai's hybrid search, the best that was tried: recall@3 .63."""
    assert gold_figures.questions == 36
    assert gold_figures.recall_at_3 is not None
    assert gold_figures.recall_at_3 > 0.63
    assert gold_figures.abstention["auc"] is not None
    assert gold_figures.abstention["auc"] > 0.75


OFF_TOPIC = [
    "How do I reset my Discord password?",
    "What is the best pizza in Naples?",
    "Wie lange kocht man Spaghetti?",
    "¿Cuál es la capital de Australia?",
    "Thời tiết ở Đà Nẵng hôm nay thế nào?",
]


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_off_topic_questions_are_not_answered(library: Library, question: str) -> None:
    answer = library.ask(question)
    assert answer.outcome is Outcome.NOT_FOUND
    assert not answer.quotes


def test_of_off_topic_questions_few_have_an_article_that_is_called_close(library: Library) -> None:
    assert sum(bool(library.ask(question).nearest) for question in OFF_TOPIC) <= 1


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("Who presented the Ho Chi Minh Order?", "en", "presented the Ho Chi Minh Order"),
        ("Wer überreichte To Huy Rua den Orden?", "de", "presented the Ho Chi Minh Order"),
        ("¿Quién recibió la Orden Ho Chi Minh?", "es", "presented the Ho Chi Minh Order"),
        (
            "Ai đã trao Huân chương Hồ Chí Minh cho ông Tô Huy Rứa?",
            "vi",
            "presented the Ho Chi Minh Order",
        ),
    ],
)
def test_four_languages_find_one_passage(
    library: Library, question: str, language: str, words: str
) -> None:
    answer = library.ask(question)
    assert answer.language == language
    assert words in answer.quotes[0].text


def test_greetings_get_no_quotes(library: Library) -> None:
    assert library.ask("Hello!").outcome is Outcome.SMALL_TALK


def test_a_question_that_cannot_be_asked(library: Library) -> None:
    with pytest.raises(QuestionError, match="300"):
        library.ask("why " * 100)


@pytest.mark.parametrize(
    "question",
    [
        "'; DROP TABLE passages; --",
        "{{7*7}} ${jndi:ldap://x} <script>",
        "a" * 300,
        "ß \ud83d who?",
        "\u202eevil who asked?",
        "こんにちは、会議はいつですか",
    ],
)
def test_hostile_questions_are_questions(library: Library, question: str) -> None:
    answer = library.ask(question)
    assert answer.outcome in (Outcome.QUOTED, Outcome.NOT_FOUND)


@pytest.fixture
def own(tmp_path: Path, seed_index: Path, embedder: Embedder) -> Iterator[tuple[Library, Path]]:
    """A library over a copy of the seeds that a test may change."""
    seeds, data = tmp_path / "seeds", tmp_path / "data"
    shutil.copytree(SEEDS, seeds)
    shutil.copytree(seed_index, data)
    with Library(seeds, Store.open(data / "chroma"), lambda: embedder) as library:
        yield library, seeds


def test_a_file_that_has_changed_is_not_quoted(own: tuple[Library, Path]) -> None:
    library, seeds = own
    question = "Who presented the Ho Chi Minh Order?"
    before = library.ask(question).quotes[0]
    file = seeds / before.article
    file.write_bytes(file.read_bytes() + b"\n")
    after = library.ask(question)
    assert before.article in after.out_of_date
    assert before.article not in {quote.article for quote in after.quotes}
    file.unlink()
    assert before.article in library.ask(question).out_of_date


def test_a_reload_does_only_what_is_new(own: tuple[Library, Path]) -> None:
    library, seeds = own
    assert library.reload().embedded == 0
    (seeds / "new.md").write_text("# News\n\nThe old bridge over the river Elbe is closed to cars.")
    (seeds / "003_b620548844427c34.txt").unlink()
    (seeds / "001_56b54d490b5aedd0.txt").rename(seeds / "moved.txt")
    file = seeds / "004_20faca2c5681b20c.txt"
    file.write_text(file.read_text("utf-8") + "\nThe delegates left.\n", "utf-8")
    report = library.reload()
    assert report.added == ("moved.txt", "new.md")
    assert report.changed == ("004_20faca2c5681b20c.txt",)
    assert report.removed == ("001_56b54d490b5aedd0.txt", "003_b620548844427c34.txt")
    assert len(report.unchanged) == 2
    assert report.articles == 5
    assert 0 < report.embedded < 20
    assert "Elbe" in library.ask("Which bridge over the Elbe is closed?").quotes[0].text
    for hit in library.search("¿Quién presidió la reunión con los secretarios?"):
        assert hit.passage.source.path != "003_b620548844427c34.txt"


def test_a_new_address_is_a_change_that_embeds_nothing(own: tuple[Library, Path]) -> None:
    library, seeds = own
    sources = seeds / "sources.toml"
    text = sources.read_text("utf-8").replace('url = ""', 'url = "https://es.example/a"')
    sources.write_text(text, "utf-8")
    report = library.reload()
    assert report.changed == ("003_b620548844427c34.txt",)
    assert report.embedded == 0
    (quote, *_) = library.ask("¿Cuántos comentarios se discutieron en la conferencia?").quotes
    assert quote.url == "https://es.example/a" or quote.article != report.changed[0]


def test_the_status(library: Library, embedder: Embedder) -> None:
    status = library.status()
    assert (status.articles, status.model) == (5, DEFAULT_MODEL)
    assert status.dimension == embedder.dimension
    assert status.languages == {"en": 3, "de": 1, "es": 1}


def test_eval_counts_what_it_says(own: tuple[Library, Path], tmp_path: Path) -> None:
    library, _ = own
    row = {"lang": "en", "answerable": True, "gold": []}
    right = {"seed": "004_20faca2c5681b20c.txt", "contains": "presented the Ho Chi Minh Order"}
    question = "Who presented the Ho Chi Minh Order?"
    rows = [
        row | {"question": question, "gold": [right]},
        row | {"question": question, "gold": [right | {"contains": "words that are nowhere"}]},
        row | {"question": "What is the best pizza in Naples?", "answerable": False},
    ]
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    figures = evaluate(library, file)
    assert (figures.questions, figures.recall_at_1, figures.mrr_at_10) == (3, 0.5, 0.5)
    assert figures.article_recall_at_1 == 1
    assert figures.by_language["en"]["questions"] == 2
    assert figures.abstention == {
        "auc": 1.0, "answered_answerable": 1.0, "answered_unanswerable": 0.0,
    }  # fmt: skip
    assert 0 < figures.latency_ms["p50"] <= figures.latency_ms["p95"]


def test_more_passages_follow_those_that_were_seen(library: Library) -> None:
    question = "Who took over as Chief of the Party Central Office?"
    first = library.ask(question)
    second = library.more(question, first.quotes)
    third = library.more(question, [*first.quotes, *second.quotes])
    places = [(q.article, q.start) for one in (first, second, third) for q in one.quotes]
    assert len(places) == len(set(places)) >= 7
    everything = [*first.quotes, *second.quotes, *third.quotes]
    while further := library.more(question, everything).quotes:
        everything += further
    assert library.more(question, everything).outcome is Outcome.NOT_FOUND


def test_a_quote_in_its_context(own: tuple[Library, Path]) -> None:
    library, seeds = own
    quote = next(q for q in library.ask("Which city hosted the national conference?").quotes
                 if "Vung Tau" in q.text)  # fmt: skip
    around = library.context(quote)
    assert around
    assert around.quote == quote
    assert around.before.startswith("National conference on office work")
    assert around.lead + quote.text + around.rest in (seeds / quote.article).read_text("utf-8")
    assert around.after.startswith("Attending and giving a speech")
    (seeds / quote.article).write_text("All is new here now.")
    assert library.context(quote) is None
