"""What a question has found; and a hit → the run of sentences around it that answers best."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np

from ..articles.lists import ListLine
from ..articles.paragraphs import MAX_HEADING, is_label
from ..articles.plain_view import plain_line
from ..articles.tables import is_row, is_rule, table_head
from ..errors import StoreError
from ..formats.lines import LIST_MARKS, ends_sentence, indented_line
from ..languages.sections import section_at_start
from ..languages.terms import folded_words
from ..models import MAX_QUOTE, Answer, Hit, Kind, Passage, Span
from ..quotes.quoting import ReadArticle, indexed_content, verified_answer
from ..search.late_interaction import Surroundings
from ..search.searcher import Searcher
from ..search.synonyms import ExpandedQuery
from ..search.weights import ANSWER

MAX_HEADING_LINES = 2
"""A heading that nothing but its shape makes one has no more."""

_ITEM_MARKS = {*LIST_MARKS, "1", "a"}
_HEADING = re.compile(r"#{1,6}\s")
_NEXT_LINE = re.compile(r"\s*\n([^\S\n]*)(?=\S)")


class Found:
    """The `hits` of a `query`, best first, with the articles that they are of. Each article's file
    is read once, and each hit widened once."""

    def __init__(
        self,
        folder: Path,
        searcher: Searcher,
        query: ExpandedQuery,
        hits: Sequence[Hit],
        follows: str | None = None,
    ) -> None:
        """`searcher` has searched for `query` in the articles of a folder; `follows` is the
        question that it goes on from."""
        self.query, self.hits = query, hits
        self._follows, self._indexed_on = follows, searcher.indexed_on
        self._read = cache(partial(indexed_content, folder))
        # No method of its own: in a circle the files' texts would wait for the garbage collector.
        self.widened = cache(partial(widened_in, self._read, searcher, query))

    def checked(self, answer: Answer) -> Answer:
        """Return an answer of these hits, without the quotes that the files no longer hold."""
        answer = verified_answer(answer, self._read)
        return replace(answer, follows=self._follows, indexed_on=self._indexed_on)


def widened_in(read: ReadArticle, searcher: Searcher, query: ExpandedQuery, hit: Hit) -> Hit:
    """Return a hit of a search widened by what its article holds (see `widened`); as it is if the
    article is no longer there, in its folder or the index, as it was when indexed."""
    passage = hit.passage
    content = read(passage.source.path, passage.source.sha256)
    if content is None or not content.text.startswith(passage.text, passage.start):
        return hit
    try:
        around = searcher.surroundings(query, hit)
    except StoreError:
        return hit
    return widened(hit, query.text, content.text, around)


def widened(hit: Hit, question: str, text: str, around: Surroundings) -> Hit:
    """Return the hit with its passage and what belongs to it, at most `MAX_QUOTE` characters.

    Sentences before and after the passage, of its paragraph or of those next to it, are taken as
    far as they match tokens of the question better than the passage does. Before that are taken
    what a passage leads to ("… as follows:", a line with others indented below it) and, if it is an
    item of a list, what leads to it, with all of the list if there is room; after it the heading
    right above, for a word of the question that the run lacks.

    Args:
        hit: the hit.
        question: the question, as it was searched for.
        text: the text of the hit's article.
        around: the sentences around the passage, and its own.
    """
    spans, (start, end) = around.sentences, (hit.passage.start, hit.passage.end)
    first = next(n for n, span in enumerate(spans) if span[0] == start)
    last = next(n for n, span in enumerate(spans) if span[1] == end)
    # What belongs to it comes first: what else stands around it would take the room.
    lead = _led_from(text, spans, first, last, hit.passage)
    for number in range(lead, last):  # The passage itself may begin with what leads to its items.
        end = _led_to(text, spans, number, number)
        if end > last and _is_whole(text, spans, number, end):
            last = end
    first = lead
    last = _led_to(text, spans, first, last)
    first, last = _best_run(text, around, first, last)
    last = _led_to(text, spans, first, last)
    run = list(spans[first : last + 1])
    if heading := _heading(question, text, run, hit.passage):
        run.insert(0, heading)
    start, end = run[0][0], run[-1][1]
    if len(run) == len(hit.passage.sentences):
        return hit
    source = hit.passage.source
    return replace(
        hit, passage=Passage(source, start, end, text[start:end], Kind.PROSE, tuple(run))
    )


def _best_run(text: str, around: Surroundings, first: int, last: int) -> Span:
    """The numbers of the first and last sentence of the run that matches best for its length, among
    those that hold the sentences from `first` to `last`."""
    spans = around.sentences
    firsts = _reach(text, spans, last, range(first, -1, -1))
    lasts = _reach(text, spans, first, range(last, len(spans)))
    before = np.maximum.accumulate(around.matches[firsts], axis=0)
    after = np.maximum.accumulate(around.matches[lasts], axis=0)
    within = around.matches[first : last + 1].max(axis=0)
    best, run = -np.inf, (first, last)
    for begin, matches in zip(firsts, np.maximum(before, within), strict=True):
        for finish, maxsim in zip(lasts, np.maximum(after, matches).sum(axis=1), strict=True):
            length = spans[finish][1] - spans[begin][0]
            worth = float(maxsim) - ANSWER.length_cost * length / 100
            if length <= MAX_QUOTE and worth > best:
                best, run = worth, (begin, finish)
    return run


def _reach(text: str, spans: Sequence[Span], end: int, numbers: range) -> list[int]:
    """Those of these numbers of sentences, one beside the other, up to which a quote from or to
    sentence `end` can go: it has room, and no heading or furniture of the page stands between (a
    line drawn between the rows of a table is none), nor does a section of a law begin there."""
    reached = [numbers[0]]
    for number in numbers[1:]:
        low, high = sorted((reached[-1], number))
        between = text[spans[low][1] : spans[high][0]].strip()
        if is_rule(between) and is_row(text, *spans[low]) and is_row(text, *spans[high]):
            between = ""
        outer = sorted((end, number))
        length = spans[outer[1]][1] - spans[outer[0]][0]
        if between or length > MAX_QUOTE or section_at_start(text[slice(*spans[high])]):
            break
        reached.append(number)
    return reached


def _led_from(text: str, spans: Sequence[Span], first: int, last: int, passage: Passage) -> int:
    """The number of the sentence that leads to the list of which a passage is an item, if there is
    room for all between; else `first`."""
    lead = passage.heading.rpartition("\n")[2]
    for number in _reach(text, spans, last, range(first, -1, -1))[1:] if lead else ():
        if plain_line(text[slice(*spans[number])], passage.source.path) == lead:
            return number
    return first


def _led_to(text: str, spans: Sequence[Span], first: int, last: int) -> int:
    """The number of the last sentence of what a run leads to, as far as there is room: the next
    sentence, and if it is an item of a list or a row of a table the rest of this."""
    if not (_leads_on(text, spans[first : last + 1]) or _is_head(text, spans, last)):
        return last
    lead, follows = last, _reach(text, spans, first, range(last, len(spans)))[1:]
    for number in follows:
        if not _is_in_list(text, spans, lead, spans[number][0]):
            return max(last, follows[0])
        last = number
    return last


def _is_head(text: str, spans: Sequence[Span], number: int) -> bool:
    """Whether a sentence is the first row of a table that goes on below it."""
    rows = spans[number : number + 2]
    is_table = len(rows) == 2 and all(is_row(text, *row) for row in rows)
    return is_table and table_head(text, rows[0][0]) is None and bool(table_head(text, rows[1][0]))


def _is_whole(text: str, spans: Sequence[Span], lead: int, last: int) -> bool:
    """Whether the list or table that a sentence leads to ends with another one: no item or row
    stands below it."""
    below = _NEXT_LINE.match(text, spans[last][1])
    return below is None or not _is_in_list(text, spans, lead, below.end())


def _is_in_list(text: str, spans: Sequence[Span], lead: int, start: int) -> bool:
    """Whether the line with an offset is of the list that a sentence leads to: it is indented below
    that one's line or, behind a colon, an item, but none of a list that the sentence is in. If what
    it leads to is a table, the line is a row."""
    end = spans[lead][1]
    if is_row(text, *spans[lead + 1]):
        return is_row(text, start, len(text))
    above, item, line = (ListLine.at(text, at) for at in (end - 1, spans[lead + 1][0], start))
    if line.indent > above.indent or not text.endswith(":", 0, end):
        return line.indent > above.indent
    is_item = line.mark in _ITEM_MARKS or line.mark == item.mark != ""
    is_outside = line == above != item or line.indent < min(above.indent, item.indent)
    return is_item and not is_outside


def _leads_on(text: str, run: Sequence[Span]) -> bool:
    """Whether what a run says stands in what follows: it ends in a colon, is a label, or ends no
    sentence and the next line is indented below its last one."""
    start, end = run[-1]
    words = text[start:end]
    if words.endswith(":") or (len(run) == 1 and is_label(words)):
        return True
    following = _NEXT_LINE.match(text, end)
    if following is None or ends_sentence(words):
        return False
    return len(following[1]) > indented_line(text, end)[1]


def _heading(question: str, text: str, run: Sequence[Span], passage: Passage) -> Span | None:
    """The heading right above a run, if it has a word of the question that the run lacks."""
    start, end = run[0][0], run[-1][1]
    begin, _ = indented_line(text, above := len(text[:start].rstrip()))
    is_marked = "\n" in text[above:start] and _HEADING.match(text, begin)
    heading = (begin, above) if is_marked else _shaped_heading(text, start, passage)
    if heading is None or end - heading[0] > MAX_QUOTE:
        return None
    question_words = {word for word in folded_words(question) if len(word) >= ANSWER.heading_word}
    missing_words = question_words.difference(folded_words(text[start:end]))
    return heading if missing_words.intersection(folded_words(text[slice(*heading)])) else None


def _shaped_heading(text: str, start: int, passage: Passage) -> Span | None:
    """The line or two right above an offset that a passage has for its heading, if nothing but
    their shape says that they are one."""
    words = passage.heading.partition("\n")[0]
    end = begin = len(text[:start].rstrip())
    for _ in range(MAX_HEADING_LINES if words else 0):
        begin, _ = indented_line(text, len(text[:begin].rstrip()))
        if end - begin > 2 * MAX_HEADING:  # With its markup, which is no word of it.
            return None
        if plain_line(text[begin:end], passage.source.path).strip("#*_ ") == words:
            return begin, end
    return None
