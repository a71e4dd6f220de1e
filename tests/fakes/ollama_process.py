"""A real Ollama as a child process, for the tests and measurements that need one."""

import os
import subprocess
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
import psutil


@contextmanager
def serving(program: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Run `ollama serve` on a free port with our environment and `environment`; the value is HOST:PORT."""
    with subprocess.Popen(
        [program, "serve"],
        env=os.environ | environment | {"OLLAMA_HOST": "127.0.0.1:0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        reader = Thread(target=deque, args=(server.stderr, 0))  # a full pipe would stop it
        try:
            address = _listening(server)
            reader.start()
            yield address
        finally:
            server.terminate()
            if reader.ident is not None:
                reader.join()


def _listening(server: subprocess.Popen[str]) -> str:
    """Return HOST:PORT once the server answers; it binds before it does, so ask until it does."""
    assert server.stderr is not None
    assert any("Listening on" in line for line in server.stderr)
    (socket,) = psutil.Process(server.pid).net_connections("tcp")
    address = f"127.0.0.1:{socket.laddr.port}"
    with httpx.Client(transport=httpx.HTTPTransport(retries=5), timeout=60) as client:
        client.get(f"http://{address}/api/version").raise_for_status()
    return address
