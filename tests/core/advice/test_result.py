import msgspec

from ollama_panel.core.advice.advise import advise
from ollama_panel.core.advice.result import Advice, settings_with
from ollama_panel.core.advice.uses import Use
from ollama_panel.core.ids import PoolName
from ollama_panel.core.records import Role
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import PoolSettings, Settings
from tests.core.advice.golden import EMBEDDING_MODEL, LLAMA_8B, MACHINES

RAG = advise(MACHINES["rtx-4070-12gb"], [LLAMA_8B, EMBEDDING_MODEL], Use.RAG, 6)
CODE = advise(MACHINES["rtx-4090-24gb"], [], Use.AGENT, 2)


def test_pools_of_the_same_roles_get_the_advised_values_and_keep_their_names() -> None:
    mine = PoolSettings(
        PoolName("talk"),
        environment={"OLLAMA_KEEP_ALIVE": "1h", "OLLAMA_KV_CACHE_TYPE": "q4_0", "OLLAMA_NUM_PARALLEL": "9"},
    )
    wanted = settings_with(Settings(pools=(mine,)), RAG)
    talk, embedding = wanted.pools
    assert (talk.name, talk.role, talk.parallel, talk.models) == ("talk", Role.CHAT, 2, ("llama3.1:8b",))
    assert talk.environment == {"OLLAMA_KEEP_ALIVE": "1h"}
    assert (embedding.name, embedding.role) == ("embedding", Role.EMBEDDING)
    codec.require_valid(wanted)


def test_other_pools_stop_because_the_advice_needs_their_memory() -> None:
    wanted = settings_with(Settings(), CODE)
    assert [(pool.name, pool.workers) for pool in wanted.pools] == [("chat", 0), ("embedding", 0), ("code", 1)]


def test_a_new_pool_takes_no_name_of_another_role() -> None:
    odd = PoolSettings(PoolName("code"), Role.VISION)
    wanted = settings_with(Settings(pools=(odd,)), CODE)
    assert [(pool.name, pool.role, pool.workers) for pool in wanted.pools] == [
        ("code", Role.VISION, 0),
        ("code-2", Role.CODE, 1),
    ]


def test_using_it_twice_changes_nothing_more() -> None:
    once = settings_with(Settings(), RAG)
    assert settings_with(once, RAG) == once


def test_without_pools_the_settings_stay() -> None:
    nothing = Advice(RAG.use, 1, RAG.scale, RAG.machine)
    assert settings_with(Settings(), nothing) == Settings()


def test_it_is_json_and_back() -> None:
    content = msgspec.json.encode(RAG)
    assert msgspec.json.decode(content, type=Advice) == RAG
