"""The file `feeds.toml` in the folder of articles: the sources that are followed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..articles.add import numbered, slug_of, write_article
from ..articles.fetch import checked
from ..articles.scan import FEEDS_FILE
from ..errors import CorpusError, reason_of
from ..formats.lenient_toml import parse_toml, read_toml

MINUTES = 60
"""Between two looks at a source, unless its entry says otherwise."""

FEWEST_MINUTES = 5

POLICIES = ("remove", "keep", "archive")
"""What becomes of an article that its source withdraws; the first, unless the entry says
otherwise."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A source that is followed: the list at `url`, or the `addresses` themselves.

    `name` is also that of its folder; `minutes` lie between two looks; `withdrawn` is one of
    POLICIES.
    """

    name: str
    url: str | None = None
    addresses: tuple[str, ...] = ()
    minutes: float = MINUTES
    withdrawn: str = POLICIES[0]


def read_entries(folder: Path) -> tuple[list[FeedEntry], list[str]]:
    """Return the entries that can be read, and a sentence on each that cannot."""
    toml = read_toml(folder / FEEDS_FILE)
    faults = [f"{FEEDS_FILE}: {fault}." for fault in toml.faults]
    # What an entry says of withdrawn articles may be in a line that cannot be read.
    heads = [(line, name) for name, line in toml.lines.items()]
    unsure = {max(head for head in [(0, ""), *heads] if head[0] <= at)[1] for at in toml.broken}
    entries = list[FeedEntry]()
    for name, table in toml.tables.items():
        if name in unsure:
            continue
        try:
            entries.append(_entry(name, table))
        except (ValueError, TypeError) as error:
            faults.append(f"{FEEDS_FILE}, {name}: {str(error).rstrip('.')}.")
    return entries, faults


def add_entry(
    folder: Path, url: str | None = None, addresses: tuple[str, ...] = (), name: str | None = None
) -> FeedEntry:
    """Write an entry at the end of the file, and return it; what is there already is returned.

    Raises:
        FetchError: an address is none that may be fetched.
        CorpusError: the file cannot be written.
    """
    entries, _ = read_entries(folder)
    url = None if url is None else checked(url)
    addresses = tuple(dict.fromkeys(map(checked, addresses)))
    duplicates = (entry for entry in entries if (entry.url, entry.addresses) == (url, addresses))
    if duplicate := next(duplicates, None):
        return duplicate
    path = folder / FEEDS_FILE
    try:
        existing = path.read_text("utf-8").rstrip() + "\n\n" if path.is_file() else ""
    except (OSError, ValueError) as error:
        raise CorpusError(f"{path} cannot be read: {reason_of(error)}.") from error
    tables = parse_toml(existing.removeprefix("\ufeff"))
    names = {*tables.tables, *tables.lines}  # Those that cannot be read as well.
    # With room for a number behind it.
    stem = slug_of(name or urlsplit(url or addresses[0]).hostname or "")[:50] or "source"
    name = next(candidate for candidate in numbered(stem) if candidate not in names)
    table = {"url": url} if url else {"addresses": list(addresses)}
    entry = _entry(name, table)
    lines = [f"{key} = {json.dumps(value, indent=2)}\n" for key, value in table.items()]
    write_article(path, existing + f"[{name}]\n" + "".join(lines))
    return entry


def _entry(name: str, table: Any) -> FeedEntry:
    """An entry of its table. Raises ValueError, TypeError."""
    if not re.fullmatch(r"[\w][\w-]{0,59}", name):
        raise ValueError("a name has letters, digits, hyphens and underscores only")
    if not isinstance(table, dict):
        raise ValueError("it is no table")
    if unread := table.keys() - {"url", "addresses", "minutes", "withdrawn"}:
        raise ValueError(f"{min(unread)!r} is none of url, addresses, minutes and withdrawn")
    if ("url" in table) == ("addresses" in table):
        raise ValueError("it needs either url or addresses")
    addresses = table.get("addresses", [])
    if not isinstance(addresses, list):
        raise ValueError("addresses are a list")
    withdrawn = table.get("withdrawn", POLICIES[0])
    try:
        minutes = float(table.get("minutes", MINUTES))
    except (ValueError, TypeError):
        minutes = 0.0
    if not FEWEST_MINUTES <= minutes < 1e6:
        raise ValueError(f"minutes are a number of at least {FEWEST_MINUTES}")
    if withdrawn not in POLICIES:
        raise ValueError(f"withdrawn is one of {', '.join(POLICIES)}")
    url = str(table["url"]) if "url" in table else None
    return FeedEntry(name, url, tuple(map(str, addresses)), minutes, withdrawn)
