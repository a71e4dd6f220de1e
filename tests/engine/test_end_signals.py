"""The signals that end the panel: each once, a closed terminal however often it is told."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from ollama_panel.engine import end_signals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
INT, TERM, HUP = (getattr(signal, name, 0) for name in ("SIGINT", "SIGTERM", "SIGHUP"))


def calls_after(*numbers: int) -> int:
    """Return how often `end` is called when these signals come."""
    calls: list[None] = []
    with end_signals.caught(lambda: calls.append(None)):
        for number in numbers:
            os.kill(os.getpid(), number)
    return len(calls)


@pytest.fixture
def hangup(request: pytest.FixtureRequest) -> Iterator[None]:
    before = signal.signal(HUP, request.param)
    yield
    signal.signal(HUP, before)


@pytest.mark.parametrize("hangup", [signal.SIG_DFL], indirect=True)
@pytest.mark.parametrize(
    ("numbers", "calls"),
    [
        ([INT], 1),
        ([TERM, INT], 2),
        ([HUP], 1),
        ([HUP, HUP, HUP], 1),
        ([TERM, HUP], 1),
        ([HUP, TERM], 2),
    ],
)
def test_a_hangup_ends_but_never_forces(hangup: None, numbers: list[int], calls: int) -> None:
    before = [signal.getsignal(number) for number in (INT, TERM, HUP)]
    assert calls_after(*numbers) == calls
    assert [signal.getsignal(number) for number in (INT, TERM, HUP)] == before


def test_a_signal_in_the_last_moments_of_a_program_does_not_change_how_it_ends() -> None:
    program = """
import os, signal
from ollama_panel.engine import end_signals
with end_signals.caught(lambda: None, last=True):
    os.kill(os.getpid(), signal.SIGTERM)
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    os.kill(os.getpid(), number)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("hangup", [signal.SIG_IGN], indirect=True)
def test_under_nohup_a_hangup_ends_nothing(hangup: None) -> None:
    assert calls_after(HUP) == 0
    assert calls_after(HUP, TERM) == 1
