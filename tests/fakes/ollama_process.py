"""Waiting for a real Ollama that was started on a free port."""

import subprocess

import httpx
import psutil


def listening(server: subprocess.Popen[str]) -> str:
    """Return HOST:PORT once the server answers; it binds before it does, so ask until it does."""
    assert server.stderr is not None
    assert any("Listening on" in line for line in server.stderr)
    (socket,) = psutil.Process(server.pid).net_connections("tcp")
    address = f"127.0.0.1:{socket.laddr.port}"
    with httpx.Client(transport=httpx.HTTPTransport(retries=5), timeout=60) as client:
        client.get(f"http://{address}/api/version").raise_for_status()
    return address
