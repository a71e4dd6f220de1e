"""Why the process of an instance has ended: the log and the system together."""

import os
import signal
import sys

import httpx
import pytest

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.crash_causes import Cause
from ollama_panel.core.ollama.crashes import SystemSigns
from ollama_panel.core.ollama.serverlog_facts import Crashed, Fact, Failure, OutOfMemory
from ollama_panel.engine.instances.ending import COUNT_EVERY_S, TIMED_OUT, Ending
from ollama_panel.engine.instances.process import LogRing, Outcome
from tests.engine.instances.test_supervisor import spec_of, supervising
from tests.fakes.waiting import deadline

PORT = 11501
RUNNER_KILLED = (
    'time=t level=WARN source=llama_server.go:1 msg="llama-server process no longer running" string="signal: killed"'
)
TAKEN = "Error: listen tcp 127.0.0.1:11501: bind: address already in use"


class System:
    """A system that has killed so many processes for memory."""

    def __init__(self) -> None:
        self.kills = 7
        self.asked = list[int]()

    def count(self) -> int:
        return self.kills

    def signs(self, pid: int, kills: int) -> SystemSigns:
        self.asked.append(pid)
        return SystemSigns(oom_kills=self.kills - kills)


class Process:
    """A process that has written lines; it has ended by itself unless a test says otherwise."""

    def __init__(self, system: System, *lines: str) -> None:
        self.kept = list[str]()
        self.log = LogRing(keep=self.kept.append)
        self.ending = Ending(self.log, system.count, system.signs)
        self.ending.starts()
        self.ending.started(4711, ("ollama", "serve"))
        for line in lines:
            self.log.append(line)

    async def ends(self, code: int, reason: Notice | None = None, *, stopping: bool = False) -> Cause | None:
        self.why, crash = await self.ending.named(Outcome(code), PORT, reason, stopping=stopping)
        return None if crash is None else crash.cause


async def test_a_process_that_was_killed_since_it_was_seen_alive_had_no_memory() -> None:
    system = System()
    process = Process(system)
    process.ending.runs(100.0)
    system.kills += 1
    assert await process.ends(-9) is Cause.MEMORY
    assert system.asked == [4711]
    assert process.why is not None
    assert render(process.why).startswith("Memory ran out, and the system ended the process.")


async def test_who_was_killed_before_does_not_explain_this_end() -> None:
    system = System()
    process = Process(system)
    process.ending.runs(100.0)
    system.kills += 1
    process.ending.runs(100.0 + COUNT_EVERY_S)
    assert await process.ends(-9) is Cause.KILLED


async def test_a_runner_that_was_killed_lacked_memory_if_the_system_has_counted_such_a_kill_lately() -> None:
    system = System()
    process = Process(system)
    process.ending.runs(100.0)
    assert not await process.ending.runner_lacked_memory()
    system.kills += 1
    assert await process.ending.runner_lacked_memory()
    process.ending.runs(100.0 + COUNT_EVERY_S)
    assert await process.ending.runner_lacked_memory(), "the server was seen to run since"
    process.ending.runs(100.0 + 2 * COUNT_EVERY_S)
    assert not await process.ending.runner_lacked_memory()


@pytest.mark.parametrize("for_memory", [True, False])
async def test_the_log_of_a_killed_runner_and_the_count_of_the_system_tell_together_why(for_memory: bool) -> None:
    heard, system = list[Fact](), System()
    async with supervising(spec_of(), on_fact=lambda _, fact: heard.append(fact)) as harness:
        ready = await harness.started()
        ending = harness.supervisor._ending
        ending._count, ending._signs, ending._kills_before = system.count, system.signs, system.kills
        system.kills += for_memory
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.post(f"{ready.url}/stub/log", content=RUNNER_KILLED)
        async with deadline("the system to be asked"):
            while not system.asked:
                await harness.supervisor.checked()
        await harness.supervisor.checked()
    assert [type(one) for one in heard if isinstance(one, Failure | OutOfMemory)] == [
        Failure,
        *([OutOfMemory] if for_memory else []),
    ]


async def test_the_system_is_asked_only_where_it_may_know_more() -> None:
    system = System()
    await Process(system).ends(-11)
    await Process(system, "panic: nil map").ends(2)
    assert system.asked == []


async def test_a_taken_port_and_an_unknown_cause_are_no_crashes() -> None:
    assert await Process(System(), TAKEN).ends(1) is None
    process = Process(System(), "Error: something")
    assert await process.ends(3) is None
    assert process.why is not None
    assert (process.why.code, process.why.evidence) == ("process.exited", ("Error: something",))


async def test_of_an_end_by_a_drill_nobody_looks_for_a_cause() -> None:
    system = System()
    process = Process(system)
    process.ending.struck()
    system.kills += 1
    assert await process.ends(-9) is None
    assert process.why == notice("drill.killed")
    assert system.asked == []
    process.ending.started(4712, ("ollama", "serve"))
    assert await process.ends(-9) is Cause.MEMORY, "it was the next process"


async def test_what_the_panel_ends_is_no_crash() -> None:
    process = Process(System())
    assert await process.ends(-9, stopping=True) is None
    assert process.why is None
    assert await process.ends(-9, TIMED_OUT) is None
    assert process.why == TIMED_OUT


async def test_the_log_has_marks_of_starts_and_ends_with_the_reason_which_the_ring_has_not() -> None:
    process = Process(System(), "a line")
    await process.ends(3, stopping=True)
    process.ending.starts()
    process.ending.started(4712, ("ollama", "serve"))
    await process.ends(-11)
    process.ending.closed()
    assert process.kept == [
        "--- Process 4711 was started: ollama serve",
        "a line",
        "--- Process 4711 has ended. The panel has stopped it.",
        "--- Process 4712 was started: ollama serve",
        f"--- Process 4712 has ended. {render(notice('crash.fault'))}",
        "--- Process 4712 has ended. The panel has ended.",
    ]
    assert [line.text for line in process.log.after(0)] == ["a line"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
async def test_a_real_process_that_is_killed_is_a_crash_and_one_that_the_panel_stops_is_none():
    heard = list[Fact]()
    async with supervising(spec_of(), on_fact=lambda _, fact: heard.append(fact)) as harness:
        ready = await harness.started()
        assert ready.pid is not None
        os.kill(ready.pid, signal.SIGSEGV)
        await harness.phase(Phase.BACKOFF)
        await harness.until(lambda status: status.phase is Phase.READY)
        harness.supervisor.ensure_stopped()
        await harness.supervisor.wait_settled()
    assert [(one.cause, one.signal) for one in heard if isinstance(one, Crashed)] == [(Cause.FAULT, "SIGSEGV")]
