"""The YAML before an article's text, between two lines of `---`: read and written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

MAX_LENGTH = 50_000
"""The most characters of front matter; the reader of YAML takes seconds for a million."""

_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)


class _Loader(yaml.SafeLoader):
    """Without references, with which a few lines can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("references are not read")
        return super().compose_node(parent, index)


def front_matter(text: str) -> tuple[dict[str, Any], int]:
    """The fields before an article's text, and where the text begins. Raises ValueError."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, 0
    if len(found[1]) > MAX_LENGTH:
        raise ValueError(f"its front matter is longer than {MAX_LENGTH:,} characters")
    try:
        front = yaml.load(found[1], _Loader)  # noqa: S506 (it is a SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError("its front matter is not YAML") from error
    if front is not None and not isinstance(front, dict):
        raise ValueError("its front matter is not a list of fields")
    return {str(key).lower(): value for key, value in (front or {}).items()}, found.end()


def with_front_matter(fields: Mapping[str, str | None], text: str) -> str:
    """The text with its fields before it, as `front_matter` reads them; None is left out."""
    known = {key: value for key, value in fields.items() if value}
    front = yaml.safe_dump(known, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n\n{text.strip()}\n"
