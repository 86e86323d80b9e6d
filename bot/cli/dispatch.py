"""Runs the command that was typed, with all that it works with; every error ends in a sentence."""

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
from ..settings import Settings, read_settings
from .commands import Context
from .output import Terminal


def run(args: argparse.Namespace) -> int:
    """Run a command; returns the exit status. `args.run` names its function: "module.name".

    The function takes a Context; it returns an exit status, or None for 0.
    """
    terminal = Terminal()
    try:
        settings = read_settings()
        logs.set_up(settings.log_level, serving=args.run in ("serve.run", "serve.reader"))
        _finish_import(settings, terminal)
        module, _, name = args.run.partition(".")
        command = getattr(import_module(f".{module}", __package__), name)
        with ExitStack() as opened:
            return command(Context(args, settings, terminal, opened)) or 0
    except PassageError as error:
        terminal.error(str(error))
        return 1
    except BrokenPipeError:
        # The reader has gone; Python would complain about it again when it flushes at exit.
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


def _finish_import(settings: Settings, terminal: Terminal) -> None:
    """Finishes an import that was cut off, before anything else is done. Raises OperatorError."""
    if not (settings.data_dir / RECORD).exists():
        return
    from ..backup.restore import finish  # noqa: PLC0415

    if finish(settings.data_dir):
        terminal.note("Finished an import that had been cut off.")
