"""`ollama-panel pin|unpin MODEL`: by the running panel, or in the settings file."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.ids import PoolName
from ollama_panel.core.panel_api import Pool
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.engine import configfile
from ollama_panel.engine.paths import Paths
from tests.cli.conftest import Outcome
from tests.cli.stand_in import StandIn, standing_in

Panel = Callable[..., Outcome]
NAME = "llama3.2:1b"
CHAT = PoolSettings(PoolName("chat"))
EMBEDDING = PoolSettings(PoolName("embedding"), Role.EMBEDDING)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as stand_in:
        yield stand_in


def known(server: StandIn, *pools: PoolSettings) -> None:
    """Let the stand-in have these pools, and take changes of each."""
    snapshot = Snapshot(0.0, Settings(pools=pools))
    shown = [msgspec.to_builtins(Pool.of(one, snapshot)) for one in pools]
    server.on("GET /panel/v1/pools", {"pools": shown})
    for one in shown:
        changed = {"pool": one, "effects": [], "problems": []}
        server.on(f"PATCH /panel/v1/pools/{one['name']}", changed)


def pinned(tmp_path: Path) -> dict[str, list[str]]:
    """Return the pins in the settings file, by pool."""
    document = json.loads(Paths(tmp_path).settings.read_text())
    return {one["name"]: one["preload"] for one in document["pools"]}


@pytest.mark.parametrize(("capability", "pool"), [("completion", "chat"), ("embedding", "embedding")])
def test_a_model_is_pinned_in_the_first_pool_of_its_kind(
    panel: Panel, server: StandIn, tmp_path: Path, capability: str, pool: str
) -> None:
    known(server, CHAT, EMBEDDING)
    server.on("POST /api/show", {"capabilities": [capability]})
    assert panel("pin", NAME, "--state-dir", tmp_path) == (0, f"{NAME} is pinned in the pool {pool}.\n", "")
    assert server.bodies(f"PATCH /panel/v1/pools/{pool}") == [{"preload": [NAME]}]


def test_the_pool_that_names_the_model_is_meant(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    known(server, CHAT, msgspec.structs.replace(CHAT, name=PoolName("small"), models=(NAME,)))
    server.on("POST /api/show", {"capabilities": ["completion"]})
    assert panel("pin", NAME, "--state-dir", tmp_path).out == f"{NAME} is pinned in the pool small.\n"


def test_a_model_that_is_not_here_is_not_pinned(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    known(server, CHAT, EMBEDDING)
    server.on("POST /api/show", {"error": "model not found"}, 404)
    status, out, err = panel("pin", NAME, "--state-dir", tmp_path)
    assert (status, out) == (1, "")
    assert err == f"There is no model {NAME} here. Fetch it with “ollama-panel pull {NAME}”.\n"


@pytest.mark.parametrize(("status", "said"), [(404, "model not found"), (400, "invalid model name")])
def test_that_is_so_where_there_is_one_pool_too(
    panel: Panel, server: StandIn, tmp_path: Path, status: int, said: str
) -> None:
    known(server, CHAT)
    server.on("POST /api/show", {"error": said}, status)
    assert panel("pin", NAME, "--state-dir", tmp_path).err.startswith(f"There is no model {NAME} here.")
    assert server.bodies("PATCH /panel/v1/pools/chat") == []


def test_while_no_worker_can_tell_it_is_pinned(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    known(server, CHAT)
    server.on("POST /api/show", {"error": "No instance runs.", "code": "instance.none_runs"}, 503)
    assert panel("pin", NAME, "--state-dir", tmp_path) == (0, f"{NAME} is pinned in the pool chat.\n", "")


def test_one_that_is_pinned_already_stays_so(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    known(server, msgspec.structs.replace(CHAT, preload=(NAME,)))
    said = f"{NAME} is pinned in the pool chat already.\n"
    assert panel("pin", NAME, "--state-dir", tmp_path) == (0, said, "")


def test_it_is_let_go_in_every_pool(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    both = msgspec.structs.replace(CHAT, preload=("other:7b", NAME))
    known(server, both, EMBEDDING, msgspec.structs.replace(both, name=PoolName("code")))
    status, out, _ = panel("unpin", NAME, "--state-dir", tmp_path)
    assert (status, len(out.splitlines())) == (0, 2)
    for pool in ("chat", "code"):
        assert server.bodies(f"PATCH /panel/v1/pools/{pool}") == [{"preload": ["other:7b"]}]


def test_what_is_not_pinned_cannot_be_let_go(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    known(server, CHAT)
    outcome = panel("unpin", NAME, "--pool", "chat", "--state-dir", tmp_path)
    assert outcome == (1, "", f"{NAME} is not pinned in the pool chat.\n")


def test_without_a_panel_the_file_is_changed(panel: Panel, tmp_path: Path) -> None:
    configfile.write(Paths(tmp_path).settings, Settings(pools=(CHAT, EMBEDDING)))
    status, _, err = panel("pin", NAME, "--state-dir", tmp_path)
    assert (status, err) == (1, f"Name the pool for {NAME} by --pool: chat and embedding.\n")
    assert panel("pin", NAME, "--pool", "chat", "--state-dir", tmp_path).status == 0
    assert pinned(tmp_path)["chat"] == [NAME]
    assert panel("unpin", NAME, "--state-dir", tmp_path).status == 0
    assert pinned(tmp_path)["chat"] == []
