"""What every face says in the same words."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

NOT_FOUND = "The articles do not answer this."


def human_date(iso: str) -> str:
    """A date as people write it: "2025-02-07" → "7 February 2025"."""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B} {day.year}"


def domain(address: str | None) -> str | None:
    """The host that an address names, without "www."."""
    try:
        host = urlsplit(address or "").hostname
    except ValueError:  # such as a bracket that opens an IPv6 address and never closes
        return None
    return host.removeprefix("www.") if host else None


def ellipses(text: str) -> tuple[str, str]:
    """What stands before and after a quotation that begins or ends within a sentence."""
    words = text.lstrip("\"'“„«‘(¿¡[ ")
    before = "… " if words[:1].islower() else ""
    after = " …" if text.endswith((",", ";", ":", "–", "—")) else ""
    return before, after


def out_of_date(names: list[str]) -> str:
    """The sentence that tells of articles whose files are no longer those that were indexed."""
    changed = (
        "has changed since it was indexed and is"
        if len(names) == 1
        else "have changed since they were indexed and are"
    )
    return (
        f"The corpus is out of date: {', '.join(names)} {changed} not quoted. "
        "`passage reload` brings it up to date."
    )
