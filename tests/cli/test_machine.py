"""`machine [show]` against a stand-in for the panel."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from ollama_panel.core.panel_api import Machine
from ollama_panel.core.servers import FoundServer, LogKind, LogSource, Owner, OwnerKind
from tests.cli.conftest import Outcome
from tests.cli.stand_in import StandIn, standing_in

Panel = Callable[..., Outcome]
UNIT = FoundServer(
    "812",
    812,
    1.0,
    Owner(OwnerKind.SYSTEM_UNIT, "ollama.service", "ollama.service"),
    user="ollama",
    address="127.0.0.1:11434",
    version="0.32.15",
    store="/usr/share/ollama/.ollama/models",
    log=LogSource(LogKind.JOURNAL, command="journalctl -u ollama.service"),
    rss_bytes=1024**3,
)
MACHINE = Machine(
    at=1.0,
    cores=8,
    gpu=True,
    ollama_binary="/usr/local/bin/ollama",
    ollama_version="0.32.15",
    found_servers=(UNIT, FoundServer("9", 9, 2.0, Owner())),
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as server:
        server.on("GET /panel/v1/machine", msgspec.to_builtins(MACHINE))
        yield server


def test_the_machine_is_shown_without_an_action(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    shown = panel("machine", "--state-dir", tmp_path)
    assert (shown.status, shown.err) == (0, "")
    assert [line.split("  ") for line in re.sub(" {3,}", "  ", shown.out).splitlines()] == [
        ["Program:", "/usr/local/bin/ollama"],
        ["Version:", "0.32.15"],
        ["Cores:", "8"],
        ["CPU:", "—"],
        ["Memory:", "—"],
        ["Swap:", "—"],
        ["Power:", "—"],
        ["Heat:", "—"],
        [""],
        ["SERVER", "STARTED BY", "ADDRESS", "VERSION", "USER", "MEMORY", "MODELS IN", "LOG"],
        [
            *("812", "systemd: ollama.service", "127.0.0.1:11434", "0.32.15", "ollama", "1.0 GiB"),
            *("/usr/share/ollama/.ollama/models", "shown by journalctl -u ollama.service"),
        ],
        ["9", "unknown", "—", "—", "—", "—", "—", "—"],
    ]
    assert server.asked[0].path == "/panel/v1/machine?refresh=true"


def test_a_machine_without_a_server_says_so(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    server.on("GET /panel/v1/machine", msgspec.to_builtins(msgspec.structs.replace(MACHINE, found_servers=())))
    assert panel("machine", "--state-dir", tmp_path).out.endswith("No Ollama server runs on this computer.\n")


def test_programs_get_the_whole_answer(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    shown = panel("machine", "--json", "--state-dir", tmp_path)
    assert msgspec.json.decode(shown.out, type=Machine) == MACHINE


def test_a_server_may_take_its_time_to_end(
    panel: Panel, server: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = list[httpx.Timeout]()

    class Client(httpx.Client):
        def __init__(self, *, timeout: httpx.Timeout, trust_env: bool) -> None:
            limits.append(timeout)
            super().__init__(timeout=timeout, trust_env=trust_env)

    monkeypatch.setattr(httpx, "Client", Client)
    server.on("POST /panel/v1/machine/servers/812/replace", {"id": "812", "told": [], "todo": []})
    assert panel("machine", "replace", "812", "--yes", "--state-dir", tmp_path) == Outcome(0, "", "")
    assert limits[-1].read is None
