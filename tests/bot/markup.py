"""Hostile words, and Discord markup read back."""

from __future__ import annotations

import re

HOSTILE = [
    "@everyone and @here",
    "<@1> <@!1> <@&1> <#1> </ask:1> <id:customize>",
    "<t:0> <t:0:R>",
    "<:smile:1> <a:smile:1> :smile:",
    "*i* **b** ***bi*** _i_ __u__ ~~s~~ ||spoiler||",
    "`code` ``code`` ```\nfence\n```",
    "# heading\n## heading\n### heading\n-# small",
    "- item\n* item\n+ item\n1. item\n 20. item",
    "> quote\n>>> all the rest",
    "[click](https://example.com) [multi\nline](https://example.com)",
    "https://example.com http://example.com <https://example.com>",
    "discord.gg/abc discord.com/invite/abc",
    "me@example.com <mailto:me@example.com> <tel:+123>",
    r"\* \\* \\\* back\slash",
    "¯\\_(ツ)_/¯ &lt;@1&gt; &#64;everyone",
]


def shown(markup: str) -> str:
    """What a person sees: Discord drops a backslash before punctuation and shows what follows; a
    space at which no line breaks is one."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markup).replace("\N{NO-BREAK SPACE}", " ")


def live(markup: str) -> list[str]:
    """The characters and line starts that Discord would act on."""
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "\0", markup)
    return re.findall(r"[*_~|`#>\[\]()<:@\\]|^\s*(?:[-+]|\d+\.)|\w/\w", bare, re.MULTILINE)
