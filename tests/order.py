"""Which worker runs which tests, and what comes first."""

from __future__ import annotations

from collections.abc import Generator
from functools import cache

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    (
        "tests/retrieval/embedding/",
        "tests/retrieval/search/test_reranker.py",
        "tests/retrieval/test_library_stages.py",
        "tests/bot/cli/test_cli.py",
        "tests/bot/cli/test_outdated_index.py",
        "tests/bot/cli/test_doctor.py",
        "tests/test_examples.py",
    ),
    ("tests/wire/",),
    (
        "tests/retrieval/test_library.py",
        "tests/retrieval/evaluation/test_gold.py",
        "tests/bot/cli/test_eval.py",
        "tests/bot/web/test_browser.py",
        "tests/bot/web/test_reader.py",
        "tests/bench/test_ablation.py",
    ),
    ("tests/retrieval/feeds/", "tests/retrieval/formats/"),
)
"""What goes to one worker: those that load torch, which takes seconds, those of one bot, those that
ask the gold questions, which are then read once, and those whose processes read lists and pages."""

LONGEST = (
    *TOGETHER[1],
    *TOGETHER[0],
    "tests/retrieval/meetings/test_figures.py",
    "tests/retrieval/index/test_killed.py",
    *TOGETHER[2],
    *TOGETHER[3],
    "tests/bot/cli/",
    "tests/retrieval/index/",
    "tests/bot/web/",
)
"""What takes long comes first, so that the workers end at about the same time."""


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One more than there are cores: a core has nothing to do while a test waits for a process."""
    return (yield) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    @cache
    def place(file: str) -> list[bool]:
        return [not file.startswith(name) for name in LONGEST]

    items.sort(key=lambda item: place(item.nodeid.partition("::")[0]))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """A file is one worker's, and so is what goes TOGETHER."""

    class Sharing(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            together = (names[0] for names in TOGETHER if nodeid.startswith(names))
            return next(together, nodeid.partition("::")[0])

    return Sharing(config, log)
