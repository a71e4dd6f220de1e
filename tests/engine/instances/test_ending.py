"""Why the process of an instance has ended: the log and the system together."""

import os
import signal
import sys

import pytest

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.crash_causes import Cause
from ollama_panel.core.ollama.crashes import SystemSigns
from ollama_panel.core.ollama.serverlog_facts import Crashed, Fact
from ollama_panel.engine.instances.ending import COUNT_EVERY_S, Ending
from ollama_panel.engine.instances.process import Outcome
from tests.engine.instances.test_supervisor import spec_of, supervising

PORT = 11501
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


async def test_a_process_that_was_killed_since_it_was_seen_alive_had_no_memory() -> None:
    system = System()
    ending = Ending(system.count, system.signs)
    ending.runs(100.0)
    system.kills += 1
    why, crash = await ending.named(Outcome(-9), [], PORT, 4711)
    assert crash is not None
    assert (crash.cause, system.asked) == (Cause.MEMORY, [4711])
    assert render(why).startswith("Memory ran out, and the system ended the process.")


async def test_who_was_killed_before_does_not_explain_this_end() -> None:
    system = System()
    ending = Ending(system.count, system.signs)
    ending.runs(100.0)
    system.kills += 1
    ending.runs(100.0 + COUNT_EVERY_S)
    _, crash = await ending.named(Outcome(-9), [], PORT, 4711)
    assert crash is not None
    assert crash.cause is Cause.KILLED


async def test_the_system_is_asked_only_where_it_may_know_more() -> None:
    system = System()
    ending = Ending(system.count, system.signs)
    await ending.named(Outcome(-11), [], PORT, 4711)
    await ending.named(Outcome(2), ["panic: nil map"], PORT, 4711)
    assert system.asked == []


async def test_a_taken_port_and_an_unknown_cause_are_no_crashes() -> None:
    ending = Ending(System().count, System().signs)
    assert (await ending.named(Outcome(1), [TAKEN], PORT, 1))[1] is None
    why, crash = await ending.named(Outcome(3), ["Error: something"], PORT, 1)
    assert (why.code, why.evidence, crash) == ("process.exited", ("Error: something",), None)


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
