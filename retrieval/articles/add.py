"""An address → a Markdown file with front matter, in the folder of articles."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import CorpusError, FetchError, reason_of
from ..files import atomic_write
from ..formats import file_text
from ..formats.front_matter import with_front_matter
from ..languages.terms import fold
from ..models import Source
from . import fetch
from .fetch import Fetched
from .metadata import of_content
from .scan import scan

SLUG_LENGTH = 60
"""The most characters of a file's name that are taken from a title."""


@dataclass(frozen=True, slots=True)
class Added:
    """An article that was fetched and stored; `replaced` if its file stood there before."""

    source: Source
    replaced: bool


def add(folder: Path, url: str, fetch: Callable[[str], Fetched] = fetch.fetch) -> Added:
    """Fetch one article and store it below the folder. The index is not touched.

    Raises:
        FetchError: it cannot be fetched, or holds nothing that could be quoted.
        CorpusError: the folder is missing or cannot be written, or holds the article as a file
            that was not added in this way.
    """
    if not folder.is_dir():
        raise CorpusError(f"There is no folder of articles at {folder}; set PASSAGE_SEEDS_DIR.")
    fetched = fetch(url)
    source, text = as_markdown(fetched)
    path, replaced = _path_for(folder, source.title, {source.url or fetched.url, fetched.url})
    write_article(folder / path, text)
    return Added(replace(source, path=path), replaced)


def as_markdown(fetched: Fetched, extract: file_text.Extract | None = None) -> tuple[Source, str]:
    """What was fetched, as an article: its source, without a path yet, and its text as Markdown
    with front matter. `extract` is as for `file_text.read`. Raises FetchError if nothing in it can
    be quoted."""
    try:
        content = file_text.read(fetched.data, fetched.suffix, extract, fetched.charset)
        article = of_content(content, f"a{fetched.suffix}", {}, "")
    except ValueError as error:
        raise FetchError(f"{fetched.url} cannot be added: {error}.") from error
    url, read = _canonical_address(content.url, fetched.url), article.source
    front = {"title": read.title, "date": read.date, "url": url, "language": read.language}
    body = article.text[article.body :].lstrip("\ufeff").replace("\r\n", "\n")
    text = with_front_matter(front, body)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return replace(read, path="", sha256=sha256, url=url, original=False), text


def is_another(file: Path, text: str) -> bool:
    """Whether an article, as `as_markdown` returns it, has neither the title nor a line of the one
    that is in a file; not if the file cannot be read."""
    with suppress(OSError, ValueError):
        return _own_lines(text).isdisjoint(_own_lines(file.read_text("utf-8")))
    return False


def _own_lines(text: str) -> set[str]:
    """The lines of an article that may tell it from others."""
    return {line for line in text.split("\n") if not re.match("(date|url|language): |---|$", line)}


def _canonical_address(canonical: str | None, fetched_from: str) -> str:
    """The address that the page calls its own, if that is one of its own host."""
    parts = urlsplit(canonical or "")
    same_host = parts.scheme == "https" and parts.netloc == urlsplit(fetched_from).netloc
    return canonical if same_host and canonical and parts.path not in ("", "/") else fetched_from


def _path_for(folder: Path, title: str, addresses: set[str]) -> tuple[str, bool]:
    """The path of the article's file, and whether it is there already."""
    try:
        sources = [article.source for article in scan(folder).articles]
    except CorpusError:
        sources = []  # It will be the first.
    same = [source.path for source in sources if source.url in addresses]
    if other := [path for path in same if not path.endswith(".md")]:
        raise CorpusError(f"That article is there already, as {other[0]}; remove it first.")
    if same:
        return same[0], True
    slug = slug_of(title) or "article-" + hashlib.sha256(min(addresses).encode()).hexdigest()[:12]
    paths = (f"{name}.md" for name in numbered(slug))
    return next(path for path in paths if not os.path.lexists(folder / path)), False


def slug_of(title: str) -> str:
    """A title as a name for a file: small Latin letters, digits and hyphens, nothing else."""
    plain = fold(title).replace("ø", "o").replace("æ", "ae")
    letters = plain.encode("ascii", "ignore").decode()
    slug = "-".join(re.findall(r"[a-z0-9]+", letters))
    if len(slug) > SLUG_LENGTH:
        slug = slug[: SLUG_LENGTH + 1].rpartition("-")[0] or slug[:SLUG_LENGTH]
    return slug


def numbered(name: str) -> Iterator[str]:
    """Yield names that are alike: "pool", "pool-2", "pool-3" and so on."""
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def write_article(file: Path, text: str) -> None:
    """Write the file of an article. Raises CorpusError."""
    # A reload may read the folder at this moment.
    try:
        with atomic_write(file) as stream:
            stream.write(text.encode())
    except OSError as error:
        raise CorpusError(f"{file} cannot be written: {reason_of(error)}.") from error
