"""What a load has told reaches everybody who forecasts, on the whole engine with simulated servers."""

from pathlib import Path

import pytest

from ollama_panel.core.ollama.load_history import decoded
from ollama_panel.core.ollama.memory import ForecastSource
from ollama_panel.core.pool_memory import memory_of
from ollama_panel.core.snapshot import Snapshot
from tests.fakes.live_engine import CHAT, LiveEngine, chat_pool, live, settings

pytestmark = pytest.mark.usefixtures("fast")


def source(snapshot: Snapshot) -> ForecastSource | None:
    memory = memory_of(snapshot, snapshot.settings.pools[0])
    return memory and memory.source


def known_to_the_scheduler(panel: LiveEngine) -> int:
    assert panel.composition is not None
    return len(panel.composition.dispatcher.state.fleet.catalog[CHAT].loads)


async def test_a_forecast_is_an_estimate_until_the_first_load_and_measured_from_then_on(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.until(lambda one: source(one) is ForecastSource.ESTIMATED)
        assert known_to_the_scheduler(panel) == 0
        assert (await panel.chat()).status_code == 200
        snapshot = await panel.until(lambda one: source(one) is ForecastSource.MEASURED)
        assert known_to_the_scheduler(panel) == 1
        (loaded,) = snapshot.instances[0].models
        memory = memory_of(snapshot, snapshot.settings.pools[0])
        assert memory is not None
        assert memory.weights is not None
        assert memory.weights + (memory.kv_cache or 0) < loaded.size
    (kept,) = decoded((tmp_path / "loads.json").read_bytes()).models.values()
    assert kept[0].total == pytest.approx(loaded.size, rel=0.01)


async def test_the_next_panel_begins_with_it(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.chat()
        await panel.until(lambda one: source(one) is ForecastSource.MEASURED)
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        snapshot = await panel.until(lambda one: source(one) is ForecastSource.MEASURED)
        assert snapshot.instances[0].models == ()
