"""A real Ollama under a real systemd: changed by `--apply`, proven from its log, made to fail, rolled back."""

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.fakes import user_manager
from tests.fakes.ports import free_port
from tests.fakes.user_manager import UserManager

ROOT = Path(__file__).parents[2]
UNIT = "ollama-chat-1.service"
EXPORT = ("export", "systemd-units", "--user")


class Service:
    """The commands of the panel where the manager is, with the settings that a test gives them."""

    def __init__(self, manager: UserManager, ollama: Path, folder: Path) -> None:
        self.manager, self._ollama, self._state = manager, ollama, folder / "state"
        self._models, self.port = folder / "models", free_port()
        self._state.mkdir()

    def run(self, *words: str) -> tuple[int, str]:
        command = (sys.executable, "-m", "ollama_panel", *words, "--state-dir", str(self._state))
        done = self.manager.run("env", f"PYTHONPATH={ROOT}", *command)
        return done.returncode, f"{done.stdout}{done.stderr}"

    def apply(self, *, parallel: int, models: str = "") -> tuple[int, str]:
        """Apply these settings; `models` is the folder of the models."""
        environment = {"OLLAMA_MODELS": models or str(self._models), "OLLAMA_KEEP_ALIVE": "7m"}
        pool = {
            "name": "chat",
            "role": "chat",
            "workers": 1,
            "parallel": parallel,
            "context_length": 2048,
            "environment": environment,
        }
        settings = {"version": 2, "pools": [pool], "ollama": {"first_port": self.port}}
        (self._state / "settings.json").write_bytes(msgspec.json.encode(settings))
        return self.run(*EXPORT, "--apply", "--yes", "--ollama", str(self._ollama))

    def in_force(self) -> str:
        """Return the line in which the server that runs now says with which variables it runs."""
        shown = self.manager.run("systemctl", "--user", "show", UNIT, "--property=MainPID", "--value")
        lines = self.manager.run("journalctl", "--output=cat", f"_PID={shown.stdout.strip()}").stdout.splitlines()
        return next(line for line in lines if "server config" in line)


@pytest.fixture
def service(ollama: Path, tmp_path: Path) -> Iterator[Service]:
    if why := user_manager.why_not():
        pytest.skip(why)
    with user_manager.user_manager() as manager:
        yield Service(manager, ollama, tmp_path)


def test_a_real_ollama_is_changed_proven_made_to_fail_and_rolled_back(service: Service) -> None:
    code, told = service.apply(parallel=2)
    assert code == 0, told
    assert f"[x] {UNIT}: OLLAMA_NUM_PARALLEL is 2, as the server's log says." in told
    assert f"[x] {UNIT}: OLLAMA_KEEP_ALIVE is 7m, as the server's log says." in told
    assert "OLLAMA_NUM_PARALLEL:2" in service.in_force()
    assert service.in_force() in told, "the very line is quoted"
    code, told = service.apply(parallel=3)
    assert code == 0, told
    assert '-Environment="OLLAMA_NUM_PARALLEL=2"' in told
    assert "OLLAMA_NUM_PARALLEL:3" in service.in_force()
    before = (service.manager.units / UNIT).read_text()
    code, told = service.apply(parallel=4, models="/dev/null/models")
    assert code == 1, told
    assert "did not work on this machine, and all is as before" in told
    assert "OLLAMA_NUM_PARALLEL:3" in service.in_force()
    assert (service.manager.units / UNIT).read_text() == before
    code, told = service.run("export", "systemd-units", "--undo", "--yes")
    assert code == 0, told
    assert "OLLAMA_NUM_PARALLEL:2" in service.in_force()
    code, told = service.run("export", "systemd-units", "--undo", "--yes")
    assert code == 0, told
    assert list(service.manager.units.glob("*.service*")) == []
