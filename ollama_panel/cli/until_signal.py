"""Runs a measurement in a loop of its own, which a signal ends in order."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from ollama_panel.engine import end_signals
from ollama_panel.engine.thread import new_loop

ENDED_BY_SIGNAL = 130
"""The exit status of what a signal has ended, as of a shell: 128 and the number of SIGINT."""


def run_until_signal(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end; a signal cancels it: raises CancelledError once it has ended."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        loop = runner.get_loop()
        task = loop.create_task(work)  # the signal cancels this alone, so that it can tell what it has
        with end_signals.caught(lambda: loop.call_soon_threadsafe(task.cancel)):
            loop.run_until_complete(task)
