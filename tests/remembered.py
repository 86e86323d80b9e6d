"""What tests have embedded, remembered within a worker and in a folder that all workers have."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from filelock import FileLock

from retrieval.embedding.embedder import FEW, PassageText, PassageVectors
from retrieval.embedding.encoder import Progress

Embed = Callable[..., list[PassageVectors]]


def remembered(embed: Embed, folder: Path) -> Embed:
    """What embeds texts, each once; the vectors of many at once are shared in a folder."""
    known = dict[PassageText, PassageVectors]()
    file, seen = folder / "vectors", 0

    def learn() -> None:
        nonlocal seen
        if file.exists() and (written := file.stat().st_mtime_ns) != seen:
            known.update(pickle.loads(file.read_bytes()))  # noqa: S301 - we wrote it
            seen = written

    def of(texts: Sequence[PassageText], progress: Progress | None = None) -> list[PassageVectors]:
        if _unknown(texts, known):
            learn()
        if len(new := _unknown(texts, known)) > FEW:
            with FileLock(f"{file}.lock"):
                learn()
                new = _unknown(texts, known)
                known.update(zip(new, embed(new, progress), strict=True))
                draft = file.with_suffix(".draft")
                draft.write_bytes(pickle.dumps(known))
                draft.rename(file)
        elif new:
            known.update(zip(new, embed(new, progress), strict=True))
        return [known[text] for text in texts]

    return of


def _unknown(
    texts: Sequence[PassageText], known: Mapping[PassageText, PassageVectors]
) -> list[PassageText]:
    return [text for text in dict.fromkeys(texts) if text not in known]
