import pytest

from ollama_panel.core.ollama import family_names


@pytest.mark.parametrize(
    ("name", "family"),
    [("qwen3.5:9b", "qwen35"), ("hf.co/x/Qwen3.5-9B-GGUF", "qwen35"), ("lfm2.5", "lfm2"), ("qwen3:8b", None)],
)
def test_a_name_tells_a_family_that_runs_one_request_at_a_time(name: str, family: str | None) -> None:
    assert family_names.serial_family(family_names.plain(name)) == family


def test_a_name_tells_a_model_for_embeddings() -> None:
    assert family_names.is_embedding_name("bge-m3")
    assert not family_names.is_embedding_name("llama3.1")
