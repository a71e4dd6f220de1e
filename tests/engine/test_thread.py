"""The loop thread: commands run there, and stopping leaves nothing behind."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from importlib.metadata import requires

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.engine.thread import LoopThread, new_loop


@pytest.fixture
def thread() -> Iterator[LoopThread]:
    thread = LoopThread()
    thread.start()
    yield thread
    thread.stop()


async def where() -> str:
    return threading.current_thread().name


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop is not made for Windows")
def test_every_installation_brings_the_loop_that_was_measured() -> None:
    (uvloop,) = [wanted for wanted in requires("ollama-panel") or () if wanted.startswith("uvloop")]
    assert "extra" not in uvloop
    loop = new_loop()
    loop.close()
    assert type(loop).__module__.startswith("uvloop")


def test_commands_run_on_the_engine_thread(thread: LoopThread) -> None:
    assert thread.submit(where()).result(5) == "engine"


def test_stop_cancels_what_is_left_and_joins() -> None:
    thread, seen, begun = LoopThread(), list[str](), threading.Event()
    thread.start()

    async def hang() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    thread.submit(hang())
    assert begun.wait(5)
    thread.stop()
    thread.stop()
    assert seen == ["cancelled"]


def permit_threads(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let only so many more threads run at once."""
    most, start = threading.active_count() + number, threading.Thread.start

    def limited(thread: threading.Thread) -> None:
        if threading.active_count() >= most:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", limited)


async def numbers(count: int) -> list[int]:
    return list(await asyncio.gather(*(asyncio.to_thread(int, number) for number in range(count))))


@pytest.mark.parametrize("permitted", [2, 1000])
def test_once_it_runs_it_starts_no_further_thread(monkeypatch: pytest.MonkeyPatch, permitted: int) -> None:
    with monkeypatch.context() as patch:
        permit_threads(patch, permitted)
        loop = new_loop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner, monkeypatch.context() as patch:
        permit_threads(patch, 0)
        assert runner.run(numbers(100)) == list(range(100))


def test_without_any_thread_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    permit_threads(monkeypatch, 0)
    with pytest.raises(PanelError, match="does not let the panel start a thread"):
        new_loop()
