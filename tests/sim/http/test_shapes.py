"""What the simulated server says of a model, read as the panel reads it."""

import msgspec
import pytest

from ollama_panel.core.ollama.models import ModelFacts, facts_from_tags
from ollama_panel.core.ollama.show import facts_from_show
from ollama_panel.sim.http import shapes
from ollama_panel.sim.machine.catalog import KNOWN
from ollama_panel.sim.machine.model import Model
from tests.sim.serving import client, server

EVERY = pytest.mark.parametrize("model", KNOWN.values(), ids=list(KNOWN))


def understood(model: Model, *, verbose: bool) -> ModelFacts:
    (listed,) = facts_from_tags(msgspec.json.encode({"models": [shapes.tag(model)]}))
    return facts_from_show(listed, msgspec.json.encode(shapes.show(model, verbose=verbose)), verbose=verbose)


@EVERY
def test_a_verbose_answer_says_all_that_the_simulation_reckons_with(model: Model) -> None:
    found = understood(model, verbose=True)
    assert msgspec.structs.replace(found, host_size=0) == model.facts()
    assert (found.host_size > 0) == (not model.embedding)


@EVERY
def test_arrays_are_null_unless_the_answer_is_verbose(model: Model) -> None:
    brief, verbose = (shapes.show(model, verbose=asked)["model_info"] for asked in (False, True))

    assert brief.keys() == verbose.keys()
    assert not any(isinstance(value, list) for value in brief.values())
    assert brief == {key: None if isinstance(value, list) else value for key, value in verbose.items()}
    assert len(verbose["tokenizer.ggml.tokens"]) == model.vocabulary


def test_without_verbose_the_layers_are_not_known() -> None:
    gemma, granite = (understood(KNOWN[name], verbose=False) for name in ("gemma4:e4b", "granite4:tiny-h"))

    assert (gemma.sliding_window, gemma.sliding_layers) == (512, ())
    assert granite.kv_heads == ()
    assert not gemma.complete
    assert not granite.complete
    assert understood(KNOWN["llama3.1:8b"], verbose=False).complete


async def test_the_server_is_asked_for_it() -> None:
    async with server(OLLAMA_SIM_CATALOG="gemma4:e4b") as url, client(url) as http:
        asked = [{"model": "gemma4:e4b"}, {"model": "gemma4:e4b", "verbose": True}]
        brief, verbose = [(await http.post("/api/show", json=body)).json()["model_info"] for body in asked]

    key = "gemma4.attention.sliding_window_pattern"
    assert (brief[key], len(verbose[key])) == (None, 42)


def test_the_tensors_of_a_layer_have_its_shape() -> None:
    tensors = {one["name"]: one["shape"] for one in shapes.show(KNOWN["gemma4:e4b"], verbose=False)["tensors"]}
    hybrid = {one["name"] for one in shapes.show(KNOWN["qwen3.5:27b"], verbose=False)["tensors"]}

    assert tensors["blk.0.attn_k.weight"] == [2560, 512]
    assert tensors["blk.5.attn_k.weight"] == [2560, 1024]
    assert "blk.2.ssm_out.weight" in hybrid
    assert "blk.3.attn_k.weight" in hybrid
    assert "blk.2.attn_k.weight" not in hybrid
