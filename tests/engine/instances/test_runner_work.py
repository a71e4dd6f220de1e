"""Whether runners do anything, told from one reading of real processes to the next."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from ollama_panel.core.telemetry import GpuReading, Telemetry
from ollama_panel.engine.instances import probe
from ollama_panel.engine.instances.probe import ProcessTree, RunnerProcess
from ollama_panel.engine.instances.runner_work import RunnerWork, Work, with_cards
from tests.fakes.waiting import polled

SPIN = "while True: pass"
REST = "import time\nwhile True: time.sleep(60)"


@contextmanager
def child(code: str) -> Iterator[psutil.Process]:
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        yield psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait()


def seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def reading(
    monkeypatch: pytest.MonkeyPatch, *listening: RunnerProcess, others: tuple[psutil.Process, ...] = ()
) -> None:
    tree = ProcessTree((psutil.Process(), *others, *(one.process for one in listening)), listening=listening)
    monkeypatch.setattr(probe, "read_processes", lambda _: tree)


async def test_a_runner_that_computes_works_and_one_that_sleeps_does_not(monkeypatch) -> None:
    with child(SPIN) as busy, child(REST) as idle:
        runners = RunnerProcess(busy, "/busy", 1), RunnerProcess(idle, "/idle", 2)
        reading(monkeypatch, *runners)
        work = RunnerWork()
        assert work.read(1) == {one.blob: Work(None, runner=one) for one in runners}
        since = seconds(busy)

        async def computed() -> bool:
            return seconds(busy) - since > 0.2

        await polled(computed, lambda: "the time of a processor")
        before = seconds(idle)
        found = work.read(1)
        assert found["/busy"].works is True
        if seconds(idle) == before:  # else it was still starting
            assert work.read(1)["/idle"].works is False


@pytest.mark.skipif(sys.platform == "win32", reason="no signal stops a process there")
async def test_a_runner_whose_processes_are_all_stopped_is_known(monkeypatch) -> None:
    with child(REST) as one, child(REST) as other:
        reading(monkeypatch, others=(one, other))
        work = RunnerWork()
        os.kill(one.pid, signal.SIGSTOP)

        async def stopped(*pids: psutil.Process) -> bool:
            return all(each.status() == psutil.STATUS_STOPPED for each in pids)

        await polled(lambda: stopped(one), lambda: "the first one to stop")
        assert not work.read(1)[""].stopped
        os.kill(other.pid, signal.SIGSTOP)
        await polled(lambda: stopped(one, other), lambda: "both to stop")
        assert work.read(1)[""].stopped


def test_nothing_is_known_of_a_process_that_is_gone(monkeypatch) -> None:
    with child(REST) as gone:
        runner = RunnerProcess(gone, "/gone", 1)
    reading(monkeypatch, runner)
    work = RunnerWork()
    for _ in range(2):
        assert work.read(1) == {"/gone": Work(None, runner=runner)}


def test_without_a_child_there_is_no_runner(monkeypatch) -> None:
    reading(monkeypatch)
    assert RunnerWork().read(1) == {}


@pytest.mark.parametrize(
    ("percent", "at", "found"),
    [(80.0, 100.0, True), (0.0, 100.0, False), (None, 100.0, None), (80.0, 50.0, None)],
    ids=["used", "idle", "unknown", "old"],
)
def test_one_that_rests_may_wait_for_its_card(percent, at, found) -> None:
    telemetry = Telemetry(at=at, gpus=(GpuReading("GPU-1", "card", utilization_percent=percent),))
    assert with_cards(False, telemetry, 105.0, on_gpu=True) is found
    assert with_cards(False, telemetry, 105.0, on_gpu=False) is False
    assert with_cards(True, telemetry, 105.0, on_gpu=True) is True
    assert with_cards(None, None, 105.0, on_gpu=True) is None
    assert with_cards(False, None, 105.0, on_gpu=True) is None
