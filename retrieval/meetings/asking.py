"""Whether a question asks when, where or under whom something met. Pure."""

from __future__ import annotations

from .wording import wording


def asks_about_meeting(question: str, language: str) -> bool:
    """Whether a question in a language (ISO 639-1) asks for a day, a place or the chair of a
    meeting; False in a language without a table."""
    words = wording(language)
    if words is None:
        return False
    asks, event = words["questions", "asks"], words["events", "nouns"]
    return bool(asks.search(question) and event.search(question))
