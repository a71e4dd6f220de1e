"""`connect` on the settings of a state folder, and beside a panel."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ollama_panel.core.settings.tree import Scope
from ollama_panel.engine import configfile
from ollama_panel.proxy.credentials import find_key
from tests.cli.conftest import Outcome
from tests.cli.stand_in import standing_in

Panel = Callable[..., Outcome]
URL = "http://127.0.0.1:11435"


def test_without_a_program_it_lists_them_with_the_address(panel: Panel, tmp_path: Path) -> None:
    outcome = panel("connect", "--state-dir", tmp_path)
    assert outcome.status == 0
    assert URL in outcome.out
    assert "open-webui   Open WebUI     docker,compose,pip,settings" in outcome.out


def test_a_program_is_shown_with_each_way_and_what_follows(panel: Panel, tmp_path: Path) -> None:
    out = panel("connect", "open-webui", "--system", "macos", "--state-dir", tmp_path).out
    assert out.startswith("Open WebUI: this follows version ")
    assert "    docker run -d --name open-webui \\" in out
    assert "OLLAMA_BASE_URL=http://host.docker.internal:11435" in out
    assert "Docker Compose (compose.yaml)" in out
    assert "unless AIOHTTP_CLIENT_TIMEOUT is set" in out


def test_one_way_alone_is_for_a_file(panel: Panel, tmp_path: Path) -> None:
    outcome = panel("connect", "codex", "--way", "profile", "--state-dir", tmp_path)
    assert outcome.out.startswith("model = ")
    assert outcome.err == "This belongs into ~/.codex/ollama-panel.config.toml.\n"


def test_a_key_is_made_for_the_program_and_opens_the_models_alone(panel: Panel, tmp_path: Path) -> None:
    out = panel("connect", "openai", "--key", "laptop", "--way", "python", "--state-dir", tmp_path).out
    shown = next(line.split('"')[1] for line in out.splitlines() if "api_key" in line)
    kept = configfile.read(tmp_path / "settings.json").settings.proxy.api_keys
    found = find_key(shown, kept)
    assert found is not None
    assert (found.name, found.scopes) == ("laptop", (Scope.USE,))


def test_where_a_key_is_needed_its_place_is_marked_and_how_to_make_one_is_said(panel: Panel, tmp_path: Path) -> None:
    panel("settings", "set", "proxy.require_key", "always", "--state-dir", tmp_path)
    outcome = panel("connect", "curl", "--state-dir", tmp_path)
    assert "Authorization: Bearer YOUR-KEY" in outcome.out
    assert "--key NAME makes one" in outcome.err
    assert "ollama.com alone" in panel("connect", "ollama", "--state-dir", tmp_path).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["cline", "--way", "docker"], "Cline has no way 'docker'; there are: settings"),
        (["nobody"], "there is no guide for 'nobody'; there are: open-webui, continue"),
        (["--way", "docker"], "--way needs the program"),
    ],
)
def test_what_there_is_not_is_a_usage_error_and_makes_no_key(
    panel: Panel, tmp_path: Path, words: list[str], said: str
) -> None:
    outcome = panel("connect", *words, "--key", "laptop", "--state-dir", tmp_path)
    assert outcome.status == 2
    assert said in outcome.err
    assert not (tmp_path / "settings.json").exists()


def test_for_programs_everything_is_json_with_texts(panel: Panel, tmp_path: Path) -> None:
    answer = json.loads(panel("connect", "zed", "--json", "--state-dir", tmp_path).out)
    assert answer["endpoint"]["url"] == URL
    (zed,) = answer["guides"]
    assert zed["ways"][0]["language"] == "json"
    assert zed["running"]["text"] == "Zed follows as soon as the file is saved."


def test_a_running_panel_says_its_address_its_models_and_how_long_it_took(panel: Panel, tmp_path: Path) -> None:
    with standing_in(tmp_path) as server:
        request = {"id": "1", "client": "web", "request_class": "interactive", "model": "qwen3:8b", "path": "/api/chat"}
        done = {**request, "stream": True, "state": "done", "arrived": 0.0, "dispatched": 400.0, "finished": 700.0}
        status = {
            "at": 800.0,
            "settings": {},
            "proxy": {"on": True, "url": "http://127.0.0.1:11500"},
            "finished": [done],
            "models": [{"name": "qwen3:8b", "capabilities": ["completion"]}],
        }
        server.on("GET /panel/status", status)
        out = panel("connect", "ollama-sdk", "--way", "python", "--state-dir", tmp_path).out
        listed = panel("connect", "--state-dir", tmp_path).out
    assert 'host="http://127.0.0.1:11500"' in out
    assert 'model="qwen3:8b"' in out
    assert "timeout=1440," in out
    assert "waited 6.7 min and took 5 min" in listed


def test_a_program_on_another_machine_needs_a_panel_that_listens_to_it(panel: Panel, tmp_path: Path) -> None:
    outcome = panel("connect", "curl", "--elsewhere", "--key", "laptop", "--state-dir", tmp_path)
    assert outcome.status == 1
    assert "its own machine only" in outcome.err
    assert not (tmp_path / "settings.json").exists()
