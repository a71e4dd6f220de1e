"""Secrets stay in the panel."""

import msgspec
import pytest

from ollama_panel.core import redact
from ollama_panel.core.ids import PoolName
from ollama_panel.core.settings.tree import ApiKey, PoolSettings, ProxySettings, Settings


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("HF_TOKEN", "abc", "(hidden)"),
        ("aws_secret_access_key", "abc", "(hidden)"),
        ("DB_PASSWORD", "abc", "(hidden)"),
        ("HTTPS_PROXY", "http://me:pw@proxy:3128", "http://(hidden)@proxy:3128"),
        ("OLLAMA_KEEP_ALIVE", "5m", "5m"),
        ("OLLAMA_HOST", "http://127.0.0.1:11434", "http://127.0.0.1:11434"),
    ],
)
def test_a_variable_that_sounds_secret_is_hidden(name: str, value: str, shown: str) -> None:
    assert redact.environment({name: value}) == {name: shown}


def test_settings_keep_everything_but_their_secrets() -> None:
    whole = Settings(
        proxy=ProxySettings(api_keys=(ApiKey("laptop", "d1ge57"),)),
        pools=(PoolSettings(PoolName("chat"), environment={"HF_TOKEN": "abc", "A": "1"}),),
    )
    shown = redact.settings(whole)
    assert b"d1ge57" not in msgspec.json.encode(shown)
    assert b"abc" not in msgspec.json.encode(shown)
    assert shown.proxy.api_keys[0].name == "laptop"
    assert shown.pools[0].environment["A"] == "1"
    assert redact.settings(Settings()) == Settings()
