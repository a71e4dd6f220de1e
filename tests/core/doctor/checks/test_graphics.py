"""What the checks of graphics cards find, and what they leave alone."""

import msgspec
import pytest

from ollama_panel.core.doctor import examine
from ollama_panel.core.doctor.checks.graphics import CHECKS
from ollama_panel.core.doctor.facts import (
    ContainerFacts,
    Facts,
    LoadedFacts,
    LogFacts,
    MachineFacts,
    RunnerFacts,
    Unseen,
)
from ollama_panel.core.findings import RunCommands
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.sources.record import Mistake, Place, Reading, SourceKind
from ollama_panel.core.telemetry import GpuReading, Telemetry, Throttle
from tests.core.doctor.panels import CARD, facts, panel

SERVER = FoundServer("ollama.service", 7, 0.0, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"), variables={})
ON_CPU = LoadedFacts(7, "llama3.1:8b", 6 << 30, 0, 4096, "llama")
MACHINE = Facts(servers=(SERVER,), gpus=(CARD,), loaded=(ON_CPU,))


def found(given: Facts) -> dict[str, str]:
    return {one.id: one.why.code if one.why else "" for one in examine(given, checks=CHECKS).findings}


def changed(**changes: object) -> Facts:
    return msgspec.structs.replace(MACHINE, **changes)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (MACHINE, "doctor.unused_unknown"),
        (
            changed(servers=(msgspec.structs.replace(SERVER, variables={"CUDA_VISIBLE_DEVICES": "-1"}),)),
            "doctor.unused_hidden",
        ),
        (changed(containers=(ContainerFacts("ollama", server=7, gpu=False),)), "doctor.unused_container"),
    ],
)
def test_a_card_that_is_not_used_has_a_reason(given: Facts, why: str) -> None:
    assert found(given) == {"graphics.unused:ollama.service": why}


def test_who_hides_a_card_may_want_that() -> None:
    hiding = msgspec.structs.replace(SERVER, variables={"CUDA_VISIBLE_DEVICES": "-1"})
    (finding,) = examine(changed(servers=(hiding,)), checks=CHECKS).findings
    assert finding.level is Level.INFO
    mine = msgspec.structs.replace(hiding, owner=Owner(OwnerKind.PANEL))
    assert found(changed(servers=(mine,))) == {}


ASKED = RunnerFacts(9, 7, "/b", ("/lib/llama-server", "--model", "/b", "-ngl", "0"))
NO_GPU = Mistake("no-gpu-in-container", notice("source.unknown", path="x"), Place("x"))


@pytest.mark.parametrize(
    "given",
    [
        changed(runners=(ASKED,)),
        changed(gpus=()),
        changed(gpus=(msgspec.structs.replace(CARD, memory_total=1 << 30),)),
        changed(gpus=(msgspec.structs.replace(CARD, unified=True),)),
        changed(gpus=(msgspec.structs.replace(CARD, vendor=None),)),
        changed(loaded=(msgspec.structs.replace(ON_CPU, size_vram=6 << 30),)),
        changed(loaded=(ON_CPU, msgspec.structs.replace(ON_CPU, name="b", size_vram=6 << 30))),
        changed(loaded=()),
        changed(sources=(Reading(SourceKind.COMPOSE, "x", mistakes=(NO_GPU,)),)),
    ],
    ids=[
        "somebody asked for no layers on it",
        "there is no card",
        "the card is for a screen",
        "it shares the main memory",
        "whose it is, is unknown",
        "the model is on it",
        "another model is on it",
        "nothing is loaded",
        "a source has that mistake",
    ],
)
def test_a_model_on_the_processor_is_no_fault_where_it_belongs_there(given: Facts) -> None:
    assert found(given) == {}


@pytest.mark.parametrize(
    ("driver", "old"),
    [("470.256.02", True), ("525.60.13", True), ("531.14", False), ("580.65.06", False), ("", False)],
)
def test_a_driver_may_be_too_old(driver: str, old: bool) -> None:
    gpus = (msgspec.structs.replace(CARD, driver=driver),)
    assert ("graphics.driver" in found(Facts(gpus=gpus))) is old
    assert ("graphics.driver" in found(Facts(gpus=(CARD,), drivers={"nvidia": driver}))) is old


def test_a_driver_after_sleep_is_loaded_again() -> None:
    log = LogFacts(7, lines=("ggml_cuda_init: failed to initialize CUDA: unknown error",))
    (finding,) = examine(changed(logs=(log,)), checks=CHECKS).findings
    assert finding.fix == RunCommands(("sudo rmmod nvidia_uvm", "sudo modprobe nvidia_uvm"))
    windows = changed(logs=(log,), machine=MachineFacts("Windows"))
    assert [one.fix for one in examine(windows, checks=CHECKS).findings] == [None]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("Failed to initialize NVML: Driver/library version mismatch", {"graphics.driver": "doctor.driver_mismatch"}),
        (
            "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver",
            {"graphics.driver": "doctor.driver_gone"},
        ),
        ("No devices were found", {}),
    ],
)
def test_the_driver_says_itself_what_is_wrong(reason: str, expected: dict[str, str]) -> None:
    unseen = Unseen("nvidia-smi", notice("looking.said", what="nvidia-smi", reason=reason))
    assert found(Facts(unseen=(unseen,))) == expected


@pytest.mark.parametrize(
    ("throttles", "why"),
    [
        ({Throttle.THERMAL}, "doctor.throttled_heat"),
        ({Throttle.THERMAL, Throttle.POWER}, "doctor.throttled_heat"),
        ({Throttle.HARDWARE}, "doctor.throttled_supply"),
        ({Throttle.POWER}, ""),
        (set(), ""),
        (None, ""),
    ],
)
def test_a_card_is_slowed_down_by_heat_or_its_supply(throttles: set[Throttle] | None, why: str) -> None:
    gpu = msgspec.structs.replace(CARD, throttles=None if throttles is None else frozenset(throttles))
    expected = {"graphics.throttle:0000:01:00.0": why} if why else {}
    assert found(Facts(gpus=(gpu,))) == expected
    assert found(facts(panel(telemetry=Telemetry(0.0, gpus=(gpu,))))) == expected


def test_a_slow_card_is_told_once() -> None:
    gpu = msgspec.structs.replace(CARD, throttles=frozenset({Throttle.THERMAL}))
    drift = notice("drift.slow", model="a", instance="chat-1", percent=60, reason=notice("drift.heat"))
    snapshot = panel(telemetry=Telemetry(0.0, gpus=(gpu,)), notices=(drift,))
    assert [key.partition(":")[0] for key in found(facts(snapshot))] == ["alert.drift"]


def test_a_lost_card_is_told_where_no_panel_tells_of_it() -> None:
    lost = GpuReading("0000:01:00.0", "NVIDIA L4", lost=True)
    assert found(Facts(gpus=(lost,))) == {"graphics.found:0000:01:00.0": "gpu_lost.driver"}
    assert found(facts(panel(), gpus=(lost,))) == {}
