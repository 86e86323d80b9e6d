"""Our forward pass of BERT gives what that of transformers gives."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from transformers import BertConfig, BertModel

from retrieval.bert import Bert, Layer
from retrieval.linear import Linear, Normal

CONFIG = BertConfig(
    vocab_size=1,
    hidden_size=24,
    num_hidden_layers=3,
    num_attention_heads=4,
    intermediate_size=40,
    max_position_embeddings=16,
    type_vocab_size=2,
    initializer_range=0.5,
)


@pytest.fixture(scope="module")
def theirs() -> BertModel:
    torch.manual_seed(0)
    return BertModel(CONFIG, add_pooling_layer=False).eval()  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def ours(theirs: BertModel) -> Bert:
    state: dict[str, Tensor] = theirs.state_dict()

    def of(kind: str, *names: str) -> Tensor:
        return torch.cat([state[f"{name}.{kind}"] for name in names])

    def linear(*names: str) -> Linear:
        return Linear(of("weight", *names), of("bias", *names))

    def normal(name: str) -> Normal:
        return Normal(of("weight", name), of("bias", name), CONFIG.layer_norm_eps)

    layers = [
        Layer(
            attention=linear(
                *(f"{own}.attention.self.{name}" for name in ("query", "key", "value"))
            ),
            joined=linear(f"{own}.attention.output.dense"),
            attended=normal(f"{own}.attention.output.LayerNorm"),
            wide=linear(f"{own}.intermediate.dense"),
            narrow=linear(f"{own}.output.dense"),
            done=normal(f"{own}.output.LayerNorm"),
        )
        for own in (f"encoder.layer.{number}" for number in range(CONFIG.num_hidden_layers))
    ]
    places, types = (
        state[f"embeddings.{one}_embeddings.weight"] for one in ("position", "token_type")
    )
    heads = CONFIG.num_attention_heads
    return Bert(places + types[0], normal("embeddings.LayerNorm"), layers, heads)


@pytest.mark.parametrize("lengths", [(7,), (16, 16), (1, 9, 4)])
@torch.inference_mode()
def test_each_token_has_the_same_state(
    theirs: BertModel, ours: Bert, lengths: tuple[int, ...]
) -> None:
    words = torch.randn(len(lengths), max(lengths), CONFIG.hidden_size)
    mask = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    wanted = theirs(inputs_embeds=words, attention_mask=mask)[0]
    assert torch.allclose(ours(words, mask)[mask], wanted[mask], atol=1e-5)
