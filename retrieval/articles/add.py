"""An address → a Markdown file with front matter, in the folder of articles."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import CorpusError, FetchError
from ..files import atomic_write
from ..languages.terms import fold
from ..models import Source
from . import fetch, formats
from .fetch import Fetched
from .front_matter import with_front_matter
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
    came = fetch(url)
    source, text = as_markdown(came)
    path, replaced = _place(folder, source.title, {source.url or came.url, came.url})
    write_article(folder / path, text)
    return Added(replace(source, path=path), replaced)


def as_markdown(came: Fetched, extract: formats.Extract | None = None) -> tuple[Source, str]:
    """What came, as an article: what is known of it, without a path yet, and its text as Markdown
    with front matter. `extract` is as for `formats.read`. Raises FetchError if nothing in it can
    be quoted."""
    try:
        content = formats.read(came.data, came.suffix, extract, came.charset)
        article = of_content(content, f"a{came.suffix}", {}, "")
    except ValueError as error:
        raise FetchError(f"{came.url} cannot be added: {error}.") from error
    known, body = article.source, article.text[article.body :]
    address = _own_address(content.url, came.url)
    front = {"title": known.title, "date": known.date, "url": address, "language": known.language}
    text = with_front_matter(front, body.lstrip("\ufeff").replace("\r\n", "\n"))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    source = Source(
        "", sha256, known.title, known.language, known.date, address, opening=known.opening
    )
    return source, text


def _own_address(canonical: str | None, came_from: str) -> str:
    """The address that the page calls its own, if that is one of its own host."""
    parts = urlsplit(canonical or "")
    own = parts.scheme == "https" and parts.netloc == urlsplit(came_from).netloc
    return canonical if own and canonical and parts.path not in ("", "/") else came_from


def _place(folder: Path, title: str, addresses: set[str]) -> tuple[str, bool]:
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
        raise CorpusError(f"{file} cannot be written: {error.strerror or error}.") from error
