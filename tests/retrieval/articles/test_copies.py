"""The same article in several files is one; what only resembles it is another."""

# ruff: noqa: E501 (texts)
from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from retrieval.articles.copies import address_key
from retrieval.articles.file_reader import FileReader, FileToRead, ParsedFile
from retrieval.articles.scan import scan
from retrieval.reports import Failure
from tests.conftest import Folder

ARTICLES = {
    "en": "The council of Rowanby met on 4 April 2024 and voted to close the outdoor pool.\n\n"
    "Councillor Dean Askew said the pool had lost 90,000 pounds a year, and more to come.\n\n"
    "A petition with 2,100 names was handed over by pupils of the school before the vote.\n",
    "es": "El pleno de Álora se reunió el 4 de abril de 2024 y acordó cerrar la piscina municipal.\n\n"
    "La concejala Inés Núñez dijo que la piscina perdía 90.000 euros al año desde 2021.\n\n"
    "Los alumnos del colegio entregaron antes de la votación una petición con 2.100 firmas.\n",
    "vi": "Hội đồng nhân dân Bắc Sơn đã họp ngày 4 tháng 4 năm 2024 và quyết định đóng cửa hồ bơi.\n\n"
    "Ông Nguyễn Văn An cho biết hồ bơi lỗ chín mươi triệu đồng mỗi năm kể từ năm 2021.\n\n"
    "Học sinh trường tiểu học đã nộp bản kiến nghị với hai nghìn chữ ký trước cuộc bỏ phiếu.\n",
}


def front(url: str = "", title: str = "Pool") -> str:
    return f"---\ntitle: {title}\nurl: {url}\n---\n\n" if url else f"---\ntitle: {title}\n---\n\n"


@pytest.mark.parametrize("text", ARTICLES.values(), ids=ARTICLES.keys())
def test_one_article_under_several_addresses(folder: Folder, text: str) -> None:
    other = "The tram opened on Sunday, and many people came to see it leave for the first time."
    files = {
        "a-amp.md": front("https://www.n.example/amp/pool", "Pool | News") + text + "\nShare it.\n",
        "b-1.md": front("https://n.example/pool?utm_source=mail&fbclid=X") + text,
        "c.md": front("https://n.example/pool") + text,
        "d-again.txt": "Breaking news\n\n" + text,
        "e.txt": other,
    }  # fmt: skip
    found = scan(folder(files))
    assert [article.source.path for article in found.articles] == ["c.md", "e.txt"]
    assert {failure.article: failure.reason for failure in found.failed} == dict.fromkeys(
        ("a-amp.md", "b-1.md", "d-again.txt"), "it is the same article as c.md"
    )


@pytest.mark.parametrize("text", ARTICLES.values(), ids=ARTICLES.keys())
def test_another_head_or_foot_makes_no_other_article(folder: Folder, text: str) -> None:
    found = scan(folder({"a.md": front() + text, "b.md": front(title="B") + text + "\nThanks.\n"}))
    assert [failure.reason for failure in found.failed] == ["it is the same article as a.md"]


def test_bulletins_of_one_pattern_are_several_articles(folder: Folder) -> None:
    numbered = {f"{n}.md": front(title=f"Release 10.{n}") + ARTICLES["en"] for n in (3, 4)}
    assert not scan(
        folder({name: f"{text}\nIt mends {name}.\n" for name, text in numbered.items()})
    ).failed
    again = front(title="Release 10.4 | News") + ARTICLES["en"]
    assert [failure.article for failure in scan(folder({"5.md": again})).failed] == ["5.md"]


@pytest.mark.parametrize(
    ("titles", "are_one"),
    [
        (("Debian 10: 10.10 released", "Debian 10: 10.4 released"), False),
        (("Council on 5 April", "Council on 05.04.2024"), True),
        (("1,000 homes for Elden", "1000 homes for Elden"), True),
    ],
)
def test_numbers_are_compared_where_they_stand(
    folder: Folder, titles: tuple[str, str], are_one: bool
) -> None:
    files = {f"{n}.md": front(title=title) + ARTICLES["en"] for n, title in enumerate(titles)}
    assert bool(scan(folder(files)).failed) is are_one


def test_it_is_found_beside_what_has_not_changed(folder: Folder) -> None:
    text = ARTICLES["en"]
    known = {a.source.path: a.source for a in scan(folder({"b.md": front() + text})).articles}
    found = scan(folder({"a.md": front(title="A") + text}), known)
    assert (found.articles[0].source.path, found.unchanged) == ("a.md", ())
    known = {"a.md": found.articles[0].source}
    found = scan(folder({}), known)
    assert (found.files, found.unchanged) == ((), ("a.md",))
    assert [failure.article for failure in found.failed] == ["b.md"]


def test_what_was_compared_before_is_not_read_again(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = list[str]()
    parse = FileReader.parse

    def noted(
        reader: FileReader, files: Sequence[FileToRead], *, whole: bool = False
    ) -> Iterator[ParsedFile | Failure]:
        read.extend(file.path for file in files)
        return parse(reader, files, whole=whole)

    opening = "The council of Rowanby met in its town hall, with the mayor in the chair. " * 5
    files = {
        f"{n}.md": f"{front()}{opening}\n\nIt spoke of matter {n} alone, for {n} hours that day.\n\n"
        f"The {n} members went home at {n} o'clock, and the mayor with them.\n"
        for n in range(4)
    }
    known = {a.source.path: a.source for a in scan(folder(files)).articles}
    assert len(known) == 4
    monkeypatch.setattr(FileReader, "parse", noted)
    assert len(scan(folder({"5.txt": "The tram opened on Sunday.\n"}), known).unchanged) == 4
    assert read == ["5.txt"]


@pytest.mark.parametrize("text", ARTICLES.values(), ids=ARTICLES.keys())
def test_copies_are_found_beside_another_that_begins_alike(folder: Folder, text: str) -> None:
    opening = text.partition("\n")[0] * 5
    other = f"{opening}\n\nIt spoke of the harbour alone, and of nothing else on that long day.\n"
    copied = f"{opening}\n\n{text}"
    home = folder({"a.md": front() + other, "b.md": front(title="B") + copied})
    known = {a.source.path: a.source for a in scan(home).articles}
    assert set(known) == {"a.md", "b.md"}
    folder({f"{name}.md": front(title=name) + copied for name in "cd"})
    for earlier in ({}, known):
        assert [(failure.article, failure.reason) for failure in scan(home, earlier).failed] == [
            ("c.md", "it is the same article as b.md"), ("d.md", "it is the same article as b.md"),
        ]  # fmt: skip
    (home / "b.md").unlink()
    found = scan(home, known)
    assert [failure.article for failure in found.failed] == ["d.md"]
    assert "c.md" in [article.source.path for article in found.articles]


def test_what_shares_an_address_or_an_opening_may_be_another(folder: Folder) -> None:
    opening = (
        "The council of Rowanby met in the town hall of Rowanby, with the mayor in the chair. "
    )
    files = {
        f"{n}.md": front("https://n.example/all") + opening * 5 + f"\n\nIt spoke of matter {n}{n}{n}, and "
        f"nothing else, for {n} hours.\n\nThe {n} members went home at {n} o'clock that day.\n"
        for n in (2, 3)
    }  # fmt: skip
    assert not scan(folder(files)).failed


@pytest.mark.parametrize(
    "url",
    [
        "https://n.example/pool?utm_source=rss&utm_medium=feed", "https://www.n.example/pool/",
        "https://m.n.example/pool?fbclid=1", "https://n.example/amp/pool", "https://n.example/pool/amp/",
        "http://n.example/pool?amp=1#top",
    ],
)  # fmt: skip
def test_addresses_of_one_page(url: str) -> None:
    assert address_key(url) == address_key("https://n.example/pool")
    assert address_key(url) != address_key("https://n.example/pool?id=2")
