"""A page → its main text, found by trafilatura, and what of the page is left out."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree
from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document, use_config

from ..errors import FileError
from .documents import NO_TITLE
from .front_matter import FrontMatter, front_matter
from .list_numbers import BULLET
from .page_tables import all_words
from .page_tree import CAPTION, simplify
from .tree_text import HEADINGS, PICTURE_ABOVE, lines_of, local_name

SHORT_PAGE = "30"
"""Of a page with fewer characters of main text trafilatura takes all words as one paragraph. Its
own 250 are many: a notice, or a page in Chinese, has fewer."""

MAX_LEFT_OUT, MAX_PART_SHOWN = 100, 200
"""So many parts that are left out are named, with so many characters of each."""

_ADS = [
    f"//*[contains(concat(' ', translate(@{name}, 'ADVERTISMN', 'advertismn'), ' '), {word!r})]"
    "[not(descendant::article or descendant::main or descendant::h1)]"
    for name in ("class", "id")
    for word in ("advert", " ad ", " ads ", "ad-banner", "ad-container", "sponsored")
]
"""What trafilatura leaves in where there is little else; what holds an article is none."""

_HTML_NAMES = {"item": "li", "quote": "blockquote", "row": "tr", "cell": "td", "lb": "br"}
"""What trafilatura calls elements of a page, but for headings and blocks of code."""

_BLOCK_TAGS = (
    "p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section",
    "figcaption", "caption", "blockquote", "pre", "header", "footer", "aside", "nav", "address",
)  # fmt: skip
_NO_WORDS = (
    "script", "style", "head", "title", "meta", "link", "svg", "iframe", "object",
    "time",  # Its words stand before it, too.
)  # fmt: skip
_WHOLE = re.compile(r"(?i)<(?:!doctype|html|head|title|body|frameset)\b")
_ELEMENT = re.compile(r"</?[a-zA-Z][^<>]*>")
_WORD = re.compile(r"[^\W_]+")


def html(page: str) -> dict[str, Any]:
    """The main text of a page: one paragraph a line, an empty line between; headings with `#`; and
    the beginnings of what is `left_out` of it."""
    front = front_matter(page) if page.startswith(("---", "+++")) else FrontMatter({}, 0)
    page = page[front.body :]
    if not _WHOLE.search(page) and _ELEMENT.search(page):
        # The part of a page that a program puts into another.
        page = f"<html><body>{page}</body></html>"
    tree = load_html(page)
    if tree is None:
        raise FileError("it is not HTML")
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    simplify(tree)
    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", SHORT_PAGE)
    document = bare_extraction(
        tree,
        include_comments=False,
        include_tables=True,
        prune_xpath=_ADS,
        with_metadata=True,
        config=config,
        # A date that stands anywhere on the page is not yet the article's.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    lines = list(_lines(document.body)) if isinstance(document, Document) else []
    if not isinstance(document, Document) or not lines:
        raise FileError("no main text was found on its page")
    title, date, lang = (_stated(front.fields.get(name)) for name in ("title", "date", "lang"))
    return {
        "text": "\n\n".join(lines),
        "title": title or _title(tree, document.title or "", lines[0]),
        "date": date or document.date,
        "url": document.url,
        "language": lang or language,
        "left_out": list(_left_out(tree, lines)),
    }


def _stated(value: Any) -> str | None:
    """What front matter says, as text; None if it says nothing."""
    return str(value) if isinstance(value, str | datetime.date) and str(value).strip() else None


def _title(tree: Any, found: str, first: str) -> str | None:
    """The title that was found; the heading that is the first line, where the head of the page
    begins with that instead: what was found may be the name of its site."""
    heading = first.lstrip("# ")
    stated = " ".join((tree.findtext(".//head/title") or "").split())
    if first.startswith("#") and stated.startswith(heading) and not stated.startswith(found):
        return heading
    site = " ".join(tree.xpath("//meta[@property='og:site_name']/@content")[:1]).strip()
    found = re.sub(rf"\s+[|–—·•»:/-]+\s+{re.escape(site)}$", "", found) if site else found
    return None if NO_TITLE.fullmatch(found) else found


def _left_out(tree: Any, lines: Sequence[str]) -> Iterator[str]:
    """The parts of a page of which most words, three by three, are not in the lines."""
    kept = set(_threes(" ".join(lines)))
    count = 0
    for block in _blocks(tree):
        threes = list(_threes(block))
        if threes and 2 * sum(three in kept for three in threes) < len(threes):
            yield block[:MAX_PART_SHOWN]
            count += 1
            if count == MAX_LEFT_OUT:
                return


def _threes(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORD.findall(text)
    return zip(words, words[1:], words[2:], strict=False) if len(words) > 2 else iter(())


def _lines(body: Any) -> Iterator[str]:
    """The paragraphs of what trafilatura has found, whose elements have names of their own."""
    for element in body.iter("head", "code", *_HTML_NAMES):
        if element.tag == "head":
            level = re.sub(r"\D", "", element.get("rend") or "") or "2"
            cell = next(element.iterancestors("td"), None)
            # A cell whose words are all a heading is one of a table's head.
            is_cell = cell is not None and all_words(cell) == all_words(element)
            element.tag = "p" if is_cell else f"h{min(int(level), 6)}"
        elif element.tag != "code":
            element.tag = _HTML_NAMES[element.tag]
        elif "\n" in "".join(element.itertext()).strip():
            element.tag = "pre"
    for line in lines_of(body, lambda e: HEADINGS.get(local_name(e), 0), number=_bullet):
        is_caption = line.startswith(CAPTION)
        yield f"{PICTURE_ABOVE}\n{line.lstrip(CAPTION).strip()}" if is_caption else line


def _bullet(element: Any) -> str:
    """What the page shows before an item of a list: nothing where it is numbered, for a number is
    no word of its page, and which it is a page may say itself."""
    parent = element.getparent()
    begins_item = element.tag == "p" and parent.tag == "li" and not (parent.text or "").strip()
    item = parent if begins_item and element.getprevious() is None else element
    is_listed = item.tag == "li" and item.getparent().get("rend") != "ol"
    return f"{BULLET} " if is_listed else ""


def _blocks(tree: Any) -> Iterator[str]:
    """The words of a page, in paragraphs as a browser shows them."""
    parts: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        is_shown = isinstance(element.tag, str) and element.tag not in _NO_WORDS
        if element.tag in _BLOCK_TAGS:
            yield " ".join("".join(parts).split())
            parts = []
        if event == "start":
            parts.append((element.text or "") * is_shown)
        else:
            parts.append(element.tail or "")
    yield " ".join("".join(parts).split())
