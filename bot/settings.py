"""What the operator sets, in the environment or in `.env`: the only reader of either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource

from retrieval import MAIN_CORPUS, OperatorError

from .corpora.entries import CorpusEntries, corpus_folder, read_corpora, reader_key
from .options import (
    BY_NAME,
    AskOptions,
    DiscordOptions,
    Id,
    LibraryOptions,
    NewsOptions,
    Port,
    fault,
)
from .ui.links import Links, corpus_page
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
    corpora: Path | None = Field(default=None, validation_alias="PASSAGE_CORPORA")
    """A file of several corpora; None is one, that of `PASSAGE_SEEDS_DIR`."""

    misspelt: tuple[str, ...] = ()
    """A sentence on each variable that is named like a setting and is none."""
    given: frozenset[str] = frozenset()
    """The variables that are set; a server cannot change what they say."""

    @property
    def links(self) -> Links:
        """The links that are sent to people on other machines. Raises OperatorError."""
        return Links(self.reader.public_url, self.reader_keys if self.reader.public_url else {})

    @cached_property
    def entries(self) -> CorpusEntries:
        """The corpora. Raises OperatorError."""
        return read_corpora(self.corpora, self.library.seeds_dir)

    @property
    def reader_keys(self) -> dict[str, str]:
        """The part of its address in the reader of each corpus but the main one."""
        others = [name for name in self.entries if name != MAIN_CORPUS]
        return {name: reader_key(self.library.data_dir, name) for name in others}

    def at(self, corpus: str) -> Settings:
        """Return the settings of a bot that has this corpus alone. The index of another than the
        main one is in the data folder, whatever keeps that one's.

        Raises:
            OperatorError: there is no corpus of that name.
        """
        if corpus not in self.entries:
            names = ", ".join(sorted(self.entries))
            raise OperatorError(f"There is no corpus {corpus}; PASSAGE_CORPORA has {names}.")
        if corpus == MAIN_CORPUS:
            return self
        seeds, options, url = self.entries[corpus].seeds, self.library, self.reader.public_url
        if url:
            url = f"{url.rstrip('/')}/{corpus_page(reader_key(options.data_dir, corpus))}"
        return replace(
            self,
            corpora=None,
            library=replace(
                options,
                seeds_dir=seeds,
                data_dir=corpus_folder(options.data_dir, corpus),
                models_dir=options.data_dir / "models",
                chroma_url=None,
            ),
            reader=replace(self.reader, folder=seeds, public_url=url),
        )


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
    name for name, field in _OPTIONS.items() if field.annotation in (frozenset[Id], Id | None)
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
        raise OperatorError(f"{name} {fault(first)}{hint}") from error


def _misspelt(variables: Iterable[str]) -> Iterator[str]:
    names = [name.removeprefix(PREFIX) for name in VARIABLES]
    for variable in sorted(variables):
        if variable.startswith(PREFIX) and variable not in VARIABLES:
            close = get_close_matches(variable.removeprefix(PREFIX), names, n=1)
            hint = f"; did you mean {PREFIX}{close[0]}?" if close else "."
            yield f"{variable} is no setting{hint}"
