"""Where parts of a request could run at once."""

from ollama_panel.core.embedding_parts import Places
from ollama_panel.core.records import Job, Role
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import NOMIC, Script, embed


def pool(*names: str, policy: Policy | None = None) -> Script:
    script = Script(policy)
    for name in names:
        script.warm(name, 1, NOMIC, Role.EMBEDDING)
    return script


def found(script: Script, job: Job | None = None) -> tuple[int, int] | None:
    places = script.scheduler.places(job or embed("new"))
    return None if places is None else (places.slots, places.free)


def test_all_slots_of_the_workers_that_have_the_model_count() -> None:
    assert found(pool("embedding-1", "embedding-2")) == (2, 2)


def test_a_slot_in_use_is_not_free() -> None:
    script = pool("embedding-1", "embedding-2")
    script.arrive(embed("a"))
    assert found(script) == (2, 1)


def test_none_is_free_while_others_wait_or_the_queue_is_paused() -> None:
    script = pool("embedding-1")
    script.arrive(embed("a"), embed("b"))
    assert found(script) == (1, 0)
    paused = pool("embedding-1", "embedding-2")
    paused.tell(say.Reconfigured(Policy(paused=True)))
    assert found(paused) == (2, 0)


def test_a_worker_that_could_load_the_model_counts_once_and_is_not_free() -> None:
    script = pool("embedding-1")
    script.up("embedding-2", 4, Role.EMBEDDING)
    assert found(script) == (2, 1)


def test_a_worker_that_is_down_or_draining_does_not_count() -> None:
    script = pool("embedding-1", "embedding-2", "embedding-3")
    script.down("embedding-2")
    script.tell(say.Draining(next(one for one in script.scheduler.state.fleet.instances if one.endswith("3")), on=True))
    assert found(script) == (1, 1)


def test_the_limit_of_the_client_holds() -> None:
    script = pool("embedding-1", "embedding-2", "embedding-3", policy=Policy(limits={"ann": 2}))
    assert found(script) == (2, 2)
    script.arrive(embed("a"))
    assert found(script) == (2, 1)
    assert found(script, embed("b", "bob")) == (3, 2)


def test_the_time_of_a_token_is_known_once_it_was_measured() -> None:
    script = pool("embedding-1")
    assert script.scheduler.places(embed("new")) == Places(1, 1, None)
    script.arrive(embed("a"))
    script.wait(2)
    script.finish("a", prompt_tokens=1000)
    places = script.scheduler.places(embed("new"))
    assert places is not None
    assert places.token_us is None or places.token_us > 0


def test_nothing_is_divided_if_the_user_does_not_want_it() -> None:
    assert found(pool("embedding-1", "embedding-2", policy=Policy(split_embeddings=False))) is None
