import pytest

from ollama_panel.core.sources.containers import is_image, models_of


@pytest.mark.parametrize(
    ("image", "right"),
    [
        ("ollama/ollama", True),
        ("docker.io/ollama/ollama:0.32.0-rocm", True),
        ("registry.lan:5000/ai/ollama@sha256:0", True),
        ("alpine/ollama", True),
        ("ghcr.io/someone/ollama-intel:latest", True),
        ("registry.lan/ollama-qwen3-unraid:1", True),
        ("ghcr.io/someone/ollama-dashboard", False),
        ("someone/ollama-ui", False),
        ("ghcr.io/open-webui/open-webui:ollama", True),
        ("ghcr.io/open-webui/open-webui:main", False),
        ("ghcr.io/ollama-webui/ollama-webui", False),
        ("some/ollama-proxy", False),
        ("nginx", False),
    ],
)
def test_an_image_with_a_server_is_known_by_its_name(image: str, right: bool) -> None:
    assert is_image(image) is right


def test_without_an_image_the_name_of_the_service_decides() -> None:
    assert (is_image("", "my-ollama"), is_image("", "ollama-webui"), is_image("", "web")) == (True, False, False)


def test_models_are_those_that_commands_pull_or_run() -> None:
    script = "ollama serve & ollama pull qwen3:8b; ollama run 'bge-m3'; ollama pull qwen3:8b"
    assert models_of(["sh", "-c", script]) == ("qwen3:8b", "bge-m3")
