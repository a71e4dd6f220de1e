"""The machine is spared as long as there is a reason, and no limit comes and goes with one that does."""

from collections.abc import Iterable
from itertools import groupby

import pytest

from ollama_panel.core.limits import Power
from ollama_panel.core.power_rule import HOT_LOOKS, HOT_S, STEADY_S, PowerRule

BATTERY, LOW_POWER, HEAT, CRITICAL = Power.BATTERY, Power.LOW_POWER, Power.HEAT, Power.CRITICAL_HEAT
LOOK_S = 5.0


class Looks:
    """A rule that is looked at every five seconds."""

    def __init__(self) -> None:
        self.rule = PowerRule()
        self.now = 0.0

    def see(self, *seen: Power, times: int = 1) -> Power | None:
        found = None
        for _ in range(times):
            self.now += LOOK_S
            found = self.rule.look(seen, self.now)
        return found

    def all(self, states: Iterable[tuple[Power, ...]]) -> list[Power | None]:
        """Return what was in force, without repetitions."""
        return [power for power, _ in groupby(self.see(*state) for state in states)]


def test_a_reason_counts_at_once_and_ends_at_once() -> None:
    looks = Looks()
    assert looks.all([(), (BATTERY,), (BATTERY,), (), (), (LOW_POWER,), ()]) == [None, BATTERY, None, LOW_POWER, None]


def test_reasons_have_an_order() -> None:
    looks = Looks()
    assert looks.see(BATTERY, LOW_POWER, HEAT, CRITICAL) is CRITICAL
    assert Looks().see(BATTERY, LOW_POWER, HEAT) is BATTERY
    assert Looks().see(LOW_POWER, HEAT) is LOW_POWER


@pytest.mark.parametrize("flapping", [(BATTERY,), (LOW_POWER,), (BATTERY, LOW_POWER)])
def test_a_power_supply_that_comes_and_goes_spares_the_machine_until_it_has_been_steady(
    flapping: tuple[Power, ...],
) -> None:
    looks = Looks()
    found = looks.all([flapping, ()] * 500)
    assert found == [flapping[0], None, Power.UNSTEADY], "the limit changes three times in 83 minutes"
    assert looks.see(times=round(STEADY_S / LOOK_S) - 2) is Power.UNSTEADY
    assert looks.see() is None
    assert looks.see(*flapping) is flapping[0]


def test_a_battery_that_is_unsteady_is_told_as_what_else_is_so_all_the_time() -> None:
    looks = Looks()
    assert looks.all([(BATTERY, LOW_POWER), (LOW_POWER,)] * 50)[-1] is LOW_POWER


def test_heat_that_comes_and_goes_counts_when_it_lasts_and_for_a_minute_after_it() -> None:
    looks = Looks()
    assert looks.all([(HEAT,), ()] * 100) == [None]
    assert looks.all(([(HEAT,)] * HOT_LOOKS + [()]) * 100) == [None, HEAT]
    assert looks.see(times=round(HOT_S / LOOK_S) - 2) is HEAT
    assert looks.see() is None


def test_critical_heat_that_comes_and_goes_leaves_one_slot_until_it_has_been_gone() -> None:
    looks = Looks()
    assert looks.all([(CRITICAL,), (HEAT,)] * 100) == [CRITICAL, HEAT, CRITICAL]
    assert looks.see(HEAT, times=round(STEADY_S / LOOK_S) - 2) is CRITICAL
    assert looks.see() is HEAT
    assert looks.see(times=round(HOT_S / LOOK_S)) is None


def test_heat_is_seen_on_a_battery_too() -> None:
    looks = Looks()
    assert looks.see(BATTERY, HEAT, times=HOT_LOOKS) is BATTERY
    assert looks.see() is HEAT
