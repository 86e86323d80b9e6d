"""`passage add URL`: one article from the web. For the operator's terminal, never for Discord."""

from __future__ import annotations

from retrieval import Added, add

from .as_json import print_json, reload_json
from .commands import Context


def add_article(on: Context) -> None:
    """`passage add URL`: fetch it, store it, and bring the index up to the files."""
    added = add(on.settings.seeds_dir, on.args.url)
    with on.terminal.progress("Embedding") as bar:
        report = on.library.reload(bar)
    if on.args.json:
        print_json({**_added_json(added), "reload": reload_json(report)})
        return
    on.terminal.added(added)
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
