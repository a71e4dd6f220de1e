"""How well an instance fits a request, and where a load goes first."""

from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.instances import Instance, load_order
from ollama_panel.core.scheduling.messages import InstanceUp
from ollama_panel.core.scheduling.model_state import ModelState
from tests.core.scheduling.script import LLAMA, NOMIC

CHAT = LLAMA, Role.CHAT


def instance(name: str = "chat-1", role: Role = Role.CHAT, **more: object) -> Instance:
    return Instance(InstanceUp(name, name.rpartition("-")[0], role, "http://x", 2, **more), int(name[-1]))


def test_the_model_comes_before_who_manages_it_then_the_role_then_the_list_of_the_pool():
    best_first = [
        instance(models=(LLAMA,)),
        instance(),
        instance(models=(NOMIC,)),
        instance("code-1", Role.CODE),
        instance("adopted-1", managed=False),
        instance(store=(NOMIC,)),
        instance("adopted-1", managed=False, store=(NOMIC,)),
    ]
    ranks = [one.rank(CHAT) for one in best_first]
    assert ranks == sorted(set(ranks))


def test_an_adopted_server_fits_all_roles_alike():
    adopted = instance("adopted-1", managed=False)
    assert len({adopted.rank((LLAMA, role)) for role in Role}) == 1


def test_a_store_that_has_just_denied_a_model_is_asked_last():
    denied = instance()
    denied.missing.add(LLAMA)
    assert denied.rank(CHAT) > instance("adopted-1", managed=False, store=()).rank(CHAT)


def test_it_may_get_requests_while_it_takes_work_and_its_circuit_breaker_is_closed():
    one = instance()
    assert one.may_get(0)
    one.draining = True
    assert not one.may_get(0)
    one.draining = False
    for _ in range(5):
        one.breaker.failed(1)
    assert not one.may_get(2)


def test_a_load_goes_where_none_has_failed_then_where_least_is_loaded():
    failed, full, empty = (instance(f"chat-{number}") for number in (1, 2, 3))
    failed.copy(LLAMA).load_failed_at = 5
    full.copy(NOMIC).state = ModelState.WARM
    ordered = sorted((one.copy(LLAMA) for one in (failed, full, empty)), key=load_order)
    assert [copy.instance.id for copy in ordered] == ["chat-3", "chat-2", "chat-1"]
