"""Guides for editors: their files have no field that the program does not know."""

from tests.core.connect.readers import data, fields
from tests.core.connect.test_guides import EMBEDDING_MODEL, KEY, MODEL, SLOW, URL, endpoint, guide

CONTINUE_MODEL = {
    *("name", "provider", "model", "apiKey", "apiBase", "contextLength", "maxStopWords", "roles", "capabilities"),
    *("defaultCompletionOptions", "cacheBehavior", "requestOptions", "embedOptions", "chatOptions", "promptTemplates"),
    *("useLegacyCompletionsEndpoint", "useResponsesApi", "env", "autocompleteOptions", "sourceFile"),
}
"""The fields of `modelSchema` in `packages/config-yaml/src/schemas/models.ts` of Continue 1.3.40."""
CONTINUE_ROLES = {"chat", "autocomplete", "embed", "rerank", "edit", "apply", "summarize", "subagent"}
"""`modelRolesSchema` there."""
ZED_OLLAMA = {"api_url", "auto_discover", "available_models", "context_window", "custom_headers"}
"""The fields of Zed's `OllamaSettingsContent`."""


def test_continue_gets_a_model_for_chats_and_one_for_embeddings() -> None:
    config = data(guide("continue", endpoint(KEY)).ways[0])
    assert config.keys() == {"name", "version", "schema", "models"}
    assert config["schema"] == "v1"
    chat, embedding = config["models"]
    for model in (chat, embedding):
        assert model.keys() <= CONTINUE_MODEL
        assert set(model["roles"]) <= CONTINUE_ROLES
        assert (model["provider"], model["apiBase"], model["apiKey"]) == ("ollama", URL, KEY)
    assert (chat["model"], embedding["model"]) == (MODEL, EMBEDDING_MODEL)
    assert chat["defaultCompletionOptions"] == {"contextLength": 8192}


def test_continue_keeps_its_two_hours_unless_more_was_measured() -> None:
    chat, _ = data(guide("continue", endpoint()).ways[0])["models"]
    assert "requestOptions" not in chat
    chat, _ = data(guide("continue", endpoint(slowest=SLOW)).ways[0])["models"]
    assert chat["requestOptions"] == {"timeout": 9000}


def test_cline_is_told_what_to_type_by_the_labels_of_its_form() -> None:
    (way,) = guide("cline", endpoint(KEY)).ways
    assert fields(way) == {
        "API Provider": "Ollama",
        "Use custom base URL": URL,
        "Ollama API Key": KEY,
        "Model": MODEL,
        "Model Context Window": "8192",
        "Request Timeout (ms)": "600000",
    }


def test_zed_gets_the_address_and_the_context_of_the_pool_in_its_file_and_the_key_in_its_form() -> None:
    file, form = guide("zed", endpoint(KEY)).ways
    ollama = data(file)["language_models"]["ollama"]
    assert ollama == {"api_url": URL, "context_window": 8192}
    assert ollama.keys() <= ZED_OLLAMA
    assert KEY not in file.text
    assert fields(form) == {"API URL": URL, "API Key": KEY}


def test_without_a_known_context_none_is_set() -> None:
    for name in ("continue", "cline", "zed"):
        assert not any("ontext" in way.text for way in guide(name, endpoint(context=None)).ways)
