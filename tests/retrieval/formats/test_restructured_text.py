"""reStructuredText: of Pelican, of Sphinx, broken, and made to do harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from docutils.statemachine import ViewList

from retrieval.articles.check import check_files
from retrieval.articles.metadata import of_bytes
from retrieval.articles.passages import passages
from retrieval.formats.file_text import read
from retrieval.formats.restructured_text import restructured_text

PROSE = "The council met on Tuesday and voted to close the pool."

PELICAN = {
    "en": ("The pool closes", "2024-04-04 10:20", PROSE),
    "de": ("Das Bad schließt", "4. April 2024", "Der Rat tagte am Dienstag und schloss das Bad."),
    "es": ("La piscina cierra", "4 de abril de 2024", "El pleno votó el martes por el cierre."),
}

SPHINX = """\
.. _pools:

Pools
=====

.. toctree::
   :maxdepth: 2

   secret-page

.. This comment is not shown to anybody.

.. |town| replace:: the *town*
.. |logo| image:: logo.png

See :ref:`the rules <rules>`, :doc:`/prices`, :py:func:`~pool.open`, :pep:`8` and
:unknown:`a word` of |town| |logo| by ``make pool`` [1]_.

.. note:: The pool is *open*
   in summer.

   It closes in winter.

.. warning::
   :class: red

   Mind the wet floor.

.. versionadded:: 3.2
   The slide has been added for children.

.. carousel:: Pictures of this year
   :speed: 3

   What the carousel shows is read.

.. code-block:: python
   :linenos:

   def swim():

       return 1

.. figure:: pool.png
   :alt: A pool with a slide

   The pool in May.

Depth
-----

deep end
   It has four metres of water.

- Bring a towel.
- Bring a cap.

#. First swim.

4. April is cold.

:Opens: 3. May

.. [1] A command of the bath.
"""

SPHINX_TEXT = """\
# Pools

See the rules, /prices, open, PEP 8 and a word of the town by make pool.

The pool is open in summer.

It closes in winter.

Mind the wet floor.

The slide has been added for children.

Pictures of this year

What the carousel shows is read.

def swim():

    return 1

![A pool with a slide](pool.png)
The pool in May.

## Depth

deep end

It has four metres of water.

Bring a towel.

Bring a cap.

1. First swim.

4. April is cold.

Opens: 3. May

A command of the bath."""

TABLES = {
    "simple": "======= ====\nPool    Fee\n======= ====\nAshmere 5.50\nBrindle 6.20\n======= ====\n",
    "grid": "+-------+----+\n|Pool   |Fee |\n+=======+====+\n|Ashmere|5.50|\n+-------+----+\n"
    "|Brindle|6.20|\n+-------+----+\n",
    "csv": '.. csv-table::\n   :header: "Pool", "Fee"\n\n   Ashmere, 5.50\n   "Brindle", 6.20\n',
    "list": ".. list-table::\n\n   * - Pool\n     - Fee\n   * - Ashmere\n     - 5.50\n"
    "   * - Brindle\n     - 6.20\n",
}


def text_of(source: str) -> str:
    return read(source.encode(), ".rst").text


@pytest.mark.parametrize("language", PELICAN)
def test_the_fields_of_pelican_are_known_and_never_quoted(language: str) -> None:
    title, date, prose = PELICAN[language]
    fields = f":date: {date}\n:slug: pool\n:lang: {language}\n:author: Ann Lee\n    and Bo Ray\n"
    source = f"{title}\n{'#' * len(title)}\n\n{fields}:url: nowhere\n\n{prose}\n"
    article = of_bytes(source.encode(), "pool.rst")
    about = article.source
    assert (about.title, about.date, about.language) == (title, "2024-04-04", language)
    assert [passage.text for passage in passages(article)] == [prose]
    assert article.notes == ("its url cannot be read: nowhere",)


@pytest.mark.parametrize(
    "head",
    [
        ".. title: The pool\n.. date: 2024-04-04\n",
        "PEP: 9999\nTitle: The pool\nStatus: Final\nDate: 2024-04-04\n",
        "---\ntitle: The pool\ndate: 2024-04-04\n---\n",
    ],
)
def test_front_matter_of_other_kinds_is_that_of_text(head: str) -> None:
    article = of_bytes(f"{head}\nPool\n====\n\n{PROSE}\n".encode(), "pool.rst")
    assert (article.source.title, article.source.date) == ("The pool", "2024-04-04")
    assert [passage.text for passage in passages(article)] == [PROSE]


def test_of_a_page_of_sphinx_the_words_are_read() -> None:
    assert text_of(SPHINX) == SPHINX_TEXT


@pytest.mark.parametrize("kind", TABLES)
def test_the_rows_of_a_table_have_bars(kind: str) -> None:
    expected = f"{PROSE}\n\nPool | Fee\nAshmere | 5.50\nBrindle | 6.20\n\nThe end."
    assert text_of(f"{PROSE}\n\n{TABLES[kind]}\nThe end.\n") == expected


def test_what_is_broken_keeps_its_words_and_no_message_is_quoted() -> None:
    broken = (
        f"Pool\n==\n\n{PROSE}\n\n+-----+\n| Ash\n+--+\n\n**Open *now and |nothing| `here\n\n"
        "  Indented.\nNot indented.\n\n.. list-table::\n\n   Row of words.\n"
    )
    text = text_of(broken)
    for words in (PROSE, "| Ash", "**Open *now and nothing `here", "Indented.", "Row of words."):
        assert words in text
    assert not {"ERROR", "WARNING", "docutils", "System Message"} & set(text.split())
    assert "line" not in text


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (".. only a comment", "it holds no text"),
        ("- " * 5_000, "it is no RST, or a broken one"),
    ],
)
def test_what_gives_no_text_is_named(source: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        text_of(source)


@pytest.mark.parametrize(
    "attack",
    [
        ".. include:: {}",
        ".. literalinclude:: {}",
        ".. raw:: html\n   :file: {}",
        ".. csv-table::\n   :file: {}",
        ".. csv-table::\n   :url: file://{}",
        ".. |x| include:: {}\n\nSee |x| there.",
        ".. role:: html(raw)\n   :format: html\n\n:html:`<script>1</script>`",
        ".. raw:: html\n\n   <script>Hidden.</script>",
    ],
)
def test_nothing_is_included_and_nothing_raw_is_quoted(attack: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("A hidden word.\n")
    text = text_of(f"{PROSE}\n\n{attack.format(secret)}\n")
    assert "hidden" not in text.lower()
    assert "<script>" not in text


def test_one_file_changes_nothing_of_the_next() -> None:
    before = text_of(SPHINX)
    text_of(".. default-role:: math\n\n.. role:: unknown(raw)\n   :format: html\n\nA word here.\n")
    assert text_of(SPHINX + "\n\n\n") == before


def test_a_substitution_of_a_substitution_does_not_grow() -> None:
    laughs = "".join(f".. |{n + 1}| replace:: {f'|{n}| ' * 10}\n" for n in range(10))
    assert len(text_of(f".. |0| replace:: ha\n{laughs}\n{PROSE} |10|\n")) < 200


@pytest.mark.filterwarnings("ignore:The frontend:DeprecationWarning")
@pytest.mark.parametrize("mark", ["- {}\n\n", "{}\n  {}\n\n", ":{}: {}\n\n", "{}. a\n\n"])
def test_many_short_lists_are_read_without_copying_what_stands_behind_each(
    mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = 0
    make = ViewList.__init__

    def counted(self: ViewList, lines: object = None, *others: object, **about: object) -> None:
        nonlocal copied
        copied += len(lines) if isinstance(lines, list) else 0
        make(self, lines, *others, **about)

    monkeypatch.setattr(ViewList, "__init__", counted)

    def read_lists(count: int) -> int:
        nonlocal copied
        copied = 0
        lists = "".join(f"{mark.format(n, n)}Then.\n\n" for n in range(count))
        words = restructured_text(f"First.\n\n{lists}")["text"].split()
        assert words.count("Then.") == count
        assert all(words.count(str(n)) or words.count(f"{n}.") for n in range(count))
        return copied

    assert read_lists(200) < 3 * read_lists(100)


def test_items_that_are_parted_by_empty_lines_stay_whole() -> None:
    text = "1. One\n\n   goes on\n\n2. Two\n   too\n\n   goes on\n\nThe end of it.\n"
    assert text_of(text).split("\n\n") == [
        "1. One", "goes on", "2. Two too", "goes on", "The end of it.",
    ]  # fmt: skip


def test_a_file_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "pool.rst"
    file.write_bytes(f"Bäder\n=====\n\n:date: 2024-04-04\n\n{PROSE}\n".encode("utf-16"))
    (check,) = check_files([file], tmp_path)
    assert (check.format, check.encoding, check.failure) == ("reStructuredText", "UTF-16", None)
    assert check.source is not None
    assert (check.source.title, check.source.date, check.passages) == ("Bäder", "2024-04-04", 1)
    assert [part.reason for part in check.left_out] == ["front matter"]
