"""The export of what a snapshot shows, for its machine."""

from typing import Any

import msgspec
import pytest

from ollama_panel.core import snapshot_export
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Accelerator, Export
from ollama_panel.core.ids import PoolName
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.snapshot_export import ExportChoice, site_of, workers
from ollama_panel.core.telemetry import GpuReading, GpuVendor, Telemetry

POOLS = (PoolSettings(PoolName("chat"), workers=2), PoolSettings(PoolName("embed")))
CARD = GpuReading("0000:01:00.0", "NVIDIA GeForce RTX 4090", GpuVendor.NVIDIA)
STATE = Snapshot(
    at=0.0,
    settings=Settings(pools=POOLS),
    ollama_binary="/usr/bin/ollama",
    ollama_version="0.32.15",
    gpu=True,
    telemetry=Telemetry(0.0, gpus=(CARD,)),
)


def made(target: str, **choice: Any) -> Export:
    return snapshot_export.made(STATE, target, ExportChoice(**choice), version="1.2.3", date="2026-11-30")


def test_containers_are_for_the_cards_and_the_version_of_the_machine() -> None:
    text = made("compose").text
    assert 'driver: "nvidia"' in text
    assert "ollama/ollama:0.32.15" in text
    assert "RTX 4090" in text
    assert "nvidia" not in made("compose", accelerator=Accelerator.CPU).text


def test_the_worker_of_one_pool_is_the_same_as_among_those_of_all() -> None:
    every = workers(STATE, ExportChoice())
    assert [one.id for one in every] == ["chat-1", "chat-2", "embed-1"]
    assert workers(STATE, ExportChoice(pools=(PoolName("embed"),))) == every[-1:]


def test_services_are_the_users_if_that_is_chosen() -> None:
    assert not site_of(STATE, ExportChoice()).of_user
    assert made("systemd-units", of_user=True).site.of_user


def test_a_pool_that_there_is_not_is_refused() -> None:
    with pytest.raises(PanelError, match="tomorrow"):
        made("systemd", pools=(PoolName("tomorrow"),))


def test_a_card_or_a_port_makes_another_export() -> None:
    without = msgspec.structs.replace(STATE, telemetry=None)
    assert snapshot_export.inputs(STATE) != snapshot_export.inputs(without)
    assert snapshot_export.inputs(STATE) == snapshot_export.inputs(msgspec.structs.replace(STATE, at=9.0))
