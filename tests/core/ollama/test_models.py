import json
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import (
    LoadedEntry,
    ModelFacts,
    StateSpace,
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
    assert forced_serial(facts) == ""


@GENERATIONS
def test_what_show_says_of_an_embedding_model(generation):
    facts = model(generation, "minilm")
    assert (facts.family, facts.context_trained, facts.num_ctx) == ("bert", 512, None)
    assert (facts.heads, facts.kv_heads) == (12, (12,))
    assert is_embedding(facts)
    assert forced_serial(facts) == "Ollama runs embedding models one request at a time; add workers instead."


def test_an_embedding_model_is_known_without_capabilities():
    assert is_embedding(ModelFacts(ModelName("x:latest"), family="nomic-bert"))
    assert not is_embedding(ModelFacts(ModelName("x:latest"), family="llama"))


def test_what_ollama_never_runs_in_parallel_has_a_reason():
    assert "qwen35 family" in forced_serial(ModelFacts(ModelName("x:1"), family="qwen35"))
    assert "MLX" in forced_serial(ModelFacts(ModelName("x:1"), family="llama", format="safetensors"))


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


def test_per_layer_numbers_windows_and_recurrent_layers():
    info = {
        "general.architecture": "x",
        "x.attention.head_count": [8, 0],
        "x.attention.head_count_kv": [2, 0],
        "x.attention.sliding_window": 1024,
        "x.attention.sliding_window_pattern": [True, False],
        "x.attention.key_length": 128.0,
        "x.ssm.conv_kernel": 4,
        "x.ssm.inner_size": 6144,
        "x.ssm.state_size": 16,
        "tokenizer.ggml.tokens": ["a", "b", "c"],
    }
    facts = facts_from_show(ModelFacts(ModelName("x:1")), msgspec.json.encode({"model_info": info}))
    assert (facts.heads, facts.kv_heads, facts.key_length) == (8, (2, 0), 128)
    assert (facts.sliding_window, facts.sliding_layers, facts.sliding_pattern) == (1024, (True, False), None)
    assert (facts.state, facts.vocabulary) == (StateSpace(4, 6144, 16, 0), 3)


def test_a_windows_path_to_the_blob_is_read():
    show = {"modelfile": "# FROM tiny\n\nFROM C:\\Users\\My Name\\.ollama\\models\\blobs\\sha256-1\nPARAMETER x 1\n"}
    facts = facts_from_show(ModelFacts(ModelName("x:1")), msgspec.json.encode(show))
    assert facts.blob == "C:\\Users\\My Name\\.ollama\\models\\blobs\\sha256-1"


def shown(info: dict[str, object], *, verbose: bool = False, **answer: object) -> ModelFacts:
    """Return what is understood of an answer of `/api/show` about a model of the architecture `x`."""
    named = {"general.architecture": "x"} | {f"x.{key}": value for key, value in info.items()}
    body = msgspec.json.encode({"model_info": named} | answer)
    return facts_from_show(ModelFacts(ModelName("x:1"), size=1000), body, verbose=verbose)


@pytest.mark.parametrize("absent", [None, []], ids=["null", "empty, up to 0.9"])
@pytest.mark.parametrize(
    "key",
    [
        "attention.head_count",
        "attention.head_count_kv",
        "attention.sliding_window_pattern",
        "feed_forward_length",
    ],
)
def test_a_model_whose_numbers_by_layer_are_left_out_is_not_complete(key: str, absent: object) -> None:
    heads = {"attention.head_count": 8, "attention.head_count_kv": 2}
    assert shown(heads).complete
    assert not shown(heads | {key: absent}).complete
    assert shown(heads | {key: absent}, verbose=True).complete


def test_arrays_that_no_forecast_needs_do_not_matter() -> None:
    assert shown(
        {"attention.head_count": 8, "rope.dimension_sections": None, "activation_sparsity_scale": None}
    ).complete


def test_heads_that_were_left_out_are_unknown_and_not_all_heads() -> None:
    """Only where the file has no such number are there as many KV heads as heads (llama.cpp `n_head_kv_arr`)."""
    assert shown({"attention.head_count": 16, "attention.head_count_kv": None}).kv_heads == ()
    assert shown({"attention.head_count": 16}).kv_heads == (16,)


def test_layers_are_told_apart_by_a_verbose_answer() -> None:
    facts = shown({"attention.head_count": 8, "attention.head_count_kv": [0, 2], "feed_forward_length": [64, 0]})
    assert (facts.kv_heads, facts.feed_forward, facts.feed_forward_layers) == ((0, 2), 64, (64, 0))


def test_short_convolutions_are_a_state_without_a_matrix() -> None:
    assert shown({"embedding_length": 512, "shortconv.l_cache": 3}).state == StateSpace(3, 512, 0, 0)


def test_experts_and_drafting_are_understood() -> None:
    info = {"expert_feed_forward_length": 768, "expert_used_count": 8, "nextn_predict_layers": 1}
    facts = shown(info, parameters="draft_num_predict              3\nnum_ctx 8192")
    assert (facts.expert_feed_forward, facts.experts_used, facts.draft_layers) == (768, 8, 1)
    assert (facts.draft_num_predict, facts.num_ctx) == (3, 8192)
    assert shown(info).draft_num_predict is None


def test_a_picture_encoder_of_its_own_is_noticed() -> None:
    assert shown({}, projector_info={"clip.has_vision_encoder": True}).split_projector
    assert not shown({}).split_projector


def table(name: str, kind: str) -> dict[str, object]:
    return {"name": name, "type": kind, "shape": [1024, 4096]}


@pytest.mark.parametrize(
    ("tensors", "size"),
    [
        ([table("token_embd.weight", "Q6_K"), table("output.weight", "Q6_K")], 1024 * 4096 * 210 // 256),
        ([table("token_embd.weight", "Q8_0")], 0),
        ([table("token_embd.weight", "Q8_0"), table("per_layer_token_embd.weight", "F16")], 1024 * 4096 * 2),
        ([table("token_embd.weight", "of the future"), table("output.weight", "F16")], 0),
        ([], 0),
    ],
    ids=["own output", "the output is the table", "a table for each layer", "unknown type", "none"],
)
def test_tables_that_stay_in_main_memory_are_measured_by_their_tensors(
    tensors: list[dict[str, object]], size: int
) -> None:
    facts = shown({}, tensors=tensors)
    assert facts.host_size == size
    assert facts.vocabulary == (4096 if tensors else None)
