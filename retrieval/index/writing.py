"""The next generation of a corpus in Chroma, written beside the one that serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from chromadb.api import ClientAPI

from ..embedding.embedder import PassageText, PassageVectors
from ..models import Passage
from .generation import ARTICLES, BATCH, KEYS, translated
from .records import FOREVER, Indexed, article_values, passage_values, stored_id, text_of


class Writing:
    """The next generation of a corpus, while it is written beside the one that serves.

    An article's own record is written before those of its passages and removed after them, so
    that whatever a dead process leaves can be found. All methods raise StoreError.
    """

    def __init__(self, client: ClientAPI, name: str, serving: int, location: str):
        self._records = client.get_collection(name, embedding_function=None)
        self._articles = client.get_collection(name + ARTICLES, embedding_function=None)
        self._location = location
        self.name = name
        self.generation = serving + 1
        self.passages = 0
        """How many have been written."""
        self.clear(serving)

    def add(
        self,
        entries: Sequence[tuple[Indexed, Sequence[Passage]]],
        vectors: Mapping[PassageText, PassageVectors],
    ) -> None:
        """Add articles that are new or have changed, each with its passages; `vectors` has those of
        the passages, by what the model was given.

        Many articles at once: Chroma takes as long for one record as for hundreds.
        """
        records = [(passage, article.key) for article, passages in entries for passage in passages]
        self.passages += len(records)
        with translated(self._location):
            for start in range(0, len(entries), BATCH):
                articles = [article for article, _ in entries[start : start + BATCH]]
                self._articles.add(
                    ids=[article.key for article in articles],
                    # Chroma wants a vector.
                    embeddings=np.ones((len(articles), 1), dtype=np.float32),
                    metadatas=[article_values(article) for article in articles],
                )
            for start in range(0, len(records), BATCH):
                batch = records[start : start + BATCH]
                batch_vectors = [vectors[text_of(passage)] for passage, _ in batch]
                self._records.add(
                    ids=[stored_id(passage.id, key) for passage, key in batch],
                    embeddings=np.stack([each.vector for each in batch_vectors]),
                    documents=[passage.text for passage, _ in batch],
                    metadatas=[
                        passage_values(passage, key, each)
                        for (passage, key), each in zip(batch, batch_vectors, strict=True)
                    ],
                )

    def remove(self, articles: Sequence[Indexed]) -> None:
        """Articles that are gone, or have changed and are added anew."""
        if articles:
            with translated(self._location):
                self._articles.update(
                    ids=[article.key for article in articles],
                    metadatas=[{"until": self.generation} for _ in articles],
                )

    def clear(self, serving: int) -> None:
        """Remove what generation `serving` does not have: what was removed, and what a reload
        wrote that did not come to its end."""
        with translated(self._location):
            past = {"until": {"$lte": serving}}
            ahead = {"since": {"$gt": serving}}
            dead = self._articles.get(where={"$or": [past, ahead]}, include=[])["ids"]  # type: ignore[list-item]
            for start in range(0, len(dead), KEYS):
                batch = dead[start : start + KEYS]
                self._records.delete(where={"article": {"$in": batch}})  # type: ignore[dict-item]
                self._articles.delete(ids=batch)
            doomed = {"$and": [{"until": {"$gt": serving}}, {"until": {"$lt": FOREVER}}]}
            spared = self._articles.get(where=doomed, include=[])["ids"]  # type: ignore[arg-type]
            if spared:
                self._articles.update(ids=spared, metadatas=[{"until": FOREVER} for _ in spared])
