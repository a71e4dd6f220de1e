"""A panel that tunes until a trial is measured, and then stands still to be killed: `killed_tuning.py FOLDER TRIAL`.

Prints a line when it stands still. Its servers live in its process, and its time leaps.
"""
# ruff: noqa: T201 (its output is its interface)

import asyncio
import sys
from pathlib import Path

import pytest

from tests.fakes.tuned_machine import tuned_machine
from tests.fakes.virtual import VirtualLoop

MACHINE = ("rtx-4090", 32_768)
TASK = {"goal": "throughput", "most_trials": 8}


async def main(folder: Path, trial: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        async with tuned_machine(folder, patch, *MACHINE) as machine:
            await machine.tune(**TASK)
            await machine.trials(trial)
            print("measures", flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main(Path(sys.argv[1]), int(sys.argv[2])))
