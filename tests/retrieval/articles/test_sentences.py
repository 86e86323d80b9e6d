"""Where a sentence ends, and where only an abbreviation does."""

from __future__ import annotations

import pytest

from retrieval.articles.sentences import sentences


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "vi",
            "Hội nghị diễn ra tại TP. Hồ Chí Minh. Chủ trì là PGS.TS. Lê Văn An. Mọi người ra về.",
            [
                "Hội nghị diễn ra tại TP. Hồ Chí Minh.",
                "Chủ trì là PGS.TS. Lê Văn An.",
                "Mọi người ra về.",
            ],
        ),
        ("vi", "Dân số ở TPHCM. Ông Nam nói.", ["Dân số ở TPHCM.", "Ông Nam nói."]),
        ("de", "Die Fa. Huber kam. Sie ging.", ["Die Fa. Huber kam.", "Sie ging."]),
        ("es", "Abrió D. Juan Gil. Cerró Ana.", ["Abrió D. Juan Gil.", "Cerró Ana."]),
        (
            "en",
            "It took approx. 3 hours. Then it ended.",
            ["It took approx. 3 hours.", "Then it ended."],
        ),
        ("en", "1. The pier closes. Why?", ["1. The pier closes.", "Why?"]),
        ("es", "- 2.1. El muelle se cierra. No.", ["- 2.1. El muelle se cierra.", "No."]),
        ("vi", "IV. Cầu cảng đóng cửa. 5.", ["IV. Cầu cảng đóng cửa.", "5."]),
        ("en", "We were 5. The pier closes.", ["We were 5.", "The pier closes."]),
    ],
)
def test_an_abbreviation_ends_no_sentence(language: str, text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text, 0, len(text), language)] == expected
