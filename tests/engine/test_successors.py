"""A worker's successor starts first: what goes wrong in each phase, and that nothing is left of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.gpu_yield import YieldRequest
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice
from ollama_panel.core.restart_budget import PAUSES_S
from ollama_panel.core.scheduling.messages import Reserved
from ollama_panel.core.settings import codec
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.overrides import Overrides
from tests.fakes.live_engine import CHAT, LiveEngine, answers, chat_pool, live, settings
from tests.fakes.virtual import leaping

ONE = InstanceId("chat-1")
GB = 10**9
LOADING, LEAVING = "rollout.successor_loads", "rollout.leaves_after_one"
AGAIN = "rollout.successor_again"
SLOW_LOAD = "pools.chat.environment.OLLAMA_SIM_SPEED"
"""The speed of the simulated server: a successor with 0.1 is still loading whatever a test does meanwhile."""

SLOW = {
    "rollout.successor_starts": ("pools.chat.environment.OLLAMA_SIM_FAULTS", "slow-start=100"),
    LOADING: (SLOW_LOAD, "0.1"),
    LEAVING: ("pools.chat.parallel", "4"),
}
"""By which change each phase lasts."""

pytestmark = pytest.mark.usefixtures("fast")


@asynccontextmanager
async def loaded(folder: Path, *pairs: tuple[str, str], gigabytes: int = 24) -> AsyncIterator[LiveEngine]:
    """Run one worker that has loaded a model of 8 GB, on a card of so many."""
    overrides = Overrides(port=0, demo=True, demo_bytes=gigabytes * GB)
    wanted = settings(*pairs, pools=chat_pool())
    with leaping():  # how long answers and loads take next to each other is the same on a busy machine
        async with live(folder, wanted, overrides) as panel:
            await panel.ready()
            assert (await panel.chat()).status_code == 200
            await panel.until(lambda one: one.sample and one.sample.budget and one.instances[0].models)
            yield panel
            await panel.until(lambda one: one.instances == () or not any(record.successor for record in one.instances))
            assert panel.composition is not None
            assert panel.composition.dispatcher.state.fleet.reserved == Reserved()
            assert len(panel.composition.fleet.ports()) == len(panel.snapshot.instances)


async def change(panel: LiveEngine, key: str, value: str) -> None:
    await panel.engine.apply(codec.set(panel.snapshot.settings, key, value))


async def phase(panel: LiveEngine, code: str) -> None:
    """Return when the pool tells of a phase."""
    await panel.until(lambda one: any(pool.progress and code in codes(pool.progress) for pool in one.pools))


def codes(told: Notice) -> tuple[str, ...]:
    """Return the codes of a notice and of the one in it."""
    inner = told.values.get("what")
    return (told.code, *(codes(inner) if isinstance(inner, Notice) else ()))


async def stream(panel: LiveEngine, tokens: int) -> "asyncio.Task[int]":
    """Begin a long answer, and return the task that counts its parts, once the first of them is there."""
    began = asyncio.Event()

    async def read() -> int:
        body = {"model": CHAT, "prompt": "Tell a story.", "stream": True, "options": {"num_predict": tokens}}
        parts = 0
        async with panel.client.stream("POST", panel.snapshot.proxy.url + "/api/generate", json=body) as answer:
            async for _ in answer.aiter_lines():
                parts += 1
                began.set()
        return parts

    assert panel.composition is not None
    task = panel.composition.group.create_task(read())
    await began.wait()
    return task


@pytest.mark.usefixtures("slow")
async def test_an_answer_goes_on_at_the_old_process_while_the_next_comes_from_the_new_one(tmp_path: Path) -> None:
    async with loaded(tmp_path) as panel:
        before, story = panel.instance("chat-1"), await stream(panel, 2000)
        changing = asyncio.ensure_future(change(panel, "pools.chat.parallel", "4"))  # noqa: TID251 - awaited below
        await phase(panel, LEAVING)
        now = panel.instance("chat-1")
        assert now.url != before.url
        assert not story.done()
        assert (await panel.chat()).status_code == 200
        assert (now.parallel, [model.parallel for model in now.models]) == (4, [4])
        assert (await panel.client.get(f"{now.url}/sim/stats")).json()["models"][CHAT]["loads"] == 1
        assert await story > 1000
        await changing
        assert panel.snapshot.pools[0].progress is None


async def test_the_log_goes_on_from_the_old_process_to_the_new_one(tmp_path: Path) -> None:
    async with loaded(tmp_path) as panel:
        assert panel.composition is not None
        before = panel.composition.fleet.lines(ONE, 0)
        await change(panel, "pools.chat.parallel", "4")
        after = panel.composition.fleet.lines(ONE, 0)
        assert after[: len(before)] == before
        assert [line.number for line in after] == list(range(1, len(after) + 1))
        assert sum("server config" in line.text for line in after) == 2


async def test_a_successor_that_does_not_run_leaves_the_worker_as_it_is(tmp_path: Path) -> None:
    async with loaded(tmp_path) as panel:
        before = panel.instance("chat-1")
        async with asyncio.TaskGroup() as group:
            failing = group.create_task(failed(panel, "pools.chat.environment.OLLAMA_SIM_FAULTS", "die-at-once"))
            await phase(panel, "rollout.successor_starts")
            while not failing.done():
                await panel.later(0.2)
        assert "chat-1 does not run with these settings" in failing.result()
        assert (panel.instance("chat-1").pid, panel.instance("chat-1").url) == (before.pid, before.url)
        assert (await panel.chat()).status_code == 200
        assert panel.composition is not None
        panel.composition.admission.post(Reserved(24 * GB))  # there is no room for a successor now
        with pytest.raises(PanelError, match="chat-1 does not run with these settings"):
            await panel.composition.rollout.apply()
        panel.composition.admission.post(Reserved())
        assert panel.instance("chat-1").pid == before.pid


async def failed(panel: LiveEngine, key: str, value: str) -> str:
    with pytest.raises(PanelError) as error:
        await change(panel, key, value)
    return str(error.value)


@pytest.mark.parametrize("how", ["the memory does not hold both", "it is switched off"])
async def test_without_a_successor_the_worker_loads_again_what_it_had(tmp_path: Path, how: str) -> None:
    small = how == "the memory does not hold both"
    pairs = () if small else (("ollama.twin", "off"),)
    async with loaded(tmp_path, *pairs, gigabytes=14 if small else 24) as panel:
        before = panel.instance("chat-1")
        await change(panel, "pools.chat.parallel", "1")
        now = panel.instance("chat-1")
        assert (now.url, now.pid != before.pid) == (before.url, True)
        assert [model.name for model in now.models] == [CHAT]
        assert (await panel.client.get(f"{now.url}/sim/stats")).json()["models"][CHAT]["loads"] == 1
        assert (await panel.chat()).status_code == 200


@pytest.mark.parametrize(("twin", "code"), [("on", "rollout.successor_starts"), ("off", "rollout.restart")])
async def test_a_gpu_that_is_given_away_while_a_process_starts_is_not_filled_by_it(
    tmp_path: Path, twin: str, code: str
) -> None:
    async with loaded(tmp_path, ("ollama.twin", twin)) as panel, asyncio.TaskGroup() as group:
        slow = ("pools.chat.environment.OLLAMA_SIM_FAULTS", "slow-start=5")
        changing, pid = group.create_task(change(panel, *slow)), panel.instance("chat-1").pid
        await phase(panel, code)
        await panel.engine.control.gpu_yield.give(YieldRequest())
        while not changing.done():
            await panel.later(0.5)
        now = panel.instance("chat-1")
        assert now.pid != pid
        assert CHAT not in (await panel.client.get(f"{now.url}/sim/stats")).json()["models"]
        await panel.engine.control.gpu_yield.take_back()


async def test_a_newer_change_ends_a_successor_that_still_loads(tmp_path: Path) -> None:
    async with loaded(tmp_path) as panel:
        first = asyncio.ensure_future(change(panel, SLOW_LOAD, "0.1"))  # noqa: TID251 - awaited below
        await phase(panel, LOADING)
        await change(panel, SLOW_LOAD, "20")
        await first
        assert panel.instance("chat-1").models[0].name == CHAT
        assert (await panel.chat()).status_code == 200


@pytest.mark.usefixtures("slow")
async def test_a_newer_change_lets_the_old_process_finish_its_answers(tmp_path: Path) -> None:
    async with loaded(tmp_path) as panel:
        story = await stream(panel, 3000)
        first = asyncio.ensure_future(change(panel, "pools.chat.parallel", "4"))  # noqa: TID251 - awaited below
        await phase(panel, LEAVING)
        await change(panel, "pools.chat.parallel", "3")
        await first
        assert await story > 1000
        assert panel.instance("chat-1").parallel == 3


async def test_a_worker_that_is_stopped_meanwhile_has_no_successor(tmp_path: Path) -> None:
    async with loaded(tmp_path) as panel:
        changing = asyncio.ensure_future(change(panel, SLOW_LOAD, "0.1"))  # noqa: TID251 - awaited below
        await phase(panel, LOADING)
        await panel.engine.ensure_stopped(ONE)
        await changing
        assert panel.instance("chat-1").phase is Phase.STOPPED
        await change(panel, SLOW_LOAD, "20")
        await panel.engine.ensure_running(ONE)
        await panel.until(lambda one: all(map(answers, one.instances)))


def stuck(panel: LiveEngine) -> list[str]:
    """Return the codes of what the last change has failed of."""
    return [one.notice.code for one in panel.snapshot.problems if one.where == "instances"]


def kill_successor(panel: LiveEngine) -> None:
    (successor,) = (server for pid, server in panel.servers.items() if pid != panel.instance("chat-1").pid)
    successor.kill()


async def test_a_successor_that_is_killed_while_it_loads_is_followed_by_another(tmp_path: Path) -> None:
    async with loaded(tmp_path) as panel:
        before = panel.instance("chat-1")
        changing = asyncio.ensure_future(change(panel, SLOW_LOAD, "0.5"))  # noqa: TID251 - awaited below
        await phase(panel, LOADING)
        kill_successor(panel)
        await phase(panel, AGAIN)
        assert panel.instance("chat-1").pid == before.pid
        assert (await panel.chat()).status_code == 200
        await panel.later(PAUSES_S[0])
        await phase(panel, LOADING)
        while not changing.done():
            await panel.later(1)
        await changing
        assert panel.instance("chat-1").pid != before.pid
        assert panel.instance("chat-1").models[0].name == CHAT
        assert stuck(panel) == []


async def test_a_successor_that_is_killed_each_time_leaves_the_worker_as_it_is_until_somebody_applies_again(
    tmp_path: Path,
) -> None:
    async with loaded(tmp_path) as panel:
        before = panel.instance("chat-1")
        async with asyncio.TaskGroup() as group:
            failing = group.create_task(failed(panel, SLOW_LOAD, "0.5"))
            for pause in PAUSES_S:
                await phase(panel, LOADING)
                kill_successor(panel)
                await phase(panel, AGAIN)
                await panel.later(pause)
            await phase(panel, LOADING)
            kill_successor(panel)
        assert failing.result().startswith(
            "chat-1 serves on as before: 4 successors have failed, the last one because:"
        )
        assert panel.instance("chat-1").pid == before.pid
        assert (await panel.chat()).status_code == 200
        assert stuck(panel) == ["rollout.successors_failed"]
        assert panel.composition is not None
        async with asyncio.TaskGroup() as group:
            applying = group.create_task(panel.composition.rollout.apply())
            await phase(panel, LOADING)
            while not applying.done():
                await panel.later(1)
        assert panel.instance("chat-1").pid != before.pid
        assert stuck(panel) == []


async def test_a_worker_that_is_stopped_before_the_next_try_has_no_successor(tmp_path: Path) -> None:
    async with loaded(tmp_path) as panel:
        changing = asyncio.ensure_future(change(panel, SLOW_LOAD, "0.1"))  # noqa: TID251 - awaited below
        await phase(panel, LOADING)
        kill_successor(panel)
        await phase(panel, AGAIN)
        await panel.engine.ensure_stopped(ONE)
        await changing
        assert panel.instance("chat-1").phase is Phase.STOPPED


async def test_a_newer_change_does_not_wait_for_the_next_try_of_the_one_before(tmp_path: Path) -> None:
    async with loaded(tmp_path) as panel:
        first = asyncio.ensure_future(change(panel, SLOW_LOAD, "0.1"))  # noqa: TID251 - awaited below
        await phase(panel, LOADING)
        kill_successor(panel)
        await phase(panel, AGAIN)
        await change(panel, SLOW_LOAD, "20")
        await first
        assert stuck(panel) == []
        assert (await panel.chat()).status_code == 200


async def test_the_worker_restarts_after_a_drain_if_the_memory_did_not_hold_both_after_all(tmp_path: Path) -> None:
    async with loaded(tmp_path) as panel:
        before = panel.instance("chat-1")
        async with panel.load(2) as statuses:
            await change(panel, "pools.chat.environment.OLLAMA_SIM_FAULTS", "oom-on-load=1")
        now = panel.instance("chat-1")
        assert (now.url, now.pid != before.pid) == (before.url, True)
        assert set(statuses) <= {200}
        assert stuck(panel) == []


async def test_a_model_that_was_deleted_keeps_no_successor_from_its_place(tmp_path: Path) -> None:
    async with loaded(tmp_path) as panel:
        before = panel.instance("chat-1")
        await change(panel, "pools.chat.environment.OLLAMA_SIM_CATALOG", "llama3.2:3b")
        assert panel.instance("chat-1").url != before.url
        assert panel.instance("chat-1").models == ()


async def test_a_worker_that_is_killed_meanwhile_comes_back_with_the_new_settings(tmp_path: Path) -> None:
    async with loaded(tmp_path) as panel:
        wanted = codec.set(codec.set(panel.snapshot.settings, "pools.chat.parallel", "4"), SLOW_LOAD, "0.1")
        changing = asyncio.ensure_future(panel.engine.apply(wanted))  # noqa: TID251 - awaited below
        await phase(panel, LOADING)
        panel.kill("chat-1")
        await changing
        assert panel.instance("chat-1").parallel == 4
        assert (await panel.chat()).status_code == 200


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("code", SLOW)
async def test_nothing_is_left_of_a_panel_that_ends_meanwhile(tmp_path: Path, code: str) -> None:
    async with loaded(tmp_path) as panel:
        story = await stream(panel, 2000) if code == LEAVING else None
        changing = asyncio.ensure_future(ended(panel, *SLOW[code]))  # noqa: TID251 - awaited below
        await phase(panel, code)
        panel.engine.end()
        await panel.task
        await changing
        assert story is None or await story > 100, "what runs is answered first"


async def ended(panel: LiveEngine, key: str, value: str) -> None:
    """Change a setting of a panel that ends, which the command says, unless it was done before."""
    with suppress(PanelError):
        await change(panel, key, value)


async def test_a_restart_by_the_user_starts_the_successor_first_too(tmp_path: Path) -> None:
    async with loaded(tmp_path) as panel:
        before = panel.instance("chat-1")
        async with panel.load(2) as statuses:
            await panel.engine.restart(ONE)
        assert set(statuses) <= {200}
        assert panel.instance("chat-1").url != before.url
        assert panel.snapshot.pools[0].progress is None


@asynccontextmanager
async def restarting(folder: Path) -> AsyncIterator[tuple[LiveEngine, InstanceRecord]]:
    """Let the user restart two workers at once, the first with a long answer; yield when it drains, with the other."""
    with leaping():
        async with live(folder, settings(("ollama.twin", "false"), pools=chat_pool(workers=2))) as panel:
            await panel.ready()
            story = await stream(panel, 2000)
            first, other = sorted(panel.snapshot.instances, key=lambda one: -one.in_flight)
            both = asyncio.gather(panel.engine.restart(first.id), panel.engine.restart(other.id))
            await panel.until(lambda _: panel.instance(first.id).draining)
            yield panel, other
            assert await story > 1000
            await both


@pytest.mark.usefixtures("slow")
async def test_workers_that_the_user_restarts_at_once_follow_one_after_the_other(tmp_path: Path) -> None:
    async with restarting(tmp_path) as (panel, waits):
        assert (await panel.chat()).status_code == 200
        assert answers(panel.instance(waits.id))
        assert panel.instance(waits.id).pid == waits.pid
        await panel.until(lambda _: answers(now := panel.instance(waits.id)) and now.pid != waits.pid)


@pytest.mark.usefixtures("slow")
async def test_one_that_is_stopped_while_its_restart_waits_stays_so(tmp_path: Path) -> None:
    async with restarting(tmp_path) as (panel, waits):
        await panel.engine.ensure_stopped(waits.id)
        await panel.until(lambda one: not any(worker.draining for worker in one.instances))
        assert panel.instance(waits.id).phase is Phase.STOPPED
