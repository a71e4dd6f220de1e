"""`keys add|list|remove` on the settings of a state folder."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings.tree import ApiKey, Scope
from ollama_panel.engine import configfile
from ollama_panel.proxy.credentials import find_key
from tests.cli.conftest import Outcome
from tests.cli.stand_in import standing_in

Panel = Callable[..., Outcome]


def kept(folder: Path) -> tuple[ApiKey, ...]:
    return configfile.read(folder / "settings.json").settings.proxy.api_keys


def test_a_new_key_is_shown_once_and_is_accepted(panel: Panel, tmp_path: Path) -> None:
    outcome = panel("keys", "add", "laptop", "--state-dir", tmp_path)
    key = outcome.out.strip()
    assert outcome.status == 0
    assert "cannot be shown again" in outcome.err
    assert find_key(key, kept(tmp_path)) == kept(tmp_path)[0]
    assert key not in (tmp_path / "settings.json").read_text(encoding="utf-8")


def test_a_key_may_fix_the_class_of_its_requests(panel: Panel, tmp_path: Path) -> None:
    panel("keys", "add", "indexer", "--class", "batch", "--state-dir", tmp_path)
    assert kept(tmp_path)[0].request_class is RequestClass.BATCH
    assert panel("keys", "list", "--state-dir", tmp_path).out.splitlines() == [
        "NAME     CLASS  SCOPES",
        "indexer  batch  use,see",
    ]


def test_a_key_opens_what_its_scopes_say(panel: Panel, tmp_path: Path) -> None:
    panel("keys", "add", "dashboard", "--scope", "see", "--state-dir", tmp_path)
    panel("keys", "add", "script", "--scope", "use, control,use", "--state-dir", tmp_path)
    assert [key.scopes for key in kept(tmp_path)] == [(Scope.SEE,), (Scope.USE, Scope.CONTROL)]
    listed = json.loads(panel("keys", "list", "--json", "--state-dir", tmp_path).out)
    assert listed == {
        "keys": [
            {"name": "dashboard", "request_class": None, "scopes": ["see"]},
            {"name": "script", "request_class": None, "scopes": ["use", "control"]},
        ]
    }


@pytest.mark.parametrize("scopes", ["all", "", "use,"])
def test_an_unknown_scope_is_a_usage_error(panel: Panel, tmp_path: Path, scopes: str) -> None:
    outcome = panel("keys", "add", "laptop", "--scope", scopes, "--state-dir", tmp_path)
    assert outcome.status == 2
    assert "use, see, control" in outcome.err


def test_a_running_panel_makes_and_removes_keys(panel: Panel, tmp_path: Path) -> None:
    with standing_in(tmp_path) as server:
        made = {"name": "laptop", "request_class": "batch", "scopes": ["use"], "key": "op-1"}
        server.on("POST /panel/v1/keys", made, 201)
        server.on("DELETE /panel/v1/keys/my%20laptop", {"status": "removed"})
        added = panel("keys", "add", "laptop", "--class", "batch", "--scope", "use", "--state-dir", tmp_path)
        removed = panel("keys", "remove", "my laptop", "--state-dir", tmp_path)
        assert (added.status, added.out, removed) == (0, "op-1\n", (0, "", ""))
        assert server.asked[0].body == {"name": "laptop", "request_class": "batch", "scopes": ["use"]}
    assert not (tmp_path / "settings.json").exists()


def test_a_removed_key_is_rejected_and_the_others_stay(panel: Panel, tmp_path: Path) -> None:
    keys = {name: panel("keys", "add", name, "--state-dir", tmp_path).out.strip() for name in ("one", "two")}
    assert panel("keys", "remove", "one", "--state-dir", tmp_path) == (0, "", "")
    assert find_key(keys["one"], kept(tmp_path)) is None
    assert find_key(keys["two"], kept(tmp_path)) is not None


def test_a_name_is_used_once_and_removed_once(panel: Panel, tmp_path: Path) -> None:
    panel("keys", "add", "laptop", "--state-dir", tmp_path)
    twice = panel("keys", "add", "laptop", "--state-dir", tmp_path)
    missing = panel("keys", "remove", "phone", "--state-dir", tmp_path)
    assert (twice.status, twice.out, missing.status) == (1, "", 1)
    assert 'a key for "laptop" already' in twice.err
    assert missing.err == 'There is no key for "phone"; there are: laptop.\n'


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "bell\x07", "end\n", "half\ud800", "sep\u2028"])
def test_a_name_is_text_that_a_list_can_show(panel: Panel, tmp_path: Path, name: str) -> None:
    outcome = panel("keys", "add", name, "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert "name" in outcome.err
    assert kept(tmp_path) == ()
