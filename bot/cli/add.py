"""`passage add URL`: one article from the web. For the operator's terminal, never for Discord."""

from __future__ import annotations

from retrieval import Added, OperatorError, add

from .commands import Context
from .json_output import print_json, reload_json


def add_article(on: Context) -> None:
    """`passage add URL`: fetch it, store it, and bring the index up to the files.

    The article stays where the index cannot be brought up to it: the next reload finds it.

    Raises OperatorError, which then says so.
    """
    library = on.library  # Opened first: nothing is fetched for an index that is out of reach.
    added = add(on.settings.seeds_dir, on.args.url)
    if not on.args.json:
        on.terminal.added(added)
    try:
        with on.terminal.progress("Indexing") as bar:
            report = library.reload(bar)
    except OperatorError as error:
        raise OperatorError(
            f"The article is stored as {added.source.path}, but not in the index yet; once this is "
            f"put right, run `passage reload`: {error}"
        ) from error
    if on.args.json:
        print_json({**_added_json(added), "reload": reload_json(report)})
    else:
        on.terminal.reload(report)


def _added_json(added: Added) -> dict[str, str | None]:
    source = added.source
    return {
        "article": source.path,
        "title": source.title,
        "language": source.language,
        "date": source.date,
        "url": source.url,
    }
