"""The library: the articles, the index and the model, held together to answer questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Self

from . import answering, context, corpus
from .embedding import Embedder, Progress
from .errors import StoreError
from .index import Index, State
from .language import detect
from .meetings import Wanted, languages, listed
from .models import Answer, Context, Hit, Meeting, Outcome, Quote, Reload, Source, Status
from .packaged import DEFAULT_MODEL, WORDS_MODEL
from .reranking import FIRST, Reranker
from .search import Searcher
from .store import Store
from .synonyms import Synonyms
from .verification import verified, verified_text
from .word_vectors import WordVectors

DEPTH = 10
"""How many hits are ranked for an answer."""

Compose = Callable[..., Answer]
"""`answering.compose`, or one that is called like it."""


class Library:
    """Answers questions about the articles in a folder.

    The model is loaded, and the index read, when they are first needed. Not for several threads at
    once; but one may reload while another asks.
    """

    def __init__(
        self,
        seeds_dir: Path,
        store: Store,
        load: Callable[[], Embedder],
        words_file: Path | None = None,
        load_reranker: Callable[[], Reranker] | None = None,
    ):
        """`words_file` keeps the vectors of words, to save time."""
        self._folder = seeds_dir
        self._store = store
        self._load = load
        self._words_file = words_file
        self._load_reranker = load_reranker
        self._synonyms = Synonyms()
        self._searcher: Searcher | None = None
        self._serving: State | None = None
        self._ready: Searcher | None = None
        self._reloading = False

    @classmethod
    def open(
        cls,
        seeds_dir: Path,
        data_dir: Path,
        model: str = DEFAULT_MODEL,
        chroma_url: str | None = None,
        reranker: str | None = None,
    ) -> Self:
        """Open the index below `data_dir`, or on the Chroma server at `chroma_url`. `model` and
        `reranker` are names for sentence-transformers.

        Raises:
            StoreError: it cannot be opened.
        """
        store = Store.open(data_dir / "chroma", chroma_url)
        return cls(
            seeds_dir,
            store,
            partial(Embedder.load, model),
            data_dir / "words.npz",
            partial(Reranker.load, reranker) if reranker else None,
        )

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

    @cached_property
    def reranker(self) -> Reranker | None:
        """The reranker, if there is to be one. Raises ModelError if it cannot be loaded."""
        return self._load_reranker() if self._load_reranker else None

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

    def article(self, path: str) -> str | None:
        """An article's text as its file holds it now, without front matter; None if it holds none.

        It is the text that quotes are cut from: of a page or a PDF the extracted one.
        """
        return context.article(self._folder, path)

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
        """Load the models and tables, and read the index now. Raises: as `ask`."""
        self.embedder.warm()
        for language in {detect("Is it warm?"), *languages()}:
            self._found("warm", language, DEPTH)

    def reload(
        self, progress: Progress | None = None, waiting: Callable[[], None] | None = None
    ) -> Reload:
        """Bring the index up to the files; questions are answered from the old one until then.

        `waiting` is called now and then while another reload is under way. What it or `progress`
        raises ends this one, and the old index stays.

        Raises: CorpusError, StoreError, ModelError.
        """
        with self._store.exclusively(waiting), closing(self._store.beside()) as store:
            self._reloading = True
            try:
                report = corpus.reload(self._folder, store, self.embedder, progress, self._words())
                self._prepare(store.index())
            finally:
                self._reloading = False
        known = Synonyms.read(self._folder)
        return replace(
            report,
            failed=(*report.failed, *known.failed),
            notes=(*report.notes, *known.notes),
        )

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
        while True:
            answer = compose(question, language, hits, changed=changed)
            found = [(quote.article, verified(self._folder, quote)) for quote in answer.quotes]
            changed += [article for article, quote in found if quote is None]
            quotes = tuple(quote for _, quote in found if quote)
            if len(quotes) == len(answer.quotes):
                return replace(answer, quotes=quotes, indexed_on=searcher.indexed_on)

    def _found(self, question: str, language: str, limit: int) -> tuple[Searcher, list[Hit]]:
        searcher = self._searching()
        self._synonyms = self._synonyms.renewed(self._folder)
        asked = self._synonyms.apply(question, language)
        wanted = max(limit, FIRST) if self.reranker else limit
        try:
            hits = searcher.search(question, language, wanted, asked)
        except StoreError:
            # Another process may have reloaded just now, and taken the index away.
            if self._store.state() == self._serving:
                raise
            searcher = self._searching()
            hits = searcher.search(question, language, wanted, asked)
        if self.reranker:
            hits = self.reranker.reranked(question, hits)
        return searcher, hits[:limit]

    def _prepare(self, index: Index | None) -> None:
        """Makes the next searcher, if questions are asked: then none has to wait for it."""
        if self._searcher is not None and index is not None and index.state != self._serving:
            self._ready = self._search_in(index)

    def _search_in(self, index: Index) -> Searcher:
        return Searcher(index, self.embedder, self._words(), last=self._searcher)

    def _words(self) -> WordVectors:
        return WordVectors(self._word_embedder, self._words_file)

    @cached_property
    def _word_embedder(self) -> Embedder:
        return self.embedder.words or Embedder.load(WORDS_MODEL)

    def _index(self) -> Index:
        index = self._store.index()
        if index is None:
            raise StoreError("There is no index yet; run `passage reload`.")
        return index

    def _searching(self) -> Searcher:
        """The searcher of the index that serves now: another process may have reloaded. While this
        one does, that of before: the reload makes the next one ready."""
        if self._searcher is not None and self._reloading:
            return self._searcher
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
                    "The index was made by another version of Passage, which indexes articles "
                    "differently; run `passage reload` to build it anew."
                )
            ready, self._ready = self._ready, None
            if ready is not None and ready.state == index.state:
                self._searcher = ready.over(index)
            else:
                self._searcher = self._search_in(index)
            self._serving = index.state
        return self._searcher
