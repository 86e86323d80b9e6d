"""A quote as evidence: what a citation says, and when it no longer holds."""

from __future__ import annotations

import json
import os
import random
import shutil
from dataclasses import fields, replace
from pathlib import Path

import pytest

from retrieval import Library, Source
from retrieval.answer.context import context
from retrieval.articles.passages import passages
from retrieval.articles.scan import scan
from retrieval.quotes.citation import (
    AROUND,
    Citation,
    CitationCheck,
    Verdict,
    check_citation,
    read_citations,
)
from retrieval.quotes.quoting import quoted
from tests.conftest import ROOT, SEEDS

NUMBER = int(os.environ.get("CITATIONS", "100"))
"""As many are cited; CITATIONS=1000 has a thousand be."""


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the seeds, and of short articles in four languages."""
    folder = tmp_path_factory.mktemp("articles")
    for each in (SEEDS, *(ROOT / "bench" / "data").glob("*/articles")):
        shutil.copytree(each, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def sources(articles: Path) -> list[Source]:
    return [article.source for article in scan(articles).articles]


@pytest.fixture(scope="module")
def citations(articles: Path) -> list[Citation]:
    """Many citations: of passages, and of whole words within them; of each article as many,
    for it is read anew for each."""
    chance, made = random.Random(1), list[Citation]()
    found = [(article, passages(article)) for article in scan(articles).articles]
    while len(made) < NUMBER:
        article, within = chance.choice(found)
        passage = chance.choice(within)
        words = [at for at, letter in enumerate(passage.text) if letter == " "]
        first, last = sorted(chance.choices([0, *words, len(passage.text)], k=2))
        start, end = passage.start + first, passage.start + last
        if article.text[start:end].strip():
            around = context(articles, quoted(article, start, end))
            if around is not None:
                made.append(Citation.of(around))
    return made


def checked(citation: Citation, sources: list[Source], folder: Path) -> CitationCheck:
    """What is said of a citation that was written down and read again."""
    (read,) = read_citations(json.dumps(citation.annotation))
    return check_citation(read, sources, lambda quote: context(folder, quote))


def test_many_citations_verify(
    citations: list[Citation], sources: list[Source], articles: Path
) -> None:
    assert len(citations) == NUMBER
    verdicts = {checked(citation, sources, articles).verdict for citation in citations}
    assert verdicts == {Verdict.STANDS}


def test_many_with_one_character_changed_do_not(
    citations: list[Citation], sources: list[Source], articles: Path
) -> None:
    chance = random.Random(2)
    for citation in citations:
        at = chance.randrange(len(citation.words))
        other = chance.choice([each for each in "aeiou1.ß界" if each != citation.words[at]])
        words = citation.words[:at] + other + citation.words[at + 1 :]
        check = checked(replace(citation, words=words), sources, articles)
        assert check.verdict is not Verdict.STANDS


@pytest.mark.parametrize("name", [field.name for field in fields(Citation)])
def test_one_character_changed_anywhere_is_seen(
    name: str, citations: list[Citation], sources: list[Source], articles: Path
) -> None:
    citation = next(each for each in citations if getattr(each, name) and each.suffix)
    value = getattr(citation, name)
    changed = value + 1 if isinstance(value, int) else value[:-1] + "~"
    check = checked(replace(citation, **{name: changed}), sources, articles)
    assert check.verdict is not Verdict.STANDS
    assert check.verdict is Verdict.ABSENT or name in check.altered


def test_it_is_a_web_annotation(citations: list[Citation], articles: Path) -> None:
    citation = next(
        each for each in citations if len(each.prefix) == AROUND and each.url and each.date
    )
    annotation = citation.annotation
    assert annotation["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert (annotation["type"], annotation["id"][:9]) == ("Annotation", "urn:uuid:")
    words, place = annotation["target"]["selector"]
    assert (words["type"], place["type"]) == ("TextQuoteSelector", "TextPositionSelector")
    found = scan(articles).articles
    (article,) = [each for each in found if each.source.path == citation.article]
    assert article.text[place["start"] : place["end"]] == words["exact"]
    assert article.text[: place["start"]].endswith(words["prefix"])
    offsets = f"characters {citation.start}–{citation.end}"
    facts = (citation.words, citation.article, citation.sha256, citation.url, citation.date)
    assert all(fact and fact in citation.text for fact in (*facts, offsets))


@pytest.fixture
def copy(articles: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(articles, tmp_path / "seeds"))


def test_an_article_that_changes_goes_or_is_renamed(
    copy: Path, citations: list[Citation], sources: list[Source]
) -> None:
    citation = citations[0]
    file = copy / citation.article
    file.write_text("A line before.\n\n" + file.read_text("utf-8"), "utf-8")
    check = checked(citation, sources, copy)
    assert check.verdict is Verdict.MOVED
    assert check.start == citation.start + len("A line before.\n\n")
    file.unlink()
    assert checked(citation, sources, copy).verdict is Verdict.ABSENT
    others = [source for source in sources if source.path != citation.article]
    assert checked(citation, others, copy).verdict is Verdict.UNKNOWN
    renamed = [replace(source, path="../" + source.path) for source in others]
    assert checked(replace(citation, article="../../etc/passwd"), renamed, copy).verdict in (
        Verdict.UNKNOWN,
        Verdict.ABSENT,
    )


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "null", "1", "[1]", '"x"', "{", "[" * 100_000, '{"target": {}}',
        '{"target": {"source": {}, "selector": []}}', '{"target": {"source": 1, "selector": "ab"}}',
    ],
)  # fmt: skip
def test_what_is_no_citation(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(it|there) is no"):
        read_citations(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [("words", 1), ("start", "1"), ("words", "\ud800"), ("title", None), ("url", 5)],
)
def test_fields_of_another_kind(name: str, value: object, citations: list[Citation]) -> None:
    text = json.dumps(replace(citations[0], **{name: value}).annotation)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no citation"):
        read_citations(text)


def test_several_in_a_list_or_a_line_each(citations: list[Citation]) -> None:
    some = citations[:3]
    records = [each.annotation for each in some]
    assert read_citations(json.dumps(records)) == some
    assert read_citations("\n".join(map(json.dumps, records))) == some


def test_all_quotes_of_an_answer_can_be_cited(library: Library) -> None:
    for quote in library.ask("Who received the Ho Chi Minh Order?").quotes:
        around = library.context(quote)
        assert around
        check = check_citation(Citation.of(around), library.sources(), library.context)
        assert check.verdict is Verdict.STANDS
