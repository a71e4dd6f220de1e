import pytest

from ollama_panel.sim.machine.catalog import KNOWN
from ollama_panel.sim.machine.published import CURVES, Curve
from ollama_panel.sim.machine.service_time import PROFILES, REFERENCE


@pytest.mark.parametrize("curve", CURVES, ids=[curve.name for curve in CURVES])
def test_the_model_reproduces_the_published_table(curve: Curve) -> None:
    assert curve.mean_error() <= 0.10
    assert max(curve.errors()) <= 0.25


@pytest.mark.parametrize(
    ("profile", "tokens_per_second"),
    [("rtx-4090", 142), ("m4-max", 64), ("m4-pro", 38.5), ("m2-ultra", 94), ("m1", 11.9)],
)
def test_one_stream_is_as_fast_as_measured(profile: str, tokens_per_second: float) -> None:
    assert PROFILES[profile].service_time.throughput(1) == pytest.approx(tokens_per_second, rel=0.05)


def test_metal_gains_nothing_between_one_and_eight_where_none_was_measured() -> None:
    service_time = PROFILES["m4-pro"].service_time

    assert service_time.throughput(8) < 1.2 * service_time.throughput(1)
    assert service_time.throughput(32) > 3 * service_time.throughput(1)


@pytest.mark.parametrize("name", list(PROFILES))
def test_a_larger_step_never_takes_less_time(name: str) -> None:
    steps = [PROFILES[name].service_time.step(sequences, 0, 500 * sequences) for sequences in range(1, 129)]

    assert steps == sorted(steps)


def test_the_reference_model_has_the_service_times_of_the_profile() -> None:
    profile = PROFILES["m4-max"]

    assert profile.service_time_for(REFERENCE).throughput(4, 100) == pytest.approx(
        profile.service_time.throughput(4, 100)
    )


def test_a_mixture_of_experts_is_fast_alone_and_reads_ever_more_experts_together() -> None:
    profile = PROFILES["rtx-4090"]
    dense, experts = (
        profile.service_time_for(KNOWN["llama3.1:8b"].load()),
        profile.service_time_for(KNOWN["qwen3:30b-a3b"].load()),
    )

    assert experts.throughput(1) > 1.5 * dense.throughput(1)
    assert experts.throughput(16) / experts.throughput(1) < dense.throughput(16) / dense.throughput(1)


def test_two_cores_reproduce_the_measured_server() -> None:
    service_time = PROFILES["cpu"].service_time_for(KNOWN["small:latest"].load())

    for sequences, measured in {1: 89, 2: 87, 4: 146, 6: 199, 8: 194}.items():
        assert service_time.throughput(sequences, 60) == pytest.approx(measured, rel=0.12)
