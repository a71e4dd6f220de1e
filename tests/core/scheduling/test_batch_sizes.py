"""Which requests carry the batch size of their pool."""

import msgspec
import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import LoadOptions, Role
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.batch_sizes import left_out
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import LLAMA, Script, job

BERT = ModelFacts(ModelName("bert:1"), size=1, architecture="bert", capabilities=("embedding",), context_trained=4096)


def script(num_batch: int | None = 1024, policy: Policy | None = None) -> Script:
    made = Script(policy)
    made.up(parallel=8, context_length=4096, num_batch=num_batch)
    made.loaded()
    return made


def given(played: Script, name: str) -> LoadOptions | None:
    return played.placements[name].options


def test_native_requests_carry_the_batch_size_of_the_pool():
    played = script()
    played.arrive(job("chat"))
    played.arrive(job("generate", path="/api/generate"))
    assert given(played, "chat") == given(played, "generate") == LoadOptions(num_batch=1024)


def test_without_a_batch_size_or_with_the_options_of_the_clients_nothing_is_put_on_them():
    for played in (script(None), script(policy=Policy(option_profiles=False))):
        played.arrive(job("chat"))
        assert given(played, "chat") is None


def test_a_batch_size_of_the_client_gives_way_to_that_of_the_pool():
    played = script()
    played.arrive(job("chat", options=LoadOptions(num_batch=64)))
    played.arrive(job("same", options=LoadOptions(num_batch=1024)))
    assert given(played, "chat") == LoadOptions(num_batch=1024)
    assert given(played, "same") is None


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages", "/v1/embeddings"])
def test_while_a_client_uses_a_model_by_another_dialect_no_request_for_it_carries_one(path: str):
    played = script()
    played.arrive(job("web", "web", path=path))
    played.arrive(job("chat"))
    played.arrive(job("other", model=ModelName("other")))
    assert given(played, "chat") is None
    assert list(left_out(played.scheduler.state, played.now)) == [
        notice("batch.left_out", model=LLAMA, tokens=1024, pool="chat", clients=("web",))
    ]
    played.wait(11 * 60)
    played.arrive(job("later"))
    assert given(played, "later") == LoadOptions(num_batch=1024)
    assert not list(left_out(played.scheduler.state, played.now))


def test_a_model_that_is_not_in_memory_and_a_pool_without_a_batch_size_are_not_told():
    played = script(None)
    played.arrive(job("web", "web", path="/v1/chat/completions"))
    assert not played.scheduler.notices()


def test_a_change_of_the_batch_size_is_in_force_with_the_next_request():
    played = script()
    played.up(parallel=8, context_length=4096, num_batch=256)
    played.arrive(job("chat"))
    assert given(played, "chat") == LoadOptions(num_batch=256)


def test_an_embedding_gets_no_smaller_batch_than_its_input_may_need():
    played = Script()
    played.tell(say.CatalogRead((BERT,)))
    for context, asked, put in ((1024, 256, 1024), (4096, 256, 2048), (4096, 4096, 4096)):
        played.up(role=Role.EMBEDDING, context_length=context, num_batch=asked)
        played.loaded(model=BERT.name)
        name = f"{context} {asked}"
        played.arrive(job(name, model=BERT.name, role=Role.EMBEDDING, path="/api/embed", body_bytes=10**6))
        assert given(played, name) == LoadOptions(num_batch=put)
        played.finish(name)


def test_so_does_one_that_comes_before_the_store_has_told_what_the_model_is():
    played = Script()
    played.up(role=Role.EMBEDDING, context_length=1024, num_batch=64)
    played.arrive(job("first", model=BERT.name, role=Role.EMBEDDING, path="/api/embed", body_bytes=10**6))
    assert given(played, "first") == LoadOptions(num_batch=1024)


def test_the_memory_of_a_batch_size_is_measured_for_it_alone():
    played = script()
    fleet = played.scheduler.state.fleet
    (copy,) = [one for one in fleet.copies() if one.model == LLAMA]
    fleet.measured(copy, 5_000)
    assert fleet.bytes_with(copy, None) == 5_000
    copy.instance.facts = msgspec.structs.replace(copy.instance.facts, num_batch=None)
    assert fleet.bytes_with(copy, None) != 5_000
