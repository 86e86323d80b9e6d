"""Every relative link of README and the other pages leads somewhere, and so does every anchor."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])

CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def links(page: Path) -> Iterator[str]:
    """The relative links and pictures of a page; what stands in code is none."""
    for target in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, by the rule of GitHub, which MkDocs shares for ours."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    dropped = str.maketrans("", "", string.punctuation.replace("-", "").replace("_", "") + "…“”–")
    return {title.lower().translate(dropped).replace(" ", "-") for title in HEADING.findall(text)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in links(page):
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_a_broken_link_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One and two\n[a](page.md#one-and-two) [b](#two) [c](gone.md) `[d](no.md)`\n")
    assert list(links(page)) == ["page.md#one-and-two", "#two", "gone.md"]
    assert anchors(page) == {"one-and-two"}


def test_a_page_of_the_site_links_to_nothing_outside_it() -> None:
    """MkDocs has no page for a file outside docs/."""
    for page in DOCS.glob("*.md"):
        outside = [link for link in links(page) if ".." in link]
        assert outside == [], page.name


def test_every_page_is_in_the_navigation() -> None:
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))

    def files(entry: object) -> Iterator[str]:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, dict | list):
            for below in entry.values() if isinstance(entry, dict) else entry:
                yield from files(below)

    assert sorted(files(site["nav"])) == sorted(page.name for page in DOCS.glob("*.md"))
