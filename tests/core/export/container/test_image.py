"""Ollama's image, and what an instance becomes in it."""

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.container import image
from ollama_panel.core.export.deployment import Accelerator, Deployment, Provenance, Site
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.settings.tree_ollama import OllamaSettings
from tests.core.export.samples import instances, pools

PLACE = notice("export.compose.file")


@pytest.mark.parametrize(
    ("version", "accelerator", "tag"),
    [
        ("", Accelerator.NVIDIA, "latest"),
        ("0.32.15", Accelerator.NVIDIA, "0.32.15"),
        ("0.33.0-rc2", Accelerator.CPU, "0.33.0-rc2"),
        ("0.32.15", Accelerator.ROCM, "0.32.15-rocm"),
        ("", Accelerator.ROCM, "rocm"),
        ("0.0.0", Accelerator.VULKAN, "latest"),
        ("0.32.15-3-gabcdef", Accelerator.CPU, "latest"),
        ("1; rm -rf /", Accelerator.ROCM, "rocm"),
    ],
)
def test_the_tag_is_that_of_a_release_and_of_the_accelerator(version: str, accelerator: Accelerator, tag: str) -> None:
    assert image.image(Site(ollama=version, accelerator=accelerator)) == f"docker.io/ollama/ollama:{tag}"


def test_in_its_container_an_instance_listens_on_every_address_and_has_its_models_in_a_mount() -> None:
    (first, *_) = instances(msgspec.structs.replace(pools({"A": "b"}), ollama=OllamaSettings(models_dir="/data")))
    variables = image.environment(first, Site(), PLACE)
    assert variables == {
        "OLLAMA_NUM_PARALLEL": "4",
        "OLLAMA_CONTEXT_LENGTH": "8192",
        "A": "b",
        "OLLAMA_HOST": "0.0.0.0:11434",
    }
    assert image.store_of(first) == "/data"


def test_vulkan_is_switched_on_unless_the_pool_has_switched_it_off() -> None:
    for own, value in (({}, "1"), ({"OLLAMA_VULKAN": "0"}, "0")):
        (first, *_) = instances(pools(own))
        assert image.environment(first, Site(accelerator=Accelerator.VULKAN), PLACE)["OLLAMA_VULKAN"] == value


def test_a_mac_is_told_why_there_is_no_container() -> None:
    with pytest.raises(PanelError, match="No container reaches the GPU of a Mac: export launchd"):
        image.require_reachable(Accelerator.METAL)
    image.require_reachable(Accelerator.CPU)


def deployed(*models: str, embedding_model: str = "minilm", folder: str = "") -> Deployment:
    (chat, embedding) = pools().pools
    settings = Settings(
        pools=(
            msgspec.structs.replace(chat, models=models),
            msgspec.structs.replace(embedding, models=tuple(filter(None, (embedding_model,)))),
        ),
        ollama=OllamaSettings(models_dir=folder),
    )
    return Deployment(settings, instances(settings), Provenance("1", "2026-11-23"))


def test_the_models_of_the_pools_are_pulled_once_into_the_volume_as_words_of_a_shell() -> None:
    (step,) = image.pulls(deployed("llama3.1:8b", "minilm", "gpt-oss:120b-cloud", "a b"), "pull")
    assert step.command == "pull llama3.1:8b\npull minilm\npull 'a b'"


def test_a_folder_that_has_the_models_needs_no_pulls() -> None:
    assert image.pulls(deployed("llama3.1:8b", folder="/data"), "pull") == ()


def test_without_names_there_is_an_example_for_each_role() -> None:
    (step,) = image.pulls(deployed(embedding_model=""), "pull")
    assert step.command == "pull llama3.2\npull nomic-embed-text"
