"""The commands `export --apply`, `verify` and `export --undo` against another machine, by a real ssh and sshd."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.fakes.loopback_sshd import sshd
from tests.fakes.stub_machine import StubMachine
from tests.fakes.waiting import DEADLINE_S

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its machine is made of scripts of sh")

POOLS = [{"name": "chat", "role": "chat", "workers": 1, "parallel": 4, "context_length": 8192}]
UNIT = "ollama-chat-1.service"
CUT = """\
#!/bin/sh
case "$*" in *restart*)
    if [ -e "$(dirname "$0")/../cut" ]; then
        victim=$(cat "$(dirname "$0")/../cut")
        rm "$(dirname "$0")/../cut"
        kill -9 "${victim:-$SESSION}"
        exit 1
    fi
esac
exec "$(dirname "$0")/systemctl-itself" "$@"
"""


class Box:
    """Another machine, and the commands on this one. `run` returns the exit status, stdout and stderr."""

    def __init__(self, machine: StubMachine, ssh: Path, state: Path) -> None:
        self.machine, self._ssh, self.state = machine, ssh, state
        state.mkdir()
        settings = {"version": 2, "pools": POOLS}
        (state / "settings.json").write_bytes(msgspec.json.encode(settings))

    def start(self, *words: str) -> "subprocess.Popen[str]":
        command = (sys.executable, "-m", "ollama_panel", *words, "--host", "box", "--state-dir", str(self.state))
        environment = os.environ | {"PATH": f"{self._ssh}:{os.environ['PATH']}"}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True, env=environment)

    def run(self, *words: str) -> tuple[int, str, str]:
        process = self.start(*words)
        out, errors = process.communicate(timeout=DEADLINE_S)
        return process.returncode, out, errors


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    machine = StubMachine(tmp_path / "a machine")
    program = machine.root / "bin" / "ollama"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    with sshd(tmp_path / "sshd", machine.environment) as ssh:
        yield Box(machine, ssh, tmp_path / "state")


APPLY = ("export", "systemd-units", "--user", "--apply")


def test_it_is_shown_put_into_force_proven_and_undone(box: Box) -> None:
    code, out, errors = box.run(*APPLY)
    assert (code, box.machine.files()) == (1, {}), errors
    assert "--yes does it without a question" in errors
    assert f"+++ {box.machine.units}/{UNIT}" in out
    assert "systemctl --user daemon-reload" in out
    code, out, errors = box.run(*APPLY, "--yes")
    assert code == 0, (out, errors)
    assert f"[x] {UNIT}: OLLAMA_NUM_PARALLEL is 4, as its unit says." in out
    assert out.splitlines()[-1].startswith("systemd-units is in force on box: ")
    assert "ExecStart=" in box.machine.files()[UNIT]
    assert str(box.machine.root / "bin" / "ollama") in box.machine.files()[UNIT].replace('"', ""), "its own program"
    running = box.machine.running(UNIT)
    assert running is not None
    assert running["OLLAMA_CONTEXT_LENGTH"] == "8192"
    assert box.run("verify", "systemd-units", "--user")[0] == 0
    code, out, errors = box.run("export", "systemd-units", "--undo", "--yes")
    assert (code, box.machine.files()) == (0, {}), (out, errors)
    assert out.splitlines()[-1] == "All is as before on box: systemd-units is not in force any more."
    code, out, _ = box.run("verify", "systemd-units", "--user")
    assert (code, "is not in force on box" in out) == (1, True)


def test_a_command_that_is_killed_in_the_middle_is_gone_on_with_or_back_from(box: Box) -> None:
    break_at_restart(box.machine)
    process = box.start(*APPLY, "--yes")
    (box.machine.root / "cut").write_text(str(process.pid))
    process.communicate(timeout=DEADLINE_S)
    assert process.returncode == -signal.SIGKILL
    assert UNIT in box.machine.files()
    code, out, errors = box.run("export", "systemd-units", "--undo", "--yes")
    assert (code, box.machine.files()) == (0, {}), (out, errors)


def break_at_restart(machine: StubMachine) -> None:
    """Let the manager's next restart first end what the file `cut` names, or else the connection."""
    systemctl = machine.root / "bin" / "systemctl"
    systemctl.rename(systemctl.with_name("systemctl-itself"))
    systemctl.write_text(CUT)
    systemctl.chmod(0o755)


@pytest.mark.parametrize("way", ["forth", "back"])
def test_a_connection_cut_in_the_middle_is_said_and_the_next_command_goes_on_or_back(box: Box, way: str) -> None:
    break_at_restart(box.machine)
    (box.machine.root / "cut").touch()
    code, out, errors = box.run(*APPLY, "--yes")
    assert code == 1, (out, errors)
    told = out.splitlines()[-1]
    assert told.startswith("Putting systemd-units into force on box was interrupted:"), out
    assert UNIT in box.machine.files()
    assert box.machine.running(UNIT) is None
    if way == "forth":
        code, out, errors = box.run(*APPLY, "--yes")
        assert (code, box.machine.running(UNIT) is not None) == (0, True), (out, errors)
    else:
        code, out, errors = box.run("export", "systemd-units", "--undo", "--yes")
        assert (code, box.machine.files()) == (0, {}), (out, errors)


def test_a_server_that_does_not_start_is_rolled_back(box: Box) -> None:
    (box.machine.root / "broken").write_text("OLLAMA_NUM_PARALLEL=4")
    code, out, errors = box.run(*APPLY, "--yes")
    assert (code, box.machine.files()) == (1, {}), (out, errors)
    assert out.splitlines()[-1].startswith("systemd-units did not work on box, and all is as before:")


def test_a_machine_that_cannot_be_reached_is_said(tmp_path: Path) -> None:
    box = Box(StubMachine(tmp_path / "machine"), tmp_path, tmp_path / "state")
    (tmp_path / "ssh").write_text(
        "#!/bin/sh\necho 'ssh: connect to host box port 22: Connection refused' >&2\nexit 255\n"
    )
    (tmp_path / "ssh").chmod(0o755)
    code, _, errors = box.run(*APPLY, "--yes")
    assert code == 1
    assert "box cannot be reached by ssh: ssh: connect to host box port 22: Connection refused." in errors
