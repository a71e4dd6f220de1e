"""The limit that is adjusted by what the traffic shows, on machines that give a rate for so many requests at once."""

from collections.abc import Callable
from random import Random

import pytest

from ollama_panel.core.scheduling.adjustment import ANSWERS, KEPT_US, Adjustment


class Machine:
    """Runs `load` clients in a closed loop, whose answers have very different lengths; 5 % noise."""

    def __init__(self, rate: Callable[[int], float], slots: int = 32) -> None:
        self.rate, self.slots = rate, slots
        self.adjustment = Adjustment()
        self.random = Random(1)
        self.now = 0
        self.changes = list[int | None]()

    def run(self, load: int, answers: int = 10 * ANSWERS) -> "Machine":
        for _ in range(answers):
            before = self.adjustment.limit
            running = min(load, self.slots, before or self.slots)
            tokens = self.random.randint(20, 800)
            busy = 1e6 * tokens * running / self.rate(running) * self.random.gauss(1, 0.05)
            self.now += round(busy / running)
            self.adjustment.sample(tokens, round(busy), running, self.now)
            if self.adjustment.limit != before:
                self.changes.append(self.adjustment.limit)
        return self


def rising(running: int) -> float:
    return 100.0 * running**0.8


def flat(running: int) -> float:
    return 100.0 if running == 1 else 110.0


def cliff(running: int) -> float:
    return {1: 337.0, 2: 600.0, 4: 900.0, 8: 1336.0}.get(running, 700.0)


CASES = pytest.mark.parametrize(
    ("rate", "kept"), [(rising, None), (flat, 2), (cliff, 8)], ids=["rising", "flat", "with a cliff behind 8"]
)


@CASES
def test_it_keeps_the_fewest_that_are_nearly_as_fast(rate: Callable[[int], float], kept: int | None) -> None:
    machine = Machine(rate)
    for load in (1, 2, 4, 8, 16):
        machine.run(load)
    assert machine.adjustment.limit == kept


@CASES
def test_it_does_not_change_while_the_load_is_the_same(rate: Callable[[int], float], kept: int | None) -> None:
    machine = Machine(rate)
    for load in (1, 2, 4, 8, 16):
        machine.run(load)
    machine.changes.clear()
    machine.run(16, 400)
    assert machine.changes == []


def test_after_an_hour_all_slots_are_measured_again_because_the_requests_may_have_changed() -> None:
    machine = Machine(flat).run(2).run(16)
    machine.now += KEPT_US + 1
    machine.changes.clear()
    machine.rate = rising
    machine.run(16)
    assert machine.changes == [None]


def test_what_was_not_seen_is_not_tried() -> None:
    machine = Machine(cliff).run(1).run(16)
    assert machine.changes == []


def test_a_limit_that_is_no_longer_as_fast_goes() -> None:
    machine = Machine(flat).run(2).run(16)
    assert machine.adjustment.limit == 2
    machine.rate = lambda running: 20.0 * running
    assert machine.run(16).adjustment.limit is None
