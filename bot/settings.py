"""What the operator sets, in the environment or in `.env`: the only reader of either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from difflib import get_close_matches
from typing import Any, Literal

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource

from retrieval import OperatorError

from .options import BY_NAME, AskOptions, DiscordOptions, Id, LibraryOptions, NewsOptions, Port
from .ui.links import Links
from .web.options import ReaderOptions

PREFIX = "PASSAGE_"


@dataclass(frozen=True, config=BY_NAME)
class Settings:
    """All settings, by feature; `.env.example` explains each of them."""

    library: LibraryOptions = LibraryOptions()
    discord: DiscordOptions = DiscordOptions()
    ask: AskOptions = AskOptions()
    news: NewsOptions = NewsOptions()
    reader: ReaderOptions = ReaderOptions()
    log_level: Literal["debug", "info", "warning", "error"] | None = Field(
        default=None, validation_alias="PASSAGE_LOG_LEVEL"
    )
    health_port: Port | None = Field(default=None, ge=1, validation_alias="PASSAGE_HEALTH_PORT")
    try_port: Port = Field(default=8797, validation_alias="PASSAGE_TRY_PORT")
    misspelt: tuple[str, ...] = ()
    """A sentence on each variable that is named like a setting and is none."""
    given: frozenset[str] = frozenset()
    """The variables that are set; a server cannot change what they say."""

    @property
    def links(self) -> Links:
        """The links that are sent to people on other machines."""
        return Links(self.reader.public_url)


COPY_ID = (
    " An id is a number: switch on Developer Mode in Discord's settings under Advanced, then "
    "right-click the server, channel, role or member and choose Copy ID."
)


def _fields(options: Any) -> dict[str, FieldInfo]:
    return dict(options.__pydantic_fields__)


_GROUPS = {name: field for name, field in _fields(Settings).items() if is_dataclass(field.default)}

_OPTIONS = {
    field.validation_alias: field
    for options in (Settings, *(group.default for group in _GROUPS.values()))
    for field in _fields(options).values()
    if isinstance(field.validation_alias, str)
}

VARIABLES = frozenset(_OPTIONS)
"""The names of all settings in the environment."""

ID_VARIABLES = frozenset(
    name for name, field in _OPTIONS.items() if field.annotation in (frozenset[int], Id | None)
)
"""The settings that take ids of Discord's."""


def read_settings() -> Settings:
    """Read the settings; the environment goes before `.env`, and what is empty is not set.

    Raises:
        OperatorError: a setting has a value that it cannot have.
    """
    sources = (
        DotEnvSettingsSource(BaseSettings, env_file=".env"),
        EnvSettingsSource(BaseSettings),
    )
    variables = {
        name.upper(): value
        for source in sources
        for name, value in source.env_vars.items()
        if value
    }
    values = {
        **variables,
        **dict.fromkeys(_GROUPS, variables),  # Each group takes its own.
        "misspelt": tuple(_misspelt(variables)),
        "given": VARIABLES & variables.keys(),
    }
    try:
        return TypeAdapter(Settings).validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = next(part for part in first["loc"] if part in VARIABLES)
        hint = COPY_ID if name in ID_VARIABLES else ""
        fault = f"{name} cannot be {first['input']!r}: {first['msg']}.{hint}"
        raise OperatorError(fault) from error


def _misspelt(variables: Iterable[str]) -> Iterator[str]:
    names = [name.removeprefix(PREFIX) for name in VARIABLES]
    for variable in sorted(variables):
        if variable.startswith(PREFIX) and variable not in VARIABLES:
            close = get_close_matches(variable.removeprefix(PREFIX), names, n=1)
            hint = f"; did you mean {PREFIX}{close[0]}?" if close else "."
            yield f"{variable} is no setting{hint}"
