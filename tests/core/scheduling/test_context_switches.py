"""Requests for one model that need different contexts: nothing is cut, and they take turns."""

import msgspec
import pytest

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.records import LoadOptions, RefusalReason, RequestClass, Role
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import LLAMA, NOMIC, Script, embed, job, options

SMALL = ModelFacts(LLAMA, size=GIB, layers=32, embedding_length=4096, heads=32, kv_heads=(8,), context_trained=131_072)


class Contexts(Script):
    """One worker with a context of 4,096 tokens and two slots; `reload` confirms that the model was unloaded."""

    def __init__(self) -> None:
        super().__init__()
        self.up(parallel=2, context_length=4096)
        self.loaded()

    def chat(self, name: str, num_ctx: int | None = None, client: str = "", **more) -> None:
        self.arrive(job(name, client or name, options=LoadOptions(num_ctx=num_ctx), **more))

    def openai(self, name: str, **more) -> None:
        self.arrive(job(name, name, path="/v1/chat/completions", **more))

    def unloads(self) -> int:
        return sum(isinstance(one, say.Unload) for one in self.loads)

    def reload(self, name: str = "chat-1") -> None:
        self.tell(say.Unloaded(InstanceId(name), LLAMA))


@pytest.fixture
def script():
    return Contexts()


def test_a_longer_context_is_given_at_once_if_nobody_is_harmed(script):
    script.chat("long", 8000)
    assert "long" not in script.sent
    assert script.unloads() == 1
    script.reload()
    assert script.placements["long"].options == options(8192)
    assert script.contexts("long") == [8192]


def test_it_is_kept_for_everybody_that_can_ask(script):
    script.chat("long", 8000)
    script.reload()
    script.first_byte("long")
    script.chat("plain")
    assert script.placements["plain"].options == options(8192)
    script.finish("plain")
    script.chat("short", 2048)
    assert script.placements["short"].options == options(8192)
    assert script.unloads() == 1


def test_a_running_request_ends_before_its_runner_is_reloaded(script):
    script.chat("running")
    script.chat("long", 8000)
    script.chat("later")
    assert list(script.sent) == ["running"]
    assert script.unloads() == 0
    script.first_byte("running")
    script.finish("running")
    assert script.unloads() == 1
    script.reload()
    script.first_byte("long")
    assert script.contexts("long", "later") == [8192, 8192]


def test_after_an_openai_request_a_native_one_still_gets_its_context(script):
    script.openai("web")
    script.finish("web")
    script.chat("long", 8192)
    script.wait(31)
    script.reload()
    assert script.contexts("long") == [8192]


def test_an_openai_request_runs_with_the_own_context_even_if_a_longer_one_is_loaded(script):
    script.chat("long", 8192)
    script.reload()
    script.first_byte("long")
    script.finish("long")
    script.openai("web")
    script.wait(3)
    script.reload()
    assert script.contexts("web") == [4096]
    assert script.placements["web"].options is None


def test_both_kinds_take_turns_of_half_a_minute(script):
    """Each client sends its next request at once; a request takes a second."""
    script.openai("web0")
    script.chat("long0", 16_384)
    number, served = 0, []
    for _ in range(200):
        script.wait(1)
        for name in list(script.sent):
            kind = name.rstrip("0123456789")
            script.finish(name)
            served.append(kind)
            number += 1
            if kind == "web":
                script.openai(f"web{number}")
            else:
                script.chat(f"long{number}", 16_384)
        if script.unloads() > len(script.loads) - 1 and script.scheduler._placing.residency.swap is not None:
            script.reload()
    assert 5 <= script.unloads() <= 7
    assert 60 <= served.count("web") <= 140
    assert 60 <= served.count("long") <= 140


def test_an_idle_runner_is_reloaded_within_two_seconds(script):
    script.openai("web")
    script.finish("web")
    script.chat("long", 8192)
    assert script.unloads() == 0
    script.wait(2)
    assert script.unloads() == 1


def test_batch_work_does_not_take_the_runner_of_a_chat_before_it_is_overdue(script):
    script.openai("web")
    script.chat("bulk", 8192, request_class=RequestClass.BATCH)
    for number in range(20):
        script.wait(10)
        script.openai(f"web{number}")
        script.finish("web" if number == 0 else f"web{number - 1}")
    assert script.unloads() == 0
    script.wait(50)
    script.finish("web19")
    assert script.unloads() == 1


def test_a_second_worker_serves_the_other_context(script):
    script.openai("web")
    script.up("chat-2", parallel=2, context_length=4096)
    script.chat("long", 8192)
    assert script.sent == {"web": "chat-1", "long": "chat-2"}
    script.first_byte("long")
    script.openai("web2")
    script.chat("long2", 8000)
    assert script.sent == {"web": "chat-1", "long": "chat-2", "web2": "chat-1", "long2": "chat-2"}
    assert script.unloads() == 0


def test_a_conversation_leaves_its_home_if_that_has_another_context_now(script):
    script.up("chat-2", parallel=2, context_length=4096)
    script.loaded("chat-2")
    script.chat("first", turns=(1,))
    home = script.sent["first"]
    script.finish("first")
    script.chat("long", 8192, turns=(9,))
    changed = next(one.instance for one in script.loads)
    script.reload(changed)
    script.first_byte("long")
    script.arrive(job("second", path="/v1/chat/completions", turns=(1, 2)))
    assert script.sent["second"] != changed
    assert home in ("chat-1", "chat-2")


def test_an_embedding_runs_with_exactly_the_context_that_it_asks_for():
    script = Script()
    script.up("embedding-1", 1, Role.EMBEDDING, context_length=2048)
    script.loaded("embedding-1", NOMIC)
    kind = {"model": NOMIC, "role": Role.EMBEDDING, "request_class": RequestClass.EMBEDDING, "path": "/api/embed"}
    script.arrive(job("cut", options=options(3), body_bytes=90, **kind))
    script.wait(2)
    script.tell(say.Unloaded(InstanceId("embedding-1"), NOMIC))
    assert script.placements["cut"].options is None
    assert script.placements["cut"].context == 3


def test_what_no_memory_holds_is_refused_with_the_longest_context_that_fits(script):
    script.tell(say.CatalogRead((SMALL,)))
    script.tell(say.MemoryMeasured(8 * GIB, 8 * GIB, spill=4 * GIB))
    script.chat("huge", 131_072)
    refusal = script.replies["huge"]
    assert refusal.reason is RefusalReason.CONTEXT
    assert (
        "A context of 131,072 tokens for llama3.1:8b does not fit into this machine's memory; at most "
        in script.refused("huge")
    )
    assert refusal.retry_after_s is None


def test_an_instance_that_takes_no_work_refuses_no_context_as_it_may_come_back_with_fewer_slots(script):
    script.tell(say.CatalogRead((SMALL,)))
    script.tell(say.MemoryMeasured(8 * GIB, 8 * GIB, spill=4 * GIB))
    script.tell(say.Draining(InstanceId("chat-1"), on=True))
    script.chat("huge", 131_072)
    assert "huge" not in script.replies


def test_what_fits_only_with_the_main_memory_is_left_to_ollama(script):
    script.tell(say.CatalogRead((SMALL,)))
    script.tell(say.MemoryMeasured(8 * GIB, 8 * GIB, spill=64 * GIB))
    script.chat("huge", 131_072)
    script.reload()
    assert script.contexts("huge") == [131_072]


def test_after_three_pairs_of_reloads_it_is_said_who_asks_for_what(script):
    for number in range(3):
        script.chat(f"long{number}", 16_384, "editor")
        script.wait(40)
        script.reload()
        script.finish(f"long{number}")
        assert script.scheduler.context_conflicts() == ()
        script.arrive(job(f"web{number}", "web", path="/v1/chat/completions"))
        script.wait(40)
        script.reload()
        script.finish(f"web{number}")
    (conflict,) = script.scheduler.context_conflicts()
    assert (conflict.model, conflict.pools, conflict.own, conflict.wanted) == (LLAMA, ("chat",), 4096, 16_384)
    assert (conflict.asking, conflict.not_asking) == ((("editor", 16_384),), ("web",))
    script.wait(600)
    script.chat("later")
    assert script.scheduler.context_conflicts() == ()


def test_a_waiting_request_says_which_context_it_waits_for(script):
    script.openai("web")
    script.chat("long", 8192)
    assert (
        script.why("long")
        == "llama3.1:8b runs with a context of 4,096 tokens; this request needs 8,192 and waits for its turn."
    )
    script = Contexts()
    script.chat("long", 8192)
    script.reload()
    script.openai("web")
    assert script.why("web") == (
        "llama3.1:8b runs with a context of 8,192 tokens; this request cannot ask for one and waits for its turn."
    )


FITTING = Policy(fit_context=True)


def fitting() -> Script:
    script = Script(FITTING)
    script.up(parallel=2, context_length=4096)
    script.loaded()
    return script


@pytest.mark.parametrize(
    ("prompt_tokens", "more", "context"),
    [
        (2000, {}, 4096),
        (3000, {}, 8192),
        (9000, {}, 16_384),
        (2000, {"max_tokens": 4000}, 8192),
        (3000, {"max_tokens": 10, "options": LoadOptions(num_ctx=2048)}, 8192),
        (3000, {"options": LoadOptions(num_ctx=32_768)}, 32_768),
        (9000, {"path": "/v1/chat/completions"}, 4096),
        (900_000, {"body_bytes": 3_600_000}, 4096),
    ],
)
def test_a_prompt_that_seems_longer_than_the_context_gets_one_that_fits_if_the_user_wants_it(
    prompt_tokens, more, context
):
    script = fitting()
    script.arrive(job("long", prompt_tokens=prompt_tokens, **more))
    if "long" not in script.sent:
        script.tell(say.Unloaded(InstanceId("chat-1"), LLAMA))
    assert script.placements["long"].context == context


def test_how_many_tokens_a_clients_prompts_have_is_learned():
    script = fitting()
    for number in range(3):
        script.arrive(job(f"picture{number}", prompt_tokens=5000, body_bytes=20_000))
        if number == 0:
            script.tell(say.Unloaded(InstanceId("chat-1"), LLAMA))
        script.first_byte(f"picture{number}")
        script.finish(f"picture{number}", prompt_tokens=500)
    assert script.scheduler.state.estimates.context(job("next", prompt_tokens=5000)) == 550 + 256


def test_a_prompt_that_may_have_been_cut_teaches_nothing():
    script = fitting()
    script.arrive(job("cut", path="/v1/chat/completions", prompt_tokens=9000))
    script.first_byte("cut")
    script.finish("cut", prompt_tokens=2051)
    assert script.scheduler.state.estimates.context(job("next", prompt_tokens=1000)) == 1500 + 256


@pytest.mark.parametrize("asked", [None, 8192])
def test_a_short_input_is_not_cut_if_the_context_is_lowered_while_it_waits(asked):
    script = Script(Policy(paused=True))
    script.up("embedding-1", 1, Role.EMBEDDING, context_length=8192)
    script.arrive(msgspec.structs.replace(embed("e"), path="/api/embed", options=options(asked), body_bytes=5000))
    script.up("embedding-1", 1, Role.EMBEDDING, context_length=2048)
    script.tell(say.Reconfigured(Policy()))
    assert script.contexts("e") == [8192]
