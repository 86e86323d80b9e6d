"""Words of an article as Discord markup that shows those words and does nothing else.

An article may hold anything: mentions, markdown, links, characters that turn a line around.
Nothing here changes a visible word; what Discord would act on is made plain text.
"""

from __future__ import annotations

import re

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, what reverses the reading direction, and what cannot be seen. The two
# joiners (U+200C, U+200D) stay: Persian words and composed emoji are spelt with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
# `/` ends no word but begins the code of a bare invite; `&` would begin a character reference.
_LIVE = re.compile(r"[\\*_~|`#>\[\]()<:@+\-/&]")
_NUMBERED = re.compile(r"^(\s*\d+)\.", re.MULTILINE)


def clean(text: str) -> str:
    """The text without control, bidirectional and invisible characters; lines end in `\\n`."""
    return _UNSEEN.sub("", _BREAKS.sub("\n", text)).replace("\t", " ")


def shorten(text: str, limit: int) -> str:
    """One cleaned line of at most `limit` characters, cut between words where there are any."""
    line = " ".join(clean(text).split())
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    whole_words = head.rpartition(" ")[0]
    return (whole_words if len(whole_words) > limit // 2 else head).rstrip() + "…"


def escape(text: str) -> str:
    """Markup that shows the cleaned text as it stands: no link, mention, heading or style."""
    return _NUMBERED.sub(r"\1\\.", _LIVE.sub(r"\\\g<0>", clean(text)))


def quote_block(markup: str) -> str:
    """The markup as a block quotation: one `> ` a line, for `>>> ` would swallow what follows."""
    return "\n".join(f"> {line}" for line in markup.split("\n"))
