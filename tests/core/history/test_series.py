import pytest

from ollama_panel.core.history.series import FIELDS, NAMES, Kind, columns, of_sample, of_telemetry
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.snapshot import Sample
from ollama_panel.core.telemetry import GpuReading, InstanceReading, SystemReading, Telemetry, Throttle

SAMPLE = Sample(5.0, 3, 2, 4, 71.5, None, 900, 1000)


def test_a_sample_gives_the_fields_of_the_panel_and_unknown_stays_unknown() -> None:
    reading = of_sample(SAMPLE)
    shown = dict(zip((one.name for one in FIELDS[Kind.PANEL]), reading.values, strict=True))
    assert shown == {
        "queued": 3,
        "in_flight": 2,
        "slots": 4,
        "tokens_per_s": 71.5,
        "first_token_p95_s": None,
        "memory_used": 900,
        "memory_total": 1000,
    }


def test_telemetry_gives_the_machine_and_each_card_and_instance_by_its_name() -> None:
    readings = list(
        of_telemetry(
            Telemetry(
                5.0,
                SystemReading(cpu_percent=12.5),
                (GpuReading("0000:01:00.0", temperature_c=70.0), GpuReading("0000:02:00.0")),
                (InstanceReading(InstanceId("chat-1"), rss_bytes=5),),
            )
        )
    )
    sources = [(one.kind.value, one.source) for one in readings]
    assert sources == [("system", ""), ("gpu", "0000:01:00.0"), ("gpu", "0000:02:00.0"), ("instance", "chat-1")]
    assert [len(one.values) for one in readings] == [len(FIELDS[one.kind]) for one in readings]
    assert readings[0].values[0] == 12.5
    assert set(readings[2].values) == {None}


@pytest.mark.parametrize(
    ("throttles", "share"), [(None, None), (frozenset(), 0.0), (frozenset({Throttle.POWER, Throttle.THERMAL}), 1.0)]
)
def test_a_card_is_throttled_or_not_for_whatever_reason(throttles: frozenset[Throttle] | None, share: float) -> None:
    *_, gpu = of_telemetry(Telemetry(0.0, gpus=(GpuReading("a", throttles=throttles),)))
    assert dict(zip((one.name for one in FIELDS[Kind.GPU]), gpu.values, strict=True))["throttled"] == share


def test_every_series_has_one_name_and_every_column_of_a_table_another() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for kind in Kind:
        assert len(set(columns(kind))) == len(columns(kind))
