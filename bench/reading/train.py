"""Learns the reader: `python -m bench.reading.train FOLDER OUT.npz --seconds 200 …`.

FOLDER is what `bench.reading.data` made. The loss of a question is that of pointing, over all its
passages together, at the tokens that answer, or nowhere (Clark and Gardner, "Simple and Effective
Multi-Paragraph Reading Comprehension", ACL 2018), and for each passage by itself that of telling
whether it answers. It needs torch and numpy alone, and is meant for a graphics card.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from bench.reading.model import TrainedReader

BATCH = 96
"""Questions of a step."""

READ = 6
"""Passages of a question, about."""

PARTS_OF_STEP = 4
"""A step's passages go through the model in so many parts, by their lengths."""

HARDEST = 5
NOTHING = -1e4

Rows = tuple[NDArray[np.int32], NDArray[np.uint8], NDArray[np.bool_], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question's and a passage's number, the question's place in its step, and the ranges of the
    passage's tokens that answer."""

    question: int
    passage: int
    row: int
    ranges: Sequence[tuple[int, int]] = ()


class Data:
    """What `bench.reading.data` made."""

    def __init__(self, folder: Path) -> None:
        self.examples: list[dict[str, Any]] = json.loads((folder / "examples.json").read_text())
        with np.load(folder / "tokens.npz") as arrays:
            self._bodies = arrays["bodies"]
            self._tokens = {
                name: np.split(arrays[name].astype(np.int32), arrays[f"{name}_ends"][:-1])
                for name in ("questions", "passages")
            }

    @property
    def passages(self) -> int:
        return len(self._bodies)

    def rows(self, pairs: Sequence[Pair]) -> tuple[NDArray[Any], ...]:
        """Return the pairs as arrays of shape (pairs, tokens): ids, types, which tokens there are,
        which are of the passage's text, and which of these answer."""
        texts = [
            (self._tokens["questions"][pair.question], self._tokens["passages"][pair.passage])
            for pair in pairs
        ]
        width = max(len(question) + len(passage) for question, passage in texts) + 3
        shape = len(pairs), width + -width % 16
        ids, types = np.full(shape, 1, np.int32), np.zeros(shape, np.uint8)
        present, body, answering = (np.zeros(shape, np.bool_) for _ in range(3))
        for row, (pair, (question, passage)) in enumerate(zip(pairs, texts, strict=True)):
            start = len(question) + 2
            end = start + len(passage)
            ids[row, : end + 1] = [0, *question, 1, *passage, 1]
            types[row, start : end + 1] = 1
            present[row, : end + 1] = True
            body[row, start + self._bodies[pair.passage] : end] = True
            for first, last in pair.ranges:
                answering[row, start + first : min(start + last, end)] = True
        return ids, types, present, body, answering & body

    def parts(self, pairs: Sequence[Pair], count: int) -> Iterator[list[Pair]]:
        """Yield the pairs in so many parts of about one length each."""
        by_length = sorted(
            pairs,
            key=lambda pair: (
                len(self._tokens["questions"][pair.question])
                + len(self._tokens["passages"][pair.passage])
            ),
        )
        size = -(-len(pairs) // count)
        for start in range(0, len(pairs), size):
            yield by_length[start : start + size]


class Sampler:
    """Draws the questions of a step, and what is read for each."""

    def __init__(self, data: Data, args: argparse.Namespace, seed: int) -> None:
        examples = [example for example in data.examples if example["corpus"] not in args.leave]
        self._data, self._share, self._dice = data, args.share, random.Random(seed)
        self._pools = [
            [example for example in examples if (example["corpus"] in args.favour) == favoured]
            for favoured in (False, True)
        ]
        self._drawn: list[list[dict[str, Any]]] = [[], []]

    def step(self) -> list[tuple[NDArray[Any], ...]]:
        """Return a step's parts, as of `Data.rows`, with the questions' places."""
        pairs = [pair for row in range(BATCH) for pair in self._pairs(row)]
        parts = self._data.parts(pairs, PARTS_OF_STEP)
        return [(*self._data.rows(part), np.array([pair.row for pair in part])) for part in parts]

    def _example(self) -> dict[str, Any]:
        number = int(bool(self._pools[1]) and self._dice.random() < self._share)
        if not self._drawn[number]:
            self._drawn[number] = self._dice.sample(self._pools[number], len(self._pools[number]))
        return self._drawn[number].pop()

    def _pairs(self, row: int) -> Iterator[Pair]:
        dice, example = self._dice, self._example()
        numbers, shares = zip(*example["questions"], strict=True)
        question = dice.choices(numbers, shares)[0]
        answers, negatives = example["answers"], example["negatives"]
        for passage, ranges in dice.sample(answers, min(len(answers), 1 + (dice.random() < 0.3))):
            yield Pair(question, passage, row, ranges)
        hard = dice.sample(negatives[:HARDEST], min(3, len(negatives[:HARDEST])))
        easy = dice.sample(negatives, min(READ, len(negatives)))
        for passage in list(dict.fromkeys(hard + easy))[: READ - 1]:
            yield Pair(question, passage, row)
        if dice.random() < 0.3:
            yield Pair(question, dice.randrange(self._data.passages), row)


def main() -> None:
    """Learn."""
    parser = argparse.ArgumentParser(description="Learns the reader.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=200)
    parser.add_argument("--leave", type=_names, default=[], help="corpora not to learn from")
    parser.add_argument("--favour", type=_names, default=[], help="corpora to learn more from …")
    parser.add_argument("--share", type=float, default=0.0, help="… for this share of questions")
    parser.add_argument("--start", type=Path, help="go on from these .pt")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--warm", type=int, default=80, help="steps to the full rate")
    parser.add_argument("--samplers", type=int, default=4, help="processes that draw questions")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(args.seed)
    data = Data(args.folder)
    context = multiprocessing.get_context("fork")
    steps: Any = context.Queue(6 * args.samplers)
    for number in range(args.samplers):
        sampler = Sampler(data, args, args.seed * 100 + number)
        context.Process(target=_draw, args=(sampler, steps), daemon=True).start()
    model = TrainedReader(_weights(args.folder)).to(device).train()
    if args.start:
        model.load_state_dict(torch.load(args.start, map_location=device))
    _learn(model, steps, args, device)
    torch.save(model.state_dict(), args.out.with_suffix(".pt"))
    np.savez(args.out, **model.learnt())  # type: ignore[arg-type]
    if args.leave:
        print(f"{args.out.stem}: AUC {_auc(model, data, args.leave, device):.3f}", flush=True)


def _names(text: str) -> list[str]:
    return text.split(",")


def _draw(sampler: Sampler, steps: Any) -> None:
    while True:
        steps.put(sampler.step())


def _learn(model: TrainedReader, steps: Any, args: argparse.Namespace, device: str) -> None:
    parameters = [each for each in model.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=args.rate, betas=(0.9, 0.98), weight_decay=0.01)
    start, step = time.monotonic(), 0
    while (past := (time.monotonic() - start) / args.seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = args.rate * min(1, (step + 1) / args.warm) * max(0.02, 1 - past)
        loss = _loss(model, steps.get(), device)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        step += 1
        if step % 200 == 0 or step == 10:
            print(f"{args.out.stem}: {step} steps, loss {float(loss.detach()):.3f}", flush=True)
    print(f"{args.out.stem}: {step} steps of {BATCH} questions", flush=True)


def _loss(model: TrainedReader, parts: Sequence[tuple[NDArray[Any], ...]], device: str) -> Tensor:
    model.prepare()
    everything, right, rows, answers = [], [], [], []
    for part in parts:
        ids, types, present, body, answering, row = (
            torch.from_numpy(each).to(device, non_blocking=True) for each in part
        )
        pointed = model(ids.long(), types, present).masked_fill(~body, NOTHING)
        everything.append(torch.logsumexp(pointed, 1))
        right.append(torch.logsumexp(pointed.masked_fill(~answering, NOTHING), 1))
        rows.append(row)
        answers.append(answering.any(1))
    passage, pointed_right = torch.cat(everything), torch.cat(right)
    row, answer = torch.cat(rows), torch.cat(answers)
    of_question = row[None] == torch.arange(BATCH, device=device)[:, None]
    nowhere = model.nowhere.expand(BATCH, 1)
    by_question = passage.expand(BATCH, -1).masked_fill(~of_question, NOTHING)
    total = torch.logsumexp(torch.cat([by_question, nowhere], 1), 1)
    answered = of_question & answer[None]
    reached = torch.logsumexp(pointed_right.expand(BATCH, -1).masked_fill(~answered, NOTHING), 1)
    reached = torch.where(answered.any(1), reached, nowhere[:, 0])
    alone = functional.binary_cross_entropy_with_logits(passage - model.nowhere, answer.float())
    return (total - reached).mean() + alone


def _weights(folder: Path) -> dict[str, NDArray[np.float32]]:
    """The packaged weights; those in 4 bits as `WeightsFile.matrix` returns them."""
    with np.load(folder / "weights.npz") as arrays:
        weights = {name: arrays[name].astype(np.float32) for name in arrays.files}
    for name in [name for name in weights if name.endswith(".levels")]:
        levels, scales = weights.pop(name) - 8, weights.pop(name.replace(".levels", ".scales"))
        blocks = levels.reshape(*scales.shape, -1) * scales[..., None]
        weights[name.removesuffix(".levels")] = blocks.reshape(len(levels), -1)
    return weights


def _auc(model: TrainedReader, data: Data, corpora: Sequence[str], device: str) -> float:
    """How well the highest reading tells whether a question of these corpora is answered."""
    examples = [each for each in data.examples if each["corpus"] in corpora]
    pairs = [
        Pair(example["questions"][0][0], passage, row)
        for row, example in enumerate(examples)
        for passage in [*(number for number, _ in example["answers"]), *example["negatives"]][:READ]
    ]
    best = np.full(len(examples), -np.inf)
    model.eval().prepare()
    with torch.inference_mode():
        for part in data.parts(pairs, 1 + len(pairs) // 256):
            ids, types, present, body, _ = (
                torch.from_numpy(each).to(device) for each in data.rows(part)
            )
            pointed = model(ids.long(), types, present).masked_fill(~body, NOTHING)
            readings = torch.logsumexp(pointed, 1).float().cpu().numpy()
            np.maximum.at(best, [pair.row for pair in part], readings)
    answered = np.array([bool(each["answers"]) for each in examples])
    higher = best[answered][:, None] > best[~answered][None]
    return float(higher.mean())


if __name__ == "__main__":
    main()
