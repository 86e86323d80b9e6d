"""What an operator may set about the reader."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from ..ui.links import is_loopback

IPNetwork = IPv4Network | IPv6Network

PORT = 8798
"""Where it is served unless another port is set."""


@dataclass(frozen=True, slots=True)
class ReaderOptions:
    """Where the reader is served, what it shows, and how much it may be asked."""

    folder: Path
    """The folder of articles."""

    host: str = "127.0.0.1"
    port: int = PORT
    """0 is any free one."""

    public_url: str | None = None
    """The address that members see, where a proxy publishes it."""

    proxies: tuple[IPNetwork, ...] = ()
    """Beside this machine: whence a proxy's word is taken for the visitor's address."""

    questions_per_client: int = 6
    """Questions a minute from one address; 0 is no limit."""

    questions: int = 60
    """Questions a minute from all together; 0 is no limit."""

    pages_per_client: int = 240
    """Pages a minute for one address; 0 is no limit."""

    at_once: int = 64
    """Requests that are worked on at the same time."""

    give_up_after: float = 60.0
    """Seconds that an answer may take."""

    @property
    def on_loopback(self) -> bool:
        """Whether nobody but this machine can reach it directly."""
        return is_loopback(self.host)
