"""The real systemd as process 1 of namespaces of its own, with its journal and a user's manager: for root on Linux.

It shares the network and the file system with the machine, but for `/run` and the units of the system.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes.waiting import DEADLINE_S, real_seconds

SYSTEMD = Path("/lib/systemd/systemd")
_TARGET = """\
[Unit]
DefaultDependencies=no
Wants=systemd-journald.service user-manager.service
"""
_USER_MANAGER = """\
[Unit]
DefaultDependencies=no
[Service]
Environment=XDG_RUNTIME_DIR=/run/user/0 HOME={home} XDG_CONFIG_HOME={home}/.config
ExecStart=/lib/systemd/systemd --user
KillMode=mixed
"""
_BEGIN = """\
set -e
mount -t tmpfs none /run
mkdir -p /run/systemd/system /run/user/0
chmod 700 /run/user/0
mount --bind "$1/units" /etc/systemd/system
{more}
export container=test
exec /lib/systemd/systemd --system --unit=test.target --log-target=null --show-status=0
"""
_PAUSE_S = 0.05


class Namespace:
    """The namespaces of a running systemd. `home` is that of root in there, `units` the folder of the system."""

    def __init__(self, folder: Path, pid: int) -> None:
        self.home, self.units = folder / "home", folder / "units"
        self.pid = pid

    def command(self, *words: str) -> tuple[str, ...]:
        """Return the command line that runs a command in there."""
        own = (f"HOME={self.home}", f"XDG_CONFIG_HOME={self.home}/.config", "XDG_RUNTIME_DIR=/run/user/0")
        return ("nsenter", "--target", str(self.pid), "--mount", "--pid", "env", *own, *words)

    def run(self, *words: str) -> str:
        """Run a command in there and return what it prints. Raises AssertionError if it fails."""
        done = subprocess.run(self.command(*words), capture_output=True, text=True, check=False, timeout=DEADLINE_S)
        assert done.returncode == 0, f"{' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout


def why_not() -> str:
    """Return why systemd cannot run in namespaces here, "" = it can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "systemd in a namespace needs root on Linux"
    missing = [one for one in ("unshare", "nsenter", "journalctl") if shutil.which(one) is None]
    if missing or not SYSTEMD.exists():
        return f"not installed: {', '.join(missing) or SYSTEMD}"
    tried = subprocess.run(
        ("unshare", "--mount", "--pid", "--fork", "--mount-proc", "mount", "-t", "tmpfs", "none", "/run"),
        capture_output=True,
        check=False,
    )
    return "" if tried.returncode == 0 else "this machine allows no namespaces"


@contextmanager
def running(folder: Path, more: str = "") -> Iterator[Namespace]:
    """Run systemd while the block runs; `more` are lines of a shell that change its file system before it begins."""
    if why := why_not():
        pytest.skip(why)
    for name in ("units", "home/.config/systemd/user"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "units/test.target").write_text(_TARGET)
    (folder / "units/user-manager.service").write_text(_USER_MANAGER.format(home=folder / "home"))
    process = subprocess.Popen(
        (
            *("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"),
            *("sh", "-c", _BEGIN.format(more=more), "sh", str(folder)),
        ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield _ready(folder, process)
    finally:
        process.kill()
        process.communicate()


def _ready(folder: Path, process: subprocess.Popen[bytes]) -> Namespace:
    """Return the namespaces when both managers answer in there."""
    end = real_seconds() + DEADLINE_S
    while real_seconds() < end:
        if process.poll() is not None:
            _, said = process.communicate()
            pytest.skip(f"systemd does not run in a namespace here: {said.decode(errors='replace').strip()}")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if children:
            namespace = Namespace(folder, int(children[0]))
            if all(_answers(namespace, *manager) for manager in ((), ("--user",))):
                return namespace
        _pause()
    raise AssertionError("systemd did not answer in its namespaces")


def _answers(namespace: Namespace, *manager: str) -> bool:
    command = namespace.command("systemctl", *manager, "show", "--property=Version")
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _pause() -> None:
    subprocess.run(("sleep", str(_PAUSE_S)), check=True)
