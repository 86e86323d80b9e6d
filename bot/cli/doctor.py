"""`passage doctor`: checks everything that the bot needs, and says what to do about it."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from retrieval import (
    Library,
    OutdatedIndexError,
    PassageError,
    Scan,
    scan,
    without_credentials,
)

from ..i18n.phrases import ENGLISH
from ..settings import Settings
from .checks import OK, PROBLEM, WARNING, Check, counted, first_of
from .context import CommandContext
from .doctor_discord import API, check_discord, check_token

ENOUGH_DISK = 500 * 1024 * 1024
"""Free bytes, below which a reload may fail."""

CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")
"""Where Linux tells how many bytes of memory a container may have: "max" for all."""

ENOUGH_MEMORY = 2_000_000_000
"""Free bytes, below which the model and a reload may not fit; before the model is loaded."""

SYSTEMS = {
    ("Linux", "x86_64"),
    ("Linux", "aarch64"),
    ("Darwin", "arm64"),
    ("Windows", "AMD64"),
}
"""The systems and processors that docs/index.md names, as Python calls them."""


def doctor(context: CommandContext) -> int:
    """Print the checks of `passage doctor`; return the exit status, 1 where there is a problem."""
    checks = asyncio.run(run_checks(context.settings, context.open_library))
    context.show(checks, context.terminal.checks)
    return int(any(check.state is PROBLEM for check in checks))


async def run_checks(
    settings: Settings, open_library: Callable[[], Library], api: str = API
) -> list[Check]:
    """Check everything, and go on where something is wrong. No check contains the token.

    Args:
        settings: what is checked.
        open_library: opens the library of the settings; may raise StoreError.
        api: the address of Discord's API.
    """
    secret = settings.discord.token
    token = secret.get_secret_value() if secret else None
    checks = [check_token(token)]
    if token and checks[0].state is OK:
        checks += await check_discord(token, settings.ask, settings.discord, api)
    checks += _corpora(settings)
    articles, current = _articles(settings.library.seeds_dir)
    library = _library(open_library, current, settings.library.chroma_url)
    return [*checks, articles, _system(), *_memory(), *library, _disk(settings.library.data_dir)]


def _corpora(settings: Settings) -> list[Check]:
    if settings.corpora is None:
        return []
    try:
        entries = settings.entries
    except PassageError as error:
        return [Check("Corpora", PROBLEM, str(error))]
    missing = [
        f"{name} has no folder at {each.seeds}"
        for name, each in entries.items()
        if not each.seeds.is_dir()
    ]
    if missing:
        return [Check("Corpora", PROBLEM, f"{first_of(missing)}.", f"Mend {settings.corpora}.")]
    return [Check("Corpora", OK, f"There are {', '.join(sorted(entries))}.")]


def _articles(folder: Path) -> tuple[Check, Scan | None]:
    try:
        current = scan(folder)
    except (PassageError, OSError) as error:
        return Check("Articles", PROBLEM, str(error)), None
    says = f"{counted(len(current.articles), 'article')} in {folder}"
    if not current.failed:
        return Check("Articles", OK, f"{says}."), current
    left_out = [f"{failure.article}: {failure.reason}" for failure in current.failed]
    do = "Mend or remove what is named, then run `passage reload`."
    return Check("Articles", WARNING, f"{says}, but {first_of(left_out, '; ')}.", do), current


def _library(
    open_library: Callable[[], Library], current: Scan | None, chroma_url: str | None
) -> list[Check]:
    try:
        library = open_library()
    except PassageError as error:
        return [Check("Chroma" if chroma_url else "Index", PROBLEM, str(error))]
    server = (
        [Check("Chroma", OK, f"{without_credentials(chroma_url)} answers.")] if chroma_url else []
    )
    with library:
        try:
            model = library.embedder
            says = f"{model.name} is loaded, {model.dimension} dimensions."
        except PassageError as error:
            return [*server, Check("Model", PROBLEM, str(error))]
        return [*server, Check("Model", OK, says), _index(library, current)]


def _index(library: Library, current: Scan | None) -> Check:
    try:
        if not library.indexed:
            says = "There is none yet; the first start of the bot makes it."
            return Check("Index", WARNING, says, "`passage reload` makes it now.")
        library.check_index()
        indexed = {source.path: source for source in library.sources()}
        status = library.status()
    except OutdatedIndexError as error:
        return Check("Index", WARNING, str(error), "The next start of the bot does it too.")
    except PassageError as error:
        return Check("Index", PROBLEM, str(error))
    if current is not None:
        files = {article.source.path: article.source for article in current.articles}
        differing = [path for path in files | indexed if files.get(path) != indexed.get(path)]
        if differing:
            says = f"It is out of date against the files: {first_of(sorted(differing))}."
            return Check("Index", WARNING, says, "Run `passage reload`.")
    says = (
        f"{counted(len(indexed), 'article')}, {status.passages} passages, "
        f"made on {ENGLISH.date(status.indexed_at[:10])}."
    )
    return Check("Index", OK, says)


def _system() -> Check:
    system, machine = platform.system(), platform.machine()
    python = platform.python_implementation()
    says = f"{system} on {machine}, {python} {platform.python_version()}."
    # Alpine's C library is another than the one that the packages are built for.
    is_musl = system == "Linux" and platform.libc_ver()[0] != "glibc"
    if (system, machine) not in SYSTEMS or is_musl or python != "CPython":
        do = "docs/index.md names the systems that Passage is made for; on others nothing is known."
        return Check("System", WARNING, says, do)
    return Check("System", OK, says)


def _memory() -> list[Check]:
    """Check the free memory, where the system tells it as Linux does."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        facts = dict(line.split(":", 1) for line in lines)
        free = int(facts["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return []
    with suppress(OSError, ValueError):
        free = min(free, int(CONTAINER_LIMIT.read_text(encoding="ascii")))
    says = f"{free / 1024**3:.1f} GiB are free at most."
    if free < ENOUGH_MEMORY:
        return [Check("Memory", WARNING, says, "The bot with a reload needs 2 GB: make room.")]
    return [Check("Memory", OK, says)]


def _disk(folder: Path) -> Check:
    # The folder is created at the first start; until then its parent counts.
    existing = next(
        path for path in (folder.absolute(), *folder.absolute().parents) if path.exists()
    )
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        return Check(
            "Disk",
            PROBLEM,
            f"{existing} cannot be written to.",
            "Let the bot's user write there, or set PASSAGE_DATA_DIR to another folder.",
        )
    free = shutil.disk_usage(existing).free
    says = f"{free / 1024**3:.1f} GiB are free where {folder} is."
    if free < ENOUGH_DISK:
        return Check("Disk", WARNING, says, "A reload may need more: make room.")
    return Check("Disk", OK, says)
