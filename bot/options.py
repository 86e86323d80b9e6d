"""What the operator may set, by feature. Each option has its variable, type and default here alone.

`settings.py` fills these from the environment; an option without a variable is set in code only.
The reader's options are in `web/options.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, SecretStr
from pydantic.dataclasses import dataclass
from pydantic_core import ErrorDetails

from retrieval import DEFAULT_MODEL

BY_NAME = ConfigDict(validate_by_name=True, validate_by_alias=True)
"""In code an option has its field's name, in the environment the variable's."""

_EXPECTED = {
    **dict.fromkeys(("int_parsing", "int_parsing_size", "int_type"), "a whole number"),
    "int_from_float": "a whole number",
    "bool_parsing": "true or false",
    "greater_than_equal": "a number of at least {ge}",
    "less_than_equal": "a number of at most {le}",
    "literal_error": "{expected}",
    "ip_any_network": "addresses such as 10.0.0.5 or 10.1.0.0/16",
    "dataclass_type": "a table",
    "path_type": "a path in quotation marks",
    "frozen_set_type": "a list of ids",
    "unexpected_keyword_argument": "nothing: there is no such key",
}
"""What is expected instead of what pydantic refuses, by its type of error."""

MAX_GIVEN = 60
"""The most characters of a value that a sentence repeats."""


def fault(error: ErrorDetails) -> str:
    """Return the end of a sentence on what was refused: "cannot be 'abc'; it takes …"."""
    given = repr(error["input"])
    given = given if len(given) <= MAX_GIVEN else f"{given[:MAX_GIVEN]}…"
    # An error of our own says what is expected.
    expected = _EXPECTED.get(error["type"], "{msg}").format(**error.get("ctx", {}), **error)
    return f"cannot be {given}; it takes {expected}."


def _split(value: Any) -> Any:
    return value.replace(",", " ").split() if isinstance(value, str) else value


Listed = BeforeValidator(_split)
"""Values with commas or spaces between them."""

Id = Annotated[int, Field(ge=1)]
"""An id of Discord."""

Ids = Annotated[frozenset[Id], Listed]


Port = Annotated[int, Field(ge=0, le=65535)]

SeedsDir = Annotated[Path, Field(validation_alias="PASSAGE_SEEDS_DIR")]
QuestionsPerMember = Annotated[int, Field(ge=0, validation_alias="PASSAGE_QUESTIONS_PER_MEMBER")]
QuestionsPerGuild = Annotated[int, Field(ge=0, validation_alias="PASSAGE_QUESTIONS_PER_GUILD")]

SEEDS_DIR = Path("seeds")
QUESTIONS_PER_MEMBER = 6
QUESTIONS_PER_GUILD = 60


@dataclass(frozen=True, slots=True, config=BY_NAME)
class LibraryOptions:
    """Which articles are searched, how, and where the index is: arguments of `Library.open`."""

    seeds_dir: SeedsDir = SEEDS_DIR
    """The folder of articles."""

    data_dir: Path = Field(default=Path("data"), validation_alias="PASSAGE_DATA_DIR")
    """The folder of the index, of what the bot remembers, and of models that are not installed."""

    model: str = Field(default=DEFAULT_MODEL, validation_alias="PASSAGE_EMBEDDING_MODEL")
    """The sentence encoder: a name in the catalog, a folder, or a name on a model hub."""

    chroma_url: str | None = Field(default=None, validation_alias="PASSAGE_CHROMA_URL")
    """A Chroma server that keeps the index, instead of the data folder."""

    reranker: str | None = Field(default=None, validation_alias="PASSAGE_RERANKER_MODEL")
    """The cross-encoder that orders the first hits: a folder, or a name on a model hub."""

    models_dir: Path | None = None
    """The folder of models that are not installed; None is one in `data_dir`."""

    cross_encoder: bool = Field(default=True, validation_alias="PASSAGE_CROSS_ENCODER")
    """Whether the default model reads the first passages together with the question."""

    reload_threads: int | None = Field(
        default=None, ge=1, validation_alias="PASSAGE_RELOAD_THREADS"
    )
    """Threads of a reload's model; None is a thread a core."""


@dataclass(frozen=True, slots=True, config=BY_NAME)
class DiscordOptions:
    """Who the bot is on Discord, and who may administer it there."""

    token: SecretStr | None = Field(default=None, validation_alias="DISCORD_TOKEN")

    home_guild: Id | None = Field(default=None, validation_alias="PASSAGE_HOME_GUILD")
    """The server that has the administrators' commands; without it there are none."""

    admin_role: Id | None = Field(default=None, validation_alias="PASSAGE_ADMIN_ROLE")
    """A role of that server whose members may use them, as the application's team may."""

    @property
    def home(self) -> Home | None:
        return None if self.home_guild is None else Home(self.home_guild, self.admin_role)


@dataclass(frozen=True, slots=True, config=BY_NAME)
class NewsOptions:
    """Where the news of a reload goes, and when."""

    channel: Id | None = Field(default=None, validation_alias="PASSAGE_NEWS_CHANNEL")
    """The channel in which it is posted; None is nowhere."""

    at_once: bool = Field(default=False, validation_alias="PASSAGE_NEWS_AT_ONCE")
    """Whether it is posted after each reload that brought something, else at most once a day."""


@dataclass(frozen=True, slots=True)
class Home:
    """The server from which the bot is administered, and a role of it that may do so."""

    guild: int
    admin_role: int | None = None


@dataclass(frozen=True, slots=True, config=BY_NAME)
class AskOptions:
    """How the bot may be asked, how much, and how long it works on an answer.

    Raises:
        ValueError: a limit is below 0, or the times are not in order.
    """

    direct_messages: bool = Field(default=True, validation_alias="PASSAGE_DIRECT_MESSAGES")
    """Whether it answers in direct messages."""

    channels: Ids = Field(default=frozenset(), validation_alias="PASSAGE_CHANNELS")
    """Channels in which it answers questions that do not mention it. Needs message content."""

    guilds: Ids = Field(default=frozenset(), validation_alias="PASSAGE_GUILDS")
    """The only servers that may use it; empty is all."""

    blocked_members: Ids = Field(default=frozenset(), validation_alias="PASSAGE_BLOCKED_MEMBERS")
    """Members whom it does not answer."""

    blocked_channels: Ids = Field(default=frozenset(), validation_alias="PASSAGE_BLOCKED_CHANNELS")
    """Channels, with their threads, and categories in which it does not answer."""

    per_member: QuestionsPerMember = QUESTIONS_PER_MEMBER
    """Questions a minute that a member may ask; 0 is no limit."""

    per_guild: QuestionsPerGuild = QUESTIONS_PER_GUILD
    """Questions a minute that the members of a server may ask together; 0 is no limit."""

    log_questions: bool = Field(default=False, validation_alias="PASSAGE_LOG_QUESTIONS")
    """Whether the log has the words of questions."""

    keep_days: int = Field(default=30, ge=1, validation_alias="PASSAGE_KEEP_DAYS")
    """Days for which sent answers, feedback and questions that are followed are kept."""

    queue: int = Field(default=50, ge=0)
    """Questions that may wait while another one is worked on."""

    slow_after: float = 10.0
    """Seconds after which it says that it is still searching."""

    give_up_after: float = 60.0
    """Seconds after which it gives up."""

    finish_within: float = Field(default=10.0, ge=0)
    """Seconds that running questions have to finish when the bot is stopped."""

    def __post_init__(self) -> None:
        if not 0 <= self.slow_after < self.give_up_after:
            raise ValueError("the bot is slow before it gives up")


DEFAULTS = AskOptions()
NO_NEWS = NewsOptions()
