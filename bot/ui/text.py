"""Words of an article as Discord markup that shows those words and does nothing else.

An article may hold anything: mentions, markdown, links, characters that turn a line around.
Nothing here changes a visible word; what Discord would act on is made plain text.
"""

from __future__ import annotations

import re

from retrieval import Quote, Source

SEPARATOR = "\N{NO-BREAK SPACE}· "
"""Between the facts of a line, none of which begins with the dot."""

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, what reverses the reading direction, and what cannot be seen. The two
# joiners (U+200C, U+200D) stay: Persian words and composed emoji are spelt with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_NOT_ON_A_LINE = re.compile(rf"{_UNSEEN.pattern}|[\n\t]|{_BREAKS.pattern}")
# `/` ends no word but begins the code of a bare invite; `&` would begin a character reference.
_LIVE = re.compile(r"[\\*_~|`#>\[\]()<:@+\-/&]")
_NUMBERED = re.compile(r"^(\s*\d+)\.", re.MULTILINE)

TITLE_LIMIT = 120
"""The most characters that are shown of an article's title."""


def clean(text: str) -> str:
    """Return the text without control, bidirectional and invisible characters.

    Its lines end in `\\n`.
    """
    return _UNSEEN.sub("", _BREAKS.sub("\n", text)).replace("\t", " ")


def one_line(text: str) -> str:
    """Return the text on one line: what `clean` would take out of it or make a line's end, as a
    name of a file may have it, is written as in "a\\nb"."""
    return _NOT_ON_A_LINE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def cleaned_line(text: str) -> str:
    """Return the cleaned text on one line, with single spaces."""
    return " ".join(clean(text).split())


def shorten(text: str, limit: int) -> str:
    """Return one cleaned line of at most `limit` characters, cut between words if there are any."""
    line = cleaned_line(text)
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    whole_words = head.rpartition(" ")[0]
    return (whole_words if len(whole_words) > limit // 2 else head).rstrip() + "…"


def escape(text: str) -> str:
    """Return markup that shows the cleaned text as it is: no link, mention, heading or style."""
    return _NUMBERED.sub(r"\1\\.", _LIVE.sub(r"\\\g<0>", clean(text)))


def quote_block(markup: str) -> str:
    """Return the markup as a block quotation."""
    # Each line has its own `> `, because `>>> ` would take in all that follows.
    return "\n".join(f"> {line}" for line in markup.split("\n"))


def utf16_length(text: str) -> int:
    """Return the number of UTF-16 units: never fewer than the characters that Discord counts."""
    return len(text.encode("utf-16-le")) // 2


def title_of(article: Quote | Source, limit: int = TITLE_LIMIT) -> str:
    """Return an article's title on one line of at most `limit` characters.

    It is the file's name where the title has no visible character.
    """
    return shorten(article.title, limit) or shorten(article.article, limit)
