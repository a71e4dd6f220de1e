"""The Compose file: Compose accepts it and reads the very values back."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import Export, render
from ollama_panel.core.export.container.compose import escaped
from ollama_panel.core.export.deployment import Accelerator, Site
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.settings.tree_ollama import OllamaSettings
from tests.core.export.samples import TRICKY, exported, instances, names, nasty, pools, printable

LONG = {"N" * 200: "x", "LONG": "x$" * 5_000, "LINES": "a\nb\r\n#c: d\n"}


def compose_command() -> list[str] | None:
    """Return the command of Compose: the program of its own, or Docker's plugin."""
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    if (
        shutil.which("docker")
        and not subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode
    ):
        return ["docker", "compose"]
    return None


COMPOSE = compose_command()
needs_compose = pytest.mark.skipif(COMPOSE is None, reason="docker-compose is not installed")


def compose(settings: Settings, accelerator: Accelerator = Accelerator.CPU) -> Export:
    site = Site(accelerator=accelerator, ollama="0.32.15")
    return render("compose", settings, instances(settings), version="1.2.3", date="2026-11-23", site=site)


def interpolated(text: str) -> str:
    """Return a value as Compose makes it with no variables set: compose-go `template/template.go`, its pattern."""
    pattern = re.compile(r"\$(?:(?P<escaped>\$)|[_a-zA-Z][_a-zA-Z0-9]*|\{[^}]*\}|(?P<invalid>))")

    def replaced(found: re.Match[str]) -> str:
        assert found["invalid"] is None, "Compose refuses it"
        return "$" if found["escaped"] else ""

    return pattern.sub(replaced, text)


def as_it_is_read(text: str) -> Any:
    return json.loads(json.dumps(yaml.safe_load(text)), object_hook=_interpolated_values)


def _interpolated_values(mapping: dict[str, Any]) -> dict[str, Any]:
    return {key: interpolated(value) if isinstance(value, str) else value for key, value in mapping.items()}


def configured(text: str, folder: Path) -> Any:
    """Return what Compose makes of a file; it prints `$$` for a dollar sign, so that its output can be its input."""
    assert COMPOSE is not None
    (folder / "compose.yaml").write_text(text, encoding="utf-8")
    child = subprocess.run(
        [*COMPOSE, "-f", "compose.yaml", "config"], cwd=folder, capture_output=True, check=False, text=True
    )
    assert child.returncode == 0, child.stderr
    assert child.stderr == ""
    return as_it_is_read(child.stdout)


def variables(settings: Settings) -> dict[str, dict[str, str]]:
    """Return the variables that each worker is to have."""
    return {
        spec.id: {name: value for name, value in spec.environment.items() if name != "OLLAMA_MODELS"}
        | {"OLLAMA_HOST": "0.0.0.0:11434"}
        for spec in instances(settings)
    }


def environments(file: Any) -> dict[str, dict[str, str]]:
    return {name: service["environment"] for name, service in file["services"].items()}


@given(st.dictionaries(names, printable, max_size=4))
def test_every_value_is_read_back(environment: dict[str, str]) -> None:
    settings = pools(environment)
    assert environments(as_it_is_read(compose(settings).text)) == variables(settings)


@pytest.mark.parametrize("words", [None, nasty])
def test_tricky_and_long_values_are_read_back_and_words_stay_in_comments(words: Any) -> None:
    settings = pools(TRICKY | LONG)
    text = exported("compose", settings, **({"words": words} if words else {})).text
    assert environments(as_it_is_read(text)) == variables(settings)


@needs_compose
@pytest.mark.parametrize("accelerator", [one for one in Accelerator if one is not Accelerator.METAL])
def test_compose_reads_the_values_as_they_were_meant(tmp_path: Path, accelerator: Accelerator) -> None:
    settings = pools(TRICKY | LONG)
    vulkan = {"OLLAMA_VULKAN": "1"} if accelerator is Accelerator.VULKAN else {}
    found = environments(configured(compose(settings, accelerator).text, tmp_path))
    assert found == {worker: own | vulkan for worker, own in variables(settings).items()}


@needs_compose
@pytest.mark.parametrize("folder", ["/srv/my models", "/srv/a:b,$c 'd' \"e\" f", "/模型"])
def test_compose_mounts_the_folder_of_the_models(tmp_path: Path, folder: str) -> None:
    settings = msgspec.structs.replace(pools(), ollama=OllamaSettings(models_dir=folder))
    file = configured(compose(settings).text, tmp_path)
    for service in file["services"].values():
        (mount,) = service["volumes"]
        assert (mount["type"], mount["source"], mount["target"]) == ("bind", folder, "/root/.ollama/models")
    assert "volumes" not in yaml.safe_load(compose(settings).text)


def test_every_worker_has_its_address_on_this_machine_alone_and_a_health_check() -> None:
    services = yaml.safe_load(compose(pools()).text)["services"]
    assert {name: service["ports"] for name, service in services.items()} == {
        "chat-1": ["127.0.0.1:11500:11434"],
        "chat-2": ["127.0.0.1:11501:11434"],
        "embed-1": ["127.0.0.1:11502:11434"],
    }
    assert all(service["healthcheck"]["test"] == ["CMD", "ollama", "ps"] for service in services.values())
    assert all(service["volumes"] == ["ollama:/root/.ollama"] for service in services.values())


def test_each_accelerator_has_what_reaches_it() -> None:
    def first(accelerator: Accelerator) -> Any:
        return yaml.safe_load(compose(pools(), accelerator).text)["services"]["chat-1"]

    (cards,) = first(Accelerator.NVIDIA)["deploy"]["resources"]["reservations"]["devices"]
    assert cards == {"driver": "nvidia", "count": "all", "capabilities": ["gpu"]}
    assert first(Accelerator.ROCM)["devices"] == ["/dev/kfd:/dev/kfd", "/dev/dri:/dev/dri"]
    assert first(Accelerator.ROCM)["image"].endswith(":0.32.15-rocm")
    assert first(Accelerator.VULKAN)["devices"] == ["/dev/dri:/dev/dri"]
    assert not {"deploy", "devices"} & first(Accelerator.CPU).keys()
    with pytest.raises(PanelError, match="No container reaches the GPU of a Mac"):
        compose(pools(), Accelerator.METAL)


def test_only_nvidia_needs_a_toolkit_first() -> None:
    first, *_ = compose(pools(), Accelerator.NVIDIA).steps
    assert "nvidia-ctk" in first.command
    assert all("nvidia" not in step.command for step in compose(pools(), Accelerator.ROCM).steps)


@given(printable)
def test_escaping_is_what_compose_takes_back(text: str) -> None:
    assert interpolated(escaped(text)) == text


def test_a_value_that_no_environment_holds_is_refused_in_a_sentence() -> None:
    with pytest.raises(PanelError, match=r"MOTD in the environment of pool chat .* a Compose file cannot hold"):
        compose(pools({"MOTD": "nul\0"}))
