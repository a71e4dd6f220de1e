"""The recorded answers of real servers are read in test_models."""

import msgspec
import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts, StateSpace
from ollama_panel.core.ollama.show import facts_from_show


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
