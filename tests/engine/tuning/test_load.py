"""Tests of the clients of a trial, on real sockets: what they send, what they count, how they fail and how they end."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable

import aiohttp
import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName
from ollama_panel.core.tuning.prompts import Calibration, Writer
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.wave import Wave
from ollama_panel.core.tuning.workload import FEWEST_OWN, Planned, Workload, own, preset
from ollama_panel.engine.tuning.load import calibrated, load_model, measure, new_session
from tests.fakes.ports import free_port
from tests.fakes.upstream import FakeUpstream, ReceivedRequest, ScriptConnection
from tests.fakes.virtual import leaping
from tests.fakes.waiting import Changes, polled
from tests.sim.serving import CHAT, EMBED, client, server, stats

SHORT = Workload(WorkloadKind.CHAT, (Planned(60, 8), Planned(120, 16)))
LINE = b'{"model":"m","message":{"role":"assistant","content":" x"},"done":false}\n'
DONE = b'{"model":"m","message":{"role":"assistant","content":""},"done":true,"eval_count":1}\n'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n"


def writer(workload: Workload = SHORT, model: str = CHAT, unique: str = "trial") -> Writer:
    return Writer(ModelName(model), workload, unique)


async def measured(
    *urls: str,
    concurrency: int = 2,
    wave: Writer | None = None,
    most_s: float = 10.0,
    on_progress: Callable[[Wave], None] = lambda _: None,
) -> Wave:
    """Return what is measured in a time that leaps, so that it is the same on any machine."""
    with leaping():
        async with new_session() as session:
            return await measure(session, urls, wave or writer(), concurrency, most_s=most_s, on_progress=on_progress)


async def test_clients_send_what_is_planned_and_count_what_comes() -> None:
    async with server(quick=False, OLLAMA_NUM_PARALLEL="2") as url, new_session() as session, client(url) as http:
        with leaping():
            counted = await calibrated(session, url, writer())
        before = await stats(http)
        seen = list[Wave]()
        calibrated_one = msgspec.structs.replace(writer(), calibration=counted)
        wave = await measured(url, wave=calibrated_one, on_progress=seen.append)
        after = await stats(http)
    served = after["served"] - before["served"]
    assert after["peak"] == 2
    assert wave.answered == wave.asked > 0
    assert (after["prompt_tokens"] - before["prompt_tokens"]) / served == pytest.approx(SHORT.prompt_mean, rel=0.15)
    assert len(wave.windows) >= 5
    assert 0 < wave.tokens <= after["output_tokens"]
    assert wave.first_tokens
    assert wave.token_times
    assert [len(one.windows) for one in seen] == list(range(1, len(wave.windows) + 1))


async def test_the_same_requests_are_in_each_window() -> None:
    async with server(quick=False, OLLAMA_NUM_PARALLEL="1") as url, new_session() as session:
        with leaping():
            await load_model(session, url, writer())
        wave = await measured(url, concurrency=1)
    (requests,) = {window.requests for window in wave.windows}
    assert requests % len(SHORT.requests) == 0


async def test_requests_in_step_give_the_same_rate_in_each_window() -> None:
    """Prompts are read one after the other, then all clients get their tokens together, and end together."""
    alike = own([(2000, 40)] * FEWEST_OWN)
    async with server(quick=False, OLLAMA_NUM_PARALLEL="9") as url:
        wave = await measured(url, concurrency=9, wave=writer(alike), most_s=60.0)
    assert min(wave.rates) > 0.9 * max(wave.rates)


async def test_windows_hold_fewer_requests_where_cycles_would_take_too_long() -> None:
    async with server(quick=False, OLLAMA_NUM_PARALLEL="1") as url:
        wave = await measured(url, concurrency=1, wave=writer(preset(WorkloadKind.CHAT)), most_s=8.0)
    assert len(wave.windows) == 5
    assert 0 < max(window.requests for window in wave.windows) < 8


async def test_answers_of_which_none_ends_in_time_are_reckoned_by_what_has_come() -> None:
    requests = itertools.count()

    async def endless(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(HEAD + LINE)
        while next(requests) > 1:
            await asyncio.sleep(0.5)
            await connection.send(LINE)
        await connection.send(DONE)
        connection.hang_up()

    async with FakeUpstream() as upstream:
        upstream.script = endless
        wave = await measured(upstream.url, concurrency=2)
    (window,) = wave.windows
    assert window.requests == 0
    assert window.tokens / window.seconds == pytest.approx(2, rel=0.2), "two lines a second of each, two for a token"


async def test_a_trial_ends_also_if_later_requests_take_far_longer_than_the_first() -> None:
    requests = itertools.count()

    async def slower(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(HEAD + LINE)
        if next(requests) > 4:
            await connection.disconnected.wait()
        await connection.send(DONE)
        connection.hang_up()

    async with FakeUpstream() as upstream:
        upstream.script = slower
        wave = await measured(upstream.url, concurrency=1)
    assert wave.windows


async def test_no_trial_finds_its_prompts_in_the_cache_of_another() -> None:
    async with server(quick=False, OLLAMA_NUM_PARALLEL="2") as url, client(url) as http:
        await measured(url, wave=writer(unique="first"))
        await measured(url, wave=writer(unique="second"))
        found = await stats(http)
    assert found["cached_tokens"] < 0.05 * found["prompt_tokens"]


async def test_what_prompts_share_is_read_once() -> None:
    rag = preset(WorkloadKind.RAG)
    async with server(quick=False, OLLAMA_NUM_PARALLEL="1") as url, client(url) as http:
        await measured(url, concurrency=1, wave=writer(rag))
        found = await stats(http)
    assert found["cached_tokens"] >= 0.8 * rag.shared * (found["served"] - 1) > 0


async def test_each_worker_gets_as_many_clients() -> None:
    async with server(quick=False) as one, server(quick=False) as other, client(one) as first, client(other) as second:
        await measured(one, other, concurrency=3)
        found = [await stats(http) for http in (first, second)]
    assert all(one["served"] > 3 for one in found)


async def test_embeddings_count_the_tokens_of_their_texts() -> None:
    texts = preset(WorkloadKind.EMBEDDINGS)
    async with server(quick=False) as url:
        counted = Calibration(overhead=4, per_word=1.485)  # as the simulated server counts
        wave = await measured(url, wave=msgspec.structs.replace(writer(texts, EMBED), calibration=counted))
    ended = sum(window.requests for window in wave.windows)
    assert wave.tokens == pytest.approx(ended * texts.prompt_mean, rel=0.1)
    assert wave.first_tokens == wave.token_times == ()


async def test_a_failed_request_ends_the_trial_with_the_words_of_the_server() -> None:
    async with server(OLLAMA_SIM_FAULTS="busy-first=1") as url:
        with pytest.raises(PanelError, match=r"status 503: server busy"):
            await measured(url)


async def test_a_missing_model_is_told_in_the_words_of_the_server() -> None:
    async with server() as url:
        with pytest.raises(PanelError, match=r"status 404: .*none.* not found"):
            await measured(url, wave=writer(model="none"))


async def test_a_server_that_is_not_there_is_told_with_its_address() -> None:
    port = free_port()
    with pytest.raises(PanelError, match=f"http://127.0.0.1:{port}.* did not answer"):
        await measured(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (b'{"error":"the model runner has unexpectedly stopped"}\n', "the model runner has unexpectedly stopped"),
        (b"", "broke off before its end"),
    ],
    ids=["error", "broken off"],
)
async def test_an_answer_that_breaks_off_fails(end: bytes, told: str) -> None:
    async def broken(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(HEAD + LINE + end)
        connection.hang_up()

    async with FakeUpstream() as upstream:
        upstream.script = broken
        with pytest.raises(PanelError, match=told):
            await measured(upstream.url)


async def silent(_: ReceivedRequest, connection: ScriptConnection) -> None:
    await connection.disconnected.wait()


async def endless(_: ReceivedRequest, connection: ScriptConnection) -> None:
    await connection.send(HEAD + LINE)
    await connection.disconnected.wait()


@pytest.mark.parametrize("script", [silent, endless])
async def test_a_cancelled_trial_leaves_no_connection(
    script: Callable[[ReceivedRequest, ScriptConnection], Awaitable[None]],
) -> None:
    open_ones = set[ScriptConnection]()
    changes = Changes(lambda: f"{len(open_ones)} connections are open")

    async def observed(request: ReceivedRequest, connection: ScriptConnection) -> None:
        open_ones.add(connection)
        changes.notify()
        await script(request, connection)
        open_ones.discard(connection)
        changes.notify()

    async with FakeUpstream() as upstream, new_session() as session:
        upstream.script = observed
        task = asyncio.get_running_loop().create_task(measure(session, [upstream.url], writer(), 8))
        await changes.until(lambda: len(open_ones) == 8)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not list(connections(session))
        await changes.until(lambda: not open_ones)


def connections(session: aiohttp.ClientSession) -> list[object]:
    """Return the connections of a client that are in use."""
    connector = session.connector
    assert connector is not None
    return list(connector._acquired)


async def test_a_cancelled_trial_stops_the_model() -> None:
    async with server(quick=False) as url, client(url) as http, new_session() as session:

        async def runs() -> bool:
            return bool((await http.get("/sim/stats")).json()["models"].get(CHAT, {}).get("now"))

        async def is_idle() -> bool:
            found = await stats(http)
            return not found["now"] and not found["waiting"]

        task = asyncio.get_running_loop().create_task(measure(session, [url], writer(preset(WorkloadKind.CHAT)), 4))
        await polled(runs, "the first request")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await polled(is_idle, "the end of all requests")
