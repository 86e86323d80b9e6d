"""The next generation of a corpus in Chroma, written beside the one that serves; and the removal of
what is part of neither: replaced articles, and the rest of a reload that died."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress

import numpy as np
from chromadb.api import ClientAPI
from chromadb.errors import NotFoundError

from ..embedding.embedder import PassageText, PassageVectors
from ..models import Passage
from .generation import (
    ARTICLES,
    POINTER,
    RECORDS_PER_CALL,
    VOCABULARY,
    Generation,
    State,
    translated,
)
from .kept_bytes import read_bytes, write_bytes
from .records import (
    Indexed,
    Vocabulary,
    articles_from_bytes,
    articles_to_bytes,
    passage_values,
    stored_id,
    text_of,
)


class Writing:
    """The next generation of a corpus, while it is written beside the one that serves.

    The list of its articles is written before the first of their passages, and the list of those
    before is deleted after the last of theirs, so that whatever a dead process leaves can be
    found. All methods raise StoreError.
    """

    def __init__(self, client: ClientAPI, name: str, serving: int, location: str):
        self._client = client
        self._records = client.get_collection(name, embedding_function=None)
        self._location = location
        self.name = name
        self.generation = serving + 1
        self.article_list = b""
        """As `plan` has written it."""
        self.replaced_keys: list[str] = []
        """The keys of the articles whose passages are to be removed after the switch."""
        self.passages = 0
        """How many have been written."""

    def plan(
        self, articles: Sequence[Indexed], vocabulary: Vocabulary, replaced: Sequence[Indexed] = ()
    ) -> None:
        """Write which articles the generation has, in order of their paths, and its words. It no
        longer has those `replaced`, or has them in another state.

        To be called once, before `add`.
        """
        prefix = State(self.name, self.generation, "").prefix
        self.article_list = articles_to_bytes(articles)
        self.replaced_keys = [article.key for article in replaced]
        with translated(self._location):
            write_bytes(self._client, prefix + VOCABULARY, vocabulary.to_bytes())
            write_bytes(self._client, prefix + ARTICLES, self.article_list)

    def add(
        self,
        entries: Sequence[tuple[Indexed, Sequence[Passage]]],
        vectors: Mapping[PassageText, PassageVectors],
    ) -> None:
        """Add the passages of articles that are new or have changed; `vectors` has theirs, by what
        the model was given.

        Many articles at once: Chroma takes as long for one record as for hundreds.
        """
        records = [(passage, article.key) for article, passages in entries for passage in passages]
        self.passages += len(records)
        with translated(self._location):
            for start in range(0, len(records), RECORDS_PER_CALL):
                batch = records[start : start + RECORDS_PER_CALL]
                batch_vectors = [vectors[text_of(passage)] for passage, _ in batch]
                self._records.add(
                    ids=[stored_id(passage.id, key) for passage, key in batch],
                    embeddings=np.stack([stored.vector for stored in batch_vectors]),
                    documents=[passage.text for passage, _ in batch],
                    metadatas=[
                        passage_values(passage, key, stored)
                        for (passage, key), stored in zip(batch, batch_vectors, strict=True)
                    ],
                )


def remove_other_passages(client: ClientAPI, serving: Generation) -> None:
    """Remove the passages of all articles that are in another list than the one that serves."""
    name, prefix = serving.state.name, serving.state.prefix
    names = re.compile(rf"({re.escape(name)}-\d+-{ARTICLES})-0")
    matches = (names.fullmatch(collection.name) for collection in client.list_collections())
    other_lists = {match[1] for match in matches if match} - {prefix + ARTICLES}
    keys = set[str]()
    for article_list in other_lists:
        # Of a list that was not written to its end, or is half deleted, there are no passages.
        with suppress(NotFoundError):
            articles = articles_from_bytes(read_bytes(client, article_list))
            keys |= {article.key for article in articles}
    if keys:
        serving.remove(sorted(keys - {article.key for article in serving.articles()}))


def delete_other_collections(client: ClientAPI, serving: Generation | None) -> None:
    """Delete the collections that the generation that serves has not, or all if none serves."""
    shared_names = {POINTER, serving.state.name} if serving else {POINTER}
    for collection in client.list_collections():
        name = collection.name
        shared = serving is not None and name.startswith(serving.state.prefix)
        if name.startswith(POINTER) and not shared and name not in shared_names:
            client.delete_collection(name)
