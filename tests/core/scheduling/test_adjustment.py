"""The limit that is adjusted by measuring, on machines that give a rate for so many requests at once."""

from collections.abc import Callable

import pytest

from ollama_panel.core.scheduling.adjustment import Adjustment

SECOND = 1_000_000


class Machine:
    """Runs `load` clients in a closed loop; each answer has 100 tokens."""

    def __init__(self, rate: Callable[[int], float], slots: int = 32) -> None:
        self.rate, self.slots = rate, slots
        self.adjustment = Adjustment()
        self.now = 0
        self.changes = list[int | None]()

    def run(self, load: int, answers: int) -> "Machine":
        for _ in range(answers):
            before = self.adjustment.limit
            running = min(load, self.slots, before or self.slots)
            self.now += round(1e6 * 100 / self.rate(running))
            began = self.now - round(1e6 * 100 * running / self.rate(running))
            self.adjustment.sample(100, began, self.now, running)
            if self.adjustment.limit != before:
                self.changes.append(self.adjustment.limit)
        return self


def rising(running: int) -> float:
    return 100.0 * running**0.8


def flat(running: int) -> float:
    return 100.0 if running == 1 else 110.0


def cliff(running: int) -> float:
    return {1: 337.0, 2: 600.0, 4: 900.0, 8: 1336.0}.get(running, 700.0)


@pytest.mark.parametrize(
    ("rate", "kept"), [(rising, None), (flat, 2), (cliff, 8)], ids=["rising", "flat", "with a cliff behind 8"]
)
def test_it_keeps_the_fewest_that_are_nearly_as_fast(rate: Callable[[int], float], kept: int | None) -> None:
    machine = Machine(rate).run(1, 20).run(16, 300)
    assert machine.adjustment.limit == kept
    assert not machine.adjustment.trying


@pytest.mark.parametrize("rate", [rising, flat, cliff])
def test_it_does_not_change_while_the_load_is_the_same(rate: Callable[[int], float]) -> None:
    machine = Machine(rate).run(16, 300)
    machine.changes.clear()
    machine.run(16, 2000).run(3, 100).run(16, 500)
    assert machine.changes == []


def test_a_load_that_ends_while_a_step_is_tried_takes_it_back() -> None:
    machine = Machine(rising).run(16, 50)
    assert machine.adjustment.limit == 8
    machine.run(2, 40)
    assert machine.adjustment.limit is None


def test_another_speed_begins_another_descent() -> None:
    machine = Machine(flat).run(16, 300)
    assert machine.adjustment.limit == 2
    machine.rate = rising
    machine.run(16, 300)
    assert machine.adjustment.limit is None
