"""How many questions may be asked in a minute."""

from __future__ import annotations

import pytest

from bot.rate_limit import PERIOD, Limiter

ANA, BO, GUILD, OTHER = "Ana", "Bo", "guild", "other"


class Clock:
    """Stands until the test moves it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_member_waits_until_her_first_question_is_a_minute_old(clock: Clock) -> None:
    limiter = Limiter(clock)
    assert limiter.take({ANA: 2}) == 0
    clock.now = 20
    assert limiter.take({ANA: 2}) == 0
    clock.now = 50
    assert limiter.take({ANA: 2}) == PERIOD - 50
    assert limiter.take({BO: 2}) == 0
    clock.now = 60
    assert limiter.take({ANA: 2}) == 0
    assert limiter.take({ANA: 2}) == 20


def test_a_refused_question_does_not_count(clock: Clock) -> None:
    limiter = Limiter(clock)
    assert limiter.take({ANA: 1, GUILD: 2}) == 0
    clock.now = 30
    assert [limiter.take({ANA: 1, GUILD: 2}) for _ in range(5)] == [30] * 5
    assert limiter.take({BO: 1, GUILD: 2}) == 0
    clock.now = 60
    assert limiter.take({ANA: 1, GUILD: 2}) == 0


def test_a_guilds_limit_is_for_its_members_together(clock: Clock) -> None:
    limiter = Limiter(clock)
    assert limiter.take({ANA: 0, GUILD: 2}) == limiter.take({BO: 0, GUILD: 2}) == 0
    clock.now = 10
    assert limiter.take({"Cy": 0, GUILD: 2}) == 50
    assert limiter.take({"Cy": 0, OTHER: 2}) == limiter.take({ANA: 0}) == 0


def test_the_longer_wait_is_the_one_that_is_told(clock: Clock) -> None:
    limiter = Limiter(clock)
    limiter.take({BO: 1, GUILD: 2})
    clock.now = 40
    limiter.take({ANA: 1, GUILD: 2})
    assert limiter.take({ANA: 1, GUILD: 2}) == 60
    assert limiter.take({"Cy": 1, GUILD: 2}) == 20


def test_zero_is_no_limit(clock: Clock) -> None:
    limiter = Limiter(clock)
    assert {limiter.take({ANA: 0, GUILD: 0}) for _ in range(1_000)} == {0}


def test_each_server_has_its_limits_and_a_member_is_counted_over_all(clock: Clock) -> None:
    limiter = Limiter(clock)
    few, many = {ANA: 2, OTHER: 0}, {ANA: 4, GUILD: 3}
    assert [limiter.take(many) for _ in range(3)] == [0] * 3
    assert limiter.take(many) == PERIOD
    clock.now = 10
    assert limiter.take(few) == 50
    assert limiter.take({ANA: 0, OTHER: 0}) == limiter.take({BO: 2, OTHER: 0}) == 0
    clock.now = 60
    assert limiter.take(few) == 0


def test_those_who_have_been_silent_for_a_minute_are_forgotten(clock: Clock) -> None:
    limiter = Limiter(clock)
    for member in range(1_000):
        clock.now = float(member)
        limiter.take({member: 3})
        limiter.take({ANA: 3})
    assert len(limiter._times) <= PERIOD + 1
