"""`pools [list]|add|set|remove` on the settings file, and what they ask a running panel."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import with_text
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.engine import configfile
from tests.cli.conftest import Outcome
from tests.cli.stand_in import StandIn, standing_in

Panel = Callable[..., Outcome]
STARTED = with_text(notice("plan.start", instances=("code-1",)))
CODE: dict[str, Any] = {
    "name": "code",
    "role": "code",
    "workers": 1,
    "parallel": 2,
    "context_length": 4096,
    "models": ["qwen2.5-coder:7b"],
    "environment": {"OLLAMA_KEEP_ALIVE": "1h"},
    "queued": 7,
    "in_flight": 2,
    "slots": 2,
    "progress": None,
    "memory": {
        "needed": 13 * 2**29,
        "weights": 5 * 2**30,
        "kv_cache": 2**30,
        "compute": 2**28,
        "overhead": 2**28,
        "margin": 2**30,
        "source": "measured",
        "models": [],
    },
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as stand_in:
        yield stand_in


def pools(folder: Path) -> dict[str, PoolSettings]:
    return {pool.name: pool for pool in configfile.read(folder / "settings.json").settings.pools}


def test_a_pool_is_made_with_its_options(panel: Panel, tmp_path: Path) -> None:
    options = [
        "--role",
        "code",
        "--workers",
        "2",
        "--parallel",
        "3",
        "--context",
        "8192",
        "--models",
        "a:1b,b:2b",
        "--env",
        "A=1",
        "--env",
        "B=x=y",
    ]
    outcome = panel("pools", "add", "code", *options, "--state-dir", tmp_path)
    assert outcome.status == 0
    assert outcome.out.splitlines() == [
        "POOL  ROLE  WORKERS  PARALLEL  CONTEXT  MODELS     ENVIRONMENT",
        "code  code  2        3         8192     a:1b,b:2b  A,B",
    ]
    assert pools(tmp_path)["code"] == PoolSettings(
        pools(tmp_path)["code"].name, Role.CODE, 2, 3, 8192, ("a:1b", "b:2b"), {"A": "1", "B": "x=y"}
    )


def test_options_change_only_what_they_name_and_an_empty_variable_is_removed(panel: Panel, tmp_path: Path) -> None:
    panel("pools", "set", "chat", "--parallel", "3", "--env", "A=1", "--env", "B=2", "--state-dir", tmp_path)
    panel("pools", "set", "chat", "--env", "A=", "--models", "", "--state-dir", tmp_path)
    chat = pools(tmp_path)["chat"]
    assert (chat.parallel, chat.context_length, chat.models, chat.environment) == (3, 4096, (), {"B": "2"})


def test_promises_are_set_and_shown_with_how_they_are_kept(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    slo = {"kept": 0.97, "counted": 200, "met": 194, "missed": 6}
    shown = CODE | {"slo_first_token_s": 2.0, "slo_token_rate": 20.0, "slo": slo}
    server.on("GET /panel/v1/pools", {"pools": [shown]})
    header, row = panel("pools", "--state-dir", tmp_path).out.splitlines()
    at = header.index("SLO ")
    assert row[at:].startswith("first token 2 s, 20 tokens/s, kept by 97 %  qwen2.5-coder:7b")


def test_promises_are_set_by_options(panel: Panel, tmp_path: Path) -> None:
    outcome = panel("pools", "set", "chat", "--slo-first-token", "2", "--slo-tokens", "20", "--state-dir", tmp_path)
    assert "first token 2 s, 20 tokens/s" in outcome.out
    chat = pools(tmp_path)["chat"]
    assert (chat.slo_first_token_s, chat.slo_token_rate) == (2.0, 20.0)


def test_a_pool_is_removed(panel: Panel, tmp_path: Path) -> None:
    assert panel("pools", "remove", "embedding", "--state-dir", tmp_path) == (0, "embedding is removed.\n", "")
    assert set(pools(tmp_path)) == {"chat"}


def test_the_list_shows_the_settings_and_says_that_the_load_is_unknown(panel: Panel, tmp_path: Path) -> None:
    assert panel("pools", "--state-dir", tmp_path).out.splitlines() == [
        "POOL       ROLE       WORKERS  PARALLEL  CONTEXT  WAITING  RUNNING  SLOTS  MODELS  ENVIRONMENT",
        "chat       chat       1        2         4096     —        —        —      —       —",
        "embedding  embedding  1        1         2048     —        —        —      —       —",
    ]
    listed = json.loads(panel("pools", "list", "--json", "--state-dir", tmp_path).out)
    assert [pool["name"] for pool in listed["pools"]] == ["chat", "embedding"]


def test_a_plan_changes_nothing(panel: Panel, tmp_path: Path) -> None:
    outcome = panel("pools", "add", "code", "--role", "code", "--dry-run", "--state-dir", tmp_path)
    assert "Nothing is changed. This would happen:\n" in outcome.out
    assert "  code-1: started.\n" in outcome.out
    assert not (tmp_path / "settings.json").exists()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("add chat --role chat", "There is a pool chat already: change that, or choose another name."),
        ("add Code --role code", "NAME must be a name of lower-case letters"),
        ("set kode --workers 2", "There is no pool kode; there are chat and embedding."),
        ("set chat --workers 99", 'pools.chat.workers must be a whole number from 0 to 16, not "99".'),
        ("set chat --env A-B=1", "is not a variable name"),
        ("set chat --env OLLAMA_MAX_WORKERS=4", "set the number of workers of a pool in the panel"),
        ("remove kode", "There is no pool kode; there are chat and embedding."),
    ],
)
@pytest.mark.parametrize("plan", [(), ("--dry-run",)])
def test_what_is_wrong_is_one_sentence_and_changes_nothing(
    panel: Panel, tmp_path: Path, command: str, said: str, plan: tuple[str, ...]
) -> None:
    outcome = panel("pools", *command.split(), *plan, "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert said in outcome.err
    assert len(outcome.err.splitlines()) == 1
    assert not (tmp_path / "settings.json").exists()


def test_the_last_pool_stays(panel: Panel, tmp_path: Path) -> None:
    panel("pools", "remove", "chat", "--state-dir", tmp_path)
    outcome = panel("pools", "remove", "embedding", "--state-dir", tmp_path)
    assert outcome == (1, "", "pools must hold at least one pool.\n")


@pytest.mark.parametrize(
    "command",
    ["add code", "add code --role poet", "add code --role code --workers two", "set chat", "set chat --env A", "bogus"],
)
def test_wrong_arguments_are_usage_errors(panel: Panel, tmp_path: Path, command: str) -> None:
    outcome = panel("pools", *command.split())
    assert outcome.status == 2
    assert outcome.err.startswith("usage: ollama-panel pools")


def test_a_variable_that_ollama_will_not_take_is_set_with_a_warning(panel: Panel, tmp_path: Path) -> None:
    outcome = panel("pools", "set", "chat", "--env", "OLLAMA_XYZZY=4", "--state-dir", tmp_path)
    assert outcome.status == 0
    assert "Ollama does not read OLLAMA_XYZZY" in outcome.err


def test_a_running_panel_makes_the_pool_and_tells_what_follows(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    server.on("POST /panel/v1/pools", {"pool": CODE, "effects": [STARTED], "problems": []}, 201)
    outcome = panel("pools", "add", "code", "--role", "code", "--env", "A=1", "--state-dir", tmp_path)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        "POOL  ROLE  WORKERS  PARALLEL  CONTEXT  MEMORY              MODELS            ENVIRONMENT",
        "code  code  1        2         4096     6.5 GiB (measured)  qwen2.5-coder:7b  OLLAMA_KEEP_ALIVE",
        "The running panel follows:",
        "  code-1: started.",
    ]
    assert server.bodies("POST /panel/v1/pools") == [{"name": "code", "role": "code", "environment": {"A": "1"}}]
    assert server.asked[0].key == "Bearer sesame"
    assert not (tmp_path / "settings.json").exists()


def test_a_running_panel_changes_the_pool_or_plans_it(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    server.on("PATCH /panel/v1/pools/code", {"pool": CODE, "effects": [STARTED], "problems": []})
    options = ["--context", "8192", "--models", "a:1b,b:2b", "--env", "A=1", "--env", "B="]
    outcome = panel("pools", "set", "code", *options, "--dry-run", "--state-dir", tmp_path)
    assert outcome.out.endswith("Nothing is changed. This would happen:\n  code-1: started.\n")
    (asked,) = server.asked
    assert asked.path == "/panel/v1/pools/code?dry_run=true"
    assert asked.body == {
        "context_length": 8192,
        "models": ["a:1b", "b:2b"],
        "environment.A": "1",
        "environment.B": None,
    }


@pytest.mark.parametrize(
    ("running", "said"), [(0, ""), (1, "1 running request ends first.\n"), (2, "2 running requests end first.\n")]
)
def test_the_removal_of_a_busy_pool_says_that_its_requests_end_first(
    panel: Panel, server: StandIn, tmp_path: Path, running: int, said: str
) -> None:
    server.on("GET /panel/v1/pools/code", CODE | {"in_flight": running})
    stopped = with_text(notice("plan.stop", instances=("code-1",)))
    server.on("DELETE /panel/v1/pools/code", {"effects": [stopped], "problems": []})
    assert panel("pools", "remove", "code", "--state-dir", tmp_path).out == (
        f"{said}code is removed.\nThe running panel follows:\n  code-1: stopped when the running requests have ended.\n"
    )


def test_the_list_of_a_running_panel_has_the_load(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    server.on("GET /panel/v1/pools", {"pools": [CODE | {"memory": None}]})
    assert panel("pools", "--state-dir", tmp_path).out.splitlines()[1].split() == [
        *("code", "code", "1", "2", "4096", "—", "7", "2", "2", "qwen2.5-coder:7b", "OLLAMA_KEEP_ALIVE")
    ]


def test_what_the_panel_refuses_is_its_own_sentence(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    server.on("POST /panel/v1/pools", {"error": "There is a pool code already.", "code": "pool.exists"}, 409)
    outcome = panel("pools", "add", "code", "--role", "code", "--state-dir", tmp_path)
    assert outcome == (1, "", "There is a pool code already.\n")
