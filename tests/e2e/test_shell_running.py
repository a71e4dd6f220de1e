"""The exported scripts for shells, run with stubs of Ollama: they start them, wait for them and stop them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec
import pytest

from ollama_panel.core.export import render
from ollama_panel.core.launch import InstanceSpec
from tests.core.export.samples import instances, pools
from tests.fakes.ports import free_ports

STUB = (sys.executable, str(Path(__file__).parents[1] / "fakes" / "ollama_stub.py"))
ENDS_S = 60
READY = "All workers are ready. Ctrl-C stops them.\n"
SHELLS = [shell for shell in ("dash", "bash", "fish") if shutil.which(shell)] or ["sh"]

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="no POSIX shell"),
    pytest.mark.skipif(not (shutil.which("curl") or shutil.which("wget")), reason="neither curl nor wget is installed"),
]


def workers() -> tuple[InstanceSpec, ...]:
    planned = instances(pools(), STUB)
    return tuple(at_port(instance, port) for instance, port in zip(planned, free_ports(len(planned)), strict=True))


def at_port(instance: InstanceSpec, port: int) -> InstanceSpec:
    environment = {**instance.environment, "OLLAMA_HOST": f"127.0.0.1:{port}"}
    return msgspec.structs.replace(instance, port=port, environment=environment)


@contextmanager
def running(shell: str, folder: Path, started: tuple[InstanceSpec, ...]) -> Iterator[subprocess.Popen[str]]:
    """Run the script as a terminal does: in a process group of its own, which Ctrl-C reaches as a whole."""
    target = "fish" if shell == "fish" else "shell"
    (file,) = render(target, pools(), started, version="1.2.3", date="2026-11-23").files
    script = folder / file.name
    script.write_text(file.text, encoding="utf-8")
    with subprocess.Popen(
        [shell, str(script)],
        env=os.environ | {"PATH": f"{short_seconds(folder)}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as child:
        try:
            yield child
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)


def short_seconds(folder: Path) -> Path:
    """Return a folder with a `sleep` that takes a fifth of the time, so that the script looks more often."""
    sleep = folder / "bin" / "sleep"
    sleep.parent.mkdir()
    sleep.write_text(f"#!/bin/sh\nexec {shutil.which('sleep')} 0.2\n")
    sleep.chmod(0o755)
    return sleep.parent


def answers(instance: InstanceSpec) -> bool:
    try:
        return httpx.get(f"{instance.url}/api/version", timeout=60, trust_env=False).is_success
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(("sign", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_starts_every_worker_and_stops_them_all(
    tmp_path: Path, shell: str, sign: signal.Signals, status: int
) -> None:
    started = workers()
    with running(shell, tmp_path, started) as child:
        assert child.stdout
        said = list(iter(child.stdout.readline, READY))
        for instance in started:
            assert f"{instance.id} is ready on {instance.url}\n" in said
            assert answers(instance)
        os.killpg(child.pid, sign)
        assert child.wait(ENDS_S) == status
    assert not any(answers(instance) for instance in started)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_worker_that_dies_at_once_stops_the_others(tmp_path: Path, shell: str) -> None:
    started = workers()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", started[1].port))  # nobody can listen there, and nobody does
        with running(shell, tmp_path, started) as child:
            output, _ = child.communicate(timeout=ENDS_S)
    assert child.returncode == 1
    assert f"{started[1].id} has ended before it was ready" in output
    assert not any(answers(instance) for instance in started)
