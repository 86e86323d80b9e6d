"""The soak in short: two seconds, without a look at memory or at time."""

from __future__ import annotations

from pathlib import Path

import pytest

from .soak import soak

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_nothing_is_lost_while_much_happens_at_once(seed_index: Path, tmp_path: Path) -> None:
    report = await soak(tmp_path, 2.0, reload_every=2.0, index=seed_index)
    assert report.lost == []
    assert min(report.events[kind] for kind in ("deletions", "presses", "reloads")) > 0
    assert report.events["edits"] + report.events["edits refused"] > 0
    assert {outcome.split(": ")[0] for outcome in report.outcomes} == {"command", "message"}
