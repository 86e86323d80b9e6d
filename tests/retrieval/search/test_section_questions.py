"""A question that names a section by its number gets what stands below that number."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from retrieval import Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store

RULES = {
    "markdown.md": (
        "# Satzung des Kleingartenvereins Erlengrund\n\n## § 1 Name\n\nDer Verein trägt den Namen "
        "Erlengrund.\n\n## § 2 Beiträge\n\nJedes Mitglied zahlt im Januar 48 Euro.\n\n"
        "## § 3 Wasser\n\nWasser wird nach § 2 abgerechnet und im Oktober abgestellt.\n\n"
        "## § 12 Austritt\n\nWer austreten will, sagt es bis Ende Juni schriftlich.\n"
    ),
    "spanish.txt": (
        "Reglamento de la piscina de Álora\n\nArtículo 1.- La piscina abre de junio a septiembre.\n"
        "Artículo 2.- Los menores de diez años entran acompañados.\n"
        "Artículo 3.- Según el artículo 2, los perros no entran en el recinto.\n"
    ),
    "vietnamese.txt": (
        "Nội quy chợ Bắc Sơn\n\nĐiều 4\nGiờ mở cửa\n\nChợ mở cửa từ năm giờ sáng mỗi ngày.\n\n"
        "Điều 5\nVệ sinh\n\nNgười bán dọn rác trước khi ra về.\n"
    ),
    "chinese.txt": "村规公布\n\n"
    + "".join(
        f"第{number}条规定，住在{part}村的居民应当每年向村里缴纳{number}{number}元的桥费，"
        for number, part in zip(range(30, 70), "东西南北上下左右前后" * 4, strict=True)
    )
    + "违者罚款。\n",
    "japanese.txt": (
        "公園条例\n\n第五十三条　犬は綱につながなければならない。\n\n"
        "第百五条　この条例は四月一日から施行する。\n"
    ),
    "korean.txt": (
        "공원 조례\n\n제53조 개는 목줄을 매야 한다.\n\n제105조 이 조례는 사월 일일부터 시행한다.\n"
    ),
    "english.txt": (
        "Byelaws of the Mill Pond\n\nArt. 5 Fishing\n\nFishing is allowed from May to October.\n\n"
        "Art. 6 Boats\n\nNo boat with an engine may be used on the pond.\n"
    ),
}


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Library]:
    home = tmp_path_factory.mktemp("laws")
    (home / "seeds").mkdir()
    for name, text in RULES.items():
        (home / "seeds" / name).write_text(text, encoding="utf-8")
    with Library(home / "seeds", Store.open(home / "chroma"), lambda: embedder) as library:
        library.reload()
        yield library


@pytest.mark.parametrize(
    ("question", "article", "beginning"),
    [
        ("Was steht in § 2 der Satzung?", "markdown.md", "Jedes Mitglied zahlt"),
        ("§12", "markdown.md", "Wer austreten will"),
        ("What does section 12 of the allotment rules say?", "markdown.md", "Wer austreten will"),
        ("¿Qué dice el artículo 3 del reglamento?", "spanish.txt", "Artículo 3.- Según"),
        ("articulo 1", "spanish.txt", "Artículo 1.- La piscina"),
        ("Điều 5 quy định gì?", "vietnamese.txt", "Điều 5\nVệ sinh\n\nNgười bán"),
        ("第53条规定什么？", "chinese.txt", "第53条规定，"),
        ("根据第五十三条，每年应当缴纳多少桥费？", "chinese.txt", "第53条规定，"),
    ],
)
def test_what_a_section_says(laws: Library, question: str, article: str, beginning: str) -> None:
    quote = laws.ask(question).quotes[0]
    assert quote.article == article
    assert quote.text.startswith(beginning)
    assert "第54条" not in quote.text


@pytest.mark.parametrize(
    ("question", "article", "beginning"),
    [
        ("第五十三条", "japanese.txt", "第五十三条"),
        ("第105条", "japanese.txt", "第百五条"),
        ("第53条 第2項", "chinese.txt", "第53条"),
        ("第五十四条", "chinese.txt", "第54条"),
        ("제105조", "korean.txt", "제105조"),
        ("Điều 5", "vietnamese.txt", "Điều 5\nVệ sinh\n\nNgười bán"),
        ("§ 12", "markdown.md", "Wer austreten"),
        ("Art. 5", "english.txt", "Fishing is"),
        ("Art. 3", "spanish.txt", "Artículo 3"),
    ],
)
def test_nothing_but_a_section(laws: Library, question: str, article: str, beginning: str) -> None:
    quote = laws.ask(question).quotes[0]
    assert quote.article == article
    assert quote.text.startswith(beginning)
    assert quote.score > 0.5


def test_a_section_that_is_not_there_brings_no_other_for_certain(laws: Library) -> None:
    assert all(quote.score < 0.5 for quote in laws.ask("Was steht in § 77?").quotes)
