"""What is read out of a file, and what is said of one that cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from retrieval.articles.scan import scan
from retrieval.errors import CorpusError, Trouble
from retrieval.models import Article
from retrieval.reports import Note
from tests.conftest import SEEDS, Folder

PROSE = "The council met on Tuesday and approved the budget for the coming year."


def only(folder: Folder, content: str, name: str = "a.txt", sources: str = "") -> Article:
    found = scan(folder({name: content, "sources.toml": sources}))
    assert not found.failed
    return found.articles[0]


def test_the_five_seeds() -> None:
    found = scan(SEEDS)
    assert not found.failed
    assert [a.source.language for a in found.articles] == ["en", "de", "en", "es", "en"]
    dates = [a.source.date for a in found.articles]
    assert dates == [None, None, None, None, "2022-12-29"]
    assert [bool(a.source.url) for a in found.articles] == [True, True, True, False, True]
    titles = [a.source.title for a in found.articles]
    assert titles[2] == "National conference on office work of Provincial and City Party Committees"
    assert titles[4] == "National teleconference announces Party building tasks for 2023"
    assert all(len(title) <= 102 for title in titles)


def test_front_matter_goes_before_sources_and_text(folder: Folder) -> None:
    text = (
        f"---\ntitle: Own\ndate: 2024-05-01\nurl: https://own.example/a\n---\n# Heading\n\n{PROSE}"
    )
    sources = '["a.md"]\ntitle = "Listed"\ndate = "2020-01-01"\nurl = "https://listed.example"\n'
    source = only(folder, text, "a.md", sources).source
    assert (source.title, source.date, source.url) == ("Own", "2024-05-01", "https://own.example/a")


def test_sources_go_before_the_text(folder: Folder) -> None:
    text = f"date 2019-03-02 A heading\n{PROSE}\nSource: https://text.example/a"
    sources = (
        '["a.txt"]\ntitle = "Listed"\ndate = 2020-01-01\nlanguage = "fr"\n'
        'url = "https://listed.example"\n'
    )
    source = only(folder, text, sources=sources).source
    assert (source.title, source.date) == ("Listed", "2020-01-01")
    assert (source.url, source.language) == ("https://listed.example", "fr")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"# The heading #\n\n{PROSE}", "The heading"),
        (f"A first line without a stop\n{PROSE}", "A first line without a stop"),
        (f"{PROSE} More.", f"{PROSE} More."),
        (f"date 2019-03-02 A heading\n{PROSE}", "A heading"),
        ("word " * 60 + "end.", "word " * 18 + "word …"),
    ],
)
def test_title_from_the_text(folder: Folder, text: str, title: str) -> None:
    assert only(folder, text).source.title == title


@pytest.mark.parametrize("mark", ["Source", "Quelle", "Fuente", "Nguồn"])
def test_address_from_a_source_line(folder: Folder, mark: str) -> None:
    article = only(folder, f"{PROSE}\n{mark}: https://news.example/2021/03/04/council.html")
    assert article.source.url == "https://news.example/2021/03/04/council.html"
    assert article.source.date == "2021-03-04"


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("_posts/2021-03-04-puente.md", "2021-03-04"),
        ("2021-03-04-die-bruecke/index.md", "2021-03-04"),
        ("Protokoll_20210304.txt", "2021-03-04"),
        ("2021_03_04_rat.md", "2021-03-04"),
        ("rat-04.03.2021.txt", "2021-03-04"),
        ("2021-03-04-rat/index.de.md", "2021-03-04"),
        ("rat-04-03-2021.txt", None),
        ("2024-01-01-export/bridge.md", None),
        ("2021-13-04-puente.md", None),
        ("minutes-2021-03-045.md", None),
    ],
)
def test_a_day_in_the_name_of_a_file(folder: Folder, name: str, date: str | None) -> None:
    assert only(folder, PROSE, name).source.date == date
    stated = only(folder, f"---\ndate: 2020-02-02\n---\n{PROSE}", name)
    assert stated.source.date == "2020-02-02"


@pytest.mark.parametrize(
    ("front", "date"),
    [
        ('+++\ntitle = "A"\npath = "2021/03/04/puente"\n+++', "2021-03-04"),
        ("---\npermalink: /2021/03/04/puente.html\n---", "2021-03-04"),
        ("---\nslug: 2021-03-04-puente\n---", "2021-03-04"),
        ("---\ndate: 2020-02-02\npermalink: /2021/03/04/puente.html\n---", "2020-02-02"),
        ('+++\ntitle = "A"\npath = "2021/03/puente"\n+++', None),
        ("---\npermalink: /blog/:year/:month/:day/:title/\n---", None),
    ],
)
def test_a_day_in_the_path_that_front_matter_gives(
    folder: Folder, front: str, date: str | None
) -> None:
    assert only(folder, f"{front}\n{PROSE}", "a.md").source.date == date


@pytest.mark.parametrize(
    ("line", "url"),
    [
        ("Theo VnExpress: https://news.example/a", "https://news.example/a"),
        ("Source: [The Post](https://news.example/a)", "https://news.example/a"),
        ("Quelle: https://news.example/plan.pdf", "https://news.example/plan.pdf"),
        ("Fuente: https://example.ai", "https://example.ai"),
        ("Source code: https://code.example/a", None),
        ("Fuente: https://news.example/v1.tar.gz", None),
        ("Quelle: https://bilder.example/karte.png?w=600", None),
    ],
)
def test_what_names_the_source_of_a_text(folder: Folder, line: str, url: str | None) -> None:
    assert only(folder, f"{PROSE}\n\n{PROSE}\n\n{line}", "a.md").source.url == url
    amid = "\n\n".join([PROSE] * 3 + [line] + [PROSE] * 3)
    assert only(folder, amid, "a.md").source.url is None


def test_whether_an_address_is_that_of_an_original(folder: Folder) -> None:
    assert [a.source.original for a in scan(SEEDS).articles] == [False, True, False, False, False]
    line = f"{PROSE}\nSource: https://news.example/a"
    address = 'url = "https://own.example/a"'

    def original(text: str, said: str = "") -> bool:
        return only(folder, text, "a.md", f'["a.md"]\n{said}\n').source.original

    assert not original(PROSE)
    assert not original(PROSE, "original = true")  # Of what, nobody knows.
    assert not original(line, address)
    assert original(line, f"{address}\noriginal = true")
    assert original(f"---\noriginal: true\n---\n{PROSE}", address)
    # What the text names is what it was made from, unless somebody knows better.
    assert original(line)
    assert not original(line, "original = false")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://user:pass@news.example/",
        "ftp://news.example/a",
        "https://",
        "news.example/a",
        "https://news.example/<b>",
        "http://[::1",
    ],
)
def test_an_address_that_is_none_is_left_out(folder: Folder, url: str) -> None:
    assert only(folder, f'---\nurl: "{url}"\n---\n{PROSE}', "a.md").source.url is None


def test_files_that_fail_are_named_and_the_rest_goes_on(folder: Folder) -> None:
    found = scan(
        folder(
            {
                "good.txt": PROSE,
                "sub/deep.md": PROSE + " And more.",
                "empty.txt": " \n",
                "mainframe.txt": "Der Rat beschloß, für die Gäste zu zahlen.".encode("cp037"),
                "old.doc": b"PK",
                "older.docx": b"PK",
                "binary.txt": b"PK\x00\x01\x02",
                "twin.txt": PROSE,
                "labels.txt": "Comment (0)\nFuente\n[Anzeige_2]",
                "long.md": "---\n" + "b: c\n" * 20_000 + f"---\n{PROSE}",
                "broken.md": f"---\ntitle: [\n---\n{PROSE} Broken.",
                "scalar.md": f"---\njust words\n---\n{PROSE} Words.",
                ".hidden.txt": PROSE + " Hidden.",
                "picture.png": b"\x89PNG",
            }
        )
    )
    assert [a.source.path for a in found.articles] == [
        "broken.md", "good.txt", "scalar.md", "sub/deep.md",
    ]  # fmt: skip
    assert found.notes == (
        Note("broken.md", "line 2 of its front matter cannot be read", Trouble.FRONT_MATTER),
        Note("Other files", "2 passed over: 1 .doc, 1 .png", Trouble.OTHER_FORMAT),
    )
    reasons = {failure.article: failure.reason for failure in found.failed}
    assert reasons.keys() == {
        "empty.txt", "mainframe.txt", "older.docx",
        "binary.txt", "twin.txt", "labels.txt", "long.md",
    }  # fmt: skip
    assert "empty" in reasons["empty.txt"]
    assert "save it as UTF-8" in reasons["mainframe.txt"]
    assert "broken" in reasons["older.docx"]
    assert "same text as good.txt" in reasons["twin.txt"]
    assert "no prose" in reasons["labels.txt"]
    assert "front matter" in reasons["long.md"]


def test_a_link_that_leads_outside_is_not_followed(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(PROSE)
    made = folder({"a.txt": PROSE + " And more."})
    (made / "link.txt").symlink_to(tmp_path / "secret.txt")
    (made / "dangling.txt").symlink_to("nowhere")
    found = scan(made)
    assert [a.source.path for a in found.articles] == ["a.txt"]
    reasons = {failure.article: failure.reason for failure in found.failed}
    assert "outside" in reasons["link.txt"]
    assert "cannot be read" in reasons["dangling.txt"]


def test_what_is_no_file_is_named_and_not_waited_for(folder: Folder, tmp_path: Path) -> None:
    made = folder({"a.txt": PROSE, "large.txt": PROSE * 80_000})
    (tmp_path / "outside").mkdir()
    (made / "outside").symlink_to(tmp_path / "outside")
    (made / "inside").symlink_to(made)
    os.mkfifo(made / "pipe.txt")
    Path(os.fsdecode(os.fsencode(made) + b"/caf\xe9.txt")).write_text(PROSE + " And more.")
    found = scan(made)
    assert [a.source.path for a in found.articles] == ["a.txt"]
    assert {failure.article: failure.reason for failure in found.failed} == {
        "caf\ufffd.txt": "its name is not UTF-8",
        "inside": "it is a link to a folder, which is not followed",
        "large.txt": "it is larger than 5 MB",
        "outside": "it leads outside the folder of articles",
        "pipe.txt": "it is no file",
    }


@pytest.mark.parametrize(
    ("front", "title", "note"),
    [
        ("a: &a [x]\ntitle: *a", "Heading", "line 3 of its front matter cannot be read"),
        ("title: " + "[" * 2000, "Heading", "line 2 of its front matter cannot be read"),
        ("date: 2024-13-45", "Heading", "its date in line 2 cannot be read: 2024-13-45"),
        ("title: b: c", "b: c", None),
    ],
)
def test_front_matter_that_would_do_harm(
    folder: Folder, front: str, title: str, note: str | None
) -> None:
    text = f"---\n{front}\n---\n# Heading\n{PROSE}"
    found = scan(folder({"a.txt": PROSE + " Again.", "b.md": text}))
    article = found.articles[1]
    assert (article.source.title, text[article.body :]) == (title, f"# Heading\n{PROSE}")
    assert [each.text for each in found.notes] == ([note] if note else [])


@pytest.mark.parametrize("broken", ["a = " + "[" * 5000, "[[", "a = 1", b"\xff\xfe"])
def test_broken_sources_are_named_and_the_articles_read(
    folder: Folder, broken: str | bytes
) -> None:
    found = scan(folder({"a.txt": PROSE, "sources.toml": broken}))
    assert [a.source.path for a in found.articles] == ["a.txt"]
    assert [failure.article for failure in found.failed] == ["sources.toml"]


def test_a_folder_without_articles_is_an_error(folder: Folder) -> None:
    made = folder({"picture.png": b"\x89PNG", "bad.txt": b"\xff\x81 words"})
    with pytest.raises(CorpusError, match=r"bad\.txt.*UTF-8"):
        scan(made)
    with pytest.raises(CorpusError, match="PASSAGE_SEEDS_DIR"):
        scan(made / ("missing" * 1_000))


def test_the_text_is_the_file_to_the_character(folder: Folder) -> None:
    second = "Zweitens: „Grüße“ 🎉 für alle Gäste im Saal."
    text = f"\ufeffA heading here\r\n\r\n{PROSE}\r\n\r\n{second}\r\n"
    assert only(folder, text).text == text


@pytest.mark.parametrize(
    "prose",
    [
        PROSE,
        "Der Rat von Grünhagen hat am Dienstag beschlossen, das Freibad zu schließen.",
        "El pleno de Álora acordó el martes cerrar la piscina municipal durante todo el año.",
    ],
)
def test_files_are_read_by_their_endings_and_others_are_counted(folder: Folder, prose: str) -> None:
    read = ["a.TEXT", "b.Md.txt", "c.markdown", "d.MKD", "e.mdx", "m.rst"]
    others = ["f.tex", "g.json", "h.eml", "i.mhtml", "j", "k.json"]
    files = {name: f"{prose}\n\n{prose[:-1]}, says file {name}.\n" for name in [*read, *others]}
    found = scan(folder(files | {"l.xhtml": f"<html><body><p>{prose}</p></body></html>"}))
    names = {article.source.path for article in found.articles} | {f.article for f in found.failed}
    assert names == {*read, "l.xhtml"}
    (note,) = found.notes
    assert note.text.startswith("6 passed over: 2 .json")
    assert all(ending in note.text for ending in (".tex", ".eml", ".mhtml", "without an ending"))
