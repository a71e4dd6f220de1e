"""Requests that no worker may serve by its role: they wait for one that the user has stopped, else they are refused."""

import pytest
from msgspec.structs import replace

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.records import FailureKind, RefusalReason, Role
from ollama_panel.core.roles import PoolPlan
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import LLAMA, Script, embed, job

NO_CHAT = Policy(pools=(PoolPlan(PoolName("chat"), Role.CHAT, 0), PoolPlan(PoolName("embedding"), Role.EMBEDDING, 1)))
REFUSED = (
    "No worker may answer this request: the pool chat has 0 workers. Give it one in the panel, or by "
    "ollama-panel settings set pools.chat.workers 1."
)


@pytest.fixture
def script() -> Script:
    script = Script()
    script.up("chat-1", 2)
    script.up("embedding-1", 2, Role.EMBEDDING)
    return script


def stop(script: Script, name: str = "chat-1") -> None:
    script.tell(say.InstanceDown(InstanceId(name), removed=True, stopped=True))


# Stopped by the user


def test_chats_wait_for_a_worker_that_the_user_has_stopped(script):
    stop(script)
    script.arrive(job("one"))
    assert script.sent == {}
    assert script.why("one") == "chat-1 is stopped: this request waits until you start it."


def test_they_wait_for_as_long_as_it_takes(script):
    stop(script)
    script.arrive(job("one"))
    script.wait(3600)
    assert script.replies == {}
    script.up("chat-1")
    assert script.sent == {"one": "chat-1"}


def test_several_stopped_workers_are_named(script):
    script.up("chat-2")
    stop(script)
    stop(script, "chat-2")
    script.arrive(job("one"))
    assert script.why("one") == "chat-1 and chat-2 are stopped: this request waits until you start one of them."


def test_those_of_its_own_role_are_named_if_there_are(script):
    script.up("code-1", role=Role.CODE)
    stop(script)
    stop(script, "code-1")
    script.arrive(job("chat"), job("vision", role=Role.VISION))
    assert script.why("chat").startswith("chat-1 is stopped")
    assert script.why("vision").startswith("chat-1 and code-1 are stopped")


def test_a_stop_that_is_reported_twice_is_still_one(script):
    stop(script)
    stop(script)
    script.arrive(job("one"))
    assert script.why("one").startswith("chat-1 is stopped")


def test_a_worker_that_is_started_again_is_waited_for(script):
    stop(script)
    script.arrive(job("one"))
    script.tell(say.InstancePlanned(InstanceId("chat-1"), PoolName("chat"), Role.CHAT))
    assert script.why("one") == "chat-1 is not answering yet."


def test_another_worker_serves_while_one_is_stopped(script):
    script.up("code-1", role=Role.CODE)
    stop(script)
    script.arrive(job("one"))
    assert script.sent == {"one": "code-1"}


def test_requests_end_all_the_same_by_the_time_out_of_the_queue(script):
    script.tell(say.Reconfigured(Policy(queue_timeout_us=30_000_000)))
    stop(script)
    script.arrive(job("one"))
    script.wait(31)
    assert script.replies["one"].reason is RefusalReason.QUEUE_TIMEOUT


def test_a_stopped_worker_whose_pool_shrinks_is_no_longer_waited_for(script):
    stop(script)
    script.arrive(job("one"))
    script.tell(say.Reconfigured(NO_CHAT))
    script.down("chat-1", removed=True)
    assert script.refused("one") == REFUSED


# No worker by the settings


def test_chats_are_refused_at_once_if_the_settings_have_no_worker_for_them(script):
    script.tell(say.Reconfigured(NO_CHAT))
    script.down("chat-1", removed=True)
    script.arrive(job("one"))
    assert script.refused("one") == REFUSED
    assert script.replies["one"].reason is RefusalReason.NO_INSTANCE


def test_so_are_those_that_wait_already(script):
    script.warm("chat-1", 1)
    script.arrive(job("running"), job("waiting"))
    script.tell(say.Reconfigured(NO_CHAT))
    assert script.refused("waiting") == REFUSED
    assert script.sent == {"running": "chat-1"}


def test_one_that_fails_after_that_is_refused_when_it_would_wait_again(script):
    script.warm("chat-1", 1)
    script.arrive(job("running"))
    script.tell(say.Reconfigured(NO_CHAT))
    script.tell(say.Draining(InstanceId("chat-1"), on=True))
    script.fail("running", FailureKind.CLOSED)
    script.wait(1)
    assert script.refused("running") == REFUSED


def test_embeddings_are_served_all_the_while(script):
    script.tell(say.Reconfigured(NO_CHAT))
    script.down("chat-1", removed=True)
    script.arrive(embed("one"))
    assert script.sent == {"one": "embedding-1"}


def test_an_adopted_server_answers_whatever_the_settings_say(script):
    script.tell(say.Reconfigured(NO_CHAT))
    script.down("chat-1", removed=True)
    script.up("adopted-11434", managed=False)
    script.arrive(job("one"))
    assert script.sent == {"one": "adopted-11434"}


def test_an_adopted_server_that_restarts_is_waited_for_but_not_for_ever(script):
    script.tell(say.Reconfigured(NO_CHAT))
    script.down("chat-1", removed=True)
    script.up("adopted-11434", managed=False)
    script.down("adopted-11434")
    script.arrive(job("one"))
    assert script.replies == {}
    script.wait(61)
    assert script.refused("one") == REFUSED


# A mistake in the settings


def test_chats_wait_for_a_pool_that_a_mistake_in_the_settings_leaves_out_but_not_for_ever(script):
    script.tell(say.Reconfigured(replace(NO_CHAT, pools=NO_CHAT.pools[1:], pool_left_out=True)))
    script.down("chat-1", removed=True)
    script.arrive(job("one"), job("two", "bob"))
    assert script.why("one") == (
        "A mistake in the settings file leaves out the pool for this request, which waits until it is corrected."
    )
    script.wait(30)
    script.cancel("two")
    script.wait(31)
    assert script.replies["one"].notice.code == "request.pool_left_out"


def test_they_are_served_once_it_is_corrected(script):
    script.tell(say.Reconfigured(replace(NO_CHAT, pools=NO_CHAT.pools[1:], pool_left_out=True)))
    script.down("chat-1", removed=True)
    script.arrive(job("one"))
    script.tell(say.Reconfigured(Policy()))
    script.up("chat-1")
    assert script.sent == {"one": "chat-1"}


# Down for long


def test_chats_do_not_move_to_an_embedding_worker_when_theirs_is_down_for_long(script):
    script.down("chat-1")
    script.arrive(job("one"))
    assert script.why("one") == "chat-1 is not answering yet."
    script.wait(30)
    script.arrive(job("two"))
    script.wait(31)
    assert script.sent == {}
    assert script.refused("one") == (
        "No worker that may answer this request is running: chat-1. Start one in the panel, or see in its log why it "
        "does not run."
    )
    assert script.why("two") == "chat-1 is not answering yet."
    script.wait(30)
    assert "two" in script.replies


def test_one_that_arrives_long_after_waits_as_long(script):
    script.down("chat-1")
    script.wait(600)
    script.arrive(job("one"))
    script.wait(59)
    assert script.replies == {}
    script.wait(2)
    assert script.replies["one"].reason is RefusalReason.NO_INSTANCE


# Allowed


def test_the_user_may_let_chats_use_embedding_workers(script):
    script.tell(say.Reconfigured(replace(NO_CHAT, chats_on_embedding=True)))
    script.down("chat-1", removed=True)
    script.arrive(job("one"))
    assert script.sent == {"one": "embedding-1"}


def test_they_are_used_only_if_no_other_is_left(script):
    script.tell(say.Reconfigured(Policy(chats_on_embedding=True)))
    script.up("adopted-11434", managed=False)
    script.arrive(job("one"))
    script.down("chat-1", removed=True)
    script.arrive(job("two", "bob"))
    assert script.sent == {"one": "chat-1", "two": "adopted-11434"}


def test_what_waits_moves_there_once_it_is_allowed(script):
    stop(script)
    script.arrive(job("one"))
    script.tell(say.Reconfigured(Policy(chats_on_embedding=True)))
    assert script.sent == {"one": "embedding-1"}


# The other way round


def test_embeddings_are_served_by_chat_workers_where_there_are_no_others():
    script = Script()
    script.up("chat-1")
    script.arrive(embed("one"))
    assert script.sent == {"one": "chat-1"}


def test_a_chat_model_that_a_pool_for_embeddings_lists_runs_there(script):
    """The proxy takes the role from the pool that lists the model (`engine.instances.catalog`)."""
    script.arrive(job("one", model=LLAMA, role=Role.EMBEDDING))
    assert script.sent == {"one": "embedding-1"}
