import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import msgspec
import psutil
import pytest

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.lifecycle import Limits, Phase
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.runners import ParallelSource
from ollama_panel.core.ollama.serverlog_facts import Fact, PromptTruncated
from ollama_panel.core.records import Role
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.clock import seconds
from ollama_panel.engine.instances.orphans import ChildRegistry
from ollama_panel.engine.instances.probe import new_client
from ollama_panel.engine.instances.process import Outcome, descendants
from ollama_panel.engine.instances.supervisor import Adopted, ProbeRate, Supervisor
from tests.fakes.in_process_servers import SIMULATED, InProcessServers
from tests.fakes.ports import free_port
from tests.fakes.waiting import deadline

STUB = str(Path(__file__).parents[2] / "fakes" / "ollama_stub.py")
QUICK = Limits(ready_s=20, silent_s=0.3, stop_s=0.3, backoff_s=0.01, attempts=3)
BRISK = ProbeRate(starting_s=0.02, ready_s=0.05)


def spec_of(*habits: str, port: int | None = None, command: tuple[str, ...] | None = None) -> InstanceSpec:
    port = port or free_port()
    environment = {"OLLAMA_HOST": f"127.0.0.1:{port}", "OLLAMA_NUM_PARALLEL": "3"}
    command = command or (sys.executable, STUB, *habits)
    return InstanceSpec(InstanceId("chat-1"), 1, PoolName("chat"), Role.CHAT, command, "127.0.0.1", port, environment)


class SupervisorHarness:
    """A running supervisor and its reports."""

    def __init__(self, supervisor: Supervisor, reports: "asyncio.Queue[InstanceRecord]") -> None:
        self.supervisor = supervisor
        self.reports = reports
        self.seen: list[InstanceRecord] = []

    async def until(self, wanted: Callable[[InstanceRecord], object]) -> InstanceRecord:
        """Wait for the next report that is as wanted."""
        async with asyncio.timeout(30):
            while True:
                status = await self.reports.get()
                self.seen.append(status)
                if wanted(status):
                    return status

    async def phase(self, phase: Phase) -> InstanceRecord:
        return await self.until(lambda status: status.phase is phase)

    async def started(self) -> InstanceRecord:
        self.supervisor.ensure_running()
        return await self.until(lambda status: status.phase is Phase.READY and status.rss_bytes)


@asynccontextmanager
async def supervising(
    target: InstanceSpec | Adopted, children: ChildRegistry | None = None, **more: object
) -> AsyncIterator[SupervisorHarness]:
    reports: asyncio.Queue[InstanceRecord] = asyncio.Queue()
    options = {"limits": QUICK, "probe_rate": BRISK, "environment": os.environ, "clock": seconds} | more
    with tempfile.TemporaryDirectory() as folder:
        async with new_client() as client, asyncio.TaskGroup() as group:
            client.timeout = httpx.Timeout(0.5)
            options["children"] = children or ChildRegistry(Path(folder, "children.json"))
            supervisor = Supervisor(target, reports.put_nowait, client=client, **options)  # type: ignore[arg-type]
            task = group.create_task(supervisor.run())
            try:
                yield SupervisorHarness(supervisor, reports)
            finally:
                task.cancel()


def texts(supervisor: Supervisor) -> list[str]:
    return [line.text for line in supervisor.lines()]


async def post(url: str) -> None:
    async with new_client() as client:
        await client.post(url)


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def until_gone(pid: int) -> None:
    """Poll: nobody but the init process is told of an orphan's end."""
    async with asyncio.timeout(10):
        while not gone(pid):
            await asyncio.to_thread(psutil.pids)


async def test_a_worker_starts_answers_and_stops():
    async with supervising(spec_of()) as harness:
        assert harness.supervisor.status.phase is Phase.STARTING  # not stopped: nobody has stopped it
        ready = await harness.started()
        assert (ready.version, ready.detail, ready.restarts) == ("0.32.15", None, 0)
        assert (ready.parallel, ready.parallel_source) == (3, ParallelSource.ENVIRONMENT)
        assert ready.pid is not None
        assert psutil.pid_exists(ready.pid)
        assert {status.detail for status in harness.seen} == {None}
        harness.supervisor.ensure_stopped()
        stopped = await harness.supervisor.wait_settled()
        assert (stopped.phase, stopped.pid, stopped.detail) == (Phase.STOPPED, None, None)
        assert gone(ready.pid)


async def test_the_child_gets_the_inherited_environment_with_the_panels_on_top():
    async with supervising(spec_of(), environment={**os.environ, "OLLAMA_NUM_PARALLEL": "99"}) as harness:
        await harness.started()
        assert "OLLAMA_NUM_PARALLEL is 3" in texts(harness.supervisor)


async def test_log_lines_are_numbered_and_can_be_asked_for_from_any_number_on():
    async with supervising(spec_of()) as harness:
        await harness.started()
        first, second, *_ = harness.supervisor.lines()
        assert (first.number, second.number) == (1, 2)
        assert harness.supervisor.lines(after=1)[0] == second


async def test_a_fact_in_the_log_is_reported_such_as_a_cut_prompt():
    told: asyncio.Queue[tuple[InstanceId, Fact]] = asyncio.Queue()
    async with supervising(spec_of("--truncates"), on_fact=lambda *said: told.put_nowait(said)) as harness:
        harness.supervisor.ensure_running()
        async with deadline("the report of a cut prompt"):
            instance, fact = await told.get()
            while not isinstance(fact, PromptTruncated):
                instance, fact = await told.get()
    assert (instance, fact.limit, fact.prompt_tokens, fact.kept) == ("chat-1", 2048, 4505, 2048)


async def test_a_loaded_model_shows_its_effective_parallel_and_where_that_was_read():
    async with supervising(spec_of("--runner")) as harness:
        harness.supervisor.ensure_running()
        status = await harness.until(lambda status: status.models)
        (model,) = status.models
        assert (model.name, model.size, model.size_vram) == ("tiny:latest", 10, 7)
        assert (model.parallel, model.parallel_source) == (4, ParallelSource.COMMAND)


async def test_a_worker_deaf_to_the_request_to_stop_is_killed_at_the_deadline():
    async with supervising(spec_of("--ignore-sigterm")) as harness:
        ready = await harness.started()
        harness.supervisor.ensure_stopped()
        assert (await harness.supervisor.wait_settled()).phase is Phase.STOPPED
        assert ready.pid is not None
        assert gone(ready.pid)


async def test_killing_a_worker_from_outside_leaves_no_runner_and_starts_it_again():
    async with supervising(spec_of("--runner")) as harness:
        first = await harness.started()
        assert first.pid is not None
        (runner,) = psutil.Process(first.pid).children()
        os.kill(first.pid, signal.SIGKILL)
        down = await harness.phase(Phase.BACKOFF)
        assert render(down.detail).endswith("person of this machine does that. It is started again (try 2 of 3).")
        second = await harness.until(lambda status: status.phase is Phase.READY and status.pid)
        assert (second.restarts, second.pid != first.pid) == (1, True)
        await until_gone(runner.pid)


@pytest.mark.parametrize("trace", [0, 400])
async def test_a_worker_that_dies_at_once_is_given_up_with_its_own_words_however_long_a_trace_follows(trace):
    async with supervising(spec_of("--die", "7", "--trace", str(trace))) as harness:
        harness.supervisor.ensure_running()
        failed = await harness.supervisor.wait_settled()
        assert failed.phase is Phase.FAILED
        assert render(failed.detail) == (
            'The server ended with exit code 7. It said: "Error: something is wrong with the stub". '
            "After 3 tries the panel gave up: find the cause in its log, then start it."
        )


async def test_a_missing_program_fails_at_once_with_a_sentence():
    async with supervising(spec_of(command=("/nowhere/ollama",))) as harness:
        harness.supervisor.ensure_running()
        failed = await harness.phase(Phase.FAILED)
        assert (
            render(failed.detail) == "There is no program /nowhere/ollama: install Ollama, or set its path in Settings."
        )


async def test_a_taken_port_is_named_with_who_has_it_and_used_once_it_is_free():
    spec = spec_of()
    async with supervising(spec, limits=replace(QUICK, attempts=1000, longest_backoff_s=0.1)) as harness:
        with socket.create_server(("127.0.0.1", spec.port)):
            harness.supervisor.ensure_running()
            waiting = await harness.phase(Phase.BACKOFF)
            owner = f"{psutil.Process().name()} (process {os.getpid()})"
            assert render(waiting.detail).startswith(f"Port {spec.port} is taken by {owner}.")
        assert (await harness.supervisor.wait_settled()).phase is Phase.READY


async def test_a_worker_that_goes_silent_is_killed_and_started_again():
    async with supervising(spec_of(), probe_rate=ProbeRate(starting_s=0.02, ready_s=0.05, max_failures=1)) as harness:
        first = await harness.started()
        await post(f"{first.url}/stub/hang")
        assert render((await harness.phase(Phase.STARTING)).detail) == "It has stopped answering."
        assert render((await harness.phase(Phase.BACKOFF)).detail).startswith(
            "It did not answer in time and was killed."
        )
        assert (await harness.phase(Phase.READY)).pid != first.pid


async def test_a_worker_that_never_answers_is_killed_and_given_up():
    async with supervising(spec_of("--mute"), limits=replace(QUICK, ready_s=0.2)) as harness:
        harness.supervisor.ensure_running()
        failed = await harness.supervisor.wait_settled()
        assert failed.phase is Phase.FAILED
        assert render(failed.detail).startswith("It did not answer in time and was killed. After 3 tries")


async def test_restart_brings_a_new_process_with_the_new_settings():
    async with supervising(spec_of()) as harness:
        first = await harness.started()
        changed = spec_of()
        changed.environment["OLLAMA_NUM_PARALLEL"] = "5"
        harness.supervisor.restart(changed)
        second = await harness.supervisor.wait_settled()
        assert (second.phase, second.url, second.parallel, second.restarts) == (Phase.READY, changed.url, 5, 0)
        assert first.pid is not None
        assert gone(first.pid)


async def test_news_of_an_earlier_life_is_no_news_of_this_one():
    exits = list[Callable[[Outcome], None]]()
    async with asyncio.TaskGroup() as group:
        servers = InProcessServers(group)

        async def spawned(argv, environment, on_line, on_exit):
            exits.append(on_exit)
            return await servers.spawn(argv, environment, on_line, on_exit)

        async with supervising(spec_of(command=SIMULATED[:-1]), spawn=spawned) as harness:
            harness.supervisor.ensure_running()
            await harness.supervisor.wait_settled()
            harness.supervisor.restart()
            second = await harness.supervisor.wait_settled()
            exits[0](Outcome(1))
            later = await harness.supervisor.wait_settled()
            assert (later.phase, later.pid, later.restarts) == (Phase.READY, second.pid, 0)
            assert len(exits) == 2
            exits[1](Outcome(1))
            assert (await harness.phase(Phase.BACKOFF)).pid is None, "of this life it is"
            for resident in list(servers.living.values()):
                resident.kill()


async def test_a_storm_of_clicks_ends_in_what_was_clicked_last():
    async with supervising(spec_of()) as harness:
        for _ in range(5):
            harness.supervisor.ensure_running()
            harness.supervisor.restart()
            harness.supervisor.ensure_stopped()
            harness.supervisor.ensure_running()
        assert (await harness.supervisor.wait_settled()).phase is Phase.READY
        harness.supervisor.restart()
        harness.supervisor.ensure_stopped()
        assert (await harness.supervisor.wait_settled()).phase is Phase.STOPPED


async def test_kill_does_not_ask():
    async with supervising(spec_of("--ignore-sigterm"), limits=replace(QUICK, stop_s=1000)) as harness:
        await harness.started()
        harness.supervisor.kill()
        assert (await harness.supervisor.wait_settled()).phase is Phase.STOPPED


async def test_cancelling_the_keeper_leaves_nothing_running():
    async with supervising(spec_of("--runner")) as harness:
        ready = await harness.started()
        assert ready.pid is not None
        tree = [ready.pid, *(process.pid for process in descendants(ready.pid))]
    for pid in tree:
        await until_gone(pid)
    harness.supervisor.ensure_running()
    await harness.supervisor.wait_settled()


@contextmanager
def foreign_process(spec: InstanceSpec, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A server that the panel did not start."""
    server = subprocess.Popen(spec.argv, env={**os.environ, **environment, "OLLAMA_HOST": f"127.0.0.1:{spec.port}"})
    try:
        yield server
    finally:
        below = descendants(server.pid)
        server.kill()
        server.wait()
        for process in below:
            process.kill()


def adopted(spec: InstanceSpec) -> Adopted:
    return Adopted(InstanceId(f"adopted-{spec.port}"), spec.port, spec.url)


async def test_an_adopted_server_is_used_is_down_when_it_dies_and_is_used_again():
    spec = spec_of()
    async with supervising(adopted(spec)) as harness:
        with foreign_process(spec):
            ready = await harness.started()
            assert (ready.managed, ready.parallel, ready.parallel_source) == (False, 1, ParallelSource.UNKNOWN)
        down = await harness.phase(Phase.BACKOFF)
        assert (down.pid, render(down.detail)) == (
            None,
            f"Nothing answers at {spec.url}; it is used again as soon as something does.",
        )
        assert (await harness.supervisor.wait_settled()).phase is Phase.BACKOFF
        with foreign_process(spec, OLLAMA_NUM_PARALLEL="6"):
            await harness.until(
                lambda status: (status.parallel, status.parallel_source) == (6, ParallelSource.ENVIRONMENT)
            )


async def test_the_parallel_of_an_adopted_servers_model_is_read_from_its_runner():
    spec = spec_of("--runner")
    async with supervising(adopted(spec)) as harness:
        with foreign_process(spec):
            harness.supervisor.ensure_running()
            (model,) = (await harness.until(lambda status: status.models)).models
            assert (model.parallel, model.parallel_source) == (4, ParallelSource.COMMAND)


async def test_an_adopted_server_survives_stop_restart_kill_and_the_end_of_the_panel():
    spec = spec_of()
    with foreign_process(spec) as server:
        async with supervising(adopted(spec)) as harness:
            await harness.started()
            harness.supervisor.restart()
            harness.supervisor.ensure_stopped()
            assert (await harness.supervisor.wait_settled()).phase is Phase.STOPPED
            harness.supervisor.kill()
            harness.supervisor.ensure_running()
            assert (await harness.supervisor.wait_settled()).phase in (Phase.READY, Phase.BACKOFF)
        assert server.poll() is None


async def test_the_book_of_children_forgets_a_worker_that_has_ended(tmp_path):
    children = ChildRegistry(tmp_path / "children.json")
    async with supervising(spec_of(), children=children) as harness:
        await harness.started()
        harness.supervisor.ensure_stopped()
        await harness.supervisor.wait_settled()
        assert msgspec.json.decode((tmp_path / "children.json").read_bytes())["children"] == []


def simulated(*faults: str) -> InstanceSpec:
    """A worker of the demonstration: more like the real thing than the stub, and slower to start."""
    spec = spec_of(command=(sys.executable, "-m", "ollama_panel.sim"))
    spec.environment["OLLAMA_SIM_FAULTS"] = ",".join(faults)
    spec.environment["OLLAMA_SIM_SPEED"] = "50"
    return spec


async def test_a_loaded_model_of_a_real_log_has_its_parallel_from_there():
    async with supervising(simulated()) as harness:
        ready = await harness.started()
        async with new_client() as client:
            for model, path in (("llama3.1:8b", "generate"), ("nomic-embed-text", "embed")):
                (await client.post(f"{ready.url}/api/{path}", json={"model": model}, timeout=60)).raise_for_status()
        status = await harness.until(lambda status: len(status.models) == 2)
        assert {model.name: (model.parallel, model.parallel_source) for model in status.models} == {
            "llama3.1:8b": (3, ParallelSource.LOG),
            "nomic-embed-text:latest": (1, ParallelSource.LOG),
        }


async def test_what_the_simulation_can_do_wrong_is_survived():
    async with supervising(simulated("die-at-once")) as harness:
        harness.supervisor.ensure_running()
        assert (await harness.supervisor.wait_settled()).phase is Phase.FAILED
    async with supervising(simulated("ignore-signals")) as harness:
        await harness.started()
        harness.supervisor.ensure_stopped()
        assert (await harness.supervisor.wait_settled()).phase is Phase.STOPPED
