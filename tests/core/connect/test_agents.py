"""Guides for agents of a terminal."""

import msgspec
import pytest

from ollama_panel.core.notices.render import render
from tests.core.connect.readers import data, exported, shell
from tests.core.connect.test_guides import KEY, MODEL, URL, endpoint, guide

CODEX_PROVIDER = {
    *("name", "base_url", "env_key", "env_key_instructions", "experimental_bearer_token", "auth", "aws", "wire_api"),
    *("query_params", "http_headers", "env_http_headers", "request_max_retries", "stream_max_retries"),
    *("stream_idle_timeout_ms", "websocket_connect_timeout_ms", "requires_openai_auth", "supports_websockets"),
}
"""The fields of `ModelProviderInfo` in Codex's `codex-rs/model-provider-info/src/lib.rs`; others are refused."""
CODEX_RESERVED = {"amazon-bedrock", "openai", "ollama", "lmstudio"}
"""`RESERVED_MODEL_PROVIDER_IDS` in `codex-rs/config/src/config_toml.rs`."""


def test_aider_gets_address_model_and_time_out_from_the_command_or_from_its_file() -> None:
    terminal, file = guide("aider", endpoint(KEY)).ways
    assert exported(terminal) == {"OLLAMA_API_BASE": URL, "OLLAMA_API_KEY": KEY}
    assert shell(terminal)[-1] == ["aider", "--model", f"ollama_chat/{MODEL}", "--timeout", "600"]
    assert data(file) == {
        "model": f"ollama_chat/{MODEL}",
        "timeout": 600,
        "set-env": [f"OLLAMA_API_BASE={URL}", f"OLLAMA_API_KEY={KEY}"],
    }


def test_claude_code_asks_for_this_model_whatever_size_it_wants() -> None:
    terminal, file = guide("claude-code", endpoint(KEY)).ways
    values = exported(terminal)
    assert data(file) == {"model": MODEL, "env": values}
    assert (values["ANTHROPIC_BASE_URL"], values["ANTHROPIC_AUTH_TOKEN"]) == (URL, KEY)
    assert values["ANTHROPIC_API_KEY"] == ""
    assert [value for name, value in values.items() if name.endswith("_MODEL")] == [MODEL] * 4
    assert values["API_TIMEOUT_MS"] == values["CLAUDE_STREAM_IDLE_TIMEOUT_MS"] == "600000"
    assert values["CLAUDE_CODE_AUTO_COMPACT_WINDOW"] == "8192"


def test_codex_gets_a_profile_of_its_own_and_the_key_from_a_variable() -> None:
    profile, terminal = guide("codex", endpoint(KEY)).ways
    config = data(profile)
    assert profile.file == "~/.codex/ollama-panel.config.toml"
    name = config["model_provider"]
    assert name not in CODEX_RESERVED
    provider = config["model_providers"][name]
    assert provider.keys() <= CODEX_PROVIDER
    assert (provider["base_url"], provider["wire_api"]) == (f"{URL}/v1", "responses")
    assert exported(terminal) == {provider["env_key"]: KEY}
    assert shell(terminal)[-1] == ["codex", "--profile", "ollama-panel"]
    assert (config["model"], config["model_context_window"]) == (MODEL, 8192)


def test_codex_wants_no_variable_where_no_key_is_needed() -> None:
    profile, terminal = guide("codex", endpoint()).ways
    assert "env_key" not in profile.text
    assert exported(terminal) == {}


@pytest.mark.parametrize("name", ["claude-code", "codex", "cline"])
def test_an_agent_asks_for_the_model_that_has_tools_and_says_so_where_there_is_none(name: str) -> None:
    able = guide(name, msgspec.structs.replace(endpoint(), tool_model="qwen3:8b"))
    assert any("qwen3:8b" in way.text for way in able.ways)
    assert not any(MODEL in way.text for way in able.ways)
    told = [render(way.note) for one in (able, guide(name, endpoint())) for way in one.ways if way.note]
    assert sum("calls tools" in one for one in told) == 1
