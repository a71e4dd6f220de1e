import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.engines import Engine, engine_of, flash_by_default, flash_on_cpu
from ollama_panel.core.ollama.models import ModelFacts


def model(architecture: str, *, split_projector: bool = False) -> ModelFacts:
    return ModelFacts(ModelName("x:1"), architecture=architecture, split_projector=split_projector)


@pytest.mark.parametrize(
    ("architecture", "version", "engine"),
    [
        ("qwen35", "0.30.0", Engine.LLAMA_SERVER),
        ("qwen35", "0.33.0-rc2", Engine.LLAMA_SERVER),
        ("qwen35", "0.24.0", Engine.OLLAMA),
        ("qwen35", "0.17.1", Engine.OLLAMA),
        ("gptoss", "0.11.0", Engine.OLLAMA),
        ("gpt-oss", "0.11.4", Engine.LLAMA_RUNNER),
        ("qwen3", "0.12.5", Engine.LLAMA_RUNNER),
        ("qwen3", "0.12.6", Engine.OLLAMA),
        ("llama", "0.24.0", Engine.LLAMA_RUNNER),
        ("llama", "0.32.15", Engine.LLAMA_SERVER),
    ],
)
def test_the_engine_is_that_of_the_version(architecture: str, version: str, engine: Engine) -> None:
    assert engine_of(model(architecture), version) is engine


@pytest.mark.parametrize("version", ["", "0.0.0", "unknown"])
def test_an_unknown_version_is_the_newest(version: str) -> None:
    assert engine_of(model("gemma3"), version) is Engine.LLAMA_SERVER
    assert flash_by_default(model("gemma3"), version)


def test_a_picture_encoder_of_its_own_keeps_a_model_in_the_runner() -> None:
    assert engine_of(model("gemma3", split_projector=True), "0.21.0") is Engine.LLAMA_RUNNER


@pytest.mark.parametrize(
    ("architecture", "version", "on"),
    [
        ("llama", "0.13.3", False),
        ("llama", "0.13.4", True),
        ("gemma3", "0.12.5", False),
        ("gemma3", "0.12.6", True),
        ("qwen25vl", "0.24.0", False),
        ("llama", "0.30.0", True),
    ],
)
def test_flash_attention_is_on_by_default_from_a_version_on(architecture: str, version: str, on: bool) -> None:
    assert flash_by_default(model(architecture), version) is on


@pytest.mark.parametrize(("version", "able"), [("0.9.6", False), ("0.24.0", True), ("0.32.15", True), ("", True)])
def test_flash_attention_on_the_cpu_came_with_a_version(version: str, able: bool) -> None:
    assert flash_on_cpu(version) is able
