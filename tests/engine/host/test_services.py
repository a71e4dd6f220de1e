"""Who runs a server that the panel did not start: its unit and its variables, from recorded answers of the system."""

import getpass
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import psutil
import pytest

from ollama_panel.core.stores import Found, Service
from ollama_panel.core.takeover_steps import UnitFacts
from ollama_panel.engine.host import services
from ollama_panel.engine.host.services import Server, look, of_port, run_command, unit_facts

LOGGED = (
    'time=2026-08-01T07:03:13.000Z level=INFO source=routes.go:1951 msg="server config" env="map[OLLAMA_DEBUG:INFO '
    'OLLAMA_HOST:http://127.0.0.1:11434 OLLAMA_MODELS:/srv/models OLLAMA_NUM_PARALLEL:4]"'
)
SHOWN = "User=ollama\nGroup=ollama\nEnvironment=PATH=/usr/bin OLLAMA_NUM_PARALLEL=3\n"


class Commands:
    """Answers commands by the program's name, and keeps what was asked."""

    def __init__(self, **answers: str) -> None:
        self.answers, self.asked = answers, list[Sequence[str]]()

    def __call__(self, command: Sequence[str]) -> str | None:
        self.asked.append(command)
        return self.answers.get(command[0])


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the variables of processes be those of another user."""

    def refuse(_: psutil.Process) -> dict[str, str]:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil.Process, "environ", refuse)


def proc(folder: Path, group: str) -> Path:
    """Return a process file system in which this process has that control group."""
    (folder / str(os.getpid())).mkdir()
    (folder / str(os.getpid()) / "cgroup").write_text(group)
    return folder


SYSTEM = "0::/system.slice/ollama.service\n"


def test_the_variables_of_an_own_process_are_read() -> None:
    variables = {**os.environ, "OLLAMA_MODELS": "/srv/models", "SECRET": "x"}
    runs = [sys.executable, "-c", "print(flush=True); input()"]
    with subprocess.Popen(runs, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=variables) as child:
        assert child.stdout is not None
        child.stdout.readline()  # in the middle of its start a process has no variables
        found = look(child.pid, Commands())
        child.communicate(b"\n", timeout=60)
    assert found.variables["OLLAMA_MODELS"] == "/srv/models"
    assert "SECRET" not in found.variables
    assert (found.found, found.complete, found.service.ours) == (Found.ENVIRONMENT, True, True)
    assert found.service.user == psutil.Process().username()


def test_a_process_that_has_ended_tells_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert look(child.pid, Commands()) == Server()


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's")


@pytest.mark.usefixtures("unreadable")
def test_what_the_server_has_logged_is_what_it_does(tmp_path: Path) -> None:
    commands = Commands(journalctl=f"Listening\n{LOGGED}\n", systemctl=SHOWN)
    found = look(os.getpid(), commands, proc(tmp_path, SYSTEM))
    assert found.variables["OLLAMA_MODELS"] == "/srv/models"
    assert found.variables["OLLAMA_NUM_PARALLEL"] == "4"
    assert (found.found, found.complete) == (Found.LOG, True)
    assert [command[0] for command in commands.asked] == ["journalctl"]


@pytest.mark.usefixtures("unreadable")
def test_without_its_log_its_unit_is_asked(tmp_path: Path) -> None:
    commands = Commands(systemctl=SHOWN + 'Environment=OLLAMA_ORIGINS=* "OLLAMA_MODELS=/srv/my models"\n')
    found = look(os.getpid(), commands, proc(tmp_path, SYSTEM))
    assert (found.service.unit, found.service.user_unit, found.service.group) == ("ollama.service", False, "ollama")
    assert found.variables == {
        "OLLAMA_NUM_PARALLEL": "3",
        "OLLAMA_ORIGINS": "*",
        "OLLAMA_MODELS": "/srv/my models",
    }
    assert (found.found, found.complete) == (Found.UNIT, True)
    assert list(commands.asked[-1][:3]) == ["systemctl", "show", "ollama.service"]


@pytest.mark.usefixtures("unreadable")
def test_a_file_with_variables_counts_and_one_that_cannot_be_read_may_hold_anything(tmp_path: Path) -> None:
    file = tmp_path / "ollama.env"
    file.write_text("# theirs\nOLLAMA_NUM_PARALLEL=8\nOLLAMA_MODELS='/srv/models'\nOLLAMA_KEEP_ALIVE=1\\\nh\n")
    commands = Commands(systemctl=f"{SHOWN}EnvironmentFiles={file} (ignore_errors=no)\n")
    found = look(os.getpid(), commands, proc(tmp_path, SYSTEM))
    assert found.variables == {"OLLAMA_NUM_PARALLEL": "8", "OLLAMA_MODELS": "/srv/models", "OLLAMA_KEEP_ALIVE": "1h"}
    assert found.complete
    file.unlink()
    found = look(os.getpid(), commands, tmp_path)
    assert (found.variables, found.complete) == ({"OLLAMA_NUM_PARALLEL": "3"}, False)
    commands.answers["systemctl"] = f"{SHOWN}EnvironmentFiles={file} (ignore_errors=yes)\n"
    assert look(os.getpid(), commands, tmp_path).complete


def test_a_unit_tells_whether_it_reads_variables_from_files_or_sets_the_address_in_its_command() -> None:
    commands = Commands(systemctl="ExecStart={ path=/bin/ollama ; argv[]=/bin/ollama serve ; ignore_errors=no }\n")
    assert unit_facts("ollama.service", by_user=True, run=commands) == UnitFacts()
    assert list(commands.asked[-1][:4]) == ["systemctl", "--user", "show", "ollama.service"]
    commands.answers["systemctl"] += "EnvironmentFiles=/etc/default/ollama (ignore_errors=yes)\n"
    assert unit_facts("ollama.service", by_user=False, run=commands) == UnitFacts(files=True)
    for words in ("env OLLAMA_HOST=0.0.0.0:80 ollama serve", "sh -c 'OLLAMA_HOST=\"0.0.0.0:80\" exec ollama serve'"):
        commands.answers["systemctl"] = f"ExecStart={{ path=/bin/x ; argv[]={words} ; ignore_errors=no }}\n"
        assert unit_facts("ollama.service", by_user=False, run=commands).host_in_start == "0.0.0.0:80"
    assert unit_facts("ollama.service", by_user=False, run=Commands()) == UnitFacts()


@pytest.mark.usefixtures("unreadable")
@pytest.mark.parametrize(
    ("group", "unit", "of_user"),
    [
        (SYSTEM, "ollama.service", False),
        ("12:memory:/\n1:name=systemd:/system.slice/llm-server.service\n", "llm-server.service", False),
        ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/my-ollama.service\n", "my-ollama.service", True),
        ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/vte-spawn-1.scope\n", "", False),
        ("0::/user.slice/user-1000.slice/user@1000.service\n", "", False),
        ("0::/user.slice/user-1000.slice/session-3.scope\n", "", False),
        ("0::/\n", "", False),
    ],
)
def test_the_unit_of_a_process(tmp_path: Path, group: str, unit: str, of_user: bool) -> None:
    commands = Commands(systemctl=SHOWN)
    found = look(os.getpid(), commands, proc(tmp_path, group))
    assert (found.service.unit, found.service.user_unit) == (unit, of_user)
    assert any("--user" in command for command in commands.asked) == of_user
    assert found.found is (Found.UNIT if unit else Found.UNKNOWN)


@pytest.mark.usefixtures("unreadable")
def test_without_systemd_the_user_is_known_all_the_same(tmp_path: Path) -> None:
    found = look(os.getpid(), Commands(), proc(tmp_path, SYSTEM))
    assert found.service.user == getpass.getuser()
    assert found.home
    assert (found.variables, found.found, found.complete) == ({}, Found.UNKNOWN, False)


@pytest.mark.usefixtures("unreadable")
def test_a_server_in_a_container_is_recognised(tmp_path: Path) -> None:
    found = look(os.getpid(), Commands(), proc(tmp_path, "0::/system.slice/docker-0123456789ab.scope\n"))
    assert found.contained


class Foreign(msgspec.Struct):
    """A process of another user."""

    pid: int


def known(user: str, **variables: str) -> Server:
    return Server(Service(user), dict(variables), Found.UNIT, complete=True)


@pytest.mark.parametrize(
    ("found", "result"),
    [
        ([known("ollama")], known("ollama")),
        (
            [known("ollama"), known("ollama", OLLAMA_HOST="0.0.0.0:20001")],
            known("ollama", OLLAMA_HOST="0.0.0.0:20001"),
        ),
        ([Server(Service("root")), Server(Service("root"))], Server(Service("root", "root"), home="/root")),
        ([Server(Service("root")), Server(Service("ollama"))], Server()),
        ([], Server()),
    ],
)
def test_of_several_servers_it_is_the_one_whose_variables_name_the_port(
    monkeypatch: pytest.MonkeyPatch, found: list[Server], result: Server
) -> None:
    processes = tuple(Foreign(number) for number in range(len(found)))
    monkeypatch.setattr(services.ports, "other_users_servers", lambda _: processes)
    monkeypatch.setattr(services, "look", lambda pid, _: found[pid])
    assert of_port(20001, None) == result


def test_without_an_address_a_server_has_the_default_port(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [known("ollama", OLLAMA_HOST=":20001"), known("ollama")]
    monkeypatch.setattr(services.ports, "other_users_servers", lambda _: (Foreign(0), Foreign(1)))
    monkeypatch.setattr(services, "look", lambda pid, _: found[pid])
    assert of_port(11434, None) == found[1]


def test_a_command_that_is_missing_fails_or_is_slow_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_command([sys.executable, "-c", "print('here')"]) == "here\n"
    assert run_command(["no-such-program-anywhere"]) is None
    assert run_command([sys.executable, "-c", "print('here'); raise SystemExit(1)"]) is None
    monkeypatch.setattr(services, "_TIMEOUT_S", 0.01)
    assert run_command([sys.executable, "-c", "import signal; signal.pause()"]) is None
