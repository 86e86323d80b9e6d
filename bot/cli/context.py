"""Runs a command, and has what it works with: settings, terminal, and a library that is current."""

from __future__ import annotations

import argparse
import dataclasses
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TypeVar

import retrieval
from retrieval import (
    Citation,
    CitationCheck,
    OperatorError,
    OutdatedIndexError,
    PassageError,
    Reload,
)

from .. import logs
from ..backup.backup import REINDEX, undo
from ..backup.file_switch import RECORD
from ..settings import Settings, read_settings
from . import reload_report
from .checks import counted
from .json_output import print_json
from .output import Terminal

Value = TypeVar("Value")

OUTDATED = (
    "The index was made by another version of Passage or by another model; "
    "indexing the articles anew."
)


class UsageError(PassageError):
    """Arguments that do not fit each other, or what there is: wrong usage."""


@dataclass(frozen=True)
class CommandContext:
    """The arguments, the settings and the resources of a command."""

    args: argparse.Namespace
    settings: Settings
    terminal: Terminal
    resources: ExitStack
    """Closes what the command has opened, when it ends."""

    shares: retrieval.Library | None = None
    """The library whose models are used, if there is one."""

    @cached_property
    def library(self) -> retrieval.Library:
        """The library, opened at the first use. Raises StoreError if it cannot be opened."""
        return self.resources.enter_context(self.open_library())

    def show(
        self,
        value: Value,
        as_text: Callable[[Value], object],
        as_json: Callable[[Value], object] = lambda value: value,
    ) -> None:
        """Print a result: the JSON of `as_json` with `--json`, else what `as_text` prints."""
        if self.args.json:
            print_json(as_json(value))
        else:
            as_text(value)

    def open_library(self) -> retrieval.Library:
        """Open the library of the settings. Raises StoreError if it cannot be opened."""
        options = dataclasses.asdict(self.settings.library)
        return retrieval.Library.open(**options, shares=self.shares)

    def check_citations(self, citations: Sequence[Citation]) -> list[CitationCheck]:
        """Return what each citation is worth now. Raises StoreError without an index."""
        sources, context = self.library.sources(), self.library.context
        return [retrieval.check_citation(citation, sources, context) for citation in citations]

    def at(self, corpus: str, resources: ExitStack) -> CommandContext:
        """Return what a command has that is about another corpus, with this one's models."""
        settings = self.settings.at(corpus)
        return CommandContext(self.args, settings, self.terminal, resources, self.library)


def run(args: argparse.Namespace) -> int:
    """Run a command and return the exit status.

    Args:
        args: the arguments, with `function`: "module.name" of the command's function in this
            folder. It takes a CommandContext and returns an exit status, or None for 0.
    """
    terminal = Terminal()
    try:
        settings = read_settings()
        if corpus := getattr(args, "corpus", None):
            settings = settings.at(corpus)
        for sentence in settings.misspelt:
            terminal.note(sentence)
        logs.set_up(
            settings.log_level, serving=args.function in ("serve.run_on_discord", "serve.reader")
        )
        undo_import(settings, terminal)
        module, _, name = args.function.partition(".")
        command = getattr(import_module(f".{module}", __package__), name)
        with ExitStack() as resources:
            status = command(CommandContext(args, settings, terminal, resources)) or 0
        sys.stdout.flush()  # At the end of the process nobody would take the error.
        return status
    except PassageError as error:
        terminal.error(str(error))
        return 2 if isinstance(error, UsageError) else 1
    except BrokenPipeError:
        # Whoever read stdout is gone; Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        logging.getLogger("passage").debug("unexpected", exc_info=True)
        reason = " ".join(str(error).split())[:200]
        terminal.error(
            f"Passage failed ({type(error).__name__}: {reason}); "
            "PASSAGE_LOG_LEVEL=debug shows where."
        )
        return 1


def undo_import(settings: Settings, terminal: Terminal) -> None:
    """Undo an import that was cut off, before anything else is done. Raises OperatorError."""
    folder = settings.library.data_dir
    try:
        os.stat(folder / RECORD)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        reason = retrieval.reason_of(error)
        raise OperatorError(
            f"{folder} cannot be used ({reason}); check PASSAGE_DATA_DIR."
        ) from error
    if undo(folder):
        terminal.note("Undid an import that had been cut off; import the archive again.")


def index_if_none(context: CommandContext) -> int:
    """Build the index on a new machine, and bring it up to the articles of an import. Return the
    exit status that a reload would have; 0 where there was nothing to do."""
    first = not context.library.indexed
    imported = context.settings.library.data_dir / REINDEX
    if not first and not imported.exists():
        return 0
    report = reload_index(context.library, context.terminal)
    imported.unlink(missing_ok=True)
    when = "for the first time" if first else "after an import"
    context.terminal.note(f"Indexed {counted(report.articles, 'article')} {when}.")
    _note_failures(context, report)
    return reload_report.exit_status(report)


def make_index_current(context: CommandContext) -> None:
    """Build the index on a new machine, and rebuild one of another version or model."""
    index_if_none(context)
    try:
        context.library.check_index()
    except OutdatedIndexError:
        context.terminal.note(OUTDATED)
        _note_failures(context, reload_index(context.library, context.terminal))


def reload_index(library: retrieval.Library, terminal: Terminal) -> Reload:
    """Reload with a progress bar. Raises CorpusError, StoreError or ModelError."""
    with terminal.progress("Indexing") as bar:
        return library.reload(bar)


def _note_failures(context: CommandContext, report: Reload) -> None:
    for mark, line in reload_report.report(report):
        if mark == reload_report.FAILED:
            context.terminal.note(f"{mark}{line}")
