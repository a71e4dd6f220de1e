import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.sources.containers import Container, ReadingBuilder, is_image, models_of
from ollama_panel.core.sources.record import Assignment, Fate, Place, Source, SourceKind, TextFile


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


def test_a_reading_has_the_servers_among_containers_and_what_others_get() -> None:
    place = Place("a.yaml", 1)
    slots = Assignment("OLLAMA_NUM_PARALLEL", "4", place)
    builder = ReadingBuilder(Source(SourceKind.COMPOSE, (TextFile("a.yaml"),)))
    server = Container("ollama", place, "ollama/ollama", assignments=(slots,))
    builder.add(server, "Linux")
    builder.add(server, "Linux", configs=())
    builder.add(Container("web", place, "open-webui", assignments=(slots,)), "Linux")
    builder.ignore((slots,), notice("source.client_only"))
    reading = builder.reading()
    assert ([one.name for one in reading.servers], reading.path) == (["ollama"], "a.yaml")
    assert [one.fate for one in reading.others] == [Fate.CLIENT, Fate.IGNORED]
    assert [one.code for one in reading.mistakes] == ["client-side"]
