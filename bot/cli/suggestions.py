"""What a newcomer is proposed to ask: only what the articles answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrieval import QuestionError

if TYPE_CHECKING:  # It takes long to import.
    from ..corpora.seen import Asker

QUESTIONS = (
    "Who received the Ho Chi Minh Order?",
    "Wer nahm an der Konferenz am 19. Dezember in Hanoi teil?",
    "Ai đã nhận Huân chương Hồ Chí Minh?",
)
"""Questions about the articles that come with Passage."""

MAX_SUGGESTION = 80
"""The most characters of a suggestion: as many as Discord shows on a button."""


def suggestions(asker: Asker) -> Iterator[str]:
    """Yield what the articles answer for certain: of QUESTIONS, else of the titles, one a language.

    Raises PassageError where the articles cannot be searched.
    """
    answered = False
    for question in QUESTIONS:
        if _is_answered(asker, question):
            answered = True
            yield question
    if not answered:
        short = [source for source in asker.sources() if len(source.title) <= MAX_SUGGESTION]
        newest = {source.language: source.title for source in reversed(short)}
        yield from (title for title in [*newest.values()][-3:] if _is_answered(asker, title))


def _is_answered(asker: Asker, text: str) -> bool:
    try:
        return asker.ask(text).is_sure
    except QuestionError:  # A title without a word.
        return False
