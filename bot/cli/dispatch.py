"""Runs the command of the command line. Every error ends in one sentence on stderr."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from contextlib import ExitStack
from importlib import import_module

from retrieval import PassageError

from .. import logs
from ..backup.file_switch import RECORD
from ..backup.restore import undo
from ..settings import Settings, read_settings
from .commands import CommandContext
from .output import Terminal


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
            return command(CommandContext(args, settings, terminal, resources)) or 0
    except PassageError as error:
        terminal.error(str(error))
        return 1
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
    if not (settings.library.data_dir / RECORD).exists():
        return
    if undo(settings.library.data_dir):
        terminal.note("Undid an import that had been cut off; import the archive again.")
