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
    file = folder / "vectors"

    def of(texts: Sequence[PassageText], progress: Progress | None = None) -> list[PassageVectors]:
        if len(new := _unknown(texts, known)) > FEW:
            with FileLock(f"{file}.lock"):
                if file.exists():
                    known.update(pickle.loads(file.read_bytes()))  # noqa: S301 - we wrote it
                new = _unknown(texts, known)
                known.update(zip(new, embed(new, progress), strict=True))
                file.write_bytes(pickle.dumps(known))
        elif new:
            known.update(zip(new, embed(new, progress), strict=True))
        return [known[text] for text in texts]

    return of


def _unknown(
    texts: Sequence[PassageText], known: Mapping[PassageText, PassageVectors]
) -> list[PassageText]:
    return [text for text in dict.fromkeys(texts) if text not in known]
