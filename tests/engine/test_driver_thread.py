"""The thread in which drivers are called: nobody waits long for one that hangs, not even the end of the program."""

import asyncio
import subprocess
import sys
import threading

import pytest

from ollama_panel.engine.driver_thread import DriverThread
from tests.fakes.waiting import DEADLINE_S, deadline


def fail() -> None:
    raise OSError("no descriptor left")


async def test_a_call_returns_or_raises_what_its_function_does() -> None:
    thread = DriverThread("test")
    assert await thread.call(lambda: 3) == 3
    with pytest.raises(OSError, match="no descriptor left"):
        await thread.call(fail)
    assert await thread.call(lambda: threading.current_thread().daemon)
    thread.close()


async def test_calls_at_the_same_time_take_their_turns() -> None:
    thread, over = DriverThread("test"), threading.Event()
    async with asyncio.TaskGroup() as group, deadline("both answers"):
        first = group.create_task(thread.call(lambda: over.wait(DEADLINE_S)))
        second = group.create_task(thread.call(lambda: "second"))
        await asyncio.sleep(0)
        over.set()
        assert (await first, await second) == (True, "second")
    thread.close()


async def test_a_call_that_hangs_is_given_up_and_the_next_one_at_once() -> None:
    thread, over, asked = DriverThread("test"), threading.Event(), list[str]()
    with pytest.raises(TimeoutError):
        await thread.call(over.wait, 0.01)
    async with deadline("the second call to be given up at once"):
        with pytest.raises(TimeoutError):
            await thread.call(lambda: asked.append("twice"), DEADLINE_S)
    assert asked == []
    hung = thread._last
    over.set()
    assert hung is not None
    async with deadline("the driver to answer"):
        await asyncio.wrap_future(hung)
    assert await thread.call(lambda: "back") == "back"
    thread.close()


async def test_a_call_whose_caller_is_gone_still_counts_until_it_returns() -> None:
    thread, begun, over = DriverThread("test"), asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def hang() -> None:
        loop.call_soon_threadsafe(begun.set)
        over.wait(DEADLINE_S)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(thread.call(hang))
        async with deadline("the call to begin"):
            await begun.wait()
        task.cancel()
    with pytest.raises(TimeoutError):
        await thread.call(lambda: None)
    over.set()
    thread.close()


async def test_where_no_thread_is_left_the_driver_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        thread = DriverThread("test")
        with pytest.raises(TimeoutError):
            await thread.call(lambda: 1)
    assert await thread.call(lambda: 1) == 1
    thread.close()


def test_a_driver_that_hangs_does_not_hold_up_the_end_of_the_program() -> None:
    program = """
import asyncio, threading
from ollama_panel.engine.driver_thread import DriverThread

async def main():
    try:
        await DriverThread("test").call(threading.Event().wait, 0.01)
    except TimeoutError:
        print("given up")

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=DEADLINE_S, check=True
    )
    assert done.stdout == "given up\n"
