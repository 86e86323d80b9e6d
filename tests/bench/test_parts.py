"""What `bench.parts` takes out, and the table that it prints."""

from pathlib import Path

import pytest

from bench.parts import PARTS, WHOLE, table_of_parts
from bench.quality_report import QuestionResult
from retrieval import Library
from retrieval.embedding.embedder import Embedder
from retrieval.evaluation.gold import Gold
from retrieval.index.store import Store

ARTICLE = """The fair

The fair of Hollerau offers:
  rides on a steam train
  cider from the village's own press

§ 4 Chess
The chess club meets on Mondays at seven in the hall beside the school. Children play free.
"""


@pytest.fixture(scope="module")
def library(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("parts")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "fair.txt").write_text(ARTICLE, "utf-8")
    library = Library(folder / "seeds", Store.open(folder / "data"), lambda: embedder)
    library.reload_here()
    return library


@pytest.mark.parametrize("name", PARTS)
def test_a_library_answers_without_a_part(library: Library, name: str) -> None:
    with PARTS[name][1](library):
        hits = library.search("When does the chess club meet?")
    assert "on Mondays" in hits[0].passage.text


def test_a_part_is_gone_as_long_as_it_is_taken_out(library: Library) -> None:
    def quoted() -> str:
        return "".join(quote.text for quote in library.ask("Chess clubb on Mondays?").quotes)

    whole, vietnamese = quoted(), library.search("cau lac bo co vua hop ngay nao")[0].rank_score
    with PARTS["marks"][1](library):
        assert library.search("cau lac bo co vua hop ngay nao")[0].rank_score != vietnamese
    with PARTS["reader"][1](library):
        assert library.embedder.reader is None
    assert library.embedder.reader is not None
    assert quoted() == whole


def test_the_table_says_what_a_part_adds() -> None:
    gold = Gold("?", "en", True, (("a.txt", "words"),))
    near = Gold("??", "en", False, (), "near")
    far = Gold("???", "en", False, (), "far")
    silent = [QuestionResult("a", each, None, 0.1, ()) for each in (near, far)]
    results = {
        WHOLE: [QuestionResult("a", gold, 1, 0.9, (True,)), *silent],
        "typos": [QuestionResult("a", gold, 2, 0.2, (False,)), *silent],
    }
    lines = list(table_of_parts(results))
    heads = lines[0].split("\n")[0].split(" | ")
    column = heads.index("first quote right")
    assert lines[1].split(" | ")[column] == "1.000"
    assert lines[2].split(" | ")[column] == "+1.000 (+1.000 to +1.000)"
    assert lines[2].startswith("| typos are corrected | ")
