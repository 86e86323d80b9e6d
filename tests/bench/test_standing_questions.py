"""The replay of a corpus, with its questions followed from the start."""

import json
from pathlib import Path

from bench.standing_questions import Figures, replay
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
