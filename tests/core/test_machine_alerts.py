"""Incidents become alerts: their sentences, what they offer, and how several are one."""

from collections.abc import Iterable

import msgspec
import pytest

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.incident_groups import Happened, Machine
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.machine_alerts import machine_alerts
from ollama_panel.core.notices import ChangePools, RaiseContext
from ollama_panel.core.notices.render import render
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.ollama.incident import Incident, Kind
from ollama_panel.core.ollama.incidents import Incidents
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import InstanceRecord, MachineAlert
from tests.core.test_spill_advice import LLAMA

CHAT = PoolName("chat")
LLAMA = msgspec.structs.replace(LLAMA, blob="/a")
MINILM = ModelFacts(
    ModelName("all-minilm:latest"), blob="/e", size=GIB // 16, family="bert", capabilities=("embedding",)
)
POOL = PoolSettings(CHAT, parallel=2, context_length=32_768)
MACHINE = Machine(
    pools={CHAT: POOL}, models=(LLAMA, MINILM), budget=12 * GIB, card="NVIDIA GeForce RTX 3080 Ti", version="0.32.15"
)
STARTS = 'msg="starting llama-server" cmd="/x/llama-server --model /a -c 65536 -np 2"'
SPILLED = "load_tensors: offloaded 21/33 layers to GPU"
CPU = 'msg="inference compute" id=cpu library=cpu total="31.2 GiB"'
CARD = 'msg="inference compute" library=CUDA description="RTX 3080 Ti" total="12.0 GiB"'


def instance(name: str = "chat-1", *models: LoadedModel, managed: bool = True, parallel: int = 2) -> InstanceRecord:
    pool = CHAT if managed else PoolName("")
    return InstanceRecord(
        InstanceId(name), pool, Role.CHAT, managed, "http://x", Phase.READY, models=models, parallel=parallel
    )


def told(*lines: str, record: InstanceRecord | None = None) -> list[Happened]:
    """Return what the log of an instance says a minute after these lines."""
    incidents = Incidents()
    for line in lines:
        fact = parse(line)
        assert fact is not None, line
        incidents.heard(fact, 100.0)
    active = incidents.active(160.0)
    runners = incidents.registry.runners
    return [Happened(record or instance(), one, runners.get((*one.models, "")[0])) for one in active]


def alert(happened: Iterable[Happened], machine: Machine = MACHINE) -> MachineAlert:
    (found,) = machine_alerts(happened, machine)
    return found


def test_a_spill_names_what_it_costs_and_what_would_fit() -> None:
    """21/33 + 12/33 x 912/51.2 = 7.1; 12 GiB without 1 GiB of margin hold the weights and some 10k tokens x 2."""
    found = alert(told(STARTS, SPILLED))
    assert render(found.told) == (
        "llama3.1:8b: 21 of 33 layers are on the GPU: about 7 times slower. "
        "It fits with a context of 22,528 tokens, or with its KV cache as q8_0."
    )
    assert found.offers == (
        ChangePools((CHAT,), context_length=22_528),
        ChangePools((CHAT,), environment=(("OLLAMA_KV_CACHE_TYPE", "q8_0"),)),
    )
    assert (found.code, found.model, found.where, found.impairs) == ("layers_spilled", "llama3.1:8b", "chat", True)


def test_what_else_is_loaded_leaves_less_room() -> None:
    other = {(InstanceId("embedding-1"), ModelName("all-minilm:latest")): GIB}
    machine = msgspec.structs.replace(MACHINE, used=other)
    (context, _) = alert(told(STARTS, SPILLED), machine).offers
    assert isinstance(context, ChangePools)
    assert context.context_length == 22_528 - GIB // (2 * 128 * 1024), "2 slots x 128 KiB a token"


def test_a_spill_at_a_server_that_is_not_ours_offers_nothing_but_says_it() -> None:
    adopted = instance("adopted-11434", managed=False)
    found = alert(told(STARTS, SPILLED, record=adopted))
    assert (found.offers, found.where) == ((), "adopted-11434")
    assert "about 7 times slower. It fits with" in render(found.told)


def test_a_spill_that_only_the_server_tells_of_is_told_by_its_share() -> None:
    loaded = LoadedModel(LLAMA.name, 100, 60, 32_768, 2, ParallelSource.ENVIRONMENT)
    record = instance("chat-1", loaded)
    happened = [Happened(record, Incident(Kind.LAYERS_SPILLED, 1.0, 1.0, (LLAMA.name,)))]
    assert render(alert(happened).told).startswith(
        "llama3.1:8b: 40 % of it are not in the GPU's memory: about 8 times slower. It fits with"
    )


def test_on_unified_memory_and_on_unknown_cards_nothing_is_said_of_the_speed() -> None:
    for machine in (msgspec.structs.replace(MACHINE, unified=True), msgspec.structs.replace(MACHINE, card="GPU")):
        assert "21 of 33 layers are on the GPU. It" in render(alert(told(STARTS, SPILLED), machine).told)


def test_a_model_whose_file_is_not_known_is_named_by_that() -> None:
    starts = STARTS.replace("/a", r"C:\\models\\blobs\\sha256-0123")
    assert render(alert(told(starts, SPILLED)).told).startswith("sha256-0123: 21 of 33")


def test_the_same_at_two_workers_is_one_alert() -> None:
    both = [*told(STARTS, SPILLED), *told(STARTS, SPILLED, record=instance("chat-2"))]
    found = alert(both)
    assert (found.instances, found.times) == (("chat-1", "chat-2"), 2)


def test_a_model_with_one_slot_says_why_and_offers_workers_instead() -> None:
    loaded = LoadedModel(MINILM.name, GIB, GIB, 512, 1, ParallelSource.OLLAMA)
    record = instance("chat-1", loaded, parallel=4)
    machine = msgspec.structs.replace(MACHINE, used={(record.id, MINILM.name): 4 * GIB})
    found = alert([Happened(record, Incident(Kind.SLOTS_FORCED, 1.0, 1.0, (MINILM.name,)))], machine)
    assert render(found.told) == (
        "all-minilm:latest has one slot at chat-1, not 4: "
        "Ollama runs embedding models one request at a time; add workers instead."
    )
    assert found.offers == (ChangePools((CHAT,), parallel=1, workers=3),), "12 GiB hold three of 4 GiB"
    assert (found.told.level, found.impairs) == (Level.INFO, False)
    without = msgspec.structs.replace(machine, gpu=False)
    happened = Happened(record, Incident(Kind.SLOTS_FORCED, 1.0, 1.0, (MINILM.name,)))
    assert alert([happened], without).offers == (), "it would take the cores of the first"


@pytest.mark.parametrize(
    ("line", "sentence", "level"),
    [
        (
            'msg="requested context size too large for model" num_ctx=8192 n_ctx_train=2048',
            "llama3.1:8b was trained for 2,048 tokens: it gets that context, not the 8,192 that were asked for.",
            Level.INFO,
        ),
        (
            'msg="kv cache type not supported by model" type=q8_0',
            "llama3.1:8b does not take the KV cache type q8_0: its cache stays f16, 1.9 times as large.",
            Level.WARNING,
        ),
        (
            'msg="quantized kv cache requested but flash attention disabled" type=q4_0',
            "llama3.1:8b: the KV cache type q4_0 needs flash attention, which is off: "
            "the cache stays f16, 3.6 times as large. OLLAMA_FLASH_ATTENTION=1 switches it on.",
            Level.WARNING,
        ),
    ],
)
def test_what_a_load_does_not_get_is_told_with_its_numbers(line: str, sentence: str, level: Level) -> None:
    found = alert(told(line, STARTS))
    assert (render(found.told), found.told.level, found.impairs) == (sentence, level, False)


def test_flash_attention_is_offered_where_a_load_fails_without_it() -> None:
    found = alert(told(STARTS, "llama_init_from_model: quantized V cache requires flash_attn to be enabled"))
    assert render(found.told) == (
        "llama3.1:8b is not loaded: its KV cache type needs flash attention, which is off. "
        "OLLAMA_FLASH_ATTENTION=1 switches it on."
    )
    assert found.offers == (ChangePools((CHAT,), environment=(("OLLAMA_FLASH_ATTENTION", "1"),)),)


def test_flash_attention_that_is_on_and_not_used_is_not_offered() -> None:
    pool = msgspec.structs.replace(POOL, environment={"OLLAMA_FLASH_ATTENTION": "1"})
    line = 'msg="quantized kv cache requested but flash attention disabled" type=q8_0'
    found = alert(told(line, STARTS), msgspec.structs.replace(MACHINE, pools={CHAT: pool}))
    assert render(found.told) == (
        "llama3.1:8b: the KV cache type q8_0 needs flash attention, which Ollama does not use with this model or GPU: "
        "the cache stays f16, 1.9 times as large."
    )
    assert found.offers == ()


def test_a_load_that_did_not_fit_names_what_did_not_and_what_would() -> None:
    lines = (
        "alloc_tensor_range: failed to allocate CUDA0 buffer of size 8589934592",
        "failed to allocate buffer for kv cache",
    )
    found = alert(told(STARTS, *lines))
    assert render(found.told) == (
        "llama3.1:8b is not loaded: 8.0 GiB for its context did not fit into CUDA0. "
        "It fits with a context of 22,528 tokens, or with its KV cache as q8_0."
    )
    assert (found.told.level, len(found.offers), found.impairs) == (Level.ERROR, 2, True)


@pytest.mark.parametrize(
    ("lines", "sentence", "variable"),
    [
        (
            ('msg="experimental Vulkan support disabled. x"', CPU),
            "Ollama has found no GPU, and does not look for one with Vulkan: if this machine has one, "
            "OLLAMA_VULKAN=1 lets it.",
            "OLLAMA_VULKAN",
        ),
        (
            ('msg="dropping integrated GPU; x" description="Radeon 780M"', CPU),
            "Ollama has found no GPU but Radeon 780M, which shares the main memory, and does not use it: "
            "OLLAMA_IGPU_ENABLE=1 lets it.",
            "OLLAMA_IGPU_ENABLE",
        ),
        (
            (STARTS, "ROCm error: invalid device function"),
            "This Ollama cannot use the GPU by ROCm, because it has no code for its generation: update Ollama, or let "
            "it use Vulkan (OLLAMA_VULKAN=1).",
            "OLLAMA_VULKAN",
        ),
    ],
)
def test_a_variable_that_helps_is_offered_unless_the_pool_sets_it(
    lines: tuple[str, ...], sentence: str, variable: str
) -> None:
    found = alert(told(*lines))
    assert render(found.told) == sentence
    assert found.offers == (ChangePools((CHAT,), environment=((variable, "1"),)),)
    pool = msgspec.structs.replace(POOL, environment={variable: "0"})
    assert alert(told(*lines), msgspec.structs.replace(MACHINE, pools={CHAT: pool})).offers == ()


def test_a_lost_card_is_one_alert_for_all_pools() -> None:
    both = [*told(CARD, CPU), *told(CARD, CPU, record=instance("embedding-1"))]
    found = alert(both)
    assert render(found.told).startswith("Ollama does not find RTX 3080 Ti any more, and runs models on the processor")
    assert (found.where, found.impairs, found.restart) == ("", True, True)


def test_one_of_two_lost_cards_is_named() -> None:
    found = alert(told(CARD, CARD.replace("RTX 3080 Ti", "L4"), 'msg="Listening on 127.0.0.1:1 (version 1)"', CARD))
    assert render(found.told).startswith("Ollama does not find L4 any more, and runs models without: see whether")


def test_models_that_push_each_other_out_are_named_with_what_lets_them_stay() -> None:
    other = msgspec.structs.replace(LLAMA, name=ModelName("b:8b"), blob="/b")
    machine = msgspec.structs.replace(MACHINE, models=(LLAMA, other), budget=24 * GIB)
    evicted = 'msg="model requires more gpu memory than is currently available, evicting a model to make space"'
    load = (evicted, STARTS, 'msg="llama-server started in 2.00 seconds"')
    found = alert(told(*load, *(line.replace("/a", "/b") for line in load), *load), machine)
    assert render(found.told) == (
        "llama3.1:8b and b:8b push each other out of memory: 3 times in ten minutes, so that answers wait for loads. "
        "Their caches as q8_0 let them fit together."
    )
    assert found.offers == (ChangePools((CHAT,), environment=(("OLLAMA_KV_CACHE_TYPE", "q8_0"),)),)
    unknown = msgspec.structs.replace(MACHINE, models=())
    assert "Use fewer models at once" in render(alert(told(*load, *load, *load), unknown).told)


def test_models_that_the_limit_pushes_out_may_all_stay_where_they_fit_together() -> None:
    other = msgspec.structs.replace(LLAMA, name=ModelName("b:8b"), blob="/b")
    pool = msgspec.structs.replace(POOL, environment={"OLLAMA_MAX_LOADED_MODELS": "1"})
    machine = msgspec.structs.replace(MACHINE, models=(LLAMA, other), budget=200 * GIB, pools={CHAT: pool})
    evicted = 'msg="model requires more gpu memory than is currently available, evicting a model to make space"'
    load = (evicted, STARTS, 'msg="llama-server started in 2.00 seconds"')
    happened = told(*load, *(line.replace("/a", "/b") for line in load), *load)
    assert "OLLAMA_MAX_LOADED_MODELS=1 lets no more stay, though they fit together: set it to 2." in render(
        alert(happened, machine).told
    )
    assert alert(happened, machine).offers == (ChangePools((CHAT,), environment=(("OLLAMA_MAX_LOADED_MODELS", "2"),)),)
    small = msgspec.structs.replace(machine, budget=10 * GIB)
    assert "OLLAMA_MAX_LOADED_MODELS" not in render(alert(happened, small).told)


def test_a_prompt_that_no_request_of_the_panel_explains_is_told_with_a_context_that_holds_it() -> None:
    found = alert(told('msg="truncating input prompt" limit=4096 prompt=9375 keep=5 new=4096'))
    assert render(found.told) == "A prompt of 9,375 tokens was cut to 4,096 at chat-1: give it a longer context."
    assert found.offers == (RaiseContext((CHAT,), 16_384),)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            tuple(f'msg="invalid option provided" option={name}' for name in ("tfs_z", "low_vram")),
            "A client of chat-1 sets options that this Ollama does not know, and ignores: tfs_z and low_vram. "
            "Remove them there.",
        ),
        (
            ('level=WARN msg="user overrode visible devices" CUDA_VISIBLE_DEVICES=1',),
            "The environment of chat-1 chooses the GPUs that Ollama sees: CUDA_VISIBLE_DEVICES=1. "
            "Unset this if it does not find one that it should.",
        ),
        (
            ('msg="gpu VRAM usage didn\'t recover within timeout" seconds=5.1',),
            "chat-1: 5.1 s after a model was unloaded the GPU's memory was not free yet. The next model may get too "
            "little of it: if this goes on, restart the server, or see what else uses the GPU.",
        ),
        (
            ("Memory access fault by GPU node-1",),
            "The GPU, or its driver, has failed under chat-1. If this happens again, update the driver, and see that "
            "the card is not too hot and has enough power.",
        ),
        (
            ("Error: mkdir /srv/models: file exists: ensure path elements are traversable",),
            "The models' folder /srv/models cannot be made or entered: a file may have its name, or another user own "
            "it. Mend that, or choose another folder in Settings (ollama.models_dir).",
        ),
    ],
)
def test_what_no_setting_mends_says_what_to_do(lines: tuple[str, ...], sentence: str) -> None:
    found = alert(told(*lines))
    assert (render(found.told), found.offers) == (sentence, ())


def test_a_load_of_a_model_that_the_log_does_not_name_is_told_all_the_same() -> None:
    found = alert(told("ggml_aligned_malloc: insufficient memory (attempted to allocate 900.00 MB)"))
    assert render(found.told).startswith("A model is not loaded: a part of it did not fit into memory.")
    assert found.model == ""


@pytest.mark.parametrize("blob", ["/a", "/e"])
@pytest.mark.parametrize(
    ("pool", "asked", "tells"),
    [
        (PoolSettings(CHAT), 4096, False),
        (PoolSettings(CHAT, context_length=2048), 2048, False),
        (PoolSettings(CHAT), 8192, True),
        (PoolSettings(CHAT, context_length=2048), 4096, True),
        (PoolSettings(CHAT, context_length=16_384), 16_384, True),
        (PoolSettings(CHAT, context_length=16_384), 4096, True),
        (PoolSettings(CHAT, environment={"OLLAMA_CONTEXT_LENGTH": "4096"}), 4096, True),
        (None, 4096, False),
        (None, 32_768, True),
    ],
)
def test_a_model_that_was_trained_for_less_than_the_default_is_told_only_if_somebody_asked_for_more(
    blob: str, pool: PoolSettings | None, asked: int, *, tells: bool
) -> None:
    line = f'msg="requested context size too large for model" num_ctx={asked} n_ctx_train=512'
    happened = told(line, STARTS.replace("/a", blob), record=instance(managed=pool is not None))
    machine = msgspec.structs.replace(MACHINE, pools={} if pool is None else {CHAT: pool})
    assert [one.code for one in machine_alerts(happened, machine)] == ["context_reduced"] * tells


def test_a_context_that_did_not_fit_into_memory_is_told_be_it_the_default() -> None:
    line = 'level=WARN msg="llama-server load failed; reducing automatic context and retrying once" '
    line += 'effective_num_ctx=4096 new_num_ctx=2048 error="out of memory"'
    machine = msgspec.structs.replace(MACHINE, pools={CHAT: PoolSettings(CHAT)})
    assert "context_reduced" in {one.code for one in machine_alerts(told(line, STARTS), machine)}
