"""Libraries that take seconds to load, loaded by the one worker whose tests need them."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class LazyModule:
    """A module that is imported when something of it is first used."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("_"):  # pytest looks whether it is to be collected.
            raise AttributeError(attribute)
        return getattr(import_module(self._name), attribute)


torch = LazyModule("torch")
transformers = LazyModule("transformers")
sentence_transformers = LazyModule("sentence_transformers")
sklearn_metrics = LazyModule("sklearn.metrics")
layers = LazyModule("sentence_transformers.sentence_transformer.modules")
