"""Settings changed by values from JSON, as the HTTP API does it, and their values as text."""

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import KeyRule, Scope, Settings
from ollama_panel.core.settings.values import as_text, shown

ENVIRONMENT = "pools.chat.environment"
CHANGED = codec.change(Settings(), {"pools.chat.parallel": 9, f"{ENVIRONMENT}.A": "1", f"{ENVIRONMENT}.B": "2"})


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("pools.chat.parallel", 4, "4"),
        ("pools.chat", {"parallel": 3, "workers": 2}, None),
        ("pools.chat.models", ["llama3.1:8b", "qwen3:8b"], "llama3.1:8b,qwen3:8b"),
        ("pools.chat.models", [], ""),
        (f"{ENVIRONMENT}.OLLAMA_KEEP_ALIVE", "1h", "1h"),
        (f"{ENVIRONMENT}.A.B", None, ""),
        ("proxy.require_key", "always", "always"),
        ("proxy.heartbeat", False, "false"),
        ("scheduling.dwell_s", 2, "2"),
        ("scheduling.weights.ann", 2, "2"),
    ],
)
def test_a_value_of_json_is_taken(key: str, value: object, text: str | None) -> None:
    changed = codec.change(Settings(), {key: value})
    assert text is None or codec.get(changed, key) == text


def test_what_a_group_does_not_name_stays() -> None:
    pool = codec.change(CHANGED, {"pools.chat": {"workers": 2}}).pools[0]
    assert (pool.workers, pool.parallel, pool.environment) == (2, 9, {"A": "1", "B": "2"})


def test_null_removes_what_has_a_name_and_is_the_default_elsewhere() -> None:
    assert codec.change(CHANGED, {f"{ENVIRONMENT}.A": None}).pools[0].environment == {"B": "2"}
    assert codec.change(CHANGED, {"pools.chat.parallel": None}).pools[0].parallel == 2
    assert codec.change(CHANGED, {"pools": None}) == Settings()


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("pools.chat.parallel", "4", "pools.chat.parallel must be a whole number"),
        ("pools.chat.parallel", True, "pools.chat.parallel must be a whole number"),
        ("pools.chat.parallel", 4.5, "pools.chat.parallel must be a whole number"),
        ("pools.chat.parallel", 65, "from 1 to 64"),
        ("pools.chat.models", "a,b", "must be a list"),
        ("pools.chat.models", [1], "pools.chat.models[1] must be text"),
        ("pools.chat.role", "cook", "must be one of"),
        (f"{ENVIRONMENT}.A", 5, "must be text"),
        (f"{ENVIRONMENT}.A B", "5", "is not a variable name"),
        (f"{ENVIRONMENT}", {"A": 5}, "pools.chat.environment.A"),
        ("pools.chat.name", "embedding", "is the name of two pools"),
        ("pools", [], "at least one pool"),
        ("proxy.api_keys", [{"name": "a", "digest": "(hidden)"}], "proxy.api_keys[1]"),
        ("version", 1, "is written by the panel alone"),
        ("version.x", 1, "is written by the panel alone"),
        ("pools.chats.parallel", 1, 'the nearest is "pools.chat.parallel"'),
        ("", 1, "There is no setting"),
    ],
)
def test_another_value_is_refused_with_its_key(key: str, value: object, said: str) -> None:
    with pytest.raises(PanelError) as error:
        codec.change(Settings(), {"pools.chat.workers": 2, key: value})
    assert said in str(error.value)


def test_only_all_values_together_must_be_valid() -> None:
    crowded = codec.change(Settings(), {"ollama.first_port": 65_000})
    both = {"ollama.first_port": 65_535, "pools.chat.workers": 0, "pools.embedding.workers": 0}
    assert codec.change(crowded, both).ollama.first_port == 65_535


def test_a_pool_of_json_has_defaults_for_the_rest() -> None:
    pool = codec.pool({"name": "more", "role": "code"})
    assert (pool.name, pool.role.value, pool.parallel) == ("more", "code", 2)


@pytest.mark.parametrize(
    "content", [None, 5, [], {}, {"name": "A"}, {"name": "a", "x": 1}, {"name": "a", "workers": -1}]
)
def test_what_is_no_pool_is_refused(content: object) -> None:
    with pytest.raises(PanelError):
        codec.pool(content)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (2.0, "2"),
        (0.5, "0.5"),
        (KeyRule.AUTO, "auto"),
        (("a", "b"), "a,b"),
        ((Scope.USE, Scope.SEE), "use,see"),
        ({"a": "b"}, '{"a":"b"}'),
        (RequestClass.BATCH, "batch"),
    ],
)
def test_a_value_as_text(value: object, text: str) -> None:
    assert as_text(value) == text


def test_a_long_value_is_not_repeated_whole() -> None:
    assert len(shown("x" * 1000)) < 200
    assert shown(["a"]) == '["a"]'
