"""The facts of machines: of services under a real systemd, by a real ssh, of containers."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from ollama_panel.core.doctor.facts import ContainerFacts, Facts
from ollama_panel.core.servers import FoundServer, LogKind, OwnerKind
from ollama_panel.core.sources.record import SourceKind
from ollama_panel.core.stores import Found
from ollama_panel.engine.applying.hosts import Local, Ssh
from ollama_panel.engine.doctor.gathering import gather
from tests.fakes.loopback_sshd import sshd
from tests.fakes.ports import free_port
from tests.fakes.stub_machine import StubMachine
from tests.fakes.systemd_namespace import running
from tests.fakes.user_manager import user_manager, why_not
from tests.fakes.waiting import DEADLINE_S

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its machines are made of scripts of sh")

SECRET = "sk-0123456789abcdef"
SERVER = """\
#!{python}
import http.server, os, sys
host, _, port = os.environ["OLLAMA_HOST"].rpartition(":")
known = " ".join(f"{{name}}:{{value}}" for name, value in sorted(os.environ.items()) if name.startswith("OLLAMA_"))
print(f'time=2026-11-30T19:11:22Z level=INFO source=routes.go:1 msg="server config" env="map[{{known}}]"', flush=True)
print(f'time=2026-11-30T19:11:23Z level=WARN source=x.go:1 msg="key {secret} is odd"', flush=True)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        models = '[{{"name": "qwen3:8b", "size": 9, "size_vram": 5, "context_length": 4096}}]'
        self.send_response(200)
        self.end_headers()
        self.wfile.write(('{{"version": "0.32.15", "models": %s}}' % models).encode())
    def do_POST(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{{"details": {{"family": "qwen3"}}, "capabilities": ["embedding"]}}')
    def log_message(self, *_):
        pass
http.server.ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
"""
SERVICE = """\
[Unit]
DefaultDependencies=no
[Service]
Environment=OLLAMA_HOST=127.0.0.1:{port} OLLAMA_MODELS={models} OLLAMA_API_KEY={secret}
ExecStart={program} serve
"""
DOCKER = """\
#!/bin/sh
case $* in
*ps*) echo '%(id)s ollama/ollama:latest llm /bin/ollama serve' ;;
*inspect*) cat "$(dirname "$0")/../container" ;;
esac
"""
CONTAINER = {
    "Id": "ab" * 32,
    "Name": "/llm",
    "Path": "/bin/ollama",
    "Args": ["serve"],
    "State": {"Running": True},
    "Config": {"Image": "ollama/ollama", "Env": ["OLLAMA_NUM_PARALLEL=4", f"OLLAMA_API_KEY={SECRET}"]},
    "HostConfig": {"Memory": 1 << 30},
}


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def service(folder: Path, port: int) -> str:
    """Return the text of a unit whose server and models are in a folder."""
    server = program(folder / "bin/ollama", SERVER.format(python=sys.executable, secret=SECRET))
    models = folder / "models/manifests/registry.ollama.ai/library/qwen3"
    models.mkdir(parents=True)
    (models / "8b").touch()
    return SERVICE.format(port=port, program=server, models=folder / "models", secret=SECRET)


async def gathered(host: Local, port: int) -> tuple[Facts, FoundServer]:
    """Return the facts of a machine, when its server has said what it runs with, and that server."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            facts = await gather(host)
            server = next((one for one in facts.servers if one.address == f"127.0.0.1:{port}"), None)
            logged = {one.server for one in facts.logs if one.configured}
            listening = any(one.port == port for one in facts.listeners)
            if server is not None and server.version and server.pid in logged and listening:
                return facts, server


def judge(facts: Facts, server: FoundServer, models: Path) -> None:
    """Check what is known of the server of `service`, by whatever manager it runs."""
    assert (server.version, server.variables_from) == ("0.32.15", Found.ENVIRONMENT)
    assert server.log is not None
    assert server.log.kind is LogKind.JOURNAL
    log = next(one for one in facts.logs if one.server == server.pid)
    assert log.configured["OLLAMA_HOST"] == server.address
    assert len(log.lines) == 1
    assert [(one.name, one.family, one.embedding) for one in facts.loaded if one.server == server.pid] == [
        ("qwen3:8b", "qwen3", True)
    ]
    store = next(one for one in facts.stores if one.path == str(models))
    assert store.instances == (server.id,)
    assert store.access is not None
    assert store.access.models == ("qwen3:8b",)
    assert any(one.total and one.kind for one in facts.disks)
    assert any(one.kind is SourceKind.PROCESS and one.path == f"process {server.pid}" for one in facts.sources)
    assert SECRET not in str(facts)


async def test_a_service_of_the_system_with_a_drop_in_that_was_not_read_yet(tmp_path: Path) -> None:
    with running(tmp_path) as namespace:
        port = free_port()
        (namespace.units / "ollama.service").write_text(service(tmp_path, port))
        namespace.run("systemctl", "daemon-reload")
        namespace.run("systemctl", "start", "ollama.service")
        drop_in = namespace.units / "ollama.service.d/o.conf"
        drop_in.parent.mkdir()
        drop_in.write_text("[Service]\nEnvironment=OLLAMA_NUM_PARALLEL=4\n")
        facts, server = await gathered(Local(namespace.command("/bin/sh")), port)
    judge(facts, server, tmp_path / "models")
    assert server.owner.kind is OwnerKind.SYSTEM_UNIT
    (unit,) = [one for one in facts.units if one.name == "ollama.service"]
    folder = "/etc/systemd/system"
    assert (unit.pid, unit.stale, unit.user_unit) == (server.pid, True, False)
    assert unit.files == (f"{folder}/ollama.service", f"{folder}/ollama.service.d/o.conf")
    assert unit.active_since is not None
    assert server.since == pytest.approx(unit.active_since, abs=60)
    (source,) = [one for one in facts.sources if one.path == f"{folder}/ollama.service"]
    assert source.variables["OLLAMA_NUM_PARALLEL"] == "4"
    assert {one.path for one in facts.times} >= set(unit.files)


async def test_a_service_of_the_user(tmp_path: Path) -> None:
    if why := why_not():
        pytest.skip(why)
    with user_manager() as manager:
        port = free_port()
        manager.units.mkdir(parents=True)
        (manager.units / "ollama.service").write_text(service(tmp_path, port))
        for words in (("daemon-reload",), ("start", "ollama.service")):
            assert manager.run("systemctl", "--user", *words).returncode == 0
        shell = ("nsenter", f"--target={manager.pid}", "--mount", "--cgroup", "env", "-i")
        variables = [f"{name}={value}" for name, value in manager.environment.items()]
        facts, server = await gathered(Local((*shell, *variables, "/bin/sh")), port)
    judge(facts, server, tmp_path / "models")
    assert (server.owner.kind, server.owner.unit) == (OwnerKind.USER_UNIT, "ollama.service")
    (unit,) = [one for one in facts.units if one.name == "ollama.service"]
    assert (unit.pid, unit.stale, unit.user_unit) == (server.pid, False, True)


async def test_a_machine_by_ssh_with_a_container(tmp_path: Path) -> None:
    machine = StubMachine(tmp_path / "a machine")
    program(machine.root / "bin/docker", DOCKER % {"id": CONTAINER["Id"]})
    (machine.root / "container").write_text(json.dumps([CONTAINER]))
    program(machine.root / "bin/ollama", "#!/bin/sh\necho 'Warning: client version is 0.30.1'\n")
    (machine.home / ".profile").write_text("export OLLAMA_HOST=0.0.0.0\n")
    with sshd(tmp_path / "sshd", machine.environment) as folder:
        host = Ssh("box", str(folder / "ssh"))
        try:
            facts = await gather(host)
        finally:
            await host.close()
    assert (facts.host, facts.machine.system, facts.machine.home) == ("box", "Linux", str(machine.home))
    assert facts.machine.clock_ahead_s is not None
    assert facts.containers == (ContainerFacts("llm", "docker", True, 0, 1 << 30, False),)
    own = {one.kind: one for one in facts.sources if one.path in (f"{machine.home}/.profile", "docker inspect llm")}
    assert own.keys() == {SourceKind.SHELL, SourceKind.DOCKER_INSPECT}
    assert own[SourceKind.DOCKER_INSPECT].variables["OLLAMA_NUM_PARALLEL"] == "4"
    assert ("0.30.1", f"{machine.root}/bin/ollama") in {(one.version, one.path) for one in facts.programs}
    assert SECRET not in str(facts)
