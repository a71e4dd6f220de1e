"""What Ollama's desktop app does to other servers when it cannot have its port, on macOS and Linux.

As `app/server/server_unix.go reapServers` and `app/server/server.go ollamaServeArgs` of Ollama 0.32, and as before
0.22.1, where every process of that name was ended. It spares what is none of `among`: the servers of a test alone end.
"""

import os
import signal
import subprocess
from collections.abc import Collection
from pathlib import PurePath


def reap(among: Collection[int], *, looks_at_arguments: bool = True) -> list[int]:
    """Send SIGTERM to the processes `ollama` among those given; return them."""
    found = subprocess.run(["pgrep", "-x", "ollama"], capture_output=True, text=True, check=False).stdout.split()
    ended = [pid for pid in map(int, found) if pid in among and (not looks_at_arguments or _serves(pid))]
    for pid in ended:
        os.kill(pid, signal.SIGTERM)
    return ended


def _serves(pid: int) -> bool:
    shown = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False)
    program, *arguments = shown.stdout.split() or [""]
    if PurePath(program).name not in ("ollama", "ollama.exe"):
        return False
    return next((word for word in arguments if not word.startswith("-")), "") in ("serve", "start")
