"""A real Ollama under a real systemd, broken in six ways, one by one: named, mended by the offered command, proven."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from ollama_panel.core.findings import DoctorRecord, Finding
from tests.fakes.ports import free_port
from tests.fakes.systemd_namespace import Namespace, running
from tests.fakes.waiting import DEADLINE_S

ROOT = Path(__file__).parents[2]
UNIT = "ollama.service"
SERVICE = """\
[Unit]
DefaultDependencies=no

[Service]
Environment=OLLAMA_HOST=127.0.0.1:{port} OLLAMA_MODELS={models} HOME={home}
EnvironmentFile=-{folder}/ollama.env
ExecStart={program} serve
"""


class Broken(NamedTuple):
    """A way to break it: the file that is written (`home/`, `units/`), and what the doctor is to find and to prove.

    `check` is the beginning of the finding's id. `reload`: whoever has written the file has let systemd read it.
    """

    path: str
    text: str
    check: str
    proven: Mapping[str, str]
    reload: bool = True


DROP_IN = f"units/{UNIT}.d/override.conf"
WAYS = {
    "a line outside of its section": Broken(
        DROP_IN,
        "[Unit]\nDescription=of mine\nEnvironment=OLLAMA_NUM_PARALLEL=3\n",
        "sources.not-taken:",
        {"OLLAMA_NUM_PARALLEL": "3"},
    ),
    "export in an environment file": Broken(
        "ollama.env",
        "# of mine\nHF_TOKEN=hf_canaryforthetest\nexport OLLAMA_KEEP_ALIVE=17m\n",
        "sources.not-taken:",
        {"OLLAMA_KEEP_ALIVE": "17m0s"},
    ),
    "a drop-in that systemd has not read": Broken(
        DROP_IN,
        "[Service]\nEnvironment=OLLAMA_NUM_PARALLEL=5\n",
        "settings.stale-unit:",
        {"OLLAMA_NUM_PARALLEL": "5"},
        reload=False,
    ),
    "a drop-in of a unit of another name": Broken(
        "units/ollama-server.service.d/override.conf",
        "[Service]\nEnvironment=OLLAMA_MAX_QUEUE=77\n",
        "settings.unit-name:",
        {"OLLAMA_MAX_QUEUE": "77"},
    ),
    "a variable in the shell of a client": Broken(
        "home/.bashrc",
        "export OLLAMA_MAX_LOADED_MODELS=2\n",
        "settings.client-side:",
        {"OLLAMA_MAX_LOADED_MODELS": "2"},
    ),
    "a comment that becomes a part of the value": Broken(
        "ollama.env",
        "OLLAMA_KEEP_ALIVE=19m # as long as a lesson\n",
        "sources.changed:",
        {"OLLAMA_KEEP_ALIVE": "19m0s"},
    ),
}


class Machine:
    """A machine whose service runs a real Ollama."""

    def __init__(self, namespace: Namespace, folder: Path, ollama: Path) -> None:
        self.namespace, self.folder = namespace, folder
        places = {"models": folder / "models", "home": namespace.home, "folder": folder, "program": ollama}
        (namespace.units / UNIT).write_text(SERVICE.format(port=free_port(), **places))
        self.read()

    def read(self) -> None:
        """Let systemd read its units, and run the service anew."""
        self.namespace.run("systemctl", "daemon-reload")
        self.namespace.run("systemctl", "restart", UNIT)

    def doctor(self, *words: str) -> tuple[int, str]:
        """Run the command; return its status and what it prints."""
        command = (sys.executable, "-m", "ollama_panel", "doctor", *words, "--state-dir", str(self.folder / "state"))
        inside = self.namespace.command("env", f"PYTHONPATH={ROOT}", *command)
        done = subprocess.run(inside, capture_output=True, text=True, check=False, timeout=DEADLINE_S)
        return done.returncode, f"{done.stdout}{done.stderr}"

    def found(self) -> dict[str, Finding]:
        """Return what the doctor finds, by its id."""
        _, told = self.doctor("--json")
        record = msgspec.json.decode(told, type=DoctorRecord)
        assert record.report is not None, told
        return {one.id: one for one in record.report.findings}

    def in_force(self) -> str:
        """Return the line in which the server that runs now says with which variables it runs."""
        shown = self.namespace.run("systemctl", "show", UNIT, "--property=MainPID", "--value")
        lines = self.namespace.run("journalctl", "--output=cat", f"_PID={shown.strip()}").splitlines()
        return next((line for line in lines if "server config" in line), "")


@pytest.fixture
def machine(ollama: Path, tmp_path: Path) -> Iterator[Machine]:
    with running(tmp_path) as namespace:
        yield Machine(namespace, tmp_path, ollama)


@pytest.mark.timeout(600)  # seven looks at the machine, and three starts of a server
@pytest.mark.parametrize("way", WAYS)
def test_what_is_broken_is_named_mended_by_the_offered_command_and_proven(machine: Machine, way: str) -> None:
    broken = WAYS[way]
    before = set(machine.found())
    path = machine.folder / broken.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(broken.text)
    if broken.reload:
        machine.read()
    new = {name: one for name, one in machine.found().items() if name not in before}
    name = next((one for one in new if one.startswith(broken.check)), "")
    assert name, list(new)
    status, told = machine.doctor()
    assert status in (1, 2), told
    assert f"ollama-panel doctor --fix {name}" in told.replace("'", ""), told
    status, told = machine.doctor("--fix", name, "--yes", "--now")
    assert status == 0, told
    assert "Mended: " in told
    assert "canary" not in told
    assert [
        f"{one}:{value}" for one, value in broken.proven.items() if f"{one}:{value}" not in machine.in_force()
    ] == []
    assert [one for one in machine.found() if one not in before] == []
    if "hf_" in broken.text:
        assert "HF_TOKEN=hf_canaryforthetest\n" in path.read_text(), "what was hidden is there"
    if "doctor --undo" not in told:  # nothing that was written can come back
        return
    status, told = machine.doctor("--undo", "--yes", "--now")
    assert status == 0, told
    assert path.read_text() == broken.text
