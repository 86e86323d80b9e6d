"""Linear layers for few rows."""

from __future__ import annotations

import pytest
import torch

from retrieval.linear import Linear, Normal, rounded


@pytest.mark.parametrize("bias", [torch.randn(40), None])
def test_a_layer_is_the_same_where_the_library_is_missing(
    bias: torch.Tensor | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    weight, x = torch.randn(40, 24), torch.randn(2, 5, 24)
    wanted = torch.nn.functional.linear(x, weight, bias)
    assert torch.allclose(Linear(weight, bias)(x), wanted, atol=1e-5)
    monkeypatch.setattr(torch, "ops", object())
    assert torch.allclose(Linear(weight, bias)(x), wanted, atol=1e-5)


def test_a_normalized_row_has_the_mean_and_the_spread_that_were_learnt() -> None:
    normal = Normal(torch.full((64,), 3.0), torch.full((64,), 2.0), 1e-12)
    rows = normal(torch.randn(5, 64) * 7 + 1)
    assert torch.allclose(rows.mean(dim=1), torch.full((5,), 2.0), atol=1e-5)
    assert torch.allclose(rows.std(dim=1, correction=0), torch.full((5,), 3.0), atol=1e-4)


@pytest.mark.parametrize("step", [4, 16])
def test_there_are_few_numbers_of_rows_and_none_is_much_larger(step: int) -> None:
    given = range(1, 5000)
    taken = [rounded(rows, step) for rows in given]
    assert all(few <= many for few, many in zip(given, taken, strict=True))
    assert all(
        many - few < step or many <= few * 9 / 8 for few, many in zip(given, taken, strict=True)
    )
    assert all(many % step == 0 for many in taken)
    assert taken == sorted(taken)
    assert len(set(taken)) < 90
    assert [rounded(rows, 4) for rows in taken[: 4 * step : step]] == taken[: 4 * step : step]
