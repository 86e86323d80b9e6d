"""Word, OpenDocument, EPUB: paragraphs, headings, tables, notes, and their limits."""

from __future__ import annotations

import pytest

from retrieval.formats import documents
from retrieval.formats.file_text import DOCUMENTS, read

from ..documents import document, zipped

ARTICLES = {
    "en": ["# The pool closes", "The council met on 4 April 2024 and voted to close the pool."],
    "de": [
        "# Das Bad schließt",
        "Der Rat tagte am 4. April 2024 & beschloss, das Bad zu schließen.",
    ],
    "vi": ["# Hồ bơi đóng cửa", "Hội đồng họp ngày 4 tháng 4 năm 2024 tại thị trấn Bắc Sơn."],
}
TABLE = [["Pool", "Adults"], ["Ashmere", "5.50"], ["Brindle", "6.20"]]


@pytest.mark.parametrize("suffix", DOCUMENTS)
@pytest.mark.parametrize("language", ARTICLES)
def test_a_document_is_its_paragraphs_headings_and_tables(suffix: str, language: str) -> None:
    blocks = ARTICLES[language]
    data = document(suffix, [*blocks, TABLE, "The end is here."], "A <title>", language)
    found = read(data, suffix)
    rows = "\n".join(" | ".join(row) for row in TABLE)
    assert found.text.split("\n\n") == [*blocks, rows, "The end is here."]
    assert (found.title, found.date, found.language) == ("A <title>", "2024-05-01", language)


@pytest.mark.parametrize("suffix", DOCUMENTS)
def test_a_table_that_is_there_for_the_layout_is_its_paragraphs(suffix: str) -> None:
    long = "The council met on Tuesday and approved the budget of the town. " * 5
    blocks = read(document(suffix, ["One.", [["Left.", long.strip()]]], "A"), suffix).text
    assert blocks.split("\n\n") == ["One.", "Left.", long.strip()]


def test_words_that_are_shown_once_stand_once_and_notes_at_the_end() -> None:
    body = (
        "<w:p><w:r><w:t>Stays</w:t></w:r><w:del><w:r><w:delText>goes</w:delText></w:r></w:del>"
        "<w:r><w:tab/><w:t>here.</w:t></w:r><AlternateContent><Choice><w:r><w:t> Shown.</w:t></w:r>"
        "</Choice><Fallback><w:r><w:t> Twice.</w:t></w:r></Fallback></AlternateContent></w:p>"
    )
    notes = (
        '<w:n xmlns:w="w"><w:footnote><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:n>'
    )
    members = {"word/document.xml": f'<w:d xmlns:w="w">{body}</w:d>', "word/footnotes.xml": notes}
    assert read(zipped(members), ".docx").text == "Stays here. Shown.\n\nA note."
    text = (
        '<o xmlns:t="t"><body><t:p>Before<t:note><t:note-citation>1</t:note-citation><t:note-body>'
        "<t:p>A note.</t:p></t:note-body></t:note>, <!-- hidden -->after.</t:p></body></o>"
    )
    assert read(zipped({"content.xml": text}), ".odt").text == "Before, after.\n\nA note."


@pytest.mark.parametrize("suffix", DOCUMENTS)
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no zip", "it is no (DOCX|ODT|EPUB), or a broken one"),
        (zipped({"a": "b"}), "or a broken one"),
        (
            zipped({"word/document.xml": "", "content.xml": "<", "META-INF/container.xml": ""}),
            "broken",
        ),
    ],
)
def test_what_is_no_document_is_named(suffix: str, data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read(data, suffix)


@pytest.mark.parametrize(
    ("suffix", "part"), [(".docx", "word/document.xml"), (".odt", "content.xml")]
)
def test_a_zip_bomb_is_not_unpacked(suffix: str, part: str) -> None:
    bomb = zipped({part: "<a>" + " " * (documents.MAX_UNPACKED + 1) + "</a>"})
    assert len(bomb) < 50_000
    with pytest.raises(ValueError, match="unpacks to more than 20 MB"):
        read(bomb, suffix)
    laughs = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><body><p>One &c;.</p></body>'
    assert "haha" not in read(zipped({"content.xml": laughs}), ".odt").text
