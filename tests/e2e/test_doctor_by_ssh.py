"""The command `doctor` against another machine, by a real ssh and sshd: found, mended, looked at again, taken back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.findings import DoctorRecord
from tests.fakes.loopback_sshd import sshd
from tests.fakes.waiting import DEADLINE_S

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the other machine has a shell of POSIX")

SCRIPT = """\
#!/bin/sh
export HF_TOKEN=hf_canaryforthetest
export OLLAMA_NUM_PARALEL=4
exec ollama serve
"""


class Box:
    """Another machine with a script that starts Ollama, and the command on this one."""

    def __init__(self, home: Path, ssh: Path, state: Path) -> None:
        self.file, self._ssh, self._state = home / "start.sh", ssh, state

    def doctor(self, *words: str) -> tuple[int, str]:
        command = (sys.executable, "-m", "ollama_panel", "doctor", *words, "--host", "box", "--state-dir")
        environment = os.environ | {"PATH": f"{self._ssh}:{os.environ['PATH']}"}
        done = subprocess.run(
            (*command, str(self._state)),
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=DEADLINE_S,
        )
        return done.returncode, f"{done.stdout}{done.stderr}"

    def found(self) -> list[str]:
        """Return what is found in the file, and can be mended there."""
        _, told = self.doctor("--json")
        record = msgspec.json.decode(told, type=DoctorRecord)
        assert record.report is not None, told
        assert record.report.host == "box"
        return [one.id for one in record.report.findings if str(self.file) in one.id and one.fix is not None]


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    home = tmp_path / "home"
    home.mkdir()
    with sshd(tmp_path / "sshd", {"HOME": str(home), "PATH": os.environ["PATH"]}) as ssh:
        yield Box(home, ssh, tmp_path / "state")


@pytest.mark.timeout(600)  # eight looks at a machine by ssh
def test_a_file_of_another_machine_is_mended_and_comes_back(box: Box) -> None:
    assert box.found() == []
    box.file.write_text(SCRIPT)
    names = box.found()
    assert names
    status, told = box.doctor()
    assert status in (1, 2), told
    assert f"ollama-panel doctor --host box --fix {names[0]}" in told.replace("'", "")
    status, told = box.doctor("--fix", names[0], "--preview")
    assert (status, box.file.read_text()) == (0, SCRIPT), told
    status, told = box.doctor("--fix", names[0], "--yes")
    assert status == 0, told
    assert "canary" not in told
    assert "HF_TOKEN=hf_canaryforthetest\n" in box.file.read_text(), "what nobody has read stays"
    assert names[0] not in box.found()
    status, told = box.doctor("--undo", "--yes")
    assert (status, box.file.read_text()) == (0, SCRIPT), told
