"""Members who do not want to be recorded: a salted hash of an id tells nobody whose it is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


def member_hash(member: int, salt: bytes) -> bytes:
    """Return the hash by which a journal of this salt knows a member."""
    return hashlib.blake2b(str(member).encode(), key=salt, digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """The members who do not want to be recorded, known by salted hashes of their ids alone."""

    salt: bytes = b""
    hashes: frozenset[bytes] = frozenset()

    def __contains__(self, member: int) -> bool:
        return bool(self.hashes) and member_hash(member, self.salt) in self.hashes
