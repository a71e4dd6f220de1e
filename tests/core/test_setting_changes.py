"""What an Apply has changed, in words."""

import pytest
from msgspec.structs import replace

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.setting_changes import told
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import PoolSettings, Settings

SECRET = "sk-0123456789"


def changed(*pairs: tuple[str, str]) -> list[str]:
    """Return what is told of settings with these values beside the defaults."""
    new = Settings()
    for key, text in pairs:
        new = codec.set(new, key, text)
    return [render(one) for one in told(Settings(), new)]


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("pools.chat.parallel", "8", "chat: Parallel 2 → 8"),
        ("pools.chat.models", "llama3.1:8b", "chat: Models — → llama3.1:8b"),
        ("pools.chat.environment.OLLAMA_KV_CACHE_TYPE", "q8_0", "chat: OLLAMA_KV_CACHE_TYPE — → q8_0"),
        ("proxy.queue_limit", "2000", "Queue limit 10,000 → 2,000"),
        ("proxy.port", "11500", "Port 11435 → 11500"),
        ("scheduling.keep_homes", "false", "Conversation affinity off"),
        ("scheduling.weights.rag-indexer", "0.5", "rag-indexer: Weights of clients — → 0.5"),
        ("ollama.models_dir", "/srv/models", "Models folder — → /srv/models"),
        ("ollama.models_dir", "/srv/a/very/long/path/of/models", "Models folder changed"),
    ],
)
def test_a_change_names_the_setting_with_both_values(key: str, text: str, words: str) -> None:
    assert changed((key, text)) == [words]


def test_each_change_is_told_for_itself() -> None:
    assert changed(("pools.chat.parallel", "8"), ("pools.chat.workers", "3")) == [
        "chat: Workers 1 → 3",
        "chat: Parallel 2 → 8",
    ]
    assert changed() == []


def test_a_secret_is_not_told() -> None:
    (words,) = changed(("pools.chat.environment.HF_TOKEN", SECRET))
    assert SECRET not in words


def test_a_pool_comes_and_goes_as_a_whole() -> None:
    more = replace(Settings(), pools=(*Settings().pools, PoolSettings(PoolName("night"))))
    assert [render(one) for one in told(Settings(), more)] == ["pool night added"]
    assert [render(one) for one in told(more, Settings())] == ["pool night removed"]


def test_a_variable_that_is_gone_has_no_value() -> None:
    with_one = codec.set(Settings(), "pools.chat.environment.OLLAMA_DEBUG", "1")
    assert [render(one) for one in told(with_one, Settings())] == ["chat: OLLAMA_DEBUG 1 → —"]
