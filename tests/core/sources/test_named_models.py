import pytest

from ollama_panel.core.sources import named_models


def test_models_are_found_in_comments_alone() -> None:
    text = "A=llama3.1\n# of embed-1, for bge-m3, and llama3.1:8b.\nB=1 # qwen3\n; ollama-server, issue-12\nREM lfm2\n"
    assert list(named_models.in_comments(text)) == ["bge-m3", "llama3.1:8b", "qwen3", "lfm2"]


@pytest.mark.parametrize(
    "name", ["bge-m3", "embeddinggemma", "x/nomic-embed-text:v1.5", "qwen3.5", "nemotron-3-nano:30b"]
)
def test_models_that_ollama_runs_one_request_at_a_time(name: str) -> None:
    assert named_models.is_model(name)
    assert named_models.is_serial(name)


def test_all_of_them_must_be_serial_and_there_must_be_one() -> None:
    assert named_models.all_serial(["bge-m3", "lfm2"])
    assert not named_models.all_serial(["bge-m3", "llama3"])
    assert not named_models.all_serial([])
