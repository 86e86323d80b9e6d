"""`passage doctor`: is all there that the bot needs, and if not, what to do about it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from retrieval import Library, OutdatedIndexError, PassageError, Scan, scan

from ..i18n.phrases import human_date
from ..ui.links import LOCAL, NO_READER, Links
from .checks import Check, State, count, named
from .doctor_discord import API, check_discord, check_token

ENOUGH_DISK = 500 * 1024 * 1024

Open = Callable[[], Library]


async def run_checks(
    *,
    token: str | None,
    seeds_dir: Path,
    data_dir: Path,
    chroma_url: str | None,
    wants_content: bool,
    open_library: Open,
    links: Links = NO_READER,
    api: str = API,
) -> list[Check]:
    """Look at everything, and go on where something is amiss.

    `wants_content` says whether the settings need the Message Content intent; `open_library`
    opens the index, and may raise StoreError; `links` are those that members see. The token is in
    no check.
    """
    checks = [check_token(token)]
    if token and checks[0].state is State.OK:
        checks += await check_discord(token, wants_content, api)
    checks += _reader(links)
    seeds, found = _seeds(seeds_dir)
    return [*checks, seeds, *_library(open_library, found, chroma_url), _disk(data_dir)]


def _reader(links: Links) -> list[Check]:
    if links.reader is None:
        return []
    if links.local:
        do = "Set it to the address under which they reach the reader, or leave it empty."
        return [Check("Reader", State.WARNING, LOCAL, do)]
    return [Check("Reader", State.OK, f"Members are sent to {links.reader}.")]


def _seeds(folder: Path) -> tuple[Check, Scan | None]:
    try:
        found = scan(folder)
    except (PassageError, OSError) as error:
        return Check("Articles", State.PROBLEM, str(error)), None
    says = f"{count(found.articles, 'article')} in {folder}"
    if not found.failed:
        return Check("Articles", State.OK, f"{says}."), found
    left_out = [f"{failure.article}: {failure.reason}" for failure in found.failed]
    do = "Mend or remove what is named, then run `passage reload`."
    return Check("Articles", State.WARNING, f"{says}, but {named(left_out, '; ')}.", do), found


def _library(open_library: Open, found: Scan | None, chroma_url: str | None) -> list[Check]:
    try:
        library = open_library()
    except PassageError as error:
        return [Check("Chroma" if chroma_url else "Index", State.PROBLEM, str(error))]
    server = [Check("Chroma", State.OK, f"{chroma_url} answers.")] if chroma_url else []
    with library:
        try:
            model = library.embedder
            says = f"{model.name} is loaded, {model.dimension} dimensions."
        except PassageError as error:
            return [*server, Check("Model", State.PROBLEM, str(error))]
        return [*server, Check("Model", State.OK, says), _index(library, found)]


def _index(library: Library, found: Scan | None) -> Check:
    try:
        if not library.indexed:
            says = "There is none yet; the first start of the bot makes it."
            return Check("Index", State.WARNING, says, "`passage reload` makes it now.")
        library.check_index()
        indexed = {source.path: source for source in library.sources()}
        status = library.status()
    except OutdatedIndexError as error:
        return Check("Index", State.WARNING, str(error), "The next start of the bot does it too.")
    except PassageError as error:
        return Check("Index", State.PROBLEM, str(error))
    if found is not None:
        now = {article.source.path: article.source for article in found.articles}
        differing = [path for path in now | indexed if now.get(path) != indexed.get(path)]
        if differing:
            says = f"It is out of date against the files: {named(sorted(differing))}."
            return Check("Index", State.WARNING, says, "Run `passage reload`.")
    says = (
        f"{count(indexed, 'article')}, {status.passages} passages, "
        f"made on {human_date(status.indexed_at[:10])}."
    )
    return Check("Index", State.OK, says)


def _disk(folder: Path) -> Check:
    # The folder is made at the first start; until then what counts is where it will be.
    home = next(
        place for place in (folder.absolute(), *folder.absolute().parents) if place.exists()
    )
    if not home.is_dir() or not os.access(home, os.W_OK | os.X_OK):
        return Check(
            "Disk",
            State.PROBLEM,
            f"{home} cannot be written to.",
            "Let the bot's user write there, or set PASSAGE_DATA_DIR to another folder.",
        )
    free = shutil.disk_usage(home).free
    says = f"{free / 1024**3:.1f} GiB are free where {folder} is."
    if free < ENOUGH_DISK:
        return Check("Disk", State.WARNING, says, "A reload may need more: make room.")
    return Check("Disk", State.OK, says)
