"""What an operator may set about the reader."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, IPvAnyNetwork
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from ..options import (
    BY_NAME,
    QUESTIONS_PER_GUILD,
    QUESTIONS_PER_MEMBER,
    SEEDS_DIR,
    Listed,
    Port,
    QuestionsPerGuild,
    QuestionsPerMember,
    SeedsDir,
)

MAX_PUBLIC_URL = 400
"""Characters of the reader's address: with those of a quote's page behind it they are under 512."""

READER_PORT = 8798
"""The port of the reader, unless another one is set."""

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~%/-]*)?")


def _public_url(value: str) -> str:
    """Refuse an address to which no page can be added, or which a link button does not take."""
    if len(value) <= MAX_PUBLIC_URL and _ADDRESS.fullmatch(value):
        with suppress(ValueError):  # It is raised for a port that is no port.
            _ = urlsplit(value).port
            return value
    raise PydanticCustomError(
        "address",
        "an address like https://articles.example/passage, in plain letters, without ?, # or a "
        "password, of at most {limit} characters",
        {"limit": MAX_PUBLIC_URL},
    )


@dataclass(frozen=True, slots=True, config=BY_NAME)
class ReaderOptions:
    """Where the reader is served, what it shows, and how much it may be asked."""

    folder: SeedsDir = SEEDS_DIR
    """The folder of articles."""

    enabled: bool | None = Field(default=None, validation_alias="PASSAGE_READER")
    """Whether other commands than `passage reader` serve it; None is `try` and `chat` alone."""

    host: str = Field(default="127.0.0.1", validation_alias="PASSAGE_READER_HOST")

    port: Port = Field(default=READER_PORT, validation_alias="PASSAGE_READER_PORT")
    """The port of `passage run` and `passage reader`; 0 is any free one."""

    public_url: Annotated[str, AfterValidator(_public_url)] | None = Field(
        default=None, validation_alias="PASSAGE_PUBLIC_URL"
    )
    """The address that members see, where a proxy publishes it."""

    proxies: Annotated[tuple[IPvAnyNetwork, ...], Listed] = Field(
        default=(), validation_alias="PASSAGE_READER_PROXIES"
    )
    """Proxies, besides those of this machine, that are believed about a visitor's address."""

    questions_per_client: QuestionsPerMember = QUESTIONS_PER_MEMBER
    """Questions a minute from one address; 0 is no limit."""

    questions: QuestionsPerGuild = QUESTIONS_PER_GUILD
    """Questions a minute from all addresses together; 0 is no limit."""

    pages_per_client: int = 240
    """Pages a minute for one address; 0 is no limit."""

    at_once: int = 64
    """Requests that are worked on at the same time."""

    give_up_after: float = 60.0
    """Seconds that an answer may take."""

    @property
    def private(self) -> ReaderOptions | None:
        """The options of `passage try` and `passage chat`, which serve it to this machine alone, at
        any free port."""
        if self.enabled is False:
            return None
        return replace(self, host="127.0.0.1", port=0, public_url=None, pages_per_client=0)
