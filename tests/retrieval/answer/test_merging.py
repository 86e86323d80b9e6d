"""Answers of several corpora as one."""

from __future__ import annotations

from dataclasses import replace

from retrieval import MAX_QUOTES, Answer, Outcome, Quote, Source, merged, newest_first


def quote(text: str, score: float, corpus: str = "a", article: str = "a.txt") -> Quote:
    span = (0, len(text))
    return Quote(article, *span, text, score, "en", text, None, None, "0" * 64, span, corpus=corpus)


def quoted(*quotes: Quote, **facts: str) -> Answer:
    return Answer("?", "en", Outcome.QUOTED, quotes, **facts)  # type: ignore[arg-type]


def not_found(*nearest: Quote) -> Answer:
    return Answer("?", "en", Outcome.NOT_FOUND, nearest=nearest)


def texts(answer: Answer) -> list[str]:
    return [each.text for each in answer.quotes]


def test_one_answer_stays_as_it_is() -> None:
    answer = quoted(quote("One tower.", 0.9), quote("A second hall.", 0.2))
    assert merged([answer]) is answer


def test_the_likeliest_come_first_and_much_weaker_ones_are_left_out() -> None:
    answer = merged(
        [
            quoted(quote("One tower.", 0.9), indexed_on="2025-01-02"),
            not_found(quote("Weak words here.", 0.4)),
            quoted(quote("The better hall.", 0.97, "b"), indexed_on="2025-01-01"),
            quoted(quote("Hardly an answer.", 0.3, "c")),
        ]
    )
    assert texts(answer) == ["The better hall.", "One tower."]
    assert answer.nearest == ()
    assert answer.indexed_on == "2025-01-01"


def test_words_that_two_corpora_have_are_quoted_once() -> None:
    same = [quoted(quote("The council met in Bonn.", 0.9, name)) for name in ("a", "b")]
    assert texts(merged(same)) == ["The council met in Bonn."]


def test_quotes_of_an_article_stand_together_and_are_few() -> None:
    first = [quote("One tower.", 0.99), quote("The second hall.", 0.95)]
    second = [quote("Another third house.", 0.97, "b"), quote("Fourth of bridges.", 0.94, "b")]
    answer = merged([quoted(*first), quoted(*second)])
    assert texts(answer) == ["One tower.", "The second hall.", "Another third house."]
    assert len(answer.quotes) == MAX_QUOTES


def test_a_pinned_quote_leaves_room_for_what_answers() -> None:
    pinned = replace(quote("Pinned by hand.", 1.0, "b"), pinned=True)
    answer = merged([quoted(quote("One tower.", 0.6)), quoted(pinned)])
    assert texts(answer) == ["Pinned by hand.", "One tower."]


def test_further_quotes_are_taken_however_weak() -> None:
    weak = [quoted(quote("One tower.", 0.9)), quoted(quote("Hardly an answer.", 0.1, "b"))]
    assert texts(merged(weak, further=True)) == ["One tower.", "Hardly an answer."]


def test_nothing_found_names_the_nearest_of_all() -> None:
    answer = merged([not_found(quote("One tower.", 0.1)), not_found(quote("A hall.", 0.2, "b"))])
    assert answer.outcome is Outcome.NOT_FOUND
    assert [each.text for each in answer.nearest] == ["A hall.", "One tower."]


def test_a_changed_article_is_told() -> None:
    stale = Answer("?", "en", Outcome.OUT_OF_DATE, out_of_date=("b.txt",))
    assert merged([not_found(), stale]).outcome is Outcome.OUT_OF_DATE
    both = merged([quoted(quote("One tower.", 0.9)), stale])
    assert both.answered
    assert both.out_of_date == ("b.txt",)


def test_newest_first() -> None:
    days = {"b": "2024-01-01", "a": "2024-01-01", "c": None, "d": "2025-01-01"}
    sources = [Source(f"{title}.txt", "0", title, "en", day) for title, day in days.items()]
    assert [source.title for source in newest_first(sources)] == ["d", "a", "b", "c"]
