"""What NVML tells of each process."""

from types import SimpleNamespace
from typing import Any

import pytest

from ollama_panel.engine.host.gpu import nvml
from ollama_panel.engine.host.gpu.use_nvidia import NvidiaUse
from tests.fakes.gpus_nvml import FakeCard, FakeLibrary


def sample(pid: int, percent: int, at: int) -> SimpleNamespace:
    return SimpleNamespace(pid=pid, smUtil=percent, memUtil=0, encUtil=0, decUtil=0, timeStamp=at)


def reader(monkeypatch: pytest.MonkeyPatch, *cards: FakeCard) -> tuple[NvidiaUse, FakeLibrary]:
    library = FakeLibrary(*cards)
    monkeypatch.setattr(nvml, "pynvml", library)
    return NvidiaUse(nvml.Library(lambda: 0.0)), library


def tell(card: FakeCard, *samples: Any) -> None:
    card.values["nvmlDeviceGetProcessUtilization"] = list(samples)


def test_each_process_has_the_mean_of_its_new_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    card, other = FakeCard(0), FakeCard(1)
    use, _ = reader(monkeypatch, card, other)
    tell(
        card, sample(10, 99, 1_000_000), sample(10, 40, 9_500_000), sample(10, 60, 10_000_000), sample(20, 5, 9_000_000)
    )
    tell(other)
    assert use.read() == ({10: 50.0, 20: 5.0}, {})
    tell(card, sample(10, 60, 10_000_000), sample(20, 30, 11_000_000))
    assert use.read() == ({20: 30.0}, {})
    assert use.read() == ({}, {})


def test_no_process_at_all_is_no_use(monkeypatch: pytest.MonkeyPatch) -> None:
    card = FakeCard(0)
    use, library = reader(monkeypatch, card)
    card.values["nvmlDeviceGetProcessUtilization"] = library.error("NotFound")
    assert use.read() == ({},)


@pytest.mark.parametrize("error", ["NotSupported", "NoPermission", "GpuIsLost", "Unknown"])
def test_a_driver_that_does_not_tell_is_unknown(monkeypatch: pytest.MonkeyPatch, error: str) -> None:
    card = FakeCard(0)
    use, library = reader(monkeypatch, card)
    card.values["nvmlDeviceGetProcessUtilization"] = library.error(error)
    assert use.read() is None


def test_a_library_without_the_question_and_a_machine_without_a_card_are_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert reader(monkeypatch, FakeCard(0))[0].read() is None
    assert reader(monkeypatch)[0].read() is None


def test_values_that_no_process_can_have_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    card = FakeCard(0)
    use, _ = reader(monkeypatch, card)
    tell(card, sample(10, 4_294_967_295, 9_500_000), sample(20, 7, 9_500_000))
    assert use.read() == ({20: 7.0},)
