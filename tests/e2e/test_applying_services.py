"""A drop-in for a service of the system, put into force under a real systemd: proven from its journal, and undone."""

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.applying.record import ApplyStage, ProofSource, ProofState
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine.applying.applier import Applier
from ollama_panel.engine.applying.hosts import Local
from tests.core.export.samples import exported, pools
from tests.fakes.ports import free_port
from tests.fakes.systemd_namespace import Namespace, running

UNIT = "ollama.service"
SERVER = """\
#!{python}
import http.server, os, sys
host, _, port = os.environ["OLLAMA_HOST"].rpartition(":")
known = " ".join(f"{{name}}:{{value}}" for name, value in sorted(os.environ.items()) if name.startswith("OLLAMA_"))
print(f'time=2026-11-30T19:11:22Z level=INFO source=routes.go:1 msg="server config" env="map[{{known}}]"', flush=True)
if os.environ.get("OLLAMA_NUM_PARALLEL") == "13":
    sys.exit("Error: thirteen is unlucky")
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{{"version":"0.32.15"}}')
    def log_message(self, *_):
        pass
http.server.ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
"""
SERVICE = """\
[Unit]
DefaultDependencies=no
[Service]
Environment=OLLAMA_HOST=127.0.0.1:{port}
ExecStart={program} serve
Restart=always
RestartSec=1
"""


class Machine:
    """A machine with a service of the system that runs a server, as `make` exports to it."""

    def __init__(self, namespace: Namespace, folder: Path) -> None:
        self.namespace, self.folder = namespace, folder
        self.program = folder / "ollama"
        self.program.write_text(SERVER.format(python=sys.executable))
        self.program.chmod(0o755)
        (namespace.units / UNIT).write_text(SERVICE.format(port=free_port(), program=self.program))
        namespace.run("systemctl", "daemon-reload")
        namespace.run("systemctl", "start", UNIT)

    def applier(self) -> Applier:
        shell = self.namespace.command("/bin/sh")
        return Applier(self.folder / "state", lambda _: Local(shell), settle_s=30.0, idle_poll_s=0.05)

    def export(self, parallel: int = 4) -> Export:
        settings = pools({"OLLAMA_KEEP_ALIVE": "7m"})
        chat, *others = settings.pools
        chat = msgspec.structs.replace(chat, parallel=parallel)
        return exported("systemd", Settings(pools=(chat, *others)), (str(self.program),))

    def files(self) -> list[str]:
        return sorted(str(one.relative_to(self.namespace.units)) for one in self.namespace.units.rglob("ollama*/*"))

    def variables(self) -> str:
        return self.namespace.run("systemctl", "show", UNIT, "--property=Environment", "--value")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with running(tmp_path) as namespace:
        yield Machine(namespace, tmp_path)


async def test_a_drop_in_is_proven_from_the_journal_rolled_back_and_undone(machine: Machine) -> None:
    panel = machine.applier()
    done = await panel.apply(machine.export())
    assert done.stage is ApplyStage.APPLIED, done
    proofs = {one.name: one for one in done.proofs}
    proof = proofs["OLLAMA_NUM_PARALLEL"]
    assert (proof.source, proof.state, proof.found) == (ProofSource.LOG, ProofState.HOLDS, "4")
    assert "OLLAMA_NUM_PARALLEL:4" in proof.line
    assert machine.files() == [f"{UNIT}.d/zz-ollama-panel.conf"]
    failed = await panel.apply(machine.export(13))
    assert failed.stage is ApplyStage.RETURNED
    assert failed.problem is not None
    assert "thirteen is unlucky" in render(failed.problem)
    assert "OLLAMA_NUM_PARALLEL=4" in machine.variables()
    assert (await panel.verify(machine.export())).differs is False
    assert (await panel.undo()).stage is ApplyStage.RETURNED
    assert machine.files() == []
    assert "OLLAMA_NUM_PARALLEL" not in machine.variables()


async def test_a_value_that_another_drop_in_sets_is_rolled_back(machine: Machine) -> None:
    other = machine.namespace.units / f"{UNIT}.d" / "zzzz.conf"
    other.parent.mkdir()
    other.write_text("[Service]\nEnvironment=OLLAMA_NUM_PARALLEL=9\n")
    done = await machine.applier().apply(machine.export())
    assert done.stage is ApplyStage.RETURNED
    assert done.problem is not None
    assert "OLLAMA_NUM_PARALLEL is 9 instead of 4, as the server's log says." in render(done.problem)
    assert machine.files() == [f"{UNIT}.d/zzzz.conf"]
