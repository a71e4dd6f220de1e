"""Runs all tests in two processes at once: a half of them waits for servers, which leaves a core to the others."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from typing import TYPE_CHECKING

from dev_python import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WAITING = ("tests/engine", "tests/e2e", "tests/chaos", "tests/clients", "tests/real")
"""Their tests start panels and servers, and wait for them."""
OTHERS = tuple(f"--ignore={folder}" for folder in WAITING)
_COUNT = re.compile(r"(\d+) (failed|passed|skipped|deselected|xfailed|xpassed|warning|error)")


def run(command: Sequence[str]) -> int:
    """Run a command of pytest with either half; print what one says as it comes, then what the other said, then sums.

    Return 0 only if both have passed.
    """
    start = time.perf_counter()
    with tempfile.TemporaryFile() as kept:
        others = subprocess.Popen([*command, *OTHERS], cwd=ROOT, stdout=kept, stderr=subprocess.STDOUT)
        waiting = subprocess.Popen([*command, *WAITING], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        with others, waiting:
            assert waiting.stdout is not None
            printed = [_show(waiting.stdout.read1)]  # type: ignore[attr-defined] # typeshed has IO for a BufferedReader
        kept.seek(0)
        printed.append(_show(lambda: kept.read(1 << 16)))
    print(f"{summed(printed)} in {time.perf_counter() - start:.0f} s", flush=True)
    return waiting.returncode or others.returncode


def summed(printed: Sequence[str]) -> str:
    """Return the sums of what runs of pytest say in their last lines."""
    sums: Counter[str] = Counter()
    for one in printed:
        for count, kind in _COUNT.findall(one.strip().rpartition("\n")[2]):
            sums[kind] += int(count)
    return ", ".join(f"{count} {kind}" for kind, count in sums.items()) or "no tests ran"


def _show(read: Callable[[], bytes]) -> str:
    """Print what comes as it comes, and return all of it."""
    whole = b""
    while True:
        piece = read()
        if not piece:
            return whole.decode(errors="replace")
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        whole += piece
