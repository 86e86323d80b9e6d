"""The replay of a corpus, with its questions followed from the start."""

import json
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from bench.standing_questions import Figures, main, replay
from bot.standing.answers import POSTS_A_DAY
from retrieval.embedding.embedder import Embedder
from retrieval.evaluation.gold import Gold

FIRST = "The zeppelin Berta landed beside the old lighthouse on Sunday morning."
SECOND = "The zeppelin Carla landed beside the new mill on Monday evening."


def test_each_answer_is_posted_when_its_article_comes(tmp_path: Path, embedder: Embedder) -> None:
    articles = {"b.txt": FIRST, "a.txt": SECOND, "copy.txt": FIRST, "c.txt": "Rye is baked longer."}
    days = {"b.txt": "2024-01-01", "a.txt": "2024-01-02", "copy.txt": "2024-01-03", "c.txt": ""}
    (tmp_path / "articles").mkdir()
    for name, text in articles.items():
        (tmp_path / "articles" / name).write_text(text)
    (tmp_path / "days.json").write_text(json.dumps(days))
    passages = ("b.txt", "beside the old lighthouse"), ("a.txt", "beside the new mill")
    asked = Gold("Where did the zeppelin land?", "en", True, passages)
    figures = {0.5: Figures(), 1.0: Figures()}
    replay(tmp_path, [asked], 1, embedder, figures)
    assert (figures[0.5].posts, figures[0.5].right, figures[0.5].gold) == (2, 2, 2)
    assert figures[0.5].doubles == figures[1.0].posts == 0


def test_what_one_answer_has_no_room_for_is_posted_in_the_next(
    tmp_path: Path, embedder: Embedder
) -> None:
    (tmp_path / "articles").mkdir()
    for name in ("Berta", "Carla", "Dora", "Emma"):
        text = f"The zeppelin {name} landed beside the lighthouse of {name} on Sunday morning."
        (tmp_path / "articles" / f"{name}.txt").write_text(text)
    passages = tuple((f"{name}.txt", "landed") for name in ("Berta", "Carla", "Dora", "Emma"))
    figures = {0.001: Figures()}
    asked = Gold("Where did the zeppelin land?", "en", True, passages)
    replay(tmp_path, [asked], 4, embedder, figures)
    (each,) = figures.values()
    assert 1 < each.posts == each.right <= min(each.gold, POSTS_A_DAY)
    assert each.doubles == 0


def test_each_folder_is_read_by_the_reader_that_was_learnt_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "towns" / "articles").mkdir(parents=True)
    (tmp_path / "towns" / "articles" / "a.txt").write_text(FIRST)
    gold = [{"seed": "a.txt", "contains": "old lighthouse"}]
    row = {"question": "Where did the zeppelin land?", "lang": "en", "gold": gold}
    (tmp_path / "towns" / "gold.jsonl").write_text(json.dumps(row))
    learnt = files("retrieval.embedding").joinpath("reader.npz").read_bytes()
    argv = ["bench", str(tmp_path / "towns"), "--only", "0.1", "--json", "--readers", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", argv)
    with pytest.raises(FileNotFoundError, match=r"towns\.npz"):
        main()
    (tmp_path / "towns.npz").write_bytes(learnt)
    main()
    (figures,) = json.loads(capsys.readouterr().out)["thresholds"]
    assert (figures["posts"], figures["recall"]) == (1, 1.0)
