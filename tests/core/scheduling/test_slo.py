"""The limit that keeps an SLO, on traces of a machine that always runs as many requests as it may."""

from collections.abc import Callable
from random import Random

import pytest

from ollama_panel.core.scheduling.slo import START, Slo, SloController
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings

TARGET = 100.0
SLOTS = 32


def cheap(running: int) -> float:
    """Batching is nearly free."""
    return 30.0 + 2 * running


def usual(running: int) -> float:
    return 20.0 + 5 * running


def settle(controller: SloController, pace: Callable[[int], float], samples: int, noise: float = 0.0) -> list[int]:
    random, limits = Random(1), list[int]()
    for _ in range(samples):
        now = controller.since + 1
        running = min(controller.whole, SLOTS)
        token = pace(running) * random.gauss(1, noise) / TARGET
        controller.sample(token, 0.0, now, now, running, SLOTS)
        limits.append(controller.whole)
    return limits


@pytest.fixture
def controller() -> SloController:
    return SloController()


def test_a_pool_without_targets_has_no_slo() -> None:
    pool = Settings().pools[0]
    assert Slo.of(pool) is None
    settings = codec.set(Settings(), "pools.chat.slo_first_token_s", "2")
    assert Slo.of(settings.pools[0]) == Slo(first_token_us=2_000_000)


def test_it_starts_low_and_finds_the_limit_where_batching_is_nearly_free(controller: SloController) -> None:
    assert controller.whole == START
    assert settle(controller, cheap, 30)[-1] >= 20, "within 30 requests"
    assert 24 <= settle(controller, cheap, 300)[-1] <= 32


def test_it_stays_low_where_batching_gains_nothing(controller: SloController) -> None:
    assert max(settle(controller, lambda running: 30.0 * running, 400)) <= 3


@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_it_is_steady_once_it_has_settled(controller: SloController, noise: float) -> None:
    settle(controller, usual, 60, noise)
    limits = settle(controller, usual, 400, noise)
    assert max(limits) - min(limits) <= 1


def test_a_step_is_answered_within_thirty_requests(controller: SloController) -> None:
    settle(controller, usual, 200)
    limits = settle(controller, lambda running: 1.6 * usual(running), 30)
    assert 1.6 * usual(limits[-1]) <= TARGET


def test_a_ramp_is_followed(controller: SloController) -> None:
    settle(controller, usual, 200)
    for slower in (1 + 0.05 * step for step in range(21)):
        settle(controller, lambda running, slower=slower: slower * usual(running), 12)
    assert 2 * usual(controller.whole) <= TARGET


def test_only_answers_that_began_after_a_decrease_count(controller: SloController) -> None:
    controller.limit = 10.0
    controller.sample(2.0, 0.0, 5, 10, 10, SLOTS)
    assert controller.whole == 8
    controller.sample(2.0, 0.0, 6, 11, 8, SLOTS)
    assert controller.whole == 8


def test_a_late_first_token_lowers_the_limit_too_and_is_what_binds(controller: SloController) -> None:
    controller.limit = 10.0
    controller.sample(0.2, 1.5, 5, 10, 10, SLOTS)
    assert (controller.whole, controller.first_binds) == (8, True)


def test_an_slo_that_one_request_at_a_time_misses_is_impossible_until_it_is_met_well(
    controller: SloController,
) -> None:
    settle(controller, lambda _: 130.0, 12)
    assert (controller.whole, controller.impossible, controller.alone) == (1, True, 1.3)
    settle(controller, lambda _: 95.0, 20)
    assert controller.impossible, "not yet: it would come and go"
    settle(controller, lambda _: 60.0, 20)
    assert not controller.impossible
