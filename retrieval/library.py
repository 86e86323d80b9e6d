"""The library: the articles, the index and the model, held together to answer questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Self

from . import answering, context, corpus
from .embedding import DEFAULT_MODEL, Embedder, Progress
from .errors import StoreError
from .index import Index, State
from .language import detect
from .meetings import Wanted, listed
from .models import Answer, Context, Hit, Meeting, Outcome, Quote, Reload, Source, Status
from .search import Searcher
from .store import Store
from .verification import verified_text

DEPTH = 10
"""How many hits are ranked for an answer."""

Compose = Callable[..., Answer]
"""`answering.compose`, or one that is called like it."""


class Library:
    """Answers questions about the articles in a folder. Not for several threads at once.

    The model is loaded, and the index read, when they are first needed.
    """

    def __init__(self, seeds_dir: Path, store: Store, load: Callable[[], Embedder]):
        self._folder = seeds_dir
        self._store = store
        self._load = load
        self._searcher: Searcher | None = None
        self._serving: State | None = None

    @classmethod
    def open(
        cls,
        seeds_dir: Path,
        data_dir: Path,
        model: str = DEFAULT_MODEL,
        chroma_url: str | None = None,
    ) -> Self:
        """Open the index below `data_dir`, or on the Chroma server at `chroma_url`.

        Raises:
            StoreError: it cannot be opened.
        """
        store = Store.open(data_dir / "chroma", chroma_url)
        return cls(seeds_dir, store, partial(Embedder.load, model))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()

    @cached_property
    def embedder(self) -> Embedder:
        """The model. Raises ModelError if it cannot be loaded."""
        return self._load()

    @property
    def indexed(self) -> bool:
        """Whether there is an index, whatever made it."""
        return self._store.state() is not None

    def ask(self, question: str) -> Answer:
        """Answer a question with verified quotes, or say that the articles do not.

        Raises:
            QuestionError: the question is empty, too long, or holds no words.
            StoreError: there is no index, or another model or splitting made it.
            ModelError: the model cannot be loaded.
        """
        question = answering.cleaned(question)
        language = detect(question)
        if answering.is_small_talk(question):
            return Answer(question, language, Outcome.SMALL_TALK)
        return self._verified(question, language, answering.compose)

    def more(self, question: str, seen: Sequence[Quote]) -> Answer:
        """The next quotes for a question after those seen, verified; however weak they are.

        Raises: as `ask`.
        """
        question = answering.cleaned(question)
        compose = partial(answering.compose_more, seen=seen)
        return self._verified(question, detect(question), compose)

    def context(self, quote: Quote) -> Context | None:
        """The paragraphs around a quote; None if its file no longer holds it."""
        return context.context(self._folder, quote)

    def holds(self, quote: Quote) -> bool:
        """Whether the quote's file still holds it, at its place."""
        return verified_text(self._folder, quote) is not None

    def search(self, question: str, limit: int = DEPTH) -> list[Hit]:
        """The hits in the order in which they would be quoted, before any abstention.

        Raises: as `ask`.
        """
        question = answering.cleaned(question)
        _, hits = self._found(question, detect(question), max(limit, DEPTH))
        return answering.chosen(hits, limit)

    def warm(self) -> None:
        """Load the model and read the index now. Raises: as `ask`."""
        self._searching()
        self.embedder.query("warm")

    def reload(self, progress: Progress | None = None) -> Reload:
        """Bring the index up to the files. Raises: CorpusError, StoreError, ModelError."""
        return corpus.reload(self._folder, self._store, self.embedder, progress)

    def status(self) -> Status:
        """The state of the index; needs no model. Raises StoreError if there is none."""
        index = self._index()
        articles = index.articles()
        return Status(
            articles=len(articles),
            passages=sum(one.passages for one in articles),
            languages=dict(Counter(one.source.language for one in articles)),
            model=index.made.model,
            dimension=index.made.dimension,
            indexed_at=index.state.indexed_at,
            store=self._store.place,
        )

    def sources(self) -> list[Source]:
        """The articles that are indexed, newest first, then by title. Raises: as `ask`."""
        sources = (one.source for one in self._searching().articles)
        by_title = sorted(sources, key=lambda source: source.title)
        return sorted(by_title, key=lambda source: source.date or "", reverse=True)

    def meetings(self, wanted: Wanted | None = None) -> list[Meeting]:
        """The meetings that the articles report, newest first; those of an unknown year last.

        They were found at the last reload. Needs no model. Raises StoreError if there is no index.
        """
        return listed((one for each in self._index().articles() for one in each.meetings), wanted)

    def _verified(self, question: str, language: str, compose: Compose) -> Answer:
        """What `compose` makes of the hits whose articles' files hold them as they are now."""
        searcher, hits = self._found(question, language, DEPTH)
        changed: list[str] = []
        answer = compose(question, language, hits, changed=changed)
        while bad := [q.article for q in answer.quotes if not verified_text(self._folder, q)]:
            changed += bad
            answer = compose(question, language, hits, changed=changed)
        return replace(answer, indexed_on=searcher.indexed_on)

    def _found(self, question: str, language: str, limit: int) -> tuple[Searcher, list[Hit]]:
        searcher = self._searching()
        try:
            return searcher, searcher.search(question, language, limit)
        except StoreError:
            # Another process may have reloaded just now, and taken the index away.
            if self._store.state() == self._serving:
                raise
            searcher = self._searching()
            return searcher, searcher.search(question, language, limit)

    def _index(self) -> Index:
        index = self._store.index()
        if index is None:
            raise StoreError("There is no index yet; run `passage reload`.")
        return index

    def _searching(self) -> Searcher:
        """The searcher of the index that serves now: another process may have reloaded."""
        serving = self._store.state()
        if self._searcher is None or serving != self._serving:
            index = self._index()
            made, wanted = index.made, corpus.made_by(self.embedder)
            if made.model != wanted.model or made.dimension != wanted.dimension:
                raise StoreError(
                    f"The index was made by the model {made.model!r} ({made.dimension} "
                    f"dimensions), and PASSAGE_EMBEDDING_MODEL is {wanted.model!r} "
                    f"({wanted.dimension}); run `passage reload` to build it anew."
                )
            if made != wanted:
                raise StoreError(
                    "The index was made by another version of Passage, which splits articles "
                    "differently; run `passage reload` to build it anew."
                )
            self._searcher = Searcher(index, self.embedder, last=self._searcher)
            self._serving = index.state
        return self._searcher
