"""What one message has room for."""

from __future__ import annotations

import pytest

from bot.ui.message import MAX_MESSAGE, MAX_MESSAGE_BYTES, Part, fitting


@pytest.mark.parametrize(
    ("too_long", "fits"),
    [
        (Part("a" * (MAX_MESSAGE + 1)), Part("a" * MAX_MESSAGE)),
        (Part("👩" * (MAX_MESSAGE // 2 + 1)), Part("👩" * (MAX_MESSAGE // 2))),
        (Part("漢" * (MAX_MESSAGE_BYTES // 3 + 1)), Part("漢" * (MAX_MESSAGE_BYTES // 3))),
        (Part("漢" * 3_000, "https://a.example/" + "a" * 490), Part("漢" * 3_000)),
    ],
)
def test_the_first_way_that_fits_is_taken(too_long: Part, fits: Part) -> None:
    shorter = [Part("shorter still")]
    assert fitting([[too_long], [fits], shorter]) == [fits]
    assert fitting([[too_long], shorter, [fits]]) == shorter
    assert fitting([[too_long], [too_long, fits]]) == [too_long, fits]
