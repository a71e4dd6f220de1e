import pytest
from msgspec.structs import replace

from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import GIB, MIB
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.fleet import Fleet
from ollama_panel.core.scheduling.messages import InstanceUp, MemoryMeasured
from ollama_panel.core.scheduling.model_state import ModelState
from tests.core.scheduling.models import GEMMA_27B, HYBRID_80B, LLAMA_8B
from tests.core.scheduling.script import LLAMA, NOMIC

CHAT, EMBED = (LLAMA, Role.CHAT), (NOMIC, Role.EMBEDDING)
GRACE = 60


def facts(name: str, role: Role = Role.CHAT, parallel: int = 2, **more) -> InstanceUp:
    return InstanceUp(name, name.rpartition("-")[0], role, "http://x", parallel, **more)


def names(found) -> list[str]:
    return [copy.instance.id for copy in found]


def test_the_role_decides_then_the_models_a_pool_names():
    fleet = Fleet()
    fleet.up(facts("chat-1"), 0)
    fleet.up(facts("llama-1", models=(LLAMA,)), 0)
    fleet.up(facts("embedding-1", Role.EMBEDDING), 0)
    assert names(fleet.candidates(CHAT, 0, GRACE)) == ["llama-1"]
    assert names(fleet.candidates(EMBED, 0, GRACE)) == ["embedding-1"]


def test_an_instance_that_restarts_keeps_its_place_for_a_while():
    fleet = Fleet()
    fleet.up(facts("chat-1"), 0)
    fleet.up(facts("embedding-1", Role.EMBEDDING), 0)
    fleet.down("embedding-1", removed=False, now=10)
    assert names(fleet.candidates(EMBED, 20, GRACE)) == ["embedding-1"]
    fleet.review()
    assert names(fleet.candidates(EMBED, 80, GRACE)) == ["chat-1"]


def test_a_restart_makes_every_model_cold():
    fleet = Fleet()
    copy = fleet.up(facts("chat-1"), 0).copy(LLAMA)
    copy.state = ModelState.WARM
    fleet.down("chat-1", removed=False, now=1)
    assert copy.state is ModelState.COLD
    assert not fleet.answering()
    assert fleet.all_down_at == 1


def test_a_cold_model_gets_one_request_and_an_unloading_one_none():
    fleet = Fleet()
    copy = fleet.up(facts("chat-1"), 0).copy(LLAMA)
    assert fleet.limit(copy) == 1
    copy.state = ModelState.WARM
    assert fleet.limit(copy) == 2
    copy.state = ModelState.UNLOADING
    assert fleet.limit(copy) == 0


def test_memory_is_predicted_from_weights_the_cache_of_all_slots_and_the_buffers():
    fleet = Fleet()
    copy = fleet.up(facts("chat-1", parallel=4, context_length=8192), 0).copy(LLAMA)
    assert fleet.bytes(copy) is None
    fleet.set_catalog((LLAMA_8B,))
    cache, buffers = 131_072 * 8192 * 4, 1024 * (4 * (4 * 4096 + 3 * 14_336) + 2 * 8192)
    assert fleet.bytes(copy) == LLAMA_8B.size + cache + buffers + 457 * MIB
    copy.bytes = 7_000_000_000
    assert fleet.bytes(copy) == 7_000_000_000


def test_what_is_not_known_of_a_model_is_left_out_of_the_prediction():
    fleet = Fleet()
    copy = fleet.up(facts("chat-1"), 0).copy(LLAMA)
    fleet.set_catalog((ModelFacts(LLAMA, size=5_000_000_000),))
    assert fleet.bytes(copy) == 5_000_000_000 + 457 * MIB
    fleet.memory = MemoryMeasured(24 * GIB, 24 * GIB)
    assert fleet.context_that_fits(CHAT) is None


def test_without_a_gpu_a_runner_has_smaller_buffers_of_its_own():
    fleet = Fleet(memory=MemoryMeasured(24 * GIB, 24 * GIB, gpu=False))
    copy = fleet.up(facts("chat-1"), 0).copy(LLAMA)
    fleet.set_catalog((ModelFacts(LLAMA, size=5_000_000_000),))
    assert fleet.bytes(copy) == 5_000_000_000 + 64 * MIB


def test_the_longest_context_counts_every_slot_once():
    fleet = Fleet(memory=MemoryMeasured(24 * GIB, 24 * GIB))
    fleet.set_catalog((LLAMA_8B,))
    fleet.up(facts("chat-1", parallel=4), 0)
    four = fleet.context_that_fits(CHAT)
    assert 30_000 < four < 40_000
    fleet.up(facts("chat-1", parallel=1), 1)
    assert 3.9 < fleet.context_that_fits(CHAT) / four < 4.1


def test_the_instance_with_the_least_memory_decides_the_longest_context():
    fleet = Fleet(memory=MemoryMeasured(24 * GIB, 24 * GIB))
    fleet.set_catalog((LLAMA_8B,))
    fleet.up(facts("chat-1", parallel=4, cache_type="q8_0"), 0)
    quantised = fleet.context_that_fits(CHAT)
    fleet.up(facts("chat-2", parallel=4), 0)
    assert 1.8 < quantised / fleet.context_that_fits(CHAT) < 2.0


@pytest.mark.parametrize(("cache_type", "cache"), [("f16", 3_556_769_792), ("q8_0", 1_889_533_952)])
def test_a_sliding_window_and_a_quantised_cache_take_less(cache_type, cache):
    """10 of 62 layers see 32,768 cells, 52 see 2,048 (1,024 and a batch of 1,024): 16 heads of 128, key and value."""
    fleet = Fleet()
    copy = fleet.up(facts("chat-1", parallel=1, context_length=32_768, cache_type=cache_type), 0).copy(GEMMA_27B.name)
    fleet.set_catalog((GEMMA_27B,))
    buffers = 1024 * (4 * (4 * 5376 + 3 * 21_504) + 2 * 32_768)
    assert fleet.bytes(copy) == GEMMA_27B.size + cache + buffers + 457 * MIB


def test_the_version_of_an_instance_decides_how_much_a_model_takes_there():
    """Ollama's own engine keeps 512 tokens of a batch beside the window, llama-server 1,024 at this context."""
    fleet = Fleet()
    new, old = (
        fleet.up(facts(name, parallel=1, context_length=32_768, version=version), 0).copy(GEMMA_27B.name)
        for name, version in (("chat-1", "0.32.15"), ("chat-2", "0.24.0"))
    )
    fleet.set_catalog((GEMMA_27B,))
    cache, compute = 52 * 512 * 16 * 2 * 128 * 2, 512 * (4 * (4 * 5376 + 3 * 21_504) + 2 * 32_768)
    assert fleet.bytes(new) - fleet.bytes(old) == cache + compute


def test_a_model_with_recurrent_layers_keeps_a_state_that_does_not_grow():
    fleet = Fleet()
    name = HYBRID_80B.name
    short = fleet.up(facts("chat-1", parallel=1, context_length=4096), 0).copy(name)
    long = fleet.up(facts("chat-2", parallel=1, context_length=8192), 0).copy(name)
    fleet.set_catalog((HYBRID_80B,))
    full_attention, buffers = 12 * 2 * 512 * 2 * 4096, 512 * (4 * (4 * 2048 + 3 * 5120) + 2 * 8192)
    before = 512 * (4 * (4 * 2048 + 3 * 5120) + 2 * 4096)
    assert fleet.bytes(long) - fleet.bytes(short) == full_attention + (2 * buffers - before)


def test_a_forced_serial_model_has_one_slot_of_cache():
    fleet = Fleet()
    copy = fleet.up(facts("chat-1", parallel=4, context_length=4096), 0).copy(HYBRID_80B.name)
    fleet.set_catalog((HYBRID_80B,))
    alone = fleet.up(facts("chat-2", parallel=1, context_length=4096), 0).copy(HYBRID_80B.name)
    assert fleet.bytes(copy) == fleet.bytes(alone)


def test_an_instance_that_does_not_have_the_model_is_the_last_resort():
    fleet = Fleet()
    fleet.up(facts("adopted-11434", store=(NOMIC,)), 0)
    fleet.up(facts("other-1", Role.VISION), 0)
    assert names(fleet.candidates(CHAT, 0, GRACE)) == ["other-1"]
    fleet.down("other-1", removed=True, now=1)
    assert names(fleet.candidates(CHAT, 1, GRACE)) == ["adopted-11434"]


def test_the_own_context_of_a_copy_follows_what_is_known_of_it():
    fleet = Fleet()
    copy = fleet.up(facts("chat-1"), 0).copy(LLAMA)
    assert fleet.own_context(copy) is None
    fleet.saw_own_context(copy, 8192)
    assert fleet.own_context(copy) == 8192
    fleet.up(facts("chat-1", context_length=4096), 1)
    assert fleet.own_context(copy) == 4096
    fleet.set_catalog((replace(LLAMA_8B, num_ctx=2048),))
    assert fleet.own_context(copy) == 2048
    fleet.set_catalog(())
    assert fleet.own_context(copy) == 4096
    fleet.down("chat-1", removed=False, now=2)
    fleet.up(facts("chat-1"), 3)
    assert fleet.own_context(copy) is None


def test_a_model_may_be_in_another_store_while_there_is_one():
    fleet = Fleet()
    copy = fleet.up(facts("chat-1"), 0).copy(LLAMA)
    fleet.up(facts("chat-2"), 0)
    assert not fleet.elsewhere(copy, 1)
    fleet.up(facts("adopted-1", own_store=True), 0)
    assert fleet.elsewhere(copy, 1)
    assert not fleet.elsewhere(copy, 2)
    fleet.up(facts("adopted-1"), 1)
    assert not fleet.elsewhere(copy, 1)
    fleet.up(facts("adopted-1", own_store=True), 2)
    fleet.down("adopted-1", removed=True, now=3)
    assert not fleet.elsewhere(copy, 1)


def test_two_servers_with_one_store_are_one_place_to_look_in():
    fleet = Fleet()
    copy = fleet.up(facts("adopted-1", own_store=True, store_id="adopted-1"), 0).copy(LLAMA)
    fleet.up(facts("adopted-2", own_store=True, store_id="adopted-1"), 0)
    assert not fleet.elsewhere(copy, 1)
    fleet.up(facts("adopted-2", own_store=True), 0)
    assert fleet.elsewhere(copy, 1)
