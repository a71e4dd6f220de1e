"""Why more requests at once bring nothing: one reason, the most certain one."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from ollama_panel.core.doctor import no_gain
from ollama_panel.core.ids import ModelName
from ollama_panel.core.limits import LimitReason, ModelLimit
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.effective_value import EffectiveValue, Unit, ValueName
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.telemetry import GpuReading, SystemReading, Telemetry
from ollama_panel.core.tuning.record import Provenance
from ollama_panel.core.tuning.trial import Candidate
from tests.core.doctor.panels import CARD, FACTS, LLAMA, POOL, curve, panel, point, request, worker

SPILLED = notice("tuning.spilled_layers", layers=20, whole=33, settings=notice("tuning_report.slots", slots=8))
BUSY = curve(point(4, 418.0, busy_percent=97.0), point(8, 421.0, busy_percent=99.0))


def why(snapshot: Snapshot) -> str:
    found = no_gain.measured(snapshot, POOL)
    assert found is not None
    assert found.evidence
    return found.why.code if found.why is not None else ""


def busy(percent: float) -> GpuReading:
    return msgspec.structs.replace(CARD, utilization_percent=percent)


def split() -> Snapshot:
    devices = EffectiveValue(ValueName.DEVICES, Unit.NONE, effective=("CUDA0", "CUDA1", "CPU"))
    loaded = msgspec.structs.replace(worker().models[0], values=(devices,))
    idle = curve(point(4, 200.0, busy_percent=51.0), point(8, 203.0, busy_percent=52.0))
    return panel(instances=(worker(models=(loaded,)),), curves=(idle,), telemetry=None)


REASONS: list[tuple[str, Callable[[], Snapshot]]] = [
    ("doctor.gain_busy", lambda: panel(curves=(BUSY,))),
    ("doctor.gain_spill", lambda: panel(curves=(curve(point(4, 80.0), point(8, 76.0, cautions=(SPILLED,))),))),
    # 8 caches of 30,000 tokens of 128 KiB are 31 GB; with 4.9 GB of weights 27 times a second: 970 of 1,008 GB/s
    (
        "doctor.gain_bandwidth",
        lambda: panel(curves=(curve(point(4, 215.0), point(8, 216.0, prompt_tokens=29_000.0, answer_tokens=2000.0)),)),
    ),
    ("doctor.gain_cpu", lambda: panel(gpu=False, telemetry=None, curves=(curve(point(2, 30.0), point(8, 30.5)),))),
    ("doctor.gain_split", split),
    ("doctor.no_gain_rates", lambda: panel(curves=(curve(point(4, 300.0), point(8, 303.0)),))),
]


@pytest.mark.parametrize(("reason", "snapshot"), REASONS, ids=[reason for reason, _ in REASONS])
def test_the_numbers_show_the_reason(reason: str, snapshot: Callable[[], Snapshot]) -> None:
    assert why(snapshot()) == reason


def test_the_cheapest_settings_that_give_as_much_are_named() -> None:
    flat = curve(point(2, 290.0), point(4, 418.0), point(6, 420.0), point(8, 421.0))
    found = no_gain.measured(panel(curves=(flat,)), POOL)
    assert found is not None
    assert found.fewer == Candidate(1, 4)
    assert render(found.told) == "Parallel 8 gives pool chat no more than 4"
    assert [one.text for one in found.evidence[:2]] == [
        "workers=1 parallel=8: 421tokens/s",
        "workers=1 parallel=4: 418tokens/s",
    ]


def test_workers_that_bring_nothing_are_named_too() -> None:
    pool = msgspec.structs.replace(POOL, workers=2, parallel=4)
    measured = curve(point(4, 418.0), point(4, 420.0, workers=2))
    found = no_gain.measured(panel(pool, curves=(measured,)), pool)
    assert found is not None
    assert render(found.told) == "2 workers of 4 slots give pool chat no more than 1 of 4"


NOTHING: list[tuple[str, Callable[[], Snapshot]]] = [
    ("they gain", lambda: panel(curves=(curve(point(4, 331.0), point(8, 421.0)),))),
    ("they were not measured", panel),
    ("only fewer were measured", lambda: panel(curves=(curve(point(2, 290.0), point(4, 295.0)),))),
    ("it lies between measured ones", lambda: panel(curves=(curve(point(4, 418.0), point(16, 421.0)),))),
    (
        "the machine was another",
        lambda: panel(curves=(msgspec.structs.replace(BUSY, provenance=Provenance(0.0, model=LLAMA, ollama="0.9.0")),)),
    ),
    (
        "the model runs one at a time anyway",
        lambda: panel(curves=(BUSY,), models=(msgspec.structs.replace(FACTS, family="qwen3vl"),)),
    ),
]


@pytest.mark.parametrize("snapshot", [one for _, one in NOTHING], ids=[name for name, _ in NOTHING])
def test_nothing_is_said_where_nothing_is_certain(snapshot: Callable[[], Snapshot]) -> None:
    assert no_gain.measured(snapshot(), POOL) is None


def one_by_one(count: int = 24, gap: float = 3.0) -> tuple[object, ...]:
    return tuple(request(number, gap * number) for number in range(count))


def test_a_client_that_sends_one_request_after_the_other_uses_one_slot() -> None:
    found = no_gain.seen(panel(finished=one_by_one()), POOL)
    assert found is not None
    assert found.why == notice("doctor.one_client", client="rag-indexer")


@pytest.mark.parametrize("finished", [one_by_one(gap=1.5), one_by_one(count=8)], ids=["they overlap", "they are few"])
def test_a_client_with_several_requests_at_once_uses_more(finished: tuple[object, ...]) -> None:
    assert no_gain.seen(panel(finished=finished), POOL) is None


def test_loads_between_the_requests_cost_more_than_slots_gain() -> None:
    done = tuple(request(number, number, 10.0, load_s=4.0 if number % 2 else 0.0) for number in range(24))
    found = no_gain.seen(panel(finished=done), POOL)
    assert found is not None
    assert (found.told.code, found.evidence[0].text) == ("doctor.loads_cost", "loads=12 load=48s of=4min")


def test_what_the_panel_spares_on_battery_is_its_own_reason() -> None:
    limit = ModelLimit(LLAMA, 1, 8, LimitReason.POWER, notice("limit.battery", limit=1, slots=8))
    found = no_gain.seen(panel(instances=(worker(limits=(limit,)),)), POOL)
    assert found is not None
    assert (found.told.code, found.evidence[0].text) == ("doctor.limited", "limit=1 slots=8")


def adjusted(**changes: Any) -> Snapshot:
    limit = ModelLimit(LLAMA, 4, 8, LimitReason.ADJUSTED, notice("limit.adjusted", limit=4, slots=8))
    return panel(**{"instances": (worker(limits=(limit,), in_flight=4),)} | changes)


HALF = msgspec.structs.replace(worker().models[0], size_vram=3 << 30)
NOW: list[tuple[str, Snapshot]] = [
    ("limit.adjusted", adjusted()),
    ("doctor.gain_busy_now", adjusted(telemetry=Telemetry(0.0, gpus=(busy(97.0),)))),
    ("limit.adjusted", adjusted(telemetry=Telemetry(0.0, gpus=(busy(60.0),)))),
    ("doctor.gain_cpu", adjusted(gpu=False, telemetry=Telemetry(0.0, SystemReading(cpu_percent=98.0)))),
    (
        "doctor.gain_spill",
        adjusted(instances=(msgspec.structs.replace(adjusted().instances[0], models=(HALF,)),)),
    ),
]


@pytest.mark.parametrize(("reason", "snapshot"), NOW, ids=range(len(NOW)))
def test_what_the_scheduler_has_found_out_has_the_reason_that_is_seen_now(reason: str, snapshot: Snapshot) -> None:
    found = no_gain.seen(snapshot, POOL)
    assert found is not None
    assert found.why is not None
    assert (found.told.code, found.why.code, found.fewer) == ("doctor.no_gain_seen", reason, Candidate(1, 4))


def test_a_pool_with_an_unknown_model_has_no_known_ones() -> None:
    pool = msgspec.structs.replace(POOL, models=(LLAMA, ModelName("other:7b")))
    assert (no_gain.named(panel(), POOL), no_gain.named(panel(pool), pool)) == ((FACTS,), ())
