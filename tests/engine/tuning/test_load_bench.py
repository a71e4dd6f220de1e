"""Tests of how a task is measured: whose requests are sent, with which options, and what is told of them."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import RequestState, Snapshot
from ollama_panel.core.telemetry import GpuReading, Telemetry
from ollama_panel.core.tuning.task import TuningTask, WorkloadKind
from ollama_panel.core.tuning.trial import Candidate
from ollama_panel.core.tuning.wave import Wave, Window
from ollama_panel.engine.history.file import HistoryFile
from ollama_panel.engine.tuning.conditions import Conditions
from ollama_panel.engine.tuning.load_bench import OWN_S, LoadBench, load_bench, own_lengths, own_requests
from tests.fakes.history import request
from tests.fakes.upstream import FakeUpstream, ReceivedRequest, ScriptConnection
from tests.fakes.virtual import leaping
from tests.sim.serving import CHAT, client, server, stats

POOL = PoolSettings(PoolName("chat"), Role.CHAT, workers=1, parallel=2, context_length=4096)
MODEL = ModelFacts(ModelName(CHAT), context_trained=131_072)
CARD = GpuReading("0000:01:00.0", "RTX 4090", utilization_percent=5.0, power_w=300.0)
NOW = 2_000_000_000.0


def quiet() -> Conditions:
    snapshot = Snapshot(0.0, Settings(), telemetry=Telemetry(0.0, gpus=(CARD,)))

    async def read() -> None:
        pass

    return Conditions(lambda: snapshot, read)


async def bench(folder: Path, kind: WorkloadKind = WorkloadKind.CHAT, pool: PoolSettings = POOL) -> LoadBench:
    task = TuningTask(pool.name, MODEL.name, workload=kind)
    history = folder / "history.sqlite"
    return await load_bench(task, pool, MODEL, history=history, now=NOW, conditions=quiet(), most_s=2.5)


def finished(folder: Path, *ages_s: float, state: RequestState = RequestState.DONE, model: str = CHAT) -> None:
    file = HistoryFile(folder / "history.sqlite")
    requests = (request(NOW - age, f"r{age}", state) for age in ages_s)
    file.write(msgspec.structs.replace(one, model=ModelName(model)) for one in requests)
    file.close()


async def test_a_loaded_model_is_measured_with_the_candidate(tmp_path: Path) -> None:
    async with server(quick=False, OLLAMA_NUM_PARALLEL="2") as url, client(url) as http:
        one = await bench(tmp_path)
        candidate = Candidate(parallel=2, batch=256)
        seen = list[Wave]()
        with leaping():
            await one.load([url], candidate)
            wave = await one.wave([url], candidate, longer=False, on_progress=seen.append)
        found = await stats(http)
    assert found["loads"] == 1
    assert found["peak"] == 2
    assert seen
    measured = one.measurement([wave, wave])
    assert measured.requests == 2 * sum(window.requests for window in wave.windows)
    assert measured.busy_percent == 5.0
    assert measured.cautions == ()


async def test_every_request_asks_for_the_batch_of_the_candidate(tmp_path: Path) -> None:
    async def refuse(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 16\r\n\r\n" + b'{"error":"none"}')

    async with FakeUpstream(refuse) as upstream:
        one = await bench(tmp_path)
        for candidate in (Candidate(batch=1024), Candidate()):
            with pytest.raises(PanelError, match="status 400: none"):
                await one.load([upstream.url], candidate)
            with pytest.raises(PanelError, match="status 400: none"):
                await one.wave([upstream.url], candidate, longer=False, on_progress=lambda _: None)
        bodies = [msgspec.json.decode(received.body) for received in upstream.requests]
    assert [body["options"].get("num_batch") for body in bodies] == [1024, 1024, None, None]
    first, second = (bodies[number]["messages"][0]["content"] for number in (1, 3))
    assert first[:30] != second[:30]


async def test_a_cancelled_wave_leaves_nothing_behind(tmp_path: Path) -> None:
    async def silent(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.disconnected.wait()

    async with FakeUpstream(silent) as upstream:
        one = await bench(tmp_path)
        work = one.wave([upstream.url], Candidate(parallel=4), longer=False, on_progress=lambda _: None)
        task = asyncio.get_running_loop().create_task(work)
        await upstream.until(lambda: upstream.active == 4)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await upstream.until(lambda: upstream.connections == 0)


def test_lengths_are_those_of_the_models_requests_that_were_answered_within_a_week(tmp_path: Path) -> None:
    finished(tmp_path, 10.0, OWN_S - 10)
    finished(tmp_path, OWN_S + 10)
    finished(tmp_path, 20.0, state=RequestState.FAILED)
    finished(tmp_path, 30.0, model="other:latest")
    file = tmp_path / "history.sqlite"
    assert own_lengths(file, ModelName(CHAT), NOW) == [(10, 100)] * 2
    assert own_requests(file, ModelName(CHAT), NOW) == 2


async def test_own_requests_are_sent_if_there_are_enough(tmp_path: Path) -> None:
    finished(tmp_path, *(float(number) for number in range(1, 41)))
    assert (await bench(tmp_path, WorkloadKind.OWN)).conditions() == ()


async def test_too_few_own_requests_are_told_and_chats_sent_instead(tmp_path: Path) -> None:
    finished(tmp_path, 10.0, 20.0)
    (told,) = (await bench(tmp_path, WorkloadKind.OWN)).conditions()
    assert render(told) == (
        "Only 2 of your requests have ended with known lengths, and 30 are needed. "
        "Requests of usual chats are sent instead."
    )


async def test_without_a_history_chats_are_sent_and_that_is_told(tmp_path: Path) -> None:
    (told,) = (await bench(tmp_path, WorkloadKind.OWN)).conditions()
    assert render(told).endswith("Requests of usual chats are sent instead.")


async def test_requests_that_a_slot_cannot_hold_are_shortened_and_that_is_told(tmp_path: Path) -> None:
    small = msgspec.structs.replace(POOL, context_length=1024)
    one = await bench(tmp_path, WorkloadKind.SUMMARIES, small)
    (told,) = one.conditions()
    assert render(told) == "8 of 8 requests are shorter than usual, to fit a context of 1,024 tokens."
    assert one.measurement([Wave((Window(1.0, 10, 1),))]).cautions == (told,)
