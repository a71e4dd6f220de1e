import json
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.models import (
    LoadedEntry,
    ModelFacts,
    canonical,
    facts_from_tags,
    forced_serial,
    is_cloud_name,
    is_embedding,
    loaded_from_ps,
)
from ollama_panel.core.ollama.show import facts_from_show

DATA = Path(__file__).parents[2] / "data" / "ollama"
GENERATIONS = pytest.mark.parametrize("generation", ["0.9", "0.24", "0.32"])


def recorded(generation: str, name: str) -> bytes:
    return json.dumps(json.loads((DATA / f"api-{generation}.json").read_text())[name]).encode()


def model(generation: str, name: str) -> ModelFacts:
    """Return a model as `/api/tags` and `/api/show` of that generation describe it."""
    tags = {facts.name: facts for facts in facts_from_tags(recorded(generation, "tags"))}
    return facts_from_show(tags[canonical(name)], recorded(generation, f"show_{name}"))


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("tiny", "tiny:latest"),
        ("Llama3.1:8B", "llama3.1:8b"),
        ("registry.ollama.ai/library/tiny:latest", "tiny:latest"),
        ("library/tiny", "tiny:latest"),
        ("tiny:local", "tiny:latest"),
        ("Tiny:8b:LOCAL", "tiny:8b"),
        ("hf.co/user/Repo-GGUF:Q4_K_M", "hf.co/user/repo-gguf:q4_k_m"),
        ("localhost:5000/x/y", "localhost:5000/x/y:latest"),
    ],
)
def test_names_are_compared_in_one_form(name, form):
    assert canonical(name) == form


def test_cloud_models_are_known_by_their_tag():
    assert [is_cloud_name(name) for name in ("gpt-oss:120b-cloud", "x:cloud", "cloud:8b")] == [True, True, False]


@GENERATIONS
def test_the_list_of_models(generation):
    assert {facts.name: facts.size for facts in facts_from_tags(recorded(generation, "tags"))} == {
        "minilm:latest": 45949702,
        "small:latest": 387138589,
        "tiny:latest": 8228635,
    }


@GENERATIONS
def test_what_show_says_of_a_chat_model(generation):
    facts = model(generation, "tiny")
    assert (facts.architecture, facts.layers, facts.embedding_length) == ("llama", 4, 256)
    assert (facts.heads, facts.kv_heads, facts.key_length) == (8, (4,), None)
    assert (facts.context_trained, facts.num_ctx, facts.feed_forward, facts.vocabulary) == (8192, 2048, 688, 2308)
    assert facts.blob.endswith("/blobs/sha256-ccb0dce3755f64de3ee9716a97b7df03b530f6093eb3179184320175d7741e91")
    assert not is_embedding(facts)
    assert forced_serial(facts) is None


@GENERATIONS
def test_what_show_says_of_an_embedding_model(generation):
    facts = model(generation, "minilm")
    assert (facts.family, facts.context_trained, facts.num_ctx) == ("bert", 512, None)
    assert (facts.heads, facts.kv_heads) == (12, (12,))
    assert is_embedding(facts)
    assert forced_serial(facts) == notice("serial.embedding")


def test_an_embedding_model_is_known_without_capabilities():
    assert is_embedding(ModelFacts(ModelName("x:latest"), family="nomic-bert"))
    assert not is_embedding(ModelFacts(ModelName("x:latest"), family="llama"))


def test_what_ollama_never_runs_in_parallel_has_a_reason():
    assert forced_serial(ModelFacts(ModelName("x:1"), family="qwen35")) == notice("serial.family", family="qwen35")
    mlx = ModelFacts(ModelName("x:1"), family="llama", format="safetensors")
    assert forced_serial(mlx) == notice("serial.safetensors")


def test_loaded_models_with_and_without_their_context():
    (old,) = loaded_from_ps(recorded("0.9", "ps_loaded"))
    assert (old.name, old.size, old.context) == ("tiny:latest", 96525312, None)
    new = {entry.name: entry.context for entry in loaded_from_ps(recorded("0.32", "ps_two"))}
    assert new == {"minilm:latest": 512, "tiny:latest": 2048}


def test_nulls_are_like_missing_fields():
    tags = b'{"models":[{"name":"A","details":{"families":null},"capabilities":null}]}'
    assert facts_from_tags(tags) == (ModelFacts(ModelName("a:latest")),)
    assert facts_from_tags(b'{"models":null}') == loaded_from_ps(b"{}") == ()
    assert loaded_from_ps(b'{"models":[{"model":"b"}]}') == (LoadedEntry(ModelName("b:latest"), "", 0, 0),)


def test_a_remote_model_is_remote():
    (facts,) = facts_from_tags(b'{"models":[{"name":"a","remote_host":"https://ollama.com:443"}]}')
    assert facts.remote


def test_a_body_that_is_not_an_answer_of_ollama_is_an_error():
    with pytest.raises(msgspec.DecodeError):
        facts_from_tags(b"<html>")
    with pytest.raises(msgspec.DecodeError):
        loaded_from_ps(b'{"models": 3}')


def test_a_context_of_0_is_unknown():
    (entry,) = loaded_from_ps(b'{"models": [{"name": "a:latest", "size": 0, "size_vram": 0, "context_length": 0}]}')
    assert entry.context is None
