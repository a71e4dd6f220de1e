"""How long runners stay: pinned models for ever, those of a pool as its settings say, whatever clients ask for."""

import pytest

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.keeping import in_words, of_setting
from tests.core.scheduling.script import Script, job

A, B = ModelName("a:8b"), ModelName("b:14b")
OPENAI = "/v1/chat/completions"


def told(script: Script) -> list[tuple[str, str]]:
    return [(one.model, one.keep_alive) for one in script.kept]


def asked(script: Script, name: str, model: ModelName = A, path: str = "/api/chat", **more: object) -> str | None:
    script.arrive(job(name, model=model, path=path, **more))
    script.first_byte(name)
    return script.placements[name].keep_alive


@pytest.mark.parametrize(
    ("text", "words"),
    [("", ""), ("30m", "1800s"), ("0", "0ms"), ("-1", "-1s"), ("90", "90s"), ("1h30m", "5400s"), ("-5m", "-1s")],
)
def test_words_of_the_setting_become_words_of_a_request(text, words):
    assert of_setting(text) == words


def test_what_is_longer_than_go_can_hold_is_as_long_as_it_can():
    assert in_words(1e18) == "9223372036s"


def test_a_native_request_carries_what_the_pool_says_whatever_its_client_asks_for():
    script = Script()
    script.up(keep_alive="1800s")
    assert asked(script, "one", keep_alive_s=60.0) == "1800s"
    assert asked(script, "two") == "1800s"
    assert script.kept == []


def test_the_openai_dialect_cannot_so_the_runner_is_told_once_for_each_load():
    script = Script()
    script.up(keep_alive="1800s")
    asked(script, "one", path=OPENAI)
    assert told(script) == [(A, "1800s")]
    script.finish("one")
    asked(script, "two", path=OPENAI)
    script.loaded(model=A)
    assert len(script.kept) == 1
    script.finish("two")
    script.tell(say.Unloaded(InstanceId("chat-1"), A))
    asked(script, "three", path=OPENAI)
    assert told(script) == [(A, "1800s")] * 2


def test_the_dialect_of_the_panels_own_load_is_no_matter():
    script = Script()
    script.up(keep_alive="1800s", pinned=(B,))
    script.want(A)
    script.load_ended(A)
    script.want(B)
    script.load_ended(B)
    assert [(one.model, one.keep_alive) for one in script.own_loads] == [(A, "1800s"), (B, "-1s")]
    asked(script, "one", path=OPENAI)
    assert script.kept == []


def test_a_change_is_told_to_what_is_in_memory():
    script = Script()
    script.up()
    asked(script, "one", path=OPENAI)
    assert script.kept == []
    script.up(keep_alive="1800s")
    assert told(script) == [(A, "1800s")]
    script.up(keep_alive="1800s", pinned=(A,))
    script.up(keep_alive="1800s")
    script.up()
    assert told(script)[1:] == [(A, "-1s"), (A, "1800s"), (A, "300s")]


def test_a_wish_of_a_client_stays_if_the_pool_says_nothing():
    script = Script()
    script.up()
    assert asked(script, "one", keep_alive_s=3600.0) is None
    script.up(num_batch=512)
    assert script.kept == []


def test_a_server_that_was_started_with_another_default_is_told_the_new_one():
    script = Script()
    script.up(keep_alive_s=300.0, started_keep_alive_s=1800.0)
    asked(script, "one", path=OPENAI)
    assert told(script) == [(A, "300s")]
    assert asked(script, "two", B) == "300s"
    assert asked(script, "three", B, client="bob", keep_alive_s=60.0) == "300s"  # the longest wish
    assert len(script.kept) == 1


def test_zero_is_told_only_while_a_request_runs_because_alone_it_is_the_command_to_unload():
    script = Script()
    script.up(keep_alive="0ms")
    script.loaded(model=A)
    assert script.kept == []
    assert asked(script, "one", keep_alive_s=60.0) == "0ms"
    asked(script, "two", B, OPENAI)
    assert told(script) == [(B, "0ms")]


def test_servers_of_others_are_told_nothing():
    script = Script()
    script.up("their", managed=False, started_keep_alive_s=1800.0)
    asked(script, "one", path=OPENAI)
    assert script.kept == []
