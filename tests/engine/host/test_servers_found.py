"""The servers of the process table: real processes, with control groups as systemd and containers write them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from ollama_panel.core.server_owners import Panel, ProcessFacts
from ollama_panel.core.servers import AddressSource, FoundServer, LogKind, OwnerKind
from ollama_panel.core.stores import Found
from ollama_panel.engine.host import services
from ollama_panel.engine.host.containers import PAUSE_S, Container, Containers
from ollama_panel.engine.host.servers_found import ServerFinder
from ollama_panel.engine.host.servers_processes import ProcessTable
from ollama_panel.engine.host.services import Server
from tests.fakes.ollama_program import environment, make_ollama
from tests.fakes.ports import free_port

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="control groups are Linux's")

ID = "4f1d0c2b" * 8
DOCKER = f"0::/system.slice/docker-{ID}.scope\n"
INSPECTED = '{"name":"/llm","network":"bridge","ports":{"11434/tcp":[{"HostIp":"0.0.0.0","HostPort":"8434"}]}}'


class Commands:
    """Answers commands by the program's name, and keeps what was asked."""

    def __init__(self, **answers: str) -> None:
        self.answers, self.asked = answers, list[Sequence[str]]()

    def __call__(self, command: Sequence[str]) -> str | None:
        self.asked.append(command)
        return self.answers.get(command[0])


class Machine:
    """Finds the one server that runs, with a control group and the answers of commands."""

    def __init__(self, pid: int, proc: Path) -> None:
        self.pid, self._proc = pid, proc
        self.now = 0.0

    def find(self, group: str, **answers: str) -> tuple[FoundServer, Commands]:
        commands = Commands(**answers)
        here = self._proc / str(self.pid)
        here.mkdir(exist_ok=True)
        (here / "cgroup").write_text(group)
        if not (here / "fd").is_symlink():
            (here / "fd").symlink_to(f"/proc/{self.pid}/fd")
        table = ProcessTable(lambda: [psutil.Process(self.pid)], commands, self._proc)
        finder = ServerFinder(
            lambda: self.now,
            lambda pid: services.look(pid, commands, self._proc),
            Containers(lambda: self.now, commands),
        )
        (found,) = finder.describe(table.read().servers, Panel())
        return found, commands


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_ollama(tmp_path_factory.mktemp("ollama"))


@pytest.fixture
def start(program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Machine]]:
    children = list[subprocess.Popen[bytes]]()

    monkeypatch.setattr(psutil.Process, "parents", lambda _: [psutil.Process(1)])

    def begin(**variables: str) -> Machine:
        (proc := tmp_path / "proc").mkdir()
        child = subprocess.Popen(
            [program, "serve"],
            env=environment(OLLAMA_HOST=f"127.0.0.1:{free_port()}") | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        children.append(child)
        assert child.stdout is not None
        child.stdout.readline()
        return Machine(child.pid, proc)

    yield begin
    for child in children:
        child.kill()
        child.communicate()


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the variables of processes be those of another user."""

    def refuse(_: psutil.Process) -> dict[str, str]:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil.Process, "environ", refuse)


def test_a_server_of_a_unit_with_any_name(start: Callable[..., Machine]) -> None:
    machine = start(OLLAMA_KV_CACHE_TYPE="q8_0", HTTPS_PROXY="http://me:secret@proxy:1")
    found, commands = machine.find("0::/system.slice/llm.service\n", systemctl=f"{machine.pid}\n")
    assert (found.owner.kind, found.owner.name) == (OwnerKind.SYSTEM_UNIT, "llm.service")
    assert found.log is not None
    assert found.log.command == "journalctl -u llm.service"
    assert found.variables is not None
    assert found.variables["OLLAMA_KV_CACHE_TYPE"] == "q8_0"
    assert found.variables["HTTPS_PROXY"] == "http://(hidden)@proxy:1"
    assert found.variables_from is Found.ENVIRONMENT
    assert found.address_from is AddressSource.VARIABLES
    assert list(commands.asked[0]) == ["systemctl", "show", "llm.service", "--property=MainPID", "--value"]


def test_what_somebody_has_started_below_a_service_is_not_of_it(start: Callable[..., Machine]) -> None:
    found, _ = start().find("0::/system.slice/ssh.service\n", systemctl="1\n")
    assert found.owner.kind is OwnerKind.BY_HAND


@pytest.mark.usefixtures("unreadable")
def test_of_a_unit_whose_environment_is_closed_systemd_tells_what_it_knows(start: Callable[..., Machine]) -> None:
    shown = "User=ollama\nGroup=ollama\nEnvironment=OLLAMA_HOST=0.0.0.0 OLLAMA_MODELS=/srv/models\n"
    found, _ = start().find("0::/system.slice/ollama.service\n", systemctl=shown)
    assert (found.address, found.url, found.address_from) == (
        "0.0.0.0:11434",
        "http://127.0.0.1:11434",
        AddressSource.VARIABLES,
    )
    assert (found.store, found.store_from, found.variables_from) == ("/srv/models", Found.UNIT, Found.UNIT)
    assert found.unreadable is None


@pytest.mark.usefixtures("unreadable")
def test_what_nobody_tells_is_unknown_and_says_why(start: Callable[..., Machine]) -> None:
    found, _ = start().find("0::/user.slice/user-1000.slice/session-3.scope\n")
    assert (found.address, found.url, found.variables) == (None, None, None)
    assert found.unreadable is not None
    assert found.unreadable.code == "servers.not_told"
    assert (found.store, found.store_from) == (None, Found.UNKNOWN), "its variables may name another"


def test_a_container_is_named_and_reached_as_docker_says(start: Callable[..., Machine]) -> None:
    found, _ = start(OLLAMA_HOST="0.0.0.0:11434").find(DOCKER, docker=INSPECTED)
    assert (found.owner.kind, found.owner.name) == (OwnerKind.DOCKER, "llm")
    assert (found.url, found.address_from) == ("http://127.0.0.1:8434", AddressSource.PUBLISHED)
    assert (found.store, found.store_from) == (None, Found.CONTAINER)
    assert found.log is not None
    assert (found.log.kind, found.log.command) == (LogKind.CONTAINER, "docker logs llm")


def test_a_container_without_a_published_port_has_no_address_here(start: Callable[..., Machine]) -> None:
    found, _ = start(OLLAMA_HOST="0.0.0.0:11434").find(DOCKER, docker='{"name":"/llm","network":"a","ports":{}}')
    assert (found.owner.name, found.address, found.url) == ("llm", None, None)


def test_a_container_in_the_network_of_this_machine(start: Callable[..., Machine]) -> None:
    found, _ = start(OLLAMA_HOST="0.0.0.0:9434").find(DOCKER, docker='{"name":"/llm","network":"host","ports":{}}')
    assert (found.url, found.address_from) == ("http://127.0.0.1:9434", AddressSource.VARIABLES)


def test_a_docker_that_does_not_answer_leaves_the_container_its_id(start: Callable[..., Machine]) -> None:
    found, commands = start().find(DOCKER)
    assert (found.owner.name, found.address) == (ID[:12], None)
    assert [one[0] for one in commands.asked] == ["docker"]


def test_a_docker_that_does_not_answer_is_not_asked_for_a_while() -> None:
    now, commands = 0.0, Commands()
    containers = Containers(lambda: now, commands)
    assert containers.look(OwnerKind.DOCKER, ID) is containers.look(OwnerKind.DOCKER, ID) is None
    assert len(commands.asked) == 1
    assert containers.look(OwnerKind.DOCKER, "b" * 64) is None, "another user's podman tells of others"
    assert len(commands.asked) == 2
    commands.answers["docker"] = INSPECTED
    now = PAUSE_S
    assert containers.look(OwnerKind.DOCKER, ID) == Container("llm", ("0.0.0.0", 8434))
    assert containers.look(OwnerKind.DOCKER, ID) == Container("llm", ("0.0.0.0", 8434))
    assert len(commands.asked) == 3
    assert containers.look(OwnerKind.CONTAINER, ID) is None


def test_a_docker_that_answers_later_tells_the_address_then() -> None:
    now, commands = 0.0, Commands()
    finder = ServerFinder(lambda: now, lambda _: Server(), Containers(lambda: now, commands))
    facts = ProcessFacts(7, 1.0, "ollama", "/bin/ollama", ("/bin/ollama", "serve"), ancestors=(), cgroup=DOCKER)
    (early,) = finder.describe((facts,), Panel())
    commands.answers["docker"] = INSPECTED
    assert finder.describe((facts,), Panel()) == (early,)
    now = PAUSE_S
    (late,) = finder.describe((facts,), Panel())
    assert (early.address, late.address, late.owner.name) == (None, "0.0.0.0:8434", "llm")
    assert finder.describe((facts,), Panel()) == (late,)
    assert len(commands.asked) == 2


@pytest.mark.parametrize("told", ["", "[]", '{"name": 3}', "Cannot connect to the Docker daemon"])
def test_an_answer_that_is_none_is_as_good_as_none(told: str) -> None:
    assert Containers(lambda: 0.0, Commands(docker=told)).look(OwnerKind.DOCKER, ID) is None


def test_a_process_is_read_once_and_its_memory_each_time(
    start: Callable[..., Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = start()
    table = ProcessTable(lambda: [psutil.Process(machine.pid)])
    first = table.read()
    assert first.servers[0].rss_bytes
    monkeypatch.setattr(psutil.Process, "environ", lambda _: pytest.fail("it was read again"))
    assert table.read().servers[0].environment == first.servers[0].environment


class Fake:
    """A process with a parent, which began at a time and has so many bytes."""

    def __init__(self, pid: int, parent: int, began: float, rss: int, name: str = "ollama") -> None:
        self.pid, self.ppid, self.create_time, self.name = pid, lambda: parent, lambda: began, lambda: name
        self.memory_info, self.exe, self.cmdline = (
            lambda: SimpleNamespace(rss=rss),
            lambda: name,
            lambda: [name, "serve"],
        )
        self.status, self.username = lambda: psutil.STATUS_RUNNING, lambda: "nobody"
        self.parents, self.environ = list, dict


def test_the_memory_of_a_server_is_that_of_its_runners_too_and_of_nobody_who_was_there_before(tmp_path: Path) -> None:
    server, runner, helper = Fake(5, 1, 10.0, 100), Fake(6, 5, 11.0, 20, "runner"), Fake(7, 6, 12.0, 3, "helper")
    older = Fake(8, 5, 9.0, 1000, "older")  # its parent had the number before
    table = ProcessTable(lambda: [older, helper, runner, server], Commands(), tmp_path)  # type: ignore[list-item,return-value] # what is read of a process
    (found,) = table.read().servers
    assert found.rss_bytes == 123


def test_no_process_that_ends_or_is_closed_ends_the_look(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(psutil.Process):
        def __init__(self, error: Exception) -> None:
            super().__init__(os.getpid())
            self._error = error

        def name(self) -> str:
            return "ollama"

        def _refuse(self) -> None:
            raise self._error

        status = exe = cmdline = create_time = environ = parents = username = memory_info = _refuse  # type: ignore[assignment] # it never returns

    errors = (psutil.NoSuchProcess(7), psutil.AccessDenied(7), psutil.ZombieProcess(7), PermissionError(), OSError(24))
    assert ProcessTable(lambda: [Gone(error) for error in errors]).read().servers == ()
