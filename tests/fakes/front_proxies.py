"""HAProxy and nginx as the exports configure them, as processes of their own."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from tests.fakes.waiting import polled

_PATH = f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin"  # where Debian has both, which not every user's PATH has
HAPROXY, NGINX = (shutil.which(name, path=_PATH) or "" for name in ("haproxy", "nginx"))

ACCOUNT = "    user haproxy\n    group haproxy\n"
"""What only root may do, who runs no tests."""

_STATS = "global\n    stats socket {socket} mode 600 level admin\n"

_NGINX = """\
{user}worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections {connections}; }}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};
  fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  include {file};
}}
"""


class Running:
    """A running HAProxy; `ask` sends a command to its runtime API and returns the answer."""

    def __init__(self, process: psutil.Process, socket: Path) -> None:
        self.process = process
        self._socket = socket

    async def ask(self, command: str) -> str:
        reader, writer = await asyncio.open_unix_connection(self._socket)
        writer.write(command.encode() + b"\n")
        answer = await reader.read()
        writer.close()
        return answer.decode()


@asynccontextmanager
async def haproxy(text: str) -> AsyncIterator[Running]:
    """Run HAProxy with a configuration, without its account; it listens when this returns."""
    with tempfile.TemporaryDirectory() as folder:  # its socket needs a short path
        file, stats, socket = (Path(folder) / name for name in ("haproxy.cfg", "stats.cfg", "socket"))
        file.write_text(text.replace(ACCOUNT, ""), encoding="utf-8")
        stats.write_text(_STATS.format(socket=socket), encoding="utf-8")
        async with _running([HAPROXY, "-db", "-f", str(file), "-f", str(stats)]) as process:
            running = Running(process, socket)

            async def answers() -> bool:
                assert process.is_running(), "haproxy has ended"
                try:
                    return bool(await running.ask("show info"))
                except OSError:
                    return False

            await polled(answers, "haproxy to answer")
            yield running


def nginx_file(folder: Path, text: str, connections: int = 4096) -> Path:
    """Write what the export is included in, and return it; `connections` are those of a worker process."""
    file, whole = folder / "ollama.conf", folder / "nginx.conf"
    file.write_text(text, encoding="utf-8")
    user = "user root; " if os.geteuid() == 0 else ""
    whole.write_text(_NGINX.format(folder=folder, file=file, user=user, connections=connections), encoding="utf-8")
    return whole


@asynccontextmanager
async def nginx(text: str, port: int, connections: int = 4096) -> AsyncIterator[psutil.Process]:
    """Run nginx with the export in its `http` block; it listens on the port when this returns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = nginx_file(folder, text, connections)
        async with _running([NGINX, "-c", str(file), "-e", str(folder / "error.log")]) as process:

            async def listens() -> bool:
                assert process.is_running(), (folder / "error.log").read_text()
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    return False
                writer.close()
                return True

            await polled(listens, "nginx to listen")
            yield process


@asynccontextmanager
async def _running(command: Sequence[str]) -> AsyncIterator[psutil.Process]:
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
