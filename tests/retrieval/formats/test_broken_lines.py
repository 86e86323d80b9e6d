"""Which long lines of a text are one paragraph, though it is not wrapped at a width."""

from __future__ import annotations

import textwrap

import pytest

from retrieval.formats.wrapped import paragraph_spans


def flat(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in paragraph_spans(text)]


LONG = (
    "When the lifeboat came back into the harbour late on the Sunday evening, with all of its crew "
    "and the two sailors from the yacht safe on board, the whole of the village was"
)


@pytest.mark.parametrize(
    ("line", "below"),
    [
        (LONG, "down at the pier."),
        (LONG.replace("was", "stood there, cold and wet,"), "for more than two hours."),
        ("Đội bóng làng tôi đã thắng trận chung kết sau hai hiệp phụ và loạt luân lưu căng thẳng "
         "trên sân huyện vào chiều chủ nhật,", "trước gần hai nghìn khán giả."),
        (LONG.replace("the whole of the village was", "they had rowed for more than"), "5 miles."),
    ],
)  # fmt: skip
def test_a_sentence_that_its_writer_broke_in_a_long_line_is_one(line: str, below: str) -> None:
    text = f"An opening line stands here.\n\n{line}\n{below}\n\nAnd a last one."
    assert f"{line} {below}" in flat(text)


@pytest.mark.parametrize(
    ("line", "below"),
    [
        (LONG + " there.", "down at the pier."),
        (LONG, "Down at the pier."),
        (LONG + ":", "down at the pier."),
        (f"1998 {LONG}", "2003 a second boat came into the harbour of the village"),
        (LONG, "tzdata: a new release of the zones"),
        ("- " + LONG, "shall be fined."),
        ("(a)" + LONG, "shall be fined."),
        (LONG, "- down at the pier."),
    ],
)
def test_what_else_stands_below_a_long_line_is_not_joined(line: str, below: str) -> None:
    assert below in flat(f"An opening line stands here.\n\n{line}\n{below}\n\nAnd a last one.")


def test_tags_of_paragraphs_begin_paragraphs() -> None:
    text = (
        "As a committee we gave to the fund that raises the memorial at the harbour, which is to\n"
        "  be unveiled on the day of his discovery.</p>\n  <h3>Unveiling</h3>\n"
        "  <p>We were there.</p>"
    )
    assert [part.strip() for part in flat(text)][1:] == [
        "<h3>Unveiling</h3>",
        "<p>We were there.</p>",
    ]


@pytest.mark.parametrize("mark", ["[^02inleiding_11]", "[^note-of-the-editor]"])
@pytest.mark.parametrize("width", [66, 72, 78])
def test_marks_of_notes_do_not_tell_the_width(mark: str, width: int) -> None:
    """A program put them in after the text was wrapped."""
    prose = f"{LONG} At Anstruther Pier, where Anna Weiss and Bo Ray had waited. " * 3
    lines = textwrap.wrap(prose.strip(), width)
    marked = [line + mark * (number % 3 == 0) for number, line in enumerate(lines)]
    text = "\n".join(marked)
    assert flat(f"{text}\n\n{text}\n") == [" ".join(marked)] * 2
