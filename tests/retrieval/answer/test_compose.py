"""What of the hits is shown, and when nothing is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.answer.compose import chosen, compose, compose_more
from retrieval.errors import QuestionError
from retrieval.formats.file_text import Content
from retrieval.models import Hit, Kind, Outcome, Passage, Source
from retrieval.quotes.quoting import verified_answer
from retrieval.search.query import cleaned
from retrieval.search.weights import ANSWER

THRESHOLD = ANSWER.threshold


def hit(article: str, text: str, rank: float, score: float = 1.0, start: int = 0) -> Hit:
    source = Source(f"{article}.txt", "0" * 64, f"Title {article}", "en")
    span = (start, start + len(text))
    return Hit(Passage(source, *span, text, Kind.PROSE, (span,)), rank, score, span)


def texts(hits: list[Hit]) -> list[str]:
    return [one.passage.text for one in hits]


def test_a_repetition_is_not_quoted_twice() -> None:
    hits = [
        hit("a", "The council approved the budget on Tuesday.", 0.9),
        hit("b", "The council approved the budget, on Tuesday!", 0.8),
        hit("b", "The mayor was ill.", 0.5, start=100),
    ]
    assert texts(chosen(hits, 3)) == [hits[0].passage.text, "The mayor was ill."]


def test_overlapping_passages_are_not_quoted_together() -> None:
    hits = [hit("a", "one two three four", 0.9), hit("a", "five six", 0.8, start=10)]
    assert texts(chosen(hits, 3)) == ["one two three four"]


def test_below_the_threshold_nothing_is_quoted() -> None:
    hits = [hit("a", "One.", 0.9, THRESHOLD - 0.01), hit("b", "Two.", 0.8, THRESHOLD - 0.02)]
    answer = compose("Why?", "en", hits)
    assert answer.outcome is Outcome.NOT_FOUND
    assert not answer.quotes
    assert [near.title for near in answer.nearest] == ["Title a", "Title b"]
    far = [hit("a", "One.", 0.9, ANSWER.nearest / 2)]
    assert compose("Why?", "en", far).nearest == ()
    # One passage that may answer makes no article close; several together do.
    weak = [hit(article, "One.", 0.9, ANSWER.closeness / 2) for article in "ab"]
    assert compose("Why?", "en", weak[:1]).nearest == ()
    assert len(compose("Why?", "en", weak).nearest) == 2
    only_first = compose("Why?", "en", [hit("a", "One.", 0.9, THRESHOLD), *hits[1:]])
    assert texts_of(only_first) == ["One."]


def test_what_is_far_behind_the_best_is_not_quoted() -> None:
    close, far = 0.8 * ANSWER.share_of_best + 0.01, 0.8 * ANSWER.share_of_best - 0.01
    hits = [hit("a", "One.", 0.9, 0.8), hit("b", "Two.", 0.8, close), hit("c", "Three.", 0.7, far)]
    assert texts_of(compose("Why?", "en", hits)) == ["One.", "Two."]


def texts_of(answer: object) -> list[str]:
    return [quote.text for quote in getattr(answer, "quotes", ())]


def test_articles_that_have_changed_are_not_quoted() -> None:
    answer = compose("Why?", "en", [hit("a", "One.", 0.9), hit("b", "Two.", 0.8)])
    one = verified_answer(answer, lambda path, _: Content("Two.") if path == "b.txt" else None)
    assert texts_of(one) == ["Two."]
    assert one.out_of_date == ("a.txt",)
    nothing = verified_answer(answer, lambda *_: None)
    assert nothing.outcome is Outcome.OUT_OF_DATE
    assert nothing.out_of_date == ("a.txt", "b.txt")


def test_quotes_of_one_article_follow_one_another() -> None:
    hits = [
        hit("a", "The bridge is open.", 0.9),
        hit("b", "A ferry runs there.", 0.8),
        hit("a", "It was built by the town.", 0.7, start=100),
    ]
    assert texts_of(compose("Why?", "en", hits)) == [
        "The bridge is open.",
        "It was built by the town.",
        "A ferry runs there.",
    ]


LABEL = hit("a", "Opening hours of the bridge", 0.9, 0.9)


@pytest.mark.parametrize(
    "mere", [LABEL, replace(LABEL, passage=replace(LABEL.passage, kind=Kind.CAPTION))]
)
def test_a_label_or_caption_alone_gives_way(mere: Hit) -> None:
    sentence = hit("b", "The bridge opens at nine.", 0.8, 0.5)
    assert texts_of(compose("When?", "en", [mere, sentence])) == ["The bridge opens at nine."]
    assert compose("When?", "en", [mere]).outcome is Outcome.NOT_FOUND
    assert texts_of(compose("When?", "en", [sentence, replace(mere, score=0.5)])) == [
        "The bridge opens at nine.",
        "Opening hours of the bridge",
    ]


TEXT = "The bridge is open. It was built by the town. Cars pay two euros. Bicycles are free."
STARTS = (0, 20, 46, 66, len(TEXT) + 1)


def run(first: int, last: int, score: float = 0.9) -> Hit:
    """Sentences of the text, as a hit."""
    start, end = STARTS[first], STARTS[last + 1] - 1
    return hit("a", TEXT[start:end], score, start=start)


def doubled(narrow: Hit) -> Hit:
    """A hit with the sentence behind its own."""
    first = STARTS.index(narrow.passage.start)
    return run(first, min(first + 1, 3))


def test_a_quote_says_nothing_again_that_another_one_says() -> None:
    within = compose("Why?", "en", [run(0, 0), run(1, 1)], widen=doubled)
    assert texts_of(within) == ["The bridge is open. It was built by the town."]
    across = compose("Why?", "en", [run(1, 1), run(0, 0)], widen=doubled)
    assert texts_of(across) == [
        "It was built by the town. Cars pay two euros.",
        "The bridge is open.",
    ]


def test_of_a_passage_that_is_quoted_in_part_the_rest_is_quoted() -> None:
    rest = run(1, 2)
    rest = replace(rest, answer=(STARTS[2], STARTS[3] - 1), passage=replace(
        rest.passage, sentences=((STARTS[1], STARTS[2] - 1), (STARTS[2], STARTS[3] - 1))
    ))  # fmt: skip
    hits = [run(0, 0), rest]
    assert texts_of(
        compose("Why?", "en", hits, widen=lambda h: doubled(h) if h is hits[0] else h)
    ) == [
        "The bridge is open. It was built by the town.",
        "Cars pay two euros.",
    ]


def test_more_quotes_repeat_nothing_that_was_seen() -> None:
    hits = [run(number, number) for number in (2, 3, 1)]
    seen = compose("Why?", "en", hits[:1], widen=doubled).quotes
    assert texts_of(compose_more("Why?", "en", hits, widen=doubled, seen=seen)) == [
        "It was built by the town."
    ]


def test_no_hits_at_all() -> None:
    assert compose("Why?", "en", []).outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "nothing to read"), (" \n\t", "nothing"), ("x" * 301, "300"), ("?!…", "words"),
     ("🎉🎉", "words"), ("12 + 3", "words"), ("\u200b", "words"), ("x Y z?", "words")],
)  # fmt: skip
def test_questions_that_cannot_be_asked(text: str, says: str) -> None:
    with pytest.raises(QuestionError, match=says):
        cleaned(text)


@pytest.mark.parametrize("text", ["雨?", "C++", "G7", "U.S.", "R&D", "§?", "a x to"])
def test_what_is_short_and_may_be_a_question(text: str) -> None:
    assert cleaned(text) == text


def test_white_space_is_made_plain() -> None:
    assert cleaned("  Who\n met\t\tthem? ") == "Who met them?"
    assert len(cleaned("x" * 300)) == 300
