"""What tests see of the machine on which they run."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.fakes.own_machine import MARK, own_places, own_processes


@contextmanager
def child(environment: Mapping[str, str]) -> Iterator[int]:
    """Run a process until the block ends; the value is its id."""
    command = [sys.executable, "-c", "print(); input()"]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it has its variables
        yield process.pid
        process.communicate(b"\n", timeout=60)


def seen() -> set[int]:
    return {one.pid for one in own_processes()}


def test_what_this_run_has_started_is_seen() -> None:
    with child(os.environ) as pid:
        assert pid in seen()


def test_what_another_run_or_nobody_here_has_started_is_not() -> None:
    with child(os.environ | {MARK: "of another run"}) as other:
        assert other not in seen()
    with child({name: value for name, value in os.environ.items() if name != MARK}) as other:
        assert other not in seen()


def test_no_server_is_at_ollamas_own_port_and_one_is_where_a_test_says() -> None:
    assert own_places({}) == own_places({"OLLAMA_HOST": "127.0.0.1:11434"}) == {}
    assert own_places({"OLLAMA_HOST": "http://127.0.0.1:23456"}) == {23456: "127.0.0.1"}
