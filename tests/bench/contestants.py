"""What is between client and backend: nothing, nginx, bare aiohttp, the panel without and with a window."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psutil

from tests.fakes.ports import free_port

HERE = Path(__file__).parent
CHECKOUT = HERE.parent.parent
BACKEND = HERE / "backend.py"
SLOTS = 64
BEFORE, NOW = "before", "now"

NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};
  fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  keepalive_requests 1000000;
  upstream ollama {{ server {backend}; keepalive 128; keepalive_requests 1000000; }}
  server {{ listen 127.0.0.1:{port}; client_max_body_size 0;
    location / {{ proxy_pass http://ollama; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_buffering off; proxy_request_buffering off; }} }}
}}
"""


class Contestant:
    """A running way to the backend. `processes` are those whose CPU time counts."""

    def __init__(self, name: str, url: str, processes: list[psutil.Process]) -> None:
        self.name = name
        self.url = url
        self.processes = processes
        self.idle = 0.0

    def cpu_s(self) -> float:
        """Return the CPU time used so far, in seconds."""
        return sum(_cpu_s(process) for process in self.processes)

    def rss(self) -> int:
        """Return the memory in use, in bytes."""
        return sum(process.memory_info().rss for process in self.processes)


def _cpu_s(process: psutil.Process) -> float:
    """Return a process's CPU time: to the nanosecond where the kernel counts it per thread, else in ticks of 10 ms."""
    threads = list(Path(f"/proc/{process.pid}/task").glob("*/schedstat"))
    if threads:
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9
    times = process.cpu_times()
    return times.user + times.system


def until(ready: Callable[[], bool], what: str) -> None:
    """Poll another program; there is nothing else to wait for."""
    for _ in range(600):
        if ready():
            return
        time.sleep(0.05)
    raise SystemExit(f"{what} did not become ready")


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def running(command: list[str], folder: Path | None = None, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, cwd=folder, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def direct() -> Iterator[Contestant]:
    port = free_port()
    with running([sys.executable, str(BACKEND), "serve"], OLLAMA_HOST=f"127.0.0.1:{port}"):
        url = f"http://127.0.0.1:{port}"
        until(lambda: answers(url), "the backend")
        yield Contestant("direct", url, [])


@contextmanager
def nginx(backend: str, folder: Path) -> Iterator[Contestant]:
    port = free_port()
    folder.mkdir()
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, port=port, backend=backend.removeprefix("http://")))
    with running(["nginx", "-c", str(file), "-e", str(folder / "error.log")]) as process:
        url = f"http://127.0.0.1:{port}"
        until(lambda: answers(url), "nginx")
        parent = psutil.Process(process.pid)
        yield Contestant("nginx", url, [parent, *parent.children()])


@contextmanager
def bare(backend: str) -> Iterator[Contestant]:
    port = free_port()
    module = [sys.executable, "-m", "tests.bench.bare"]
    with running([*module, str(port), backend], PYTHONPATH=str(CHECKOUT)) as process:
        url = f"http://127.0.0.1:{port}"
        until(lambda: answers(url), "bare aiohttp")
        yield Contestant("bare aiohttp", url, [psutil.Process(process.pid)])


@contextmanager
def panel(
    folder: Path,
    command: str,
    slots: int = SLOTS,
    *,
    workers: int = 1,
    ollama: str = "",
    checkout: Path = CHECKOUT,
    program: Sequence[str] = ("-m", "ollama_panel"),
) -> Iterator[Contestant]:
    """The panel of a checkout, its instances played by the backend. `command` is `serve` or `gui`.

    `ollama` is a real program to run instead; `program` is what Python starts in place of the panel.
    """
    folder.mkdir()
    server = Path(ollama) if ollama else folder / "ollama"
    if not ollama:
        server.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{BACKEND}" "$@"\n')
        server.chmod(0o755)
    port = free_port()
    settings = {
        "version": 1,
        "proxy": {"port": port},
        "ollama": {"adopt": False, "first_port": free_port()},
        "pools": [{"name": "chat", "role": "chat", "workers": workers, "parallel": slots}],
    }
    state = folder / "state"
    state.mkdir()
    (state / "settings.json").write_text(json.dumps(settings))
    arguments = [command, "--state-dir", str(state), "--ollama", str(server)]
    started = [sys.executable, *program, *arguments]
    with running(started, checkout, PYTHONPATH=str(checkout), QT_QPA_PLATFORM="offscreen") as process:
        url = f"http://127.0.0.1:{port}"
        until(lambda: answers(url + "/panel/status") if ollama else serving(url), f"the panel ({command})")
        yield Contestant(f"panel, {'headless' if command == 'serve' else 'window'}", url, [psutil.Process(process.pid)])


def serving(url: str, model: str = "m") -> bool:
    """Return whether the panel answers a request that needs an instance."""
    try:
        body = {"model": model, "prompt": "ready?", "stream": False}
        return httpx.post(url + "/api/generate", json=body, timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def everyone(folder: Path, *, window: bool) -> Iterator[list[Contestant]]:
    """All that can run here; what is not installed is left out."""
    with ExitStack() as stack:
        first = stack.enter_context(direct())
        found = [first]
        if shutil.which("nginx"):
            found.append(stack.enter_context(nginx(first.url, folder / "nginx")))
        found.append(stack.enter_context(bare(first.url)))
        found.append(stack.enter_context(panel(folder / "serve", "serve")))
        if window:
            found.append(stack.enter_context(panel(folder / "gui", "gui")))
        yield found


@contextmanager
def two_checkouts(folder: Path, other: Path) -> Iterator[list[Contestant]]:
    """The headless panel of another checkout, and this one's."""
    with ExitStack() as stack:
        found = []
        for name, checkout in ((BEFORE, other), (NOW, CHECKOUT)):
            found.append(stack.enter_context(panel(folder / name, "serve", checkout=checkout)))
            found[-1].name = name
        yield found
