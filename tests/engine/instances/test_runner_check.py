"""The check of runners: which answers count, and a real process that is stopped while its server answers."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import httpx
import psutil
import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.runner_silence import FROZEN, HUNG
from ollama_panel.engine.instances.probe import RunnerProcess
from ollama_panel.engine.instances.runner_check import RunnerCheck
from tests.engine.instances.test_supervisor import spec_of, supervising

BLOB = "/models/blobs/sha256-0123"


class FakeRunner:
    """A runner that answers with `answer`, or raises it; it computes `step_s` between two looks at its time."""

    def __init__(self, answer: Exception | int = 200, step_s: float = 0.0) -> None:
        self.answer, self.step_s = answer, step_s
        self.busy_s, self.runs = 10.0, True
        process: Any = SimpleNamespace(pid=7, is_running=lambda: self.runs, cpu_times=self._cpu_times)
        self.process = RunnerProcess(process, BLOB, 4711)
        self.check = RunnerCheck(httpx.AsyncClient(transport=httpx.MockTransport(self._respond)))

    def _cpu_times(self) -> SimpleNamespace:
        self.busy_s += self.step_s
        return SimpleNamespace(user=self.busy_s, system=0.0)

    def _respond(self, request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "http://127.0.0.1:4711/health"
        if isinstance(self.answer, Exception):
            raise self.answer
        return httpx.Response(self.answer)

    async def checks(self, times: int) -> Sequence[bool]:
        """Check so many times; return each time whether it was called silent."""
        return [await self.check.run([self.process]) == {BLOB} for _ in range(times)]


@pytest.mark.parametrize("answer", [200, 503, 404, httpx.ConnectError("refused"), httpx.ReadError("closed")])
async def test_one_that_answers_loads_or_ends_is_not_silent(answer: Exception | int) -> None:
    runner = FakeRunner(answer)
    assert not any(await runner.checks(HUNG + 1))
    assert not runner.check.doubtful


async def test_one_that_does_not_compute_is_called_silent_at_the_second_miss() -> None:
    runner = FakeRunner(httpx.ReadTimeout("late"))
    assert await runner.checks(1) == [False]
    assert runner.check.doubtful
    assert await runner.checks(FROZEN) == [True] * FROZEN


async def test_one_that_computes_is_given_more_time() -> None:
    runner = FakeRunner(httpx.ReadTimeout("late"), step_s=1.0)
    assert await runner.checks(HUNG) == [*[False] * (HUNG - 1), True]


async def test_an_answer_ends_the_silence() -> None:
    runner = FakeRunner(httpx.ConnectTimeout("late"))
    await runner.checks(FROZEN)
    runner.answer = 200
    assert await runner.checks(1) == [False]
    assert not runner.check.doubtful
    runner.answer = httpx.ConnectTimeout("late")
    assert await runner.checks(1) == [False]


async def test_one_that_has_ended_meanwhile_is_forgotten() -> None:
    runner = FakeRunner(httpx.ReadTimeout("late"))
    await runner.checks(FROZEN)
    runner.runs = False
    assert await runner.checks(1) == [False]
    assert not runner.check.doubtful


@pytest.mark.skipif(sys.platform == "win32", reason="no signal stops a process there")
async def test_a_stopped_runner_is_told_until_it_goes_on() -> None:
    async with supervising(spec_of("--runner")) as harness:
        ready = await harness.started()
        assert ready.pid is not None
        (runner,) = await asyncio.to_thread(psutil.Process(ready.pid).children)
        os.kill(runner.pid, signal.SIGSTOP)
        told = await harness.until(lambda status: status.silent)
        assert (told.phase, told.silent) == (Phase.READY, (ModelName("tiny:latest"),))
        assert render(told.detail) == (
            "The server answers, but its process for tiny:latest does not: requests for that stand still. "
            "Restart the server."
        )
        os.kill(runner.pid, signal.SIGCONT)
        again = await harness.until(lambda status: not status.silent)
        assert (again.phase, again.detail) == (Phase.READY, None)
