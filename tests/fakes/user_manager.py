"""A real service manager of a user, with a journal: systemd, in a control group and a mount namespace of its own.

Its services run as root, in a home that is a temporary folder, on the network of this machine, whose own services and
files it leaves alone. It takes root, systemd and a writable cgroup2, which containers often lack: a test skips by
`why_not`. Whatever it has started ends with it.
"""

import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.fakes.waiting import DEADLINE_S

_PROGRAMS = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
_FOLDER = Path("/usr/lib/systemd") if Path("/usr/lib/systemd/systemd").exists() else Path("/lib/systemd")

_OUTER = """\
set -eu
mkdir "$group/user"
echo $$ > "$group/cgroup.procs"
exec unshare --cgroup --mount --propagation private sh -c "$inner"
"""
_INNER = """\
set -eu
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/log
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p /run/systemd/system /run/systemd/journald.conf.d
printf '[Journal]\\nStorage=volatile\\nReadKMsg=no\\nAudit=no\\n' > /run/systemd/journald.conf.d/test.conf
own=/sys/fs/cgroup/user.slice/user-0.slice/user@0.service
mkdir -p "$own" /sys/fs/cgroup/journal
env -u NOTIFY_SOCKET sh -c 'echo $$ > /sys/fs/cgroup/journal/cgroup.procs; exec "$systemd/systemd-journald"' &
echo $$ > "$own/cgroup.procs"
exec "$systemd/systemd" --user --log-target=console --log-level=notice
"""


class UserManager(NamedTuple):
    """A running manager: the process id of it, its user's `home`, and the variables by which programs reach it."""

    pid: int
    home: Path
    environment: Mapping[str, str]

    @property
    def units(self) -> Path:
        """The folder of the user's units."""
        return self.home / ".config" / "systemd" / "user"

    def run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        """Run a program where the journal is the manager's own."""
        inside = ("nsenter", f"--target={self.pid}", "--mount", *argv)
        return subprocess.run(
            inside, env=self.environment, capture_output=True, text=True, check=False, timeout=DEADLINE_S
        )


@cache
def why_not() -> str:
    """Return why no such manager runs here; "" if it does."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "a service manager of its own takes root"
    missing = [name for name in ("unshare", "nsenter", "systemctl", "journalctl") if not shutil.which(name)]
    if missing or not (_FOLDER / "systemd").exists():
        return f"{', '.join(missing) or 'systemd'} is not installed"
    try:
        with user_manager():
            return ""
    except (OSError, RuntimeError) as error:
        return f"no service manager of its own can run here: {error}"


@contextmanager
def user_manager() -> Iterator[UserManager]:
    """Run a manager. Raises OSError or RuntimeError if this machine does not allow it."""
    with tempfile.TemporaryDirectory(prefix="sm-") as folder, _group() as group:
        home, run = Path(folder, "home"), Path(folder, "run")
        for path in (home, run):
            path.mkdir(mode=0o700)
        environment = {"PATH": _PROGRAMS, "HOME": str(home), "XDG_RUNTIME_DIR": str(run), "LC_ALL": "C.UTF-8"}
        with Path(folder, "log").open("wb") as log, _ready_socket(run / "ready") as ready:
            started = subprocess.Popen(
                ["sh", "-c", _OUTER],
                env={
                    **environment,
                    "group": str(group),
                    "inner": _INNER,
                    "systemd": str(_FOLDER),
                    "NOTIFY_SOCKET": str(run / "ready"),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                _wait_until_ready(started, ready, Path(folder, "log"))
                yield UserManager(started.pid, home, environment)
            finally:
                (group / "cgroup.kill").write_text("1", encoding="ascii")
                if started.poll() is None:
                    started.send_signal(signal.SIGKILL)
                started.wait(DEADLINE_S)


@contextmanager
def _ready_socket(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
        ready.bind(str(path))
        ready.settimeout(1)
        yield ready


def _wait_until_ready(started: "subprocess.Popen[bytes]", ready: socket.socket, log: Path) -> None:
    """Return when the manager has said that it is up (sd_notify); it has one second for each sign of life."""
    for _ in range(int(DEADLINE_S)):
        try:
            if b"READY=1" in ready.recv(4096):
                return
        except TimeoutError:
            if started.poll() is not None:
                break
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace").strip() or "systemd has not started")


@contextmanager
def _group() -> Iterator[Path]:
    """Make a control group below that of this process; remove it when it is empty."""
    group = Path(tempfile.mkdtemp(prefix="ollama-panel-test-", dir=_own_group()))
    try:
        yield group
    finally:
        for folder, *_ in os.walk(group, topdown=False):
            _removed(Path(folder))


def _removed(group: Path) -> None:
    """Remove a control group as soon as the processes that were killed in it have gone."""
    with (group / "cgroup.events").open(encoding="ascii") as events:
        for _ in range(int(DEADLINE_S)):
            events.seek(0)
            if "populated 0" in events.read():
                break
            _wait_for_change(events.fileno())
    group.rmdir()


def _wait_for_change(events: int) -> None:
    """Return when a file of a control group says that it has changed, or after a second."""
    changes = select.poll()
    changes.register(events, select.POLLPRI)
    changes.poll(1000)


def _own_group() -> Path:
    """Return the control group of this process. Raises RuntimeError if no cgroup2 is mounted."""
    mounts = (line.split() for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines())
    root = next((mount[1] for mount in mounts if mount[2] == "cgroup2"), "")
    if not root:
        raise RuntimeError("no cgroup2 is mounted")
    groups = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    own = next(line.removeprefix("0::") for line in groups if line.startswith("0::"))
    return Path(root) / own.lstrip("/")
