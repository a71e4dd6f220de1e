"""After one load the memory of others is known, whatever their context, slots and cache, as a real Ollama tells."""

import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ollama_panel.core.ollama.measured_load import MeasuredLoad
from ollama_panel.core.ollama.memory import RunnerConfig, model_parts
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import MIB
from tests.fakes.panel_process import PanelProcess
from tests.fakes.real_loads import Loader, loading
from tests.fakes.waiting import polled
from tests.real.conftest import CHAT, LONG

pytestmark = pytest.mark.timeout(600)

TOLERANCE = 0.05
FIRST = RunnerConfig(2, 2048)
OTHERS = (
    RunnerConfig(1, 512),
    RunnerConfig(4, 4096),
    RunnerConfig(2, 8192),
    RunnerConfig(3, 2048, cache_type="q8_0", flash_attention=True),
)


@pytest.fixture(scope="module", params=[CHAT, LONG])
def learned(ollama: Path, store: dict[str, str], request: pytest.FixtureRequest) -> ModelFacts:
    """A model with what its first load has told."""
    with loading(ollama, store, FIRST) as server:
        facts, load = server.load(request.param, FIRST.context_length)
    assert load is not None
    parts = model_parts(msgspec.structs.replace(facts, loads=(load,)), _config(FIRST, load))
    assert (parts.weights, parts.kv, parts.compute) == (load.weights, load.kv, load.compute)
    return msgspec.structs.replace(facts, loads=(load,))


@pytest.mark.parametrize("config", OTHERS, ids=lambda one: f"{one.parallel}x{one.context_length}-{one.cache_type}")
def test_another_load_is_forecast_within_five_percent(
    config: RunnerConfig, learned: ModelFacts, ollama: Path, store: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with loading(ollama, store, config) as server:
        right = _measured(server, learned, config)
    found = model_parts(learned, _config(config, right), right.context)
    known = (found.weights or 0) + (found.kv or 0) + (found.compute or 0)
    title = f"{learned.name} {right.ollama}: {config.parallel} x {config.context_length} {config.cache_type}"
    parts = ((part, getattr(found, part), getattr(right, part)) for part in ("weights", "kv", "compute"))
    lines = [title, *(f"{part:8} {one / MIB:9.2f} MiB, right {other / MIB:9.2f}" for part, one, other in parts)]
    with capsys.disabled():
        sys.stdout.write("\n  ".join(["", *lines, f"total    {known / right.total - 1:+.2%}\n"]))
    assert abs(known - right.total) <= TOLERANCE * right.total


def _measured(server: Loader, learned: ModelFacts, config: RunnerConfig) -> MeasuredLoad:
    facts, load = server.load(learned.name, config.context_length)
    assert facts.digest == learned.digest
    assert load is not None
    return load


def _config(asked: RunnerConfig, load: MeasuredLoad) -> RunnerConfig:
    return msgspec.structs.replace(asked, gpu=load.gpu, version=load.ollama)


async def test_the_panel_forecasts_the_next_settings_from_the_load_of_the_last(
    tmp_path: Path, ollama: Path, store: dict[str, str]
) -> None:
    """What it says before a change of slots and context is what the log says of the model after it."""
    pool = {"name": "chat", "role": "chat", "workers": 1, "parallel": 2, "context_length": 2048, "models": [LONG]}
    settings = {"version": 1, "ollama": {"adopt": False, "models_dir": store["OLLAMA_MODELS"]}, "pools": [pool]}
    environment = {"HOME": store["HOME"], "LLAMA_ARG_THREADS": "1"}
    async with PanelProcess(tmp_path / "state", settings, ("--ollama", str(ollama)), environment) as panel:
        await panel.ready()
        panel.client.headers["Authorization"] = f"Bearer {panel.secret()}"
        await _loads(panel, parallel=2, context=2048)
        wanted = {"parallel": 3, "context_length": 8192}
        await polled(lambda: _is_measured(panel), lambda: "the load to be measured")
        answer = await panel.client.patch("/panel/v1/pools/chat", params={"dry_run": "true"}, json=wanted)
        needs = answer.json()["pool"]["memory"]
        assert needs["source"] == "measured"
        (await panel.client.patch("/panel/v1/pools/chat", json=wanted)).raise_for_status()
        size = await _loads(panel, parallel=3, context=8192)
        assert needs["needed"] - needs["overhead"] == pytest.approx(size, rel=TOLERANCE)


async def _loads(panel: PanelProcess, parallel: int, context: int) -> int:
    """Have the model loaded by a request, and return how much its log has named."""
    body = {"model": LONG, "prompt": "la", "stream": False, "options": {"num_predict": 1}}
    (await panel.client.post("/api/generate", json=body)).raise_for_status()

    def loaded(status: Any) -> bool:
        models = status["instances"][0]["models"]
        return [(one["parallel"], one["context_length"] or context) for one in models] == [(parallel, context)]

    status = await panel.until(loaded)
    values = {one["name"]: one["effective"] for one in status["instances"][0]["models"][0]["values"]}
    return int(values["weights"] + values["kv_bytes"] + values["compute"])


async def _is_measured(panel: PanelProcess) -> bool:
    memory = (await panel.client.get("/panel/v1/pools/chat")).json()["memory"]
    return memory is not None and memory["source"] == "measured"
