"""`passage add URL`: one article from the web. For the operator's terminal, never for Discord."""

from __future__ import annotations

from retrieval import Added, OperatorError, add

from .commands import CommandContext, reload_index
from .json_output import print_json, reload_json


def add_article(context: CommandContext) -> None:
    """Fetch an article, store it, and reload: `passage add URL`.

    Raises:
        OperatorError: the article cannot be fetched or stored; or it is stored, but the index
            cannot be updated: then the next reload takes it in.
    """
    library = context.library  # Opened first: nothing is fetched where no index can be written.
    added = add(context.settings.library.seeds_dir, context.args.url)
    if not context.args.json:
        context.terminal.added(added)
    try:
        report = reload_index(library, context.terminal)
    except OperatorError as error:
        raise OperatorError(
            f"The article is stored as {added.source.path}, but not in the index yet; once this is "
            f"put right, run `passage reload`: {error}"
        ) from error
    if context.args.json:
        print_json({**_added_json(added), "reload": reload_json(report)})
    else:
        context.terminal.reload(report)


def _added_json(added: Added) -> dict[str, str | None]:
    source = added.source
    return {
        "article": source.path,
        "title": source.title,
        "language": source.language,
        "date": source.date,
        "url": source.url,
    }
