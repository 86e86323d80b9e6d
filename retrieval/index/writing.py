"""The next generation of a corpus in Chroma, written beside the one that serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from chromadb.api import ClientAPI

from ..embedding.embedder import PassageText, PassageVectors
from ..models import Passage
from .generation import ARTICLES, RECORDS_PER_CALL, VOCABULARY, State, translated
from .kept_bytes import write_bytes
from .records import Indexed, articles_to_bytes, passage_values, stored_id, text_of
from .vocabulary import Vocabulary


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
