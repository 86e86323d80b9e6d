"""Running heads and numbers of pages in plain text, as programs export it page by page."""

from __future__ import annotations

import pytest

from retrieval.articles.paragraphs import paragraphs
from retrieval.models import Kind

SENTENCES = {
    "en": "The council heard the report on the pool and the library and thanked the clerk for it.",
    "de": "Der Rat hörte den Bericht über das Bad und die Bücherei und dankte dem Amt dafür.",
    "vi": "Hội đồng nghe báo cáo về hồ bơi và thư viện rồi cảm ơn thư ký đã chuẩn bị tài liệu.",
}


def pages(head: str, prose: str, foot: str = "", between: str = "\n\n", count: int = 4) -> str:
    """Pages of three paragraphs, of which the last goes on in the next one."""
    first, rest = prose[:40].rsplit(" ", 1)[0], prose[len(prose[:40].rsplit(" ", 1)[0]) + 1 :]
    parts = ["A report of the year\n\nThe year was good."]
    for number in range(1, count + 1):
        body = [prose, prose, first] if number == 1 else [rest, prose, first]
        shown = [head.format(number), *body, foot.format(number)]
        parts.append("\n\n".join(filter(None, shown)))
    return between.join([*parts, rest])


def kinds(text: str) -> dict[str, set[Kind]]:
    found: dict[str, set[Kind]] = {}
    for start, end, kind in paragraphs(text):
        found.setdefault(text[start:end], set()).add(kind)
    return found


@pytest.mark.parametrize("prose", SENTENCES.values(), ids=SENTENCES)
@pytest.mark.parametrize(
    ("head", "foot", "between"),
    [
        ("Minutes of the council meeting - page {}", "", "\n\n"),
        ("", "Page {} of 4", "\n\n"),
        ("Gemeinde Ashmere, Sitzung vom 14.05.2024 / {}", "", "\n\n"),
        ("The Council of Ashmere", "– {} –", "\n\n"),
        ("The Council of Ashmere", "", "\n\x0c"),
    ],
)
def test_what_stands_on_every_page_is_not_quoted(
    prose: str, head: str, foot: str, between: str
) -> None:
    text = pages(head, prose, foot, between)
    found = kinds(text)
    running = [line.format(number) for line in (head, foot) if line for number in range(1, 5)]
    assert all(found[line] == {Kind.FURNITURE} for line in running if line in found)
    assert sum(line in found for line in running) >= len(set(running)) - 1
    assert found[prose] == {Kind.PROSE}


@pytest.mark.parametrize(
    "line",
    ["Day {}", "Article {}", "Minutes of meeting {}", "{}. Vote on the motion", "Điều {}", "§ {}"],
)
def test_headings_that_count_are_no_running_heads(line: str) -> None:
    prose = SENTENCES["en"]
    text = "\n\n".join(["A report", *(f"{line.format(n)}\n\n{prose}" for n in range(1, 6))])
    assert all(Kind.FURNITURE not in kinds(text)[line.format(n)] for n in range(1, 6))


def test_what_is_said_again_and_again_is_quoted() -> None:
    said = "The motion was carried by all members"
    text = "\n\n".join(["A report", *(f"{SENTENCES['en']}\n\n{said}" for _ in range(5))])
    assert kinds(text)[said] == {Kind.PROSE}


@pytest.mark.parametrize(
    ("prose", "foot"),
    [
        (
            "en",
            "You receive this because you signed up at our open day.\n"
            "Unsubscribe: https://moor.us1.list-manage.com/unsubscribe?u=1\n"
            "Upper Moor Allotments, 4 Shed Lane, Moorfield MF2 9QT",
        ),
        (
            "de",
            "Sie bekommen diesen Brief, weil Sie ihn bestellt haben.\n"
            "Hier abmelden: https://verein.example/brief/abmelden/77",
        ),
    ],
)
def test_the_foot_of_a_newsletter_is_not_quoted(prose: str, foot: str) -> None:
    contact = "Write to us at https://moor.example/contact if you have a question about a plot."
    text = f"News of May\n\n{SENTENCES[prose]}\n\n{contact}\n\n--------\n{foot}\n"
    found = kinds(text)
    assert all(found[line] == {Kind.FURNITURE} for line in foot.split("\n"))
    assert found[SENTENCES[prose]] == found[contact] == {Kind.PROSE}
