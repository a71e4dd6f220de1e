"""A real sshd on the loopback, for this user alone, and an `ssh` that knows it as `box`.

A test skips by name where OpenSSH is missing.
"""

import getpass
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes.ports import free_port
from tests.fakes.waiting import DEADLINE_S, real_seconds

_SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
_CONFIG = """\
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
ForceCommand {folder}/login
"""
_LOGIN = """\
#!/bin/sh
exec env -i SESSION=$PPID {variables} /bin/sh -c "$SSH_ORIGINAL_COMMAND"
"""
_CLIENT = """\
Host box
    HostName 127.0.0.1
    Port {port}
    User {user}
    IdentityFile {folder}/user_key
    IdentitiesOnly yes
    UserKnownHostsFile {folder}/known_hosts
    StrictHostKeyChecking accept-new
"""


@contextmanager
def sshd(folder: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """Run sshd while the block runs, and give the folder with its `ssh`.

    Its shells have these variables, and SESSION, the process whose end cuts their connection.
    """
    if _SSHD is None or shutil.which("ssh") is None or shutil.which("ssh-keygen") is None:
        pytest.skip("not installed: OpenSSH's sshd and ssh")
    folder.mkdir()
    port = free_port()
    for name in ("host_key", "user_key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    variables = [f"{name}={value}" for name, value in environment.items()]
    values = {"port": port, "folder": folder, "user": getpass.getuser()}
    (folder / "sshd_config").write_text(_CONFIG.format(**values))
    (folder / "config").write_text(_CLIENT.format(**values))
    _script(folder / "login", _LOGIN.format(variables=shlex.join(variables)))
    (folder / "bin").mkdir()
    _script(folder / "bin/ssh", f'#!/bin/sh\nexec {shutil.which("ssh")} -F {folder}/config "$@"\n')
    Path("/run/sshd").mkdir(exist_ok=True) if os.geteuid() == 0 else None
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([_SSHD, "-D", "-e", "-f", folder / "sshd_config"], stderr=log)
    try:
        _wait(folder, server)
        yield folder / "bin"
    finally:
        server.terminate()
        server.wait()


def _script(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def _wait(folder: Path, server: "subprocess.Popen[bytes]") -> None:
    end = real_seconds() + DEADLINE_S
    while real_seconds() < end:
        said = (folder / "log").read_text(errors="replace")
        if "Server listening" in said:
            return
        if server.poll() is not None:
            pytest.skip(f"sshd does not run here: {said.strip()}")
        subprocess.run(["sleep", "0.05"], check=True)
    raise AssertionError("sshd did not listen")
