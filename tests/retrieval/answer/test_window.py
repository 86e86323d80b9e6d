"""Which sentences around a passage are quoted with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from retrieval import Library
from retrieval.answer.compose import stands_alone
from retrieval.answer.window import widened
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from retrieval.models import MAX_QUOTE, Hit, Kind, Passage, Source
from retrieval.search.late_interaction import Surroundings
from tests.conftest import Folder

from ..conftest import Limits

BRIDGE = "The council met on 3 May. It had two guests. They agreed on a new bridge. Then it rained."


def quoted(
    text: str,
    found: str,
    matches: dict[str, Sequence[float]],
    question: str = "Why?",
    heading: str = "",
) -> str:
    """What is quoted of a text where sentences of it were found, by what each sentence that is
    given matches of the question's tokens; the others match nothing."""
    sentences = [part for line in text.split("\n") for part in _sentences(line)]
    spans = [(text.index(part), text.index(part) + len(part)) for part in sentences]
    count = len(next(iter(matches.values())))
    rows = [matches.get(part, [0.0] * count) for part in sentences]
    around = Surroundings(spans, np.array(rows, np.float32))
    span = text.index(found), text.index(found) + len(found)
    source = Source("a.txt", "0" * 64, "A title", "en")
    within = tuple(one for one in spans if span[0] <= one[0] and one[1] <= span[1])
    within = (span,) if found in sentences else within
    passage = Passage(source, *span, found, Kind.PROSE, within, heading)
    hit = Hit(passage, 0.5, 0.5, within[0])
    wide = widened(hit, question, text, around)
    assert (wide.rank_score, wide.score, wide.answer) == (hit.rank_score, hit.score, hit.answer)
    assert wide.passage.text == text[wide.passage.start : wide.passage.end]
    assert len(wide.passage.text) <= MAX_QUOTE
    assert set(within) <= set(wide.passage.sentences)
    return wide.passage.text


def _sentences(line: str) -> list[str]:
    line = line.strip()
    if not line or line.startswith(("#", "|-", "---")):
        return []
    parts = line.split(". ")
    return [part + "." for part in parts[:-1]] + parts[-1:]


def test_a_date_that_stands_two_sentences_before_is_quoted() -> None:
    found = "They agreed on a new bridge."
    matches = {found: [0.4, 0.1], "The council met on 3 May.": [0.1, 0.3]}
    assert quoted(BRIDGE, found, matches) == (
        "The council met on 3 May. It had two guests. They agreed on a new bridge."
    )


def test_a_passage_that_has_it_all_is_quoted_alone() -> None:
    found = "They agreed on a new bridge."
    matches = {found: [0.4, 0.3], "The council met on 3 May.": [0.4, 0.3]}
    assert quoted(BRIDGE, found, matches) == found


def test_the_next_paragraph_may_be_quoted_too() -> None:
    text = "The club elected its board.\n\nThe chair is Anna Le.\n\nLunch was served."
    matches = {"The club elected its board.": [0.4, 0.0], "The chair is Anna Le.": [0.0, 0.4]}
    assert quoted(text, "The club elected its board.", matches) == (
        "The club elected its board.\n\nThe chair is Anna Le."
    )


@pytest.mark.parametrize("between", ["# A heading", "Photo: somebody"])
def test_what_stands_behind_a_heading_or_furniture_is_not_quoted_with_it(between: str) -> None:
    text = f"The club elected its board.\n{between}\nThe chair is Anna Le."
    spans = [(0, 27), (text.index("The chair"), len(text))]
    around = Surroundings(spans, np.eye(2, dtype=np.float32))
    passage = Passage(Source("a.txt", "", "T", "en"), 0, 27, text[:27], Kind.PROSE, (spans[0],))
    hit = Hit(passage, 0.5, 0.5, spans[0])
    assert widened(hit, "Who?", text, around) is hit


def test_no_quote_is_longer_than_a_quote_may_be() -> None:
    long = "It " + "rained " * 60 + "then."
    text = f"The fair was on 3 May. {long} The winner was Anna Le."
    found = "The winner was Anna Le."
    matches = {"The fair was on 3 May.": [0.4, 0.0], found: [0.0, 0.4]}
    assert len(text) < MAX_QUOTE
    assert quoted(text, found, matches) == text
    text = text.replace("rained", "rained hard")
    assert quoted(text, found, matches) == found


def test_a_list_follows_the_words_that_lead_to_it() -> None:
    text = "Members get these things:\n- a card\n- a key to the boat house"
    matches = {"Members get these things:": [0.4]}
    assert quoted(text, "Members get these things:", matches) == text
    text += "\n\nGuests pay at the door."
    assert quoted(text, "Members get these things:", matches) == text[: text.index("\n\n")]
    found = "Members get these things:\n- a card"  # Short items may stand in the same passage.
    assert quoted(text, found, matches) == text[: text.index("\n\n")]
    text = "Members get these things:\nA card.\nA key."
    assert quoted(text, "Members get these things:", matches) == text[: text.index("\nA key")]


@pytest.mark.parametrize(
    ("lead", "items", "below"),
    [
        ("Wer in die Sauna will, braucht:", ["- ein Tuch", "- ein Schloss"], "Hunde bleiben da."),
        ("Para entrar se necesita:", ["1) una toalla", "2) un candado"], "## Horarios"),
        ("The board agreed", ["  - to buy a boat", "  - to sell a car"], "It met again."),
    ],
)
def test_an_item_is_quoted_with_the_whole_of_its_list_if_there_is_room(
    lead: str, items: list[str], below: str
) -> None:
    a_list = "\n".join([lead, *items])
    for found in items:
        matches = {found.strip(): [0.4]}
        assert quoted(f"{a_list}\n\n{below}", found.strip(), matches, heading=lead) == a_list
    # Of a list that has no room a part would be at random.
    more = "\n".join(f"{items[0]}, {'rows ' * 30}" for _ in range(4))
    text = f"{a_list}\n{more}\n\n{below}"
    assert quoted(text, items[0].strip(), {items[0].strip(): [0.4]}, heading=lead) == (
        f"{lead}\n{items[0]}"
    )


@pytest.mark.parametrize(
    ("above", "a_list", "below"),
    [
        ("", "- two oars of ash\n  - one long\n  - one short", "\n- a key to the hut"),
        ("- Tea\n", "- In the boat are:\n  - two oars\n  - a rope", "\n- In the hut is a bed"),
        ("- Boat\n\n", "  It has:\n  - two oars\n  - a rope", "\n- Hut"),
        ("", "1) It has:\n- two oars\n- a rope", "\n2) It needs:\n- paint"),
        ("", "The boat has:\n\n- two oars\n- a rope", "\n\n> It is old."),
        ("", "To make it, run:\n\n* setup\n* build", "\n\n```\nbuild\n```"),
    ],
)
def test_a_list_ends_where_its_items_do(above: str, a_list: str, below: str) -> None:
    text, (lead, *items) = above + a_list + below, filter(None, a_list.split("\n"))
    lead = lead.strip()
    assert quoted(text, lead, {lead: [0.4]}) == a_list.strip()
    for item in map(str.strip, items):
        assert quoted(text, item, {item: [0.4]}, heading=lead) == a_list.strip()


@pytest.mark.parametrize(("lead", "match"), [("The fees are:", 0.0), ("The fees rise.", 0.4)])
@pytest.mark.parametrize("rows", ["|---|---|\n| Adults | 4 |\n| Babies | 0 |", "| Adults | 4 |"])
def test_no_quote_ends_in_the_head_of_a_table(lead: str, match: float, rows: str) -> None:
    head, found = "| Who | Fee |", {lead: [0.4, 0.0]}
    text = f"{lead}\n\n{head}\n{rows}\n\nThe end."
    assert quoted(text, lead, found | {head: [0.0, match]}) == f"{lead}\n\n{head}\n{rows}"


def test_a_row_is_quoted_with_what_stands_above_the_line_below_the_head() -> None:
    text = "The fees rise.\n\n| Who | Fee |\n|---|---|\n| Adults | 4 |\n| Children | 2 |"
    found = "The fees rise."
    assert quoted(text, found, {found: [0.4, 0.0], "| Adults | 4 |": [0.0, 0.4]}) == (
        "The fees rise.\n\n| Who | Fee |\n|---|---|\n| Adults | 4 |"
    )
    rule = "The fees rise.\n---\nThe pool is open."
    assert quoted(rule, found, {found: [0.4, 0.0], "The pool is open.": [0.0, 0.4]}) == found


def test_a_line_is_quoted_with_what_is_indented_below_it() -> None:
    text = (
        "- Award Nominations #1601\n    - Closed. Told in May\n    - By email\n- Audit owners #1591"
    )
    item = "- Award Nominations #1601"
    assert quoted(text, item, {item: [0.4]}) == text[: text.index("\n- Audit")]
    assert quoted(text, "- Audit owners #1591", {"- Audit owners #1591": [0.4]}) == (
        "- Audit owners #1591"
    )


def test_what_a_line_leads_to_goes_before_what_stands_above_it() -> None:
    above, item = "The board met, and " + "talked, " * 40 + "on Monday.", "- The prize of the year"
    text = f"{above}\n{item}\n    - It goes to Anna Le, who {'rows ' * 20}"
    assert len(text) > MAX_QUOTE
    matches = {item: [0.4, 0.0], above: [0.0, 0.4]}
    assert quoted(text, item, matches) == text[len(above) + 1 :].rstrip()


def test_a_label_is_quoted_with_what_follows_it() -> None:
    text = "Office of the town council\nIt is open on Mondays. Ring twice."
    matches = {"Office of the town council": [0.4]}
    assert quoted(text, "Office of the town council", matches) == (
        "Office of the town council\nIt is open on Mondays."
    )


def test_a_heading_is_quoted_for_a_word_of_the_question_that_is_lacking() -> None:
    text = "Intro.\n\n## Loss of citizenship\n\nA person who marries keeps it. So do children."
    found = "A person who marries keeps it."
    matches = {found: [0.4]}
    assert quoted(text, found, matches, "What does citizenship need?") == (
        "## Loss of citizenship\n\nA person who marries keeps it."
    )
    assert quoted(text, found, matches, "Does a person keep the loss?") == (
        "## Loss of citizenship\n\nA person who marries keeps it."
    )
    assert quoted(text, found, matches, "Who marries?") == found


@pytest.mark.parametrize(
    ("text", "kind", "alone"),
    [
        ("Opening hours of the bridge", Kind.PROSE, True),
        ("The mayor at the bridge (Photo: VNA)", Kind.CAPTION, True),
        ("The bridge opens at nine.", Kind.PROSE, False),
        ("Population - total: 441,000", Kind.PROSE, False),
        ("- a key to the boat house", Kind.PROSE, False),
        ("ประเทศไทยมีสะพานใหม่", Kind.PROSE, False),
    ],
)
def test_what_says_nothing_alone(text: str, kind: Kind, alone: bool) -> None:
    source, span = Source("a.txt", "0" * 64, "A title", "en"), (0, len(text))
    assert stands_alone(Passage(source, *span, text, kind, (span,))) is alone


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("5. Date of next meeting", "5. Date of next meeting\n"),
        ("§ 2 The next meeting", "§ 2\nThe next meeting\n\n"),
    ],
)
def test_a_heading_that_has_only_its_shape_is_quoted_for_a_word_of_the_question(
    heading: str, words: str
) -> None:
    day = "Tuesday 11 June 2024."
    text = f"It was noted.\n{words}{day}"
    found = {day: [0.5]}
    assert quoted(text, day, found, "When was the meeting?", heading) == words + day
    assert quoted(text, day, found, "On which day?", heading) == day
    assert quoted(text, day, found, "When was the meeting?", "4. Any other meeting") == day


def test_a_line_that_is_too_long_is_no_heading() -> None:
    heading = "The next meeting"
    day = "Tuesday 11 June 2024."
    text = f"It was noted.\n{'*' * 500}{heading}{'*' * 500}\n{day}"
    assert quoted(text, day, {day: [0.5]}, "When was the meeting?", heading) == day


ARTICLE = """# The boat club

The club was founded in 1921 by four teachers of the grammar school, who had rowed together.

In spring members get the following things from the steward of the boat house:

- a card with a photograph
- a key to the boat house by the river

Photo: somebody

Every summer the club invites everyone in town to a regatta with music, cake and lanterns.
"""


@pytest.mark.parametrize("exact", [0, 20_000])
def test_a_list_that_a_passage_leads_to_is_quoted_from_an_index(
    folder: Folder,
    store: Store,
    embedder: Embedder,
    limits: Limits,
    exact: int,
) -> None:
    limits(exact, 200)
    seeds = folder({"club.md": ARTICLE, "other.txt": "The bakery sells bread every working day."})
    with Library(seeds, store, lambda: embedder) as library:
        library.reload()
        quote = library.ask("What do members get from the steward of the boat house?").quotes[0]
        assert quote.text.startswith("In spring members get")
        assert "\n\n- a card with a photograph" in quote.text
        assert "Photo:" not in quote.text
        assert ARTICLE[quote.start : quote.end] == quote.text
        around = library.context(quote)
        assert around
        assert around.lead + around.quote.text + around.rest in ARTICLE
        assert around.before.startswith("The club was founded")
        assert around.rest == "" or not quote.text.endswith(around.rest)
        seen = library.more("What do members get from the steward?", [quote]).quotes
        assert all(q.end <= quote.start or quote.end <= q.start for q in seen
                   if q.article == quote.article)  # fmt: skip
