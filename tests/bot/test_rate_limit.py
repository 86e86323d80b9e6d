"""How many questions may be asked in a minute."""

from __future__ import annotations

import pytest

from bot.rate_limit import PERIOD, Limiter

ANA, BO, GUILD, OTHER = 1, 2, 10, 11


class Clock:
    """Stands until the test moves it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_member_waits_until_her_first_question_is_a_minute_old(clock: Clock) -> None:
    limiter = Limiter(2, 0, clock)
    assert limiter.take(ANA, GUILD) == 0
    clock.now = 20
    assert limiter.take(ANA, OTHER) == 0
    clock.now = 50
    assert limiter.take(ANA, None) == PERIOD - 50
    assert limiter.take(BO, GUILD) == 0
    clock.now = 60
    assert limiter.take(ANA, GUILD) == 0
    assert limiter.take(ANA, GUILD) == 20


def test_a_refused_question_does_not_count(clock: Clock) -> None:
    limiter = Limiter(1, 2, clock)
    assert limiter.take(ANA, GUILD) == 0
    clock.now = 30
    assert [limiter.take(ANA, GUILD) for _ in range(5)] == [30] * 5
    assert limiter.take(BO, GUILD) == 0
    clock.now = 60
    assert limiter.take(ANA, GUILD) == 0


def test_a_guilds_limit_is_for_its_members_together_and_not_for_direct_messages(
    clock: Clock,
) -> None:
    limiter = Limiter(0, 2, clock)
    assert limiter.take(ANA, GUILD) == limiter.take(BO, GUILD) == 0
    clock.now = 10
    assert limiter.take(3, GUILD) == 50
    assert limiter.take(3, OTHER) == limiter.take(3, None) == limiter.take(ANA, None) == 0


def test_the_longer_wait_is_the_one_that_is_told(clock: Clock) -> None:
    limiter = Limiter(1, 2, clock)
    limiter.take(BO, GUILD)
    clock.now = 40
    limiter.take(ANA, GUILD)
    assert limiter.take(ANA, GUILD) == 60
    assert limiter.take(3, GUILD) == 20


def test_zero_is_no_limit(clock: Clock) -> None:
    limiter = Limiter(0, 0, clock)
    assert {limiter.take(ANA, GUILD) for _ in range(1_000)} == {0}


def test_each_server_has_its_limits_and_a_member_is_counted_over_all(clock: Clock) -> None:
    limiter = Limiter(1, 1, clock)
    few, many = (2, 0), (4, 3)
    assert [limiter.take(ANA, GUILD, many) for _ in range(3)] == [0] * 3
    assert limiter.take(ANA, GUILD, many) == PERIOD
    clock.now = 10
    assert limiter.take(ANA, OTHER, few) == 50
    assert limiter.take(ANA, OTHER, (0, 0)) == limiter.take(BO, OTHER, few) == 0
    clock.now = 60
    assert limiter.take(ANA, OTHER, few) == 0


def test_those_who_have_been_silent_for_a_minute_are_forgotten(clock: Clock) -> None:
    limiter = Limiter(3, 0, clock)
    for member in range(1_000):
        clock.now = float(member)
        limiter.take(member, GUILD)
        limiter.take(ANA, GUILD)
    assert len(limiter._times) <= PERIOD + 1
