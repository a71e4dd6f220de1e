"""The panel of `own_machine` that writes its tasks to stderr when it gets SIGUSR1: `tasks: {KIND: NUMBER}`."""

import asyncio
import signal
import sys
from collections import Counter
from types import FrameType

from tests.fakes import own_machine


def _write_tasks(_: int, __: FrameType | None) -> None:
    names = Counter(_kind(task) for task in asyncio.all_tasks(asyncio.get_running_loop()))
    sys.stderr.write(f"tasks: {dict(names)}\n")
    sys.stderr.flush()


def _kind(task: "asyncio.Task[object]") -> str:
    return getattr(task.get_coro(), "__qualname__", "?")


if __name__ == "__main__":
    own_machine.system.REAL = own_machine.OWN
    from ollama_panel.__main__ import main

    signal.signal(signal.SIGUSR1, _write_tasks)
    sys.exit(main())
