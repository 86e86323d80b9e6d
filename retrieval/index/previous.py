"""An index of version 0.2: a record an article, in a collection of their own, and no vocabulary.

It is read as it is, and the next reload keeps it as the others are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chromadb.api import ClientAPI

from ..models import Source
from .records import SOURCE_FIELDS, Indexed, meeting_of

PREVIOUS = "-articles"
"""The collection of the articles is named as that of their passages, with this behind it."""

PAGE = 1_000


def previous_articles(client: ClientAPI, name: str, generation: int) -> list[Indexed]:
    """Return the articles of a generation, in order of their paths. Raises NotFoundError where
    there is no collection of them."""
    collection = client.get_collection(name + PREVIOUS, embedding_function=None)
    articles = list[Indexed]()
    for start in range(0, collection.count(), PAGE):
        page = collection.get(limit=PAGE, offset=start, include=["metadatas"])
        articles += (
            previous_article(metadata)
            for metadata in page["metadatas"] or []
            if int(str(metadata["since"])) <= generation < int(str(metadata["until"]))
        )
    return sorted(articles, key=lambda article: article.source.path)


def previous_article(metadata: Mapping[str, Any]) -> Indexed:
    """The article of a record's metadata, as version 0.2 wrote it or 0.1: a value each."""
    if "details" in metadata:
        values = json.loads(metadata["details"])
    else:
        values = {**metadata, "meetings": json.loads(metadata["meetings"])}
    source = Source(**{name: values[name] for name in SOURCE_FIELDS if name in values})
    meetings = tuple(map(meeting_of, values["meetings"]))
    return Indexed(source, values["passages"], meetings, metadata["since"])


def previous_keys(client: ClientAPI, name: str) -> Iterator[str]:
    """Yield the keys of all articles of which there may be passages, those too that a reload wrote
    that died."""
    yield from client.get_collection(name + PREVIOUS, embedding_function=None).get(include=[])[
        "ids"
    ]
