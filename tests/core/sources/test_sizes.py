import pytest

from ollama_panel.core.sources.sizes import of_docker, of_kubernetes


@pytest.mark.parametrize(
    ("text", "size"),
    [("5g", 5 * 1024**3), ("512MB", 512 * 1024**2), ("1.5GiB", 1536 * 1024**2), ("100", 100), ("0", None), ("x", None)],
)
def test_docker_counts_in_powers_of_1024(text: str, size: int | None) -> None:
    assert of_docker(text) == size


@pytest.mark.parametrize(
    ("text", "size"), [("8Gi", 8 * 1024**3), ("8G", 8 * 10**9), ("500M", 5 * 10**8), ("1024", 1024), ("8gb", None)]
)
def test_kubernetes_tells_the_powers_apart(text: str, size: int | None) -> None:
    assert of_kubernetes(text) == size
