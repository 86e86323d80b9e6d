"""TOML tables → dataclasses, checked: a misspelt key is refused, not ignored.

Pydantic does as much, but takes longer to import than a small file takes to be read: the process
that reads files would start in twice the time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

_T = TypeVar("_T")

Hint = Any
"""A type as an annotation has it."""


def make(kind: type[_T], table: Mapping[str, Any], path: str = "") -> _T:
    """Make a dataclass of a table.

    Its fields are dataclasses, `bool`, `int`, `str`, tuples of one type, dicts by words or numbers,
    literals, or `Annotated[…, function]`, which makes its value of a list of words.

    Raises:
        ValueError: a key is unknown or missing, or a value of a wrong type; the key is named.
    """
    hints = _hints(kind)  # type: ignore[arg-type]
    if unknown := sorted(table.keys() - hints.keys()):
        raise ValueError(f"{path}{unknown[0]}: there is no such key")
    values = {}
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name in table:
            values[field.name] = _value(hints[field.name], table[field.name], path + field.name)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise ValueError(f"{path}{field.name}: this key is missing")
    return kind(**values)


@cache
def _hints(kind: type) -> dict[str, Hint]:
    return get_type_hints(kind, include_extras=True)


def _value(hint: Hint, value: Any, path: str) -> Any:
    origin: Any = get_origin(hint)
    args = get_args(hint)
    if hasattr(hint, "__metadata__"):
        function: Callable[[tuple[str, ...]], Any] = hint.__metadata__[0]
        return function(_value(tuple[str, ...], value, path))
    if is_dataclass(hint):
        return make(hint, _checked(dict, value, path), f"{path}.")  # type: ignore[arg-type]
    if origin is tuple:
        return tuple(_value(args[0], item, path) for item in _checked(list, value, path))
    if origin is dict:
        key, value_hint = args
        try:
            table = {key(name): item for name, item in _checked(dict, value, path).items()}
        except ValueError as error:
            raise ValueError(f"{path}: its keys are not of the type {key.__name__}") from error
        return {name: _value(value_hint, item, f"{path}.{name}") for name, item in table.items()}
    if origin is Literal:
        if value not in args:
            raise ValueError(f"{path}: it is not one of {', '.join(map(repr, args))}")
        return value
    return _checked(hint, value, path)


def _checked(kind: type[_T], value: Any, path: str) -> _T:
    if type(value) is not kind:
        names = {
            str: "text",
            list: "a list",
            dict: "a table",
            bool: "true or false",
            int: "a number",
        }
        raise ValueError(f"{path}: it should be {names[kind]}")
    return value
