"""The articles for other programs' agents: `passage mcp`.

It speaks the Model Context Protocol (https://modelcontextprotocol.io) on stdin and stdout, by its
official Python SDK. What a tool returns is the JSON of the command of that kind.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import retrieval
from retrieval import OperatorError, PassageError

from ..meetings import filters
from ..worker import Result, Worker
from .context import CommandContext, index_if_none, make_index_current
from .json_output import answer_json, check_json, citations_json, meeting_json, quote_json

INSTRUCTIONS = (
    "A body of articles. `quote` answers a question by words of the articles, exactly as they "
    "stand; `search` has the passages that are nearest to it, whether they answer or not."
)

MAX_PART = 20_000
"""The most characters of an article that are returned at once."""


def serve_mcp(context: CommandContext) -> None:
    """Serve agents on stdin and stdout until stdin ends: `passage mcp`.

    Raises:
        OperatorError: the SDK is not installed.
    """
    try:
        from mcp.server import MCPServer  # noqa: PLC0415 - for this command alone
        from mcp.server.mcpserver.exceptions import ToolError  # noqa: PLC0415
        from mcp.types import ToolAnnotations  # noqa: PLC0415
    except ImportError as error:
        raise OperatorError(
            "`passage mcp` needs the Python SDK of the Model Context Protocol, which is not "
            "installed; `pip install 'passage-bot[mcp]'` brings it."
        ) from error

    server = MCPServer(
        "passage", instructions=INSTRUCTIONS, version=retrieval.__version__, log_level="WARNING"
    )
    articles = _Articles(context)

    async def serve() -> None:
        async with Worker(context.library) as worker:

            def in_worker(tool: Callable[..., Result]) -> Callable[..., Awaitable[Result]]:
                @wraps(tool)
                async def call(*args: object, **named: object) -> Result:
                    try:
                        return await worker.run(tool, *args, **named)
                    except PassageError as error:
                        raise ToolError(str(error)) from error

                return call

            read_only = server.tool(annotations=ToolAnnotations(read_only_hint=True))
            for tool in (
                articles.search,
                articles.quote,
                articles.article,
                articles.meetings,
                articles.verify,
            ):
                read_only(in_worker(tool))
            await server.run_stdio_async()

    asyncio.run(serve())


class _Articles:
    """The tools, which do what the commands of their names do. Their docstrings and signatures are
    what agents read."""

    def __init__(self, context: CommandContext) -> None:
        self._context, self._links = context, context.settings.links
        self._library = context.library

    def search(self, question: str, limit: int = 10) -> list[dict[str, Any]]:
        """Return the passages that are nearest to a question, best first, each with its score (the
        chance that it answers) and where it stands. `limit` is at most 50."""
        make_index_current(self._context)
        hits = self._library.search(question, max(1, min(limit, 50)))
        quotes = map(retrieval.quote, hits)
        return [quote_json(quote, self._links) for quote in quotes if self._library.holds(quote)]

    def quote(self, question: str) -> dict[str, Any]:
        """Answer a question by at most three quotes, checked against the articles' files; by none
        where the articles do not answer. `citations` are the quotes as W3C Web Annotations, which
        `verify` takes."""
        make_index_current(self._context)
        answer = self._library.ask(question)
        citations = citations_json(answer, self._library)
        return {**answer_json(answer, self._links), "citations": citations}

    def article(self, path: str, start: int = 0) -> dict[str, Any]:
        """Return the text of an article, named by the `article` of a quote or a passage, from a
        character on; `next` is where the next part starts, if there is one."""
        index_if_none(self._context)
        sources = self._library.sources()
        source = next((source for source in sources if source.path == path), None)
        text = self._library.article(source) if source else None
        if source is None or text is None:
            raise OperatorError(f"There is no article {path}.")
        end = max(start, 0) + MAX_PART
        facts = {name: getattr(source, name) for name in ("title", "date", "language", "url")}
        following = end if end < len(text) else None
        return {"article": path, **facts, "text": text[max(start, 0) : end], "next": following}

    def meetings(
        self,
        start: str | None = None,
        end: str | None = None,
        place: str | None = None,
        language: str | None = None,
        about: str | None = None,
    ) -> list[dict[str, Any]]:
        """List the meetings that the articles report, newest first, each with the words that say
        so. `start` and `end` are days such as "2024-11-06", "2024" or "last month"; `place` is a
        part of the place's name; `language` that of the articles; `about` says what they are about,
        in any language."""
        index_if_none(self._context)
        known = self._library.meetings()
        criteria = filters.typed_filter(start, end, place, language, known, about=about)
        matching = self._library.meetings(criteria)
        return [meeting_json(m, self._links) for m in matching if self._library.holds(m.evidence)]

    def verify(self, citations: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Say of each citation (a W3C Web Annotation of `quote`) whether its words stand where it
        says: `verdict` is stands, altered, moved, absent or unknown."""
        index_if_none(self._context)
        try:
            parsed = retrieval.read_citations(json.dumps(citations))
        except ValueError as error:
            raise OperatorError(f"This cannot be verified: {error}.") from error
        return [check_json(check) for check in self._context.check_citations(parsed)]
