"""What can be found of a server's processes when one of them hangs: what it waits for, and what it has used."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import psutil

from ollama_panel.core import redact
from ollama_panel.core.ollama.serverlog_server import runner_port
from ollama_panel.engine.host.processes import UNREADABLE

_KERNEL_FILES = ("status", "wchan", "stack")
"""What Linux tells of a process without waiting for it; `stack` for root alone."""


class ProcessEvidence(msgspec.Struct, frozen=True):
    """Each process with its state and use, files of the kernel about each by name, and the ports of the runners."""

    processes: tuple[dict[str, Any], ...] = ()
    files: dict[str, str] = {}
    ports: tuple[int, ...] = ()


def read(pid: int) -> ProcessEvidence:
    """Return what is found of a process and its descendants; what cannot be read is left out.

    Blocks, for ever if the system does: a command line cannot be read while the memory of its process is locked.
    """
    try:
        leader = psutil.Process(pid)
        tree = (leader, *leader.children(recursive=True))
    except UNREADABLE:
        return ProcessEvidence()
    files = {name: text for one in tree for name, text in _files(one.pid)}
    processes, ports = list[dict[str, Any]](), list[int]()
    for one in tree:
        argv = list[str]()
        with suppress(*UNREADABLE):
            argv = one.cmdline()
        processes.append(_facts(one) | {"command": redact.command(argv)})
        if port := runner_port(argv):
            ports.append(port)
    return ProcessEvidence(tuple(processes), files, tuple(ports))


def _files(pid: int) -> Iterator[tuple[str, str]]:
    if sys.platform != "linux":
        return
    for name in _KERNEL_FILES:
        with suppress(OSError):
            yield f"process-{pid}-{name}.txt", Path(f"/proc/{pid}/{name}").read_text(errors="replace")


def _facts(process: psutil.Process) -> dict[str, Any]:
    facts: dict[str, Any] = {"pid": process.pid}
    with suppress(*UNREADABLE), process.oneshot():
        facts["parent"], facts["name"], facts["state"] = process.ppid(), process.name(), process.status()
        times, memory = process.cpu_times(), process.memory_info()
        facts["cpu_user_s"], facts["cpu_system_s"] = times.user, times.system
        facts["rss_bytes"], facts["threads"] = memory.rss, process.num_threads()
        facts["started"] = process.create_time()
    return facts
