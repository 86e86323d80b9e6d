"""Removes what is not part of the serving generation: replaced articles, the rest of a reload that
died, and the layout of version 0.2."""

from __future__ import annotations

import re
from contextlib import suppress

from chromadb.api import ClientAPI
from chromadb.errors import NotFoundError

from .generation import ARTICLES, POINTER, VOCABULARY, Generation
from .kept_bytes import read_bytes, write_bytes
from .previous import previous_keys
from .records import articles_from_bytes


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
    if serving.previous:
        write_bytes(client, prefix + VOCABULARY, serving.vocabulary().to_bytes())
        write_bytes(client, prefix + ARTICLES, serving.article_list)
        keys |= set(previous_keys(client, name))
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
