"""The values of the chart: they are read back, and the chart itself makes valid objects of them."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import tools
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import Export, render
from ollama_panel.core.export.cluster.helm import VERSION
from ollama_panel.core.export.deployment import Accelerator, Site, Words
from ollama_panel.core.notices.render import render as english
from ollama_panel.core.settings.tree import Settings
from tests.core.export.cluster.kubelet import needs_schemas, require_valid, variables
from tests.core.export.samples import TRICKY, instances, names, nasty, pools, printable

LONG = {"LONG": "x$" * 5_000, "LINES": "a\nb\r\n#c: d\n", "TEMPLATE": "{{ .Values }} $(OLLAMA_HOST)"}
CHART = tools.FOLDER / "ollama-helm"

needs_chart = pytest.mark.skipif(
    not (shutil.which("helm") and CHART.is_dir()), reason="helm or the chart otwld/ollama is not here"
)


def helm(
    settings: Settings,
    accelerator: Accelerator = Accelerator.NVIDIA,
    words: Words = english,
    version: str = "0.32.15",
) -> Export:
    site = Site(accelerator=accelerator, ollama=version)
    return render("helm", settings, instances(settings), version="1.2.3", date="2026-11-23", words=words, site=site)


def with_models(*models: str) -> Settings:
    (chat, embedding) = pools().pools
    others = msgspec.structs.replace(embedding, models=())
    return Settings(pools=(msgspec.structs.replace(chat, models=models), others))


def values(export: Export) -> Any:
    return yaml.safe_load(export.files[0].text)


def meant(settings: Settings) -> dict[str, str]:
    (first, *_) = instances(settings)
    return {name: value for name, value in first.environment.items() if name != "OLLAMA_HOST"}


def made_by_chart(export: Export, folder: Path) -> list[Any]:
    """Return the objects that the chart makes of the first pool's values."""
    (folder / "values.yaml").write_text(export.files[0].text, encoding="utf-8", newline="")
    command = ["helm", "template", "ollama-chat-1", str(CHART), "--values", str(folder / "values.yaml")]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    return [one for one in yaml.safe_load_all(child.stdout) if one]


@given(st.dictionaries(names, printable, max_size=4))
def test_every_value_is_read_back(environment: dict[str, str]) -> None:
    settings = pools(environment)
    assert variables({"env": values(helm(settings))["extraEnv"]}) == meant(settings)


@needs_chart
def test_the_chart_is_the_one_that_the_values_are_for() -> None:
    assert yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))["version"] == VERSION


@needs_chart
@needs_schemas
@pytest.mark.parametrize("words", [english, nasty])
@pytest.mark.parametrize("accelerator", [Accelerator.NVIDIA, Accelerator.ROCM, Accelerator.CPU])
def test_the_chart_makes_a_worker_with_the_very_values(tmp_path: Path, accelerator: Accelerator, words: Words) -> None:
    settings = pools(TRICKY | LONG)
    found = made_by_chart(helm(settings, accelerator, words), tmp_path)
    require_valid(found, tmp_path)
    (deployment,) = [one for one in found if one["kind"] == "Deployment"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    got = variables(container)
    assert meant(settings).items() <= got.items()
    assert got.keys() - meant(settings).keys() <= {"OLLAMA_HOST", "PATH"}
    assert container["image"].endswith(":0.32.15-rocm" if accelerator is Accelerator.ROCM else ":0.32.15")
    card = {Accelerator.NVIDIA: "nvidia.com/gpu", Accelerator.ROCM: "amd.com/gpu"}.get(accelerator)
    assert container.get("resources", {}).get("limits", {}) == ({card: 1} if card else {})
    (service,) = [one for one in found if one["kind"] == "Service"]
    assert service["metadata"]["name"] == "ollama-chat-1", "the address that the last step names"
    assert any(one["kind"] == "PersistentVolumeClaim" for one in found)


@needs_chart
def test_the_chart_pulls_the_models_of_the_pool(tmp_path: Path) -> None:
    export = helm(with_models("llama3.1:8b", "hf.co/org/model-GGUF:Q4_K_M", "gpt-oss:120b-cloud"))
    found = made_by_chart(export, tmp_path)
    (deployment,) = [one for one in found if one["kind"] == "Deployment"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    script = container["lifecycle"]["postStart"]["exec"]["command"][-1]
    pulls = [line.split()[-1] for line in script.splitlines() if "ollama pull" in line]
    assert pulls == ["llama3.1:8b", "hf.co/org/model-GGUF:Q4_K_M"]


@pytest.mark.parametrize("model", ["a; rm -rf /", "$(id)", "two words", "a`id`"])
def test_a_model_that_would_be_a_command_in_the_script_of_the_chart_is_refused(model: str) -> None:
    with pytest.raises(PanelError, match="The chart cannot pull"):
        helm(with_models(model))


def test_each_worker_is_a_release_with_the_values_of_its_pool() -> None:
    (install,) = [step.command for step in helm(pools()).steps if "--install" in step.command]
    assert [line.split()[3] for line in install.splitlines()] == ["ollama-chat-1", "ollama-chat-2", "ollama-embed-1"]
    assert [line.split()[-1] for line in install.splitlines()] == [
        "values-chat.yaml",
        "values-chat.yaml",
        "values-embed.yaml",
    ]
    assert all(f"--version {VERSION} " in line for line in install.splitlines())


def test_without_a_release_the_chart_chooses_the_image() -> None:
    assert "image" not in values(helm(pools(), version=""))


@pytest.mark.parametrize(
    ("accelerator", "why"), [(Accelerator.METAL, "GPU of a Mac"), (Accelerator.VULKAN, "nvidia, rocm or cpu")]
)
def test_a_card_that_no_cluster_gives_is_refused_in_a_sentence(accelerator: Accelerator, why: str) -> None:
    with pytest.raises(PanelError, match=why):
        helm(pools(), accelerator)
