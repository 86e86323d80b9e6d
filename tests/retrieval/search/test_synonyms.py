"""Synonyms: the file's format as Solr and Elasticsearch document it, and questions expanded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.search import synonyms
from retrieval.search.synonyms import ExpandedQuery, Synonyms, parse_rules
from tests.conftest import DATA, Folder

OFFICES = """\
# Offices and bodies
General Secretary, Generalsekretär, secretario general, tổng bí thư
CC => Central Committee, Zentralkomitee
"""


def said(text: str) -> Synonyms:
    return Synonyms(*parse_rules(text))


def options(text: str, question: str, language: str = "en") -> list[tuple[str, ...]]:
    return [one.options for one in said(text).apply(ExpandedQuery(question, language)).expansions]


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        # The examples of Elasticsearch's reference, "Synonym token filter", and of Lucene's parser.
        ("i-pod, i pod => ipod,", "an i-pod", [("ipod",)]),
        ("sea biscuit, sea biscit => seabiscuit", "Sea Biscit won", [("seabiscuit",)]),
        ("ipod, i-pod, i pod", "my ipod", [("ipod", "i-pod")]),
        ("universe , cosmos", "the cosmos", [("cosmos", "universe")]),
        ("lol, laughing out loud", "laughing out loud", [("laughing out loud", "lol")]),
        ("foo => foo bar\nfoo => baz", "foo", [("foo bar", "baz")]),
        ("foo => foo bar, baz", "foo", [("foo bar", "baz")]),
        # Replaced with, and kept where it is its own alternative or a further line says so.
        ("cc => central committee", "cc", [("central committee",)]),
        ("a => a, b", "A", [("A", "b")]),
        ("a => b\na, c", "a", [("a", "b", "c")]),
        # What is escaped is meant.
        (r"3\,5 percent, a little more", "3,5 percent", [("3,5 percent", "a little more")]),
        (r"x \=> y, implies", "so x => y", [("x => y", "implies")]),
        (r"back\\slash, b", "back\\slash", [("back\\slash", "b")]),
        # The longest is found first, whole words, once.
        ("party, partido\nparty leader, jefe", "the party leader", [("party leader", "jefe")]),
        ("art, Kunst", "the party started", []),
        ("a, b\nb, c", "a", [("a", "b")]),
    ],
)
def test_the_format(text: str, question: str, expected: list[tuple[str, ...]]) -> None:
    assert said(text).failed == ()
    assert options(text, question) == expected


@pytest.mark.parametrize(
    ("question", "language", "asked"),
    [
        ("GENERAL SECRETARIES met", "en", "GENERAL SECRETARIES"),
        ("die Rede des Generalsekretärs", "de", "Generalsekretärs"),
        ("los secretarios generales", "es", "secretarios generales"),
        ("Ai là Tổng Bí thư?", "vi", "Tổng Bí thư"),
        ("ai la tong bi thu", "vi", "tong bi thu"),
    ],
)
def test_case_accents_and_endings_make_no_difference(
    question: str, language: str, asked: str
) -> None:
    expanded = said(OFFICES).apply(ExpandedQuery(question, language))
    (one,) = expanded.expansions
    assert expanded.text[one.start : one.end] == one.options[0] == asked
    assert len(one.options) == 4


def test_what_search_is_given() -> None:
    asked = said(OFFICES).apply(ExpandedQuery("Who leads the CC, the General Secretary?", "en"))
    assert asked.variants() == (
        "Who leads the Central Committee, the General Secretary?",
        "Who leads the Zentralkomitee, the Generalsekretär?",
        "Who leads the Central Committee, the secretario general?",
        "Who leads the Central Committee, the tổng bí thư?",
    )
    assert asked.variants(2) == asked.variants()[:2]


def test_a_question_that_the_file_says_nothing_of() -> None:
    for known in (Synonyms(), said(OFFICES)):
        asked = known.apply(ExpandedQuery("Who opened the bridge?", "en"))
        assert asked == ExpandedQuery("Who opened the bridge?", "en")
        assert asked.variants() == ("Who opened the bridge?",)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a => b => c", "more than one =>"),
        ("=> b", "nothing on one side"),
        ("a, b =>", "nothing on one side"),
        ("alone", "one term alone"),
        (",,", "no terms"),
        ("a, !!", "'!!' holds no words"),
        ("a b c d e f g h i, j", "more than 8 words"),
    ],
)
def test_a_broken_line_is_named_and_the_rest_goes_on(line: str, reason: str) -> None:
    known = said(f"# comment\r\n\r\n{line}\r\nfoo, bar")
    (failure,) = known.failed
    assert failure.article == "synonyms.txt"
    assert failure.reason.startswith("line 3: ")
    assert reason in failure.reason
    assert known.apply(ExpandedQuery("foo", "en")).expansions


def test_there_are_limits() -> None:
    many = "\n".join(f"a, b{n}" for n in range(100))
    assert len(options(many, "a " * 500)) == synonyms.MAX_EXPANSIONS
    assert [len(one) for one in options(many, "a")] == [synonyms.MAX_VARIANTS]
    broken = said("x\n" * 100).failed
    assert len(broken) == synonyms.MAX_FAILURES + 1
    assert broken[-1].reason == "80 more lines are broken as well"


def test_the_file(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = folder({})
    none = Synonyms.read(seeds)
    assert (len(none), none.failed, none.renewed(seeds)) == (0, (), none)
    folder({"synonyms.txt": "\ufeff" + OFFICES})
    read = none.renewed(seeds)
    assert len(read) == 2
    assert read.apply(ExpandedQuery("CC", "en")).expansions
    assert read.renewed(seeds) is read
    folder({"synonyms.txt": "# Nothing any more"})
    assert len(read.renewed(seeds)) == 0
    folder({"synonyms.txt": "Straße, Weg\nRäte, Ausschüsse und Gremien der Stadt".encode("cp1252")})
    western = Synonyms.read(seeds)
    assert western.notes[0].text == "read as Windows-1252"
    assert western.apply(ExpandedQuery("die Strasse", "de")).variants()[1] == "die Weg"
    monkeypatch.setattr(synonyms, "MAX_SYNONYM_BYTES", 10)
    (failure,) = Synonyms.read(seeds).failed
    assert "larger than" in failure.reason


def test_a_file_that_cannot_be_read(folder: Folder) -> None:
    seeds = folder({"synonyms.txt": b"\x00\x01\x02"})
    (failure,) = Synonyms.read(seeds).failed
    assert failure.article == "synonyms.txt"
    assert failure.reason.startswith("it is left aside: it is not text")
    (seeds / "synonyms.txt").unlink()
    os.mkfifo(seeds / "synonyms.txt")
    assert "it is no file" in Synonyms.read(seeds).failed[0].reason


def test_a_file_of_four_languages() -> None:
    """What the figures are made with: each line says one thing, and none is broken."""
    text = (DATA / "synonyms.txt").read_text("utf-8")
    known = said(text)
    assert known.failed == ()
    assert len(known) >= 40
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    for line in lines:
        term = line.split(",")[0]
        assert len(known.apply(ExpandedQuery(f"about {term}", "en")).expansions) == 1


SIGNS = st.text(st.sampled_from("ab ,=>\\#\n\r\tß\u0301é1-_"), max_size=60)


@given(SIGNS | st.text(max_size=60), SIGNS | st.text(max_size=60), st.sampled_from(["en", "vi"]))
def test_any_text_is_a_file_and_a_question(text: str, question: str, language: str) -> None:
    known = said(text)
    asked = known.apply(ExpandedQuery(question, language))
    end = 0
    for one in asked.expansions:
        assert end <= one.start < one.end <= len(asked.text)
        assert one.options
        end = one.end
    assert 1 <= len(asked.variants()) <= synonyms.MAX_VARIANTS


WORDS = st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=6, unique=True)


@given(WORDS, st.data())
def test_equivalents_stand_for_each_other(words: list[str], data: st.DataObject) -> None:
    asked = data.draw(st.sampled_from(words))
    ((first, *others),) = options(", ".join(words), f"x {asked} y")
    assert first == asked
    further = [word for word in words if word != asked]
    assert others == further[: synonyms.MAX_VARIANTS - 1]


def test_a_long_file_and_a_long_question(tmp_path: Path) -> None:
    lines = "\n".join(f"word {n}, Wort {n}" for n in range(5000))
    (tmp_path / "synonyms.txt").write_text(lines)
    known = Synonyms.read(tmp_path)
    assert len(known) == 5000
    asked = known.apply(ExpandedQuery("word 7 " * 500, "de"))
    assert len(asked.expansions) == synonyms.MAX_EXPANSIONS


def test_other_readings_are_the_last_wordings() -> None:
    query = ExpandedQuery("who leads the CC", "en", readings=("who leads the KC",))
    asked = said("CC, Central Committee").apply(query)
    assert asked.variants() == (
        "who leads the CC",
        "who leads the Central Committee",
        "who leads the KC",
    )
    assert asked.variants(1) == ("who leads the CC",)
