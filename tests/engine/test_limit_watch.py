"""What the engine does about the limits of the models."""

import logging
from typing import Any

import pytest
from msgspec.structs import replace

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName
from ollama_panel.core.limits import LimitReason, Power, SloRecord
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.power_rule import HOT_LOOKS, HOT_S, STEADY_S
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.messages import Event
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.telemetry import GpuReading, SystemReading, Telemetry, ThermalPressure, Throttle
from ollama_panel.core.tuning.curve import Point
from ollama_panel.core.tuning.record import Provenance
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement
from ollama_panel.core.tuning.whatif import PoolCurve
from ollama_panel.engine.limit_watch import LimitWatch, curves_of
from ollama_panel.engine.store import Store
from tests.core.test_adjusting import LLAMA, World
from tests.fakes.timelines import ToldTimeline

CHAT = PoolName("chat")
HOT = Telemetry(0.0, gpus=(GpuReading("0", throttles=frozenset({Throttle.THERMAL})),))
COOL = Telemetry(0.0, gpus=(GpuReading("0", throttles=frozenset()),))


class Panel:
    """A watch over snapshots that a test makes; `fails` is why settings cannot be changed."""

    def __init__(self, *settings: tuple[str, str]) -> None:
        self.world = World()
        shown = self.world.snapshot(0, 0, 4, LimitReason.SLOTS).settings
        for key, text in settings:
            shown = codec.set(shown, key, text)
        self.settings = shown
        self.dispatcher = Dispatcher(Policy.of(shown))
        self.store = Store(shown, ToldTimeline(), lambda: None, lambda _: 0)
        self.queued = self.running = 0
        self.telemetry: Telemetry | None = None
        self.fails = False
        self.watch = LimitWatch(self.store, self.dispatcher, self._post, self.snapshot, self)

    def _post(self, event: Event) -> None:
        self.dispatcher.step(event, 0)

    def snapshot(self) -> Snapshot:
        self.world.pool = self.store.settings.pools[0]
        shown = self.world.snapshot(self.queued, self.running, self.world.pool.parallel, LimitReason.SLOTS)
        return replace(shown, settings=self.store.settings, telemetry=self.telemetry)

    async def change(self, edit: Edit, *, wait: bool, dry_run: bool) -> object:
        assert wait
        assert not dry_run
        if self.fails:
            raise PanelError(notice("instance.down"))
        self.store.set_settings(edit(self.store.settings))
        return None

    async def looks(self, times: int) -> None:
        await self.run(5 * (times - 1))

    async def run(self, seconds: float) -> list[str]:
        for _ in range(round(seconds / 5) + 1):
            self.world.now += 5
            await self.watch.look()
        return [render(told) for told in self.store.snapshot(self.world.now, ()).notices]


async def crowd(panel: Panel) -> list[str]:
    panel.queued, panel.running = 5, 4
    told = await panel.run(60)
    panel.queued = panel.running = 0
    return told


def told(**states: Any) -> Telemetry:
    return Telemetry(0.0, SystemReading(**states))


async def test_heat_that_lasts_spares_the_machine_until_a_minute_after_it() -> None:
    panel = Panel()
    for _ in range(5):  # a card at its limit is slowed down a little now and then
        panel.telemetry = HOT
        await panel.looks(HOT_LOOKS - 1)
        panel.telemetry = COOL
        await panel.looks(1)
        assert panel.dispatcher.policy.power is None
    panel.telemetry = HOT
    await panel.looks(HOT_LOOKS)
    assert panel.dispatcher.policy.power is Power.HEAT
    panel.telemetry = COOL
    await panel.run(HOT_S - 10)
    assert panel.dispatcher.policy.power is Power.HEAT
    await panel.looks(1)
    assert panel.dispatcher.policy.power is None


async def test_each_state_of_the_machine_is_a_reason_until_it_is_over() -> None:
    panel = Panel()
    for state, reason in (
        ({"on_battery": True}, Power.BATTERY),
        ({"low_power": True}, Power.LOW_POWER),
        ({"on_battery": False, "thermal_pressure": ThermalPressure.FAIR}, None),
        ({"on_battery": True, "low_power": True, "thermal_pressure": ThermalPressure.SERIOUS}, Power.BATTERY),
        ({"on_battery": False, "low_power": False, "thermal_pressure": ThermalPressure.NOMINAL}, None),
        ({"on_battery": True, "thermal_pressure": ThermalPressure.CRITICAL}, Power.CRITICAL_HEAT),
        ({"thermal_pressure": ThermalPressure.NOMINAL}, Power.HEAT),  # for a minute
    ):
        if state.get("on_battery"):
            panel.world.now += STEADY_S  # else it comes and goes
        panel.telemetry = told(**state)
        await panel.looks(1)
        assert panel.dispatcher.policy.power is reason, state


async def test_nothing_is_proposed_unless_the_user_wants_it() -> None:
    panel = Panel()
    assert await crowd(panel) == []


async def test_what_is_proposed_is_told_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    panel = Panel(("scheduling.adjust", "settings"))
    [told] = await crowd(panel)
    assert told.startswith("Requests for chat wait while every slot")
    assert await panel.run(120) == [told]
    assert caplog.messages == [told]
    assert panel.store.settings == panel.settings, "not without the second switch"


async def test_with_the_second_switch_it_is_done_when_the_pool_is_idle() -> None:
    panel = Panel(("scheduling.adjust", "settings"), ("scheduling.adjust_when_idle", "on"))
    await crowd(panel)
    [told] = await panel.run(65)
    assert told.startswith(f"chat was changed for {LLAMA} while it was idle. ")
    assert panel.store.settings.pools[0].parallel == 8


async def test_if_it_fails_the_reason_is_told_and_it_is_left_alone() -> None:
    panel = Panel(("scheduling.adjust", "settings"), ("scheduling.adjust_when_idle", "on"))
    panel.fails = True
    await crowd(panel)
    [told] = await panel.run(65)
    assert told.startswith("chat could not be adjusted: ")
    panel.fails = False
    await panel.run(120)
    assert panel.store.settings == panel.settings


async def test_an_slo_that_cannot_be_kept_is_told() -> None:
    panel = Panel()
    shown = panel.snapshot()
    impossible = notice("slo.tokens", model=LLAMA, pool="chat", rate=9.0, wanted=20.0)
    [load] = shown.pools
    missed = replace(load, slo=SloRecord(tokens_per_s=20.0, impossible=impossible))
    panel.watch = LimitWatch(
        panel.store, panel.dispatcher, lambda _: None, lambda: replace(shown, pools=(missed,)), panel
    )
    assert await panel.run(0) == [render(impossible)]


def test_a_curve_counts_if_it_holds_here_be_it_on_battery_or_not() -> None:
    shown = Panel().snapshot()
    point = Point(Candidate(1, 4), Measurement(Estimate(50.0), Estimate(1.0)))

    def measured(**where: str) -> PoolCurve:
        there = Provenance(0.0, model=LLAMA, power="mains", **where)
        return PoolCurve("t1", CHAT, LLAMA, WorkloadKind.CHAT, there, 0.0, (point,))

    assert len(curves_of(replace(shown, curves=(measured(), measured())))) == 1
    assert curves_of(replace(shown, curves=(measured(ollama="0.9.0"),))) == ()
