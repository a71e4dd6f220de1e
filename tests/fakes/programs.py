"""A client program as a process of its own."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.fakes.waiting import DEADLINE_S, deadline


async def answers_of(program: Path, *arguments: str, limit_s: float = DEADLINE_S) -> list[Any]:
    """Run a Python script to its end and return its answers, one JSON value from each line of its stdout.

    Raises AssertionError with what the script said if it fails or takes longer than `limit_s` of real time.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(program), *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"NO_PROXY": "127.0.0.1"},
    )
    try:
        async with deadline(f"{program.name} to end", limit_s):
            out, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, f"{program.name} ended with {process.returncode}: {errors.decode()}{out.decode()}"
    return [json.loads(line) for line in out.splitlines()]
