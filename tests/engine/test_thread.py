"""The loop thread: commands run there, and stopping leaves nothing behind."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from importlib.metadata import requires

import pytest

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
