from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.fleet import Fleet, ModelState
from ollama_panel.core.scheduling.messages import InstanceUp, MemoryMeasured
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
    assert fleet.emptied == 1


def test_a_cold_model_gets_one_request_and_a_leaving_one_none():
    fleet = Fleet()
    copy = fleet.up(facts("chat-1"), 0).copy(LLAMA)
    assert fleet.limit(copy) == 1
    copy.state = ModelState.WARM
    assert fleet.limit(copy) == 2
    copy.state = ModelState.UNLOADING
    assert fleet.limit(copy) == 0


def test_memory_is_predicted_from_weights_and_the_cache_of_all_slots():
    fleet = Fleet()
    copy = fleet.up(facts("chat-1", parallel=4, context_length=8192), 0).copy(LLAMA)
    assert fleet.bytes(copy) is None
    model = ModelFacts(LLAMA, size=4_900_000_000, layers=32, kv_heads=(8,), key_length=128)
    fleet.read((model,))
    cache = 131_072 * 8192 * 4
    assert fleet.bytes(copy) == 4_900_000_000 + cache + 512 * 1024**2
    assert fleet.context_that_fits(CHAT) is None
    fleet.memory = MemoryMeasured(24_000_000_000, 24_000_000_000)
    assert 30_000 < fleet.context_that_fits(CHAT) < 40_000
    copy.bytes = 7_000_000_000
    assert fleet.bytes(copy) == 7_000_000_000


def test_an_instance_that_does_not_have_the_model_is_the_last_resort():
    fleet = Fleet()
    fleet.up(facts("adopted-11434", store=(NOMIC,)), 0)
    fleet.up(facts("other-1", Role.VISION), 0)
    assert names(fleet.candidates(CHAT, 0, GRACE)) == ["other-1"]
    fleet.down("other-1", removed=True, now=1)
    assert names(fleet.candidates(CHAT, 1, GRACE)) == ["adopted-11434"]
