"""The encoders of one model: by ONNX Runtime alone, in sentence-transformers, and in torch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.embedding import encoder as encoding
from retrieval.embedding.catalog import ModelProfile
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.encoder import BATCH_SIZE, Encoder
from retrieval.embedding.onnx_encoder import OnnxEncoder
from retrieval.languages.terms import composed
from retrieval.search.late_interaction import token_weights
from tests.conftest import ROOT
from tests.lazy import torch

from ..toy import alike

TEXTS = (
    "Who opened the bridge?",
    "bridge",
    "The council met on Tuesday and approved the budget for the coming year.",
    "What did the General Secretary say about personnel work at the conference in Vung Tau?",
    "On 14 March 2025, at 9:30 a.m., 1,204 delegates (of 1,350) were present.",
    "E-mail: someone@example.org, see https://example.org/a?b=c#d.",
    "MAYOR WEBER OPENS NEW BRIDGE",
    "Wann hat der Bürgermeister die Brücke über den Fluss eröffnet?",
    "Der Rat beschloss den Haushalt für 2025.",
    "Straßenverkehrsordnungsänderungsgesetz",
    "„Wir haben lange gewartet“, sagte sie – und lächelte.",
    "Die Sitzung der Arbeitsgruppe wurde um zwei Wochen verschoben, weil es schneite.",
    "¿Quién presidió la reunión?",
    "El alcalde inauguró el puente y después llovió durante tres horas.",
    "¡Qué alegría! Los niños corrían por la plaza.",
    "La Orden Ho Chi Minh fue entregada en Hanói.",
    "¿Cuántos comentarios se discutieron en la conferencia?",
    "Ai đã trao Huân chương cho ông Tô Huy Rứa?",
    "Đồng chí Tô Huy Rứa được trao tặng Huân chương Hồ Chí Minh.",
    "Thời tiết ở Đà Nẵng hôm nay thế nào?",
    "Hội nghị toàn quốc về công tác văn phòng diễn ra tại Vũng Tàu.",
    "Tổng Bí thư phát biểu chỉ đạo hội nghị.",
    "Qui a ouvert le pont sur la rivière ?",
    "Le conseil s'est réuni mardi et a adopté le budget de l'année prochaine.",
    "L'œuvre a été présentée à l'Élysée, où personne ne s'y attendait.",
    "Où se trouve l'école la plus proche ?",
    "会議は火曜日に開かれた。",
    "Совет собрался во вторник.",
    "اجتمع المجلس يوم الثلاثاء",
    "🎉 The bridge is open! 🎉",
    "A text with a <mask>, an </s>, an <unk> and a [SEP] in it.",
    "soft\u00adhyphen, zero\u200bwidth, no\u00a0break, ﬁne ligatures, ①②③, Ｗｉｄｅ",
    "de\u0301compose\u0301, co\u200b\u0301mposed",
    "line\nbreaks\tand\u2028others\x00\x07",
    "query: passage: query:",
    "…",
    "The mayor opened the bridge; then it rained. " * 8,
)
LONG = ("The mayor opened the bridge; then it rained. " * 300, "a" * 5000, "1 " * 3000, "ộ" * 2000)
EMPTY = ("", " ", "\u200b", "\n\t", "\u00ad\ufeff")


def test_onnx_runtime_tells_its_maker_nothing(profile: ModelProfile, tmp_path: Path) -> None:
    """It would note below the home folder what it sends, and as whom."""
    folder = profile.onnx_folder
    assert folder is not None
    program = (
        "import sys; from pathlib import Path; from retrieval.embedding.embedder import Embedder; "
        "Embedder.load(models=Path(sys.argv[1])).questions.query('Who?')"
    )
    env = {
        name: value for name, value in os.environ.items() if name[:3] not in ("CI", "XDG", "ORT")
    }
    env |= dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA"), str(tmp_path))
    argv = [sys.executable, "-c", program, str(folder.parent.parent)]
    subprocess.run(argv, cwd=ROOT, env=env, check=True)
    assert [*tmp_path.rglob("*")] == []


def test_both_encoders_say_the_same(questions: OnnxEncoder, torched: Encoder) -> None:
    assert questions.dimension == torched.dimension == 384
    theirs = zip(torched.passages(TEXTS), questions.passages(TEXTS), strict=True)
    assert [text for text, (a, b) in zip(TEXTS, theirs, strict=True) if not alike(a, b)] == []
    asked = [(text, questions.query(text), torched.query(text)) for text in TEXTS[::3]]
    assert [text for text, a, b in asked if not alike(a, b)] == []
    for _, a, b in asked:
        assert np.linalg.norm(a.vector) == pytest.approx(1, abs=1e-5)
        assert np.linalg.norm(b.vector) == pytest.approx(1, abs=1e-3)
        assert len(a.rarity) == len(a.states)
        assert len(b.rarity) == len(b.states)
    cosines = [
        (one * other).sum(axis=1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1)
        for _, a, b in asked
        for one, other in [(a.states, b.states)]
    ]
    assert np.concatenate(cosines).mean() > 0.996


def test_passages_are_embedded_as_questions_are(
    profile: ModelProfile, questions: OnnxEncoder
) -> None:
    """Each has the same states alone as in a batch, and as without sentence-transformers."""
    texts = [*TEXTS[::2], LONG[0], *EMPTY]
    together = Embedder(profile, threads=2).passages.passages(texts)
    for made, alone in zip(together, questions.passages(texts), strict=True):
        assert np.array_equal(made.states, alone.states)
        np.testing.assert_allclose(made.vector, alone.vector, atol=1e-6)


def test_long_texts_are_cut_alike(questions: OnnxEncoder, torched: Encoder) -> None:
    for text in LONG:
        assert len(questions.query(text).states) == 512 - 2 - 3  # Without marks and "query:".
    a, b = questions.query(LONG[-1]), torched.query(LONG[-1])
    # Eight bits lose more over so many tokens; a passage has a quarter of them at most.
    assert alike(a, b, 0.97)
    (c,), (d,) = questions.passages(LONG[:1]), torched.passages(LONG[:1])
    assert alike(c, d, 0.97)


def test_texts_of_nothing_have_no_tokens(questions: OnnxEncoder, torched: Encoder) -> None:
    for text in EMPTY:
        assert composed(text) == ""
        for one in (questions.query(text), torched.query(text), *torched.passages([text])):
            assert one.states.shape == (0, 384)
            assert one.rarity.shape == (0,)
            assert np.isfinite(one.vector).all()
    assert torched.passages([]) == questions.passages([]) == []
    assert torched.token_counts([]) == questions.token_counts([]) == []


def test_tokens_are_counted_alike(questions: OnnxEncoder, torched: Encoder) -> None:
    texts = [*TEXTS, *LONG, *EMPTY]
    assert questions.token_counts(texts) == torched.token_counts(texts)
    assert max(questions.token_counts(LONG)) > 3000


@settings(max_examples=15)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_the_same_tokens_to_both(
    questions: OnnxEncoder, torched: Encoder, text: str, other: str
) -> None:
    written = composed(text)
    assert composed(written) == written
    asked = "query: " + written
    ids = torched._model.tokenizer(asked)["input_ids"]
    assert questions._tokenize(asked) == ids
    counts = questions.token_counts([f"x{text}", f"y{other}", f"x{text}\ny{other}"])
    assert counts[0] + counts[1] == counts[2]


def test_marks_that_are_typed_are_words(questions: OnnxEncoder, torched: Encoder) -> None:
    for mark in ("<s>", "</s>", "<pad>", "<mask>", "<unk>", "＜s＞", "<\u200bs>"):
        ids = torched._model.tokenizer(composed(f"the {mark} mark"))["input_ids"]
        assert ids == questions._tokenize(composed(f"the {mark} mark"))
        assert not {0, 1, 2, 250001} & set(ids[1:-1])
    assert composed("a < b > c [1] [2, 3]") == "a < b > c [ 1] [2, 3]"


def test_rare_tokens_count_for_more(questions: OnnxEncoder) -> None:
    encoding = questions.query("Who is the Generalsekretär?")
    assert (encoding.rarity > 0).all()
    assert encoding.rarity.max() > 2 * encoding.rarity.min()
    weights = token_weights(encoding.rarity)
    assert weights.sum() == pytest.approx(1)
    assert weights.argmax() == encoding.rarity.argmax()


def test_meaning_counts_whatever_the_language(questions: OnnxEncoder) -> None:
    right, wrong = questions.passages(["Die Sitzung begann am Morgen.", "La sopa está caliente."])
    asked = questions.query("When did the meeting start?").vector
    assert asked @ right.vector > asked @ wrong.vector + 0.05


def test_each_text_has_its_own_encoding_whatever_their_lengths(torched: Encoder) -> None:
    texts = [f"{'word ' * (n * 7 % 19)}end {n}" for n in range(24)]
    told: list[tuple[int, int]] = []
    together = torched.passages(texts, lambda done, total: told.append((done, total)))
    assert told == [(16, 24), (24, 24)]
    for text, made in zip(texts[::3], together[::3], strict=True):
        assert alike(torched.passages([text])[0], made, 0.999)


def test_two_threads_make_the_same_as_one(profile: ModelProfile, torched: Encoder) -> None:
    texts = TEXTS[: BATCH_SIZE + 4]
    told: list[int] = []
    two = Encoder(profile, torched._model, threads=2).passages(
        texts, lambda done, _: told.append(done)
    )
    for one, other in zip(torched.passages(texts), two, strict=True):
        np.testing.assert_allclose(one.vector, other.vector, atol=1e-6)
        np.testing.assert_allclose(one.states, other.states, atol=1e-5)
    assert told == sorted(told)
    assert told[-1] == len(texts)


def test_what_progress_raises_ends_it(profile: ModelProfile, torched: Encoder) -> None:
    def enough(done: int, total: int) -> None:
        raise InterruptedError

    for threads in (1, 2):
        with pytest.raises(InterruptedError):
            Encoder(profile, torched._model, threads).passages(["a b"] * 200, enough)


@pytest.mark.parametrize("name", ["float32", "bfloat16"])
def test_half_the_bits_make_little_difference(
    *,
    profile: ModelProfile,
    questions: OnnxEncoder,
    torched: Encoder,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    bits = getattr(torch, name)
    loaded = torched
    if next(loaded._model.parameters()).dtype is not bits:
        monkeypatch.setattr(encoding, "_fastest_dtype", lambda: bits)
        loaded = Encoder.load(profile)
    assert next(loaded._model.parameters()).dtype is bits
    for text, one in zip(TEXTS[:12:3], loaded.passages(TEXTS[:12:3]), strict=True):
        assert one.vector.dtype == one.states.dtype == np.float32
        assert alike(one, questions.passages([text])[0])
