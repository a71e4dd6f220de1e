"""`environment [list]|explain|check|presets|apply`, without a panel and with a stand-in for it."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.ollama.environment import VARIABLES
from ollama_panel.core.ollama.environment_answer import answer
from ollama_panel.core.ollama.environment_presets import PRESETS
from ollama_panel.engine import configfile
from tests.cli.conftest import Outcome
from tests.cli.stand_in import standing_in

Panel = Callable[..., Outcome]


def test_all_variables_are_listed_without_an_action(panel: Panel, tmp_path: Path) -> None:
    shown = panel("environment", "--state-dir", tmp_path)
    assert (shown.status, shown.err) == (0, "")
    head, *rows = [line.split() for line in shown.out.splitlines()]
    assert head[:4] == ["VARIABLE", "TYPE", "DEFAULT", "OLLAMA"]
    assert [row[0] for row in rows] == list(VARIABLES)
    assert ["OLLAMA_KEEP_ALIVE", "duration", "5m", "0.1.29", "instance", "request"] in rows
    assert ["OLLAMA_EDITOR", "text", "—", "0.16.0", "nothing", "start"] in rows


def test_the_running_panel_tells_the_version(panel: Panel, tmp_path: Path) -> None:
    with standing_in(tmp_path) as server:
        server.on("GET /panel/v1/environment", msgspec.to_builtins(answer("0.9.6")))
        shown = panel("environment", "explain", "LLAMA_ARG_FIT", "OLLAMA_CONTEXT_LENGTH", "--state-dir", tmp_path)
    assert "Ollama 0.9.6 does not read it: only Ollama 0.30.0 and later reads it." in shown.out
    assert "default 4096" in shown.out
    assert "It has no effect here" in shown.out, "the pool has a setting for it"


def test_another_version_can_be_named(panel: Panel, tmp_path: Path) -> None:
    def listed(*options: object) -> dict[str, str]:
        shown = panel("environment", "list", "--json", *options, "--state-dir", tmp_path)
        return {one["name"]: one["default"] for one in json.loads(shown.out)["variables"]}

    assert listed("--for", "0.24.0")["OLLAMA_VULKAN"] == "0"
    assert listed()["OLLAMA_VULKAN"] == "1"
    wrong = panel("environment", "list", "--for", "newest", "--state-dir", tmp_path)
    assert (wrong.status, wrong.err) == (1, '"newest" is no version of Ollama: write it as 0.24.0.\n')


def test_what_is_unknown_is_told(panel: Panel, tmp_path: Path) -> None:
    shown = panel("environment", "explain", "OLLAMA_MAX_WORKERS", "MY_OWN", "--state-dir", tmp_path)
    assert (shown.status, shown.out) == (1, "")
    first, second = shown.err.splitlines()
    assert first.startswith("OLLAMA_MAX_WORKERS does not exist in Ollama")
    assert second == "Ollama does not read MY_OWN: check the name, or remove it."


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("OLLAMA_GPU_OVERHEAD=1024", "1024 MiB are 1073741824"),
        ("HSA_OVERRIDE_GFX_VERSION=gfx1030", "must be 10.3.0"),
        ("OLLAMA_LLM_LIBRARY=cuda", "Ollama would find no GPU"),
        ("OLLAMA_HOST=127.0.0.1", "is set by the panel"),
    ],
)
def test_a_wrong_value_is_told_with_its_reason(panel: Panel, tmp_path: Path, value: str, why: str) -> None:
    shown = panel("environment", "check", value, "OLLAMA_KEEP_ALIVE=1h", "--state-dir", tmp_path)
    assert (shown.status, shown.out) == (1, "")
    assert len(shown.err.splitlines()) == 1
    assert why in shown.err


def test_right_values_are_not_spoken_of(panel: Panel, tmp_path: Path) -> None:
    shown = panel("environment", "check", "OLLAMA_KEEP_ALIVE=-1", "CUDA_VISIBLE_DEVICES=0", "--state-dir", tmp_path)
    assert (shown.status, shown.out, shown.err) == (0, "", "")


def test_presets_tell_what_they_set_gain_and_cost(panel: Panel, tmp_path: Path) -> None:
    shown = panel("environment", "presets", "--for", "0.24.0", "--state-dir", tmp_path)
    blocks = dict(zip(PRESETS, shown.out.split("\n\n"), strict=True))
    assert "Sets OLLAMA_KV_CACHE_TYPE=q8_0 OLLAMA_FLASH_ATTENTION=1." in blocks["kv-q8_0"]
    assert "Gain: The cache takes 53 %" in blocks["kv-q8_0"]
    assert "Sets CUDA_DEVICE_ORDER=PCI_BUS_ID CUDA_VISIBLE_DEVICES=VALUE." in blocks["gpu-nvidia"]
    assert "Nothing for Ollama 0.24.0: only Ollama 0.30.0 and later reads it." in blocks["gpu-room"]


def test_a_preset_is_set_in_a_pool_and_tried_before(panel: Panel, tmp_path: Path) -> None:
    def variables() -> dict[str, str]:
        return configfile.read(tmp_path / "settings.json").settings.pools[0].environment

    tried = panel("environment", "apply", "kv-q8_0", "chat", "--dry-run", "--state-dir", tmp_path)
    assert "OLLAMA_KV_CACHE_TYPE — → q8_0" in tried.out
    assert variables() == {}
    assert panel("environment", "apply", "kv-q8_0", "chat", "--state-dir", tmp_path).status == 0
    assert panel("environment", "apply", "gpu-nvidia", "chat", "1", "--state-dir", tmp_path).status == 0
    assert variables() == {
        "OLLAMA_KV_CACHE_TYPE": "q8_0",
        "OLLAMA_FLASH_ATTENTION": "1",
        "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
        "CUDA_VISIBLE_DEVICES": "1",
    }


def test_a_preset_without_its_value_or_its_pool_changes_nothing(panel: Panel, tmp_path: Path) -> None:
    missing = panel("environment", "apply", "gpu-nvidia", "chat", "--state-dir", tmp_path)
    assert missing.err == "The preset gpu-nvidia needs a value for CUDA_VISIBLE_DEVICES: name it.\n"
    nowhere = panel("environment", "apply", "kv-q8_0", "none", "--state-dir", tmp_path)
    assert (missing.status, nowhere.status) == (1, 1)
