"""What stands for a quote in its article once that has changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from retrieval import Quote, Source, of_bytes, quoted
from retrieval.answer.context import renewed
from tests.conftest import Folder

FIRST = "The council of Bonn met on the third of May and elected Ada Birch as its chair."
SECOND = "The mill at the river was sold to a merchant who came from the coast."
TEXT = f"A report\n\n{FIRST}\n\n{SECOND}\n"
VIETNAMESE = "Hội đồng thành phố họp vào ngày mồng ba tháng năm và bầu bà Lan làm chủ tịch."
JAPANESE = "市議会は五月三日に開かれ、新しい議長として田中花子を選びました。"


def source(seeds: Path, name: str = "a.txt") -> Source:
    return of_bytes((seeds / name).read_bytes(), name).source


def quote(seeds: Path, words: str) -> Quote:
    parsed = of_bytes((seeds / "a.txt").read_bytes(), "a.txt")
    start = parsed.text.index(words)
    return replace(quoted(parsed, start, start + len(words)), score=0.7)


@pytest.mark.parametrize(
    ("words", "old", "new"),
    [
        (FIRST, "the third of May", "Friday, the fourth of May,"),
        (FIRST, "Ada Birch", "Eva Stone"),
        (f"{FIRST}\n\n{SECOND}", "the third of May", "the fourth of May"),
        (VIETNAMESE, "mồng ba", "mồng bốn"),
        (JAPANESE, "五月三日", "五月四日"),
    ],
)
def test_the_passage_that_still_holds_most_of_the_words_stands_in_their_place(
    folder: Folder, words: str, old: str, new: str
) -> None:
    text = TEXT if words in TEXT else f"{words}\n\n{SECOND}\n"
    before = quote(folder({"a.txt": text}), words)
    seeds = folder({"a.txt": f"{HEAD}\n\n{text.replace(old, new)}"})
    now = renewed(seeds, before, source(seeds))
    assert now
    assert now.text == words.replace(old, new)
    assert (now.sha256, now.score) == (source(seeds).sha256, 0.7)


HEAD = "This is a preface of some length that nobody has asked for."


@pytest.mark.parametrize("text", [HEAD, f"{SECOND}\n\n{HEAD}", "\n", "---\ntitle: ["])
def test_of_an_article_that_says_nothing_like_it_nothing_does(folder: Folder, text: str) -> None:
    seeds = folder({"a.txt": TEXT})
    before, article = quote(seeds, FIRST), source(seeds)
    folder({"a.txt": text})
    assert renewed(seeds, before, article) is None
    (seeds / "a.txt").unlink()
    assert renewed(seeds, before, article) is None


def test_words_that_moved_to_another_file_and_address_are_the_same_words(folder: Folder) -> None:
    before = quote(folder({"a.txt": TEXT}), FIRST)
    seeds = folder({"z.md": f"---\nurl: https://news.example/z\n---\n{HEAD}\n\n{TEXT}"})
    now = renewed(seeds, before, source(seeds, "z.md"))
    assert now
    assert (now.text, now.article, now.url) == (FIRST, "z.md", "https://news.example/z")
    assert now.start > before.start
