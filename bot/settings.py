"""What the operator sets, in the environment or in `.env`: the only reader of either."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, IPvAnyNetwork, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from retrieval import DEFAULT_MODEL, OperatorError

from .options import DEFAULTS, Home
from .ui.links import Links
from .web.options import PORT, ReaderOptions

MAX_PUBLIC = 400
"""The most characters of the reader's address: those of a quote's page fit behind it into 512."""

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~%/-]*)?")


class Settings(BaseSettings):
    """All settings; `.env.example` explains each of them."""

    model_config = SettingsConfigDict(
        env_file=".env", env_prefix="PASSAGE_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    discord_token: SecretStr | None = Field(None, validation_alias="DISCORD_TOKEN")
    seeds_dir: Path = Path("seeds")
    data_dir: Path = Path("data")
    embedding_model: str = DEFAULT_MODEL
    reranker_model: str | None = None
    chroma_url: str | None = None
    reload_threads: int | None = Field(None, ge=1)
    log_level: Literal["debug", "info", "warning", "error"] | None = None
    log_questions: bool = False
    health_port: int | None = Field(None, ge=1, le=65535)
    channels: Annotated[frozenset[int], NoDecode] = frozenset()
    direct_messages: bool = DEFAULTS.direct_messages
    questions_per_member: int = Field(DEFAULTS.per_member, ge=0)
    questions_per_guild: int = Field(DEFAULTS.per_guild, ge=0)
    home_guild: int | None = Field(None, ge=1)
    admin_role: int | None = Field(None, ge=1)
    try_port: int = Field(8797, ge=0, le=65535)
    reader: bool | None = None
    reader_host: str = "127.0.0.1"
    reader_port: int = Field(PORT, ge=0, le=65535)
    reader_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()
    public_url: str | None = None

    @field_validator("channels", "reader_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Ids or addresses with commas between them."""
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("public_url")
    @classmethod
    def _plain(cls, value: str | None) -> str | None:
        """An address to which pages can be added, and which every link button takes."""
        if value is None or (len(value) <= MAX_PUBLIC and _ADDRESS.fullmatch(value)):
            with suppress(ValueError):  # as for a port that is none
                _ = urlsplit(value or "").port
                return value
        raise PydanticCustomError(
            "address",
            "It is to be like https://articles.example/passage, in plain letters, without ?, # or "
            "a password, and at most {limit} characters long",
            {"limit": MAX_PUBLIC},
        )

    @property
    def home(self) -> Home | None:
        return None if self.home_guild is None else Home(self.home_guild, self.admin_role)

    @property
    def links(self) -> Links:
        """What is sent to people elsewhere."""
        return Links(self.public_url)

    @property
    def own_reader(self) -> ReaderOptions | None:
        """What `passage try` and `passage chat` serve the reader with, for this machine alone."""
        if self.reader is False:
            return None
        port = self.reader_port if "reader_port" in self.model_fields_set else 0
        options = self.reader_options
        return replace(options, host="127.0.0.1", port=port, public_url=None, pages_per_client=0)

    @property
    def reader_options(self) -> ReaderOptions:
        """What the reader is served with, whether it is on or not."""
        return ReaderOptions(
            folder=self.seeds_dir,
            host=self.reader_host,
            port=self.reader_port,
            public_url=self.public_url,
            proxies=self.reader_proxies,
            questions_per_client=self.questions_per_member,
            questions=self.questions_per_guild,
        )


def read_settings() -> Settings:
    """Read the settings.

    Raises:
        OperatorError: one of them cannot be what it is set to.
    """
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        name = name if name == "DISCORD_TOKEN" else f"PASSAGE_{name}"
        raise OperatorError(f"{name} cannot be {first['input']!r}: {first['msg']}.") from error
