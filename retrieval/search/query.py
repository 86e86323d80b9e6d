"""Cleans a question for the search: without markup, emoji, greetings, capitals and mistyped words.

Members are shown the words that they typed; the cleaned question is only searched for.

Mistyped words are corrected by those of the articles. A word is within one edit of another
(Damerau, "A technique for computer detection and correction of spelling errors", Communications of
the ACM, 1964) if a letter is put in, left out or replaced, or two neighbours are swapped; these are
four of five typos.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ..errors import QuestionError
from ..languages import Language, Words, languages
from ..languages.detection import question_language
from ..languages.terms import (
    WORD,
    accented_words,
    fold,
    folded_phrases,
    leading_phrases,
    visible,
    without_diacritics,
)
from ..models import MAIN_CORPUS, MAX_QUESTION, Answer

if TYPE_CHECKING:  # It imports numpy: see `parsed`.
    from ..index.records import Vocabulary

TokenCounts = Callable[[Sequence[str]], Sequence[int]]

MIN_CAPITALS = 6
"""Fewer capital letters than this may be an abbreviation, and stay as they are."""

LONG_PREAMBLE = 3
"""A preamble of this many words ("can you tell me …") is cut off without punctuation behind it."""

BOT_NAMES = ("passage", "bot")

LEAST_LETTERS = 5
"""Shorter words are not corrected: too many others are within one edit of them."""
MOST_WORDS = 8
"""The most words of a question that are looked at, the first ones: it bounds the time."""

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)|<?https?://[^\s<>]+>?")
_EMOJI_NAME = re.compile(r"<a?:\w+:\d+>|(?<![\w:])(?::[a-z]\w+:)+(?![\w:])")
_MARKUP = re.compile(
    r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|~~|\|\||`+|(?<!\w)_{1,2}|_{1,2}(?!\w)"
    r"|^(?:(?:#{1,3}|>|-#)\s+)+",
    re.MULTILINE,
)


class Turn(NamedTuple):
    """A `question` that was asked before, and the path of the `article` first quoted for it, which
    is in a `corpus`."""

    question: str
    article: str | None
    corpus: str = MAIN_CORPUS

    @classmethod
    def after(cls, answer: Answer) -> Turn:
        """The turn that an answer leaves to the next question. A follow-up leaves the question
        that stood alone."""
        article = answer.quotes[0].article if answer.quotes else None
        return cls(answer.follows or answer.question, article)


def cleaned(question: str) -> str:
    """The question with its white space made plain.

    Raises:
        QuestionError: it is empty, too long, or holds no words.
    """
    # Half a surrogate pair is no character, and nothing below could write it down.
    text = " ".join(question.encode("utf-8", "ignore").decode("utf-8").split())
    if not text:
        raise QuestionError("Please ask a question: there was nothing to read.", "empty")
    if len(text) > MAX_QUESTION:
        raise QuestionError(
            f"Your question is too long: {len(text)} characters; I take at most {MAX_QUESTION}.",
            "too_long",
            limit=MAX_QUESTION,
            length=len(text),
        )
    if not any(map(_is_word, text.split())):
        raise QuestionError(
            "I found no words to search for. Please write your question in words.", "no_words"
        )
    return text


def _is_word(text: str) -> bool:
    """Whether what stands between blanks can be looked for: not a number, and no letter alone of a
    script with capitals, in which words have more. "§ 5?" is a question: the sign counts as one."""
    core = text.strip("?!.,;:…¿¡\"'()")
    return any(c.isalpha() or c == "§" for c in core) and (
        len(core) > 1 or core == "§" or core.lower() == core.upper()
    )


def parsed(question: str) -> tuple[tuple[str, ...], str]:
    """Return the readings of what a question says (see `searchable`), at least one, the likeliest
    first, and its language, by its ISO 639-1 code.

    Vietnamese without diacritics is read with them, in two ways where it is in doubt; with them
    also as articles in other languages have its names.
    """
    text, language, _ = said_in(question)
    # It imports numpy, which takes a tenth of a second: a question may be refused before.
    from ..languages.vietnamese import is_unmarked_vietnamese, vietnamese_readings  # noqa: PLC0415

    if language == "vi" and is_unmarked_vietnamese(text):
        return vietnamese_readings(text), language
    if language == "vi" and (plain := with_plain_names(text)) != text:
        return (text, plain), language
    return (text,), language


@lru_cache(maxsize=4)  # It is told for what the bot says, then for the search.
def said_in(question: str) -> tuple[str, str, bool]:
    """Return what a question says (see `searchable`), its language by its ISO 639-1 code, and
    whether that is certain."""
    text = unicodedata.normalize("NFC", searchable(question))
    return text, *question_language(text)


def with_plain_names(question: str) -> str:
    """Return a question whose names, words with a capital beside each other, have no diacritics:
    articles in other languages write Vietnamese names so."""
    words = question.split(" ")
    capitals = [False, *(word[:1].isupper() for word in words), False]
    return " ".join(
        without_diacritics(word) if capital and (before or after) else word
        for word, before, capital, after in zip(
            words, capitals, capitals[1:], capitals[2:], strict=False
        )
    )


def as_read_in(passage_language: str, question: str, language: str) -> str:
    """Return a question in `language` as it is read beside a passage in another or the same."""
    return with_plain_names(question) if language == "vi" != passage_language else question


def searchable(question: str) -> str:
    """Return a question without its markup.

    Invisible characters, markdown, addresses and emoji are left out, a question in capitals is put
    into lower case, one of lower case alone begins with a capital, and a greeting or "quick
    question:" before it is cut off. The question is returned unchanged if nothing would be left.
    """
    text = "".join(map(_without_emoji, visible(unicodedata.normalize("NFC", question))))
    text = _without_preamble(without_markup(text))
    text = without_capitals(text)
    first = WORD.search(text)
    if first is None:
        return question
    if text.islower() and len(text.split()) > 2:
        # The models have learnt from texts, in which a sentence begins so.
        return text[: first.start()] + first[0].capitalize() + text[first.end() :]
    return text


def without_capitals(text: str) -> str:
    """Return a text in lower case if it is in capitals."""
    upper, lower = (sum(map(is_case, text)) for is_case in (str.isupper, str.islower))
    in_capitals = upper >= MIN_CAPITALS and upper > 4 * lower and len(text.split()) > 2
    return text.lower() if in_capitals else text


def without_markup(text: str) -> str:
    """Return a text on one line, without markdown, addresses and the codes of custom emoji."""
    return " ".join(_MARKUP.sub("", _EMOJI_NAME.sub(" ", _LINK.sub(r" \1 ", text))).split())


def _without_emoji(character: str) -> str:
    """Return a character, or a blank for a symbol or a control; a variation selector is nothing."""
    if "\ufe00" <= character <= "\ufe0f":
        return ""
    symbol = unicodedata.category(character) in ("So", "Cc", "Zl", "Zp") and character != "°"
    return " " if symbol else character


def _without_preamble(text: str) -> str:
    """The text without greetings, names of the bot and announcements of a question before it."""
    words = list(WORD.finditer(text))
    phrases = _preambles(tuple(languages().values()))
    preambles = leading_phrases([fold(match[0]) for match in words], phrases)
    start = sum(map(len, preambles))
    most = max((len(preamble) * phrases[preamble] for preamble in preambles), default=0)
    if start in (0, len(words)):
        return text
    # A short preamble needs punctuation behind it: "Help desk hours?" and "Hi-fi?" have none.
    between = text[words[start - 1].end() : words[start].start()]
    if most < LONG_PREAMBLE and not re.search(r"[,.:;!?–—]|\s-|-\s", between):
        return text
    return text[words[start].start() :]


@lru_cache(maxsize=1)
def _preambles(spoken: tuple[Language, ...]) -> dict[Words, bool]:
    """The folded words of what may stand before a question, in these languages, and whether it may
    without punctuation, if it is long: thanks may not ("Thanks for the help desk list")."""
    talks = [each.small_talk for each in spoken]
    lists = [words for talk in talks for words in (talk.phrases, talk.addressees)]
    lists += [each.questions.introductions for each in spoken]
    thanks = chain(*(talk.thanks for talk in talks))
    return dict.fromkeys(folded_phrases(thanks), False) | dict.fromkeys(
        folded_phrases((*BOT_NAMES, *chain(*lists))), True
    )


def corrected(text: str, vocabulary: Vocabulary, token_counts: TokenCounts) -> str:
    """Return a question's `text` (NFC) with words of the `vocabulary` for those that seem to be
    mistyped: they are in no passage, and a word within one edit of them is.

    A model's tokenizer has fewer tokens for a word of a language than for what is none:
    "paragraph" is one, "pargaraph" three. So a word is corrected only if that spares a token, and
    two if it has a capital: it may be a name. Most names, inflected words and compounds that the
    articles lack stay as they are. `token_counts` counts the tokens of each of some texts.
    """
    parts, end, looked_at = list[str](), 0, 0
    for match in WORD.finditer(text):
        typed, word = match[0], "".join(accented_words(match[0]))
        if len(word) < LEAST_LETTERS or not word.isalpha() or vocabulary.count(word):
            continue
        spared = 2 if typed[0].isupper() else 1
        if correction := _correction(word, vocabulary, token_counts, spared):
            parts += text[end : match.start()], _in_case_of(typed, correction)
            end = match.end()
        if (looked_at := looked_at + 1) == MOST_WORDS:
            break
    return "".join((*parts, text[end:]))


def _correction(
    word: str, vocabulary: Vocabulary, token_counts: TokenCounts, spared: int
) -> str | None:
    """The word within one edit that spares so many tokens: of fewest tokens, then of most passages,
    if there is one."""
    similar = [candidate for candidate in _within_one_edit(word, vocabulary) if candidate.isalpha()]
    if not similar:
        return None
    tokens, *fewer = token_counts([word, *similar])
    ranked = (
        (count, -vocabulary.count(candidate), candidate)
        for candidate, count in zip(similar, fewer, strict=True)
        if count <= tokens - spared
    )
    return min(ranked, default=(None,))[-1]


def _within_one_edit(word: str, vocabulary: Vocabulary) -> Iterator[str]:
    """The words of the vocabulary within one edit. The first letter is seldom mistyped: it is the
    same, or the second one, where the two were swapped or one was put before."""
    half = len(word) // 2
    start, end = word[:half], word[half + 1 :]
    lengths = range(max(LEAST_LETTERS, len(word) - 1), len(word) + 2)
    for letter in dict.fromkeys(word[:2]):
        for candidate in vocabulary.beginning(letter):
            # An edit leaves one half as it is: for most words this is all that is looked at.
            if (
                (candidate.startswith(start) or candidate.endswith(end))
                and len(candidate) in lengths
                and is_one_edit(word, candidate)
            ):
                yield candidate


def is_one_edit(word: str, other: str) -> bool:
    """Return whether one edit makes a word into another that is not the same."""
    common = next((n for n in range(len(word)) if word[n : n + 1] != other[n : n + 1]), len(word))
    a, b = word[common:], other[common:]
    swapped = a[1::-1] + a[2:]
    return a != b and (a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped == b)


def _in_case_of(typed: str, word: str) -> str:
    if typed.isupper():
        return word.upper()
    return word.capitalize() if typed[0].isupper() else word
