"""Which meetings `about` lists: `python -m bench.about_meetings FOLDER`.

Indexes the sets of `SETS` in the folder, asks the words of `data/about_meetings.jsonl`, and prints
precision, recall and their mean F1 over the words, of those on which `[about]` of `weights.toml`
was chosen and of those on which it was judged. An article is right if a meeting of it is about the
words; those where either may be said count for nothing, nor do those of which no meeting is found.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import mean

from retrieval import Library, MeetingFilter

SETS = "fghu"
"""Those of `tests/data/meetings`, some 200 articles in four languages."""

MEETINGS = Path("tests/data/meetings")
GOLD = Path("bench/data/about_meetings.jsonl")


def main() -> None:
    """Ask, and print a row for each word and each part."""
    folder = Path(sys.argv[1])
    seeds = folder / "seeds"
    for file in MEETINGS.glob(f"[{SETS}]/*.*"):
        if file.name != "gold.json":
            copy = seeds / file.relative_to(MEETINGS)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    golds = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    with Library.open(seeds, folder / "data") as library:
        library.reload()
        found = {meeting.evidence.article for meeting in library.meetings()}
        for part in ("chosen", "judged"):
            rows = []
            for gold in (gold for gold in golds if gold["part"] == part):
                listed = library.meetings(MeetingFilter(about=gold["about"]))
                kept = {meeting.evidence.article for meeting in listed} - set(gold["optional"])
                wanted = found.intersection(gold["articles"])
                rows.append((len(kept & wanted), len(kept), len(wanted)))
                print(f"| {gold['about']} | {rows[-1][0]} of {rows[-1][1]} | {len(wanted)} |")
            right, kept_all, wanted_all = map(sum, zip(*rows, strict=True))
            f1 = mean(2 * each / (kept + wanted) for each, kept, wanted in rows)
            print(f"{part}: {right / kept_all:.2f} / {right / wanted_all:.2f}, F1 {f1:.2f}")


if __name__ == "__main__":
    main()
