"""A real Ollama as a child process, for the tests and measurements that need one."""

import os
import subprocess
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
import psutil


@contextmanager
def serving(
    program: Path, environment: Mapping[str, str], heard: Callable[[str], None] = lambda _: None
) -> Iterator[str]:
    """Run `ollama serve` on a free port with our environment and `environment`; the value is HOST:PORT.

    `heard` is called with each line of its log, in a thread.
    """
    with subprocess.Popen(
        [program, "serve"],
        env=os.environ | environment | {"OLLAMA_HOST": "127.0.0.1:0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        lines = _lines(server, heard)
        reader = Thread(target=deque, args=(lines, 0))  # a full pipe would stop it
        try:
            address = _listening(server, lines)
            reader.start()
            yield address
        finally:
            server.terminate()
            if reader.ident is not None:
                reader.join()


@contextmanager
def logging_to(program: Path, environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """Run `ollama serve` as a shell does whose user sends its log to a file; it may not answer yet."""
    with (
        log.open("wb") as file,
        subprocess.Popen([program, "serve"], env=os.environ | environment, stdout=file, stderr=file) as server,
    ):
        try:
            yield
        finally:
            server.terminate()


def _lines(server: subprocess.Popen[str], heard: Callable[[str], None]) -> Iterator[str]:
    assert server.stderr is not None
    for line in server.stderr:
        heard(line.rstrip("\n"))
        yield line


def _listening(server: subprocess.Popen[str], lines: Iterator[str]) -> str:
    """Return HOST:PORT once the server answers; it binds before it does, so ask until it does."""
    assert any("Listening on" in line for line in lines)
    (socket,) = psutil.Process(server.pid).net_connections("tcp")
    address = f"127.0.0.1:{socket.laddr.port}"
    with httpx.Client(transport=httpx.HTTPTransport(retries=5), timeout=60) as client:
        client.get(f"http://{address}/api/version").raise_for_status()
    return address
