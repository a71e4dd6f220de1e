"""Editors and their extensions: Continue, Cline and Zed."""

from typing import Any

from ollama_panel.core.connect import texts
from ollama_panel.core.connect.records import ClientSystem, Endpoint, Guide, Language, Marks, Way
from ollama_panel.core.notices import Notice, joined, notice

_CONTINUE_TIMEOUT_S = 7200
"""`TIMEOUT` in Continue's `packages/fetch/src/getAgentOptions.ts`."""
_CLINE_TIMEOUT_S = 300
"""`OLLAMA_DEFAULT_TIMEOUT_MS` in Cline's `sdk/packages/llms/src/providers/vendors/ollama.ts`: for the first byte."""


def continue_(endpoint: Endpoint) -> Guide:
    """Return the guide for Continue. It asks for a context of 8,192 tokens unless it is told another one."""
    chat = [
        *_continue_model(endpoint, endpoint.model, "[chat, edit, apply]"),
        "    defaultCompletionOptions:" if endpoint.context else None,
        f"      contextLength: {endpoint.context}" if endpoint.context else None,
    ]
    embedding = _continue_model(endpoint, endpoint.embedding_model, "[embed]")
    text = texts.lines(["name: Ollama Panel", "version: 1.0.0", "schema: v1", "models:", *chat, *embedding])
    windows = endpoint.system is ClientSystem.WINDOWS
    file = r"%USERPROFILE%\.continue\config.yaml" if windows else "~/.continue/config.yaml"
    return Guide(
        id="continue",
        name="Continue",
        ways=(Way("file", "config.yaml", text, Language.YAML, file, _merge(endpoint, "models", "Continue", 8192)),),
        version="1.3.40",
        source="https://github.com/continuedev/continue/blob/main/packages/config-yaml/src/schemas/models.ts",
        running=notice("connect.running.saved", program="Continue"),
        key=notice("connect.key.bearer"),
        timeout=texts.told_timeout(endpoint, "requestOptions.timeout", _CONTINUE_TIMEOUT_S),
        marks=Marks(processes=("cn", "@continuedev/cli")),
    )


def _continue_model(endpoint: Endpoint, model: str, roles: str) -> list[str | None]:
    timeout = texts.longer_timeout(endpoint, _CONTINUE_TIMEOUT_S)
    return [
        f"  - name: {texts.quoted(model)}",
        "    provider: ollama",
        f"    model: {texts.quoted(model)}",
        f"    apiBase: {texts.quoted(endpoint.url)}",
        f"    apiKey: {texts.quoted(endpoint.key)}" if endpoint.key else None,
        f"    roles: {roles}",
        "    requestOptions:" if timeout else None,
        f"      timeout: {timeout}" if timeout else None,
    ]


def cline(endpoint: Endpoint) -> Guide:
    """Return the guide for Cline, whose settings are a form. It asks for 32,768 tokens unless it is told otherwise."""
    timeout = max(endpoint.timeout.seconds, _CLINE_TIMEOUT_S)
    form = {
        "API Provider": "Ollama",
        "Use custom base URL": endpoint.url,
        **texts.with_key(endpoint, **{"Ollama API Key": "{key}"}),
        "Model": texts.tool_model(endpoint),
        **({"Model Context Window": str(endpoint.context)} if endpoint.context else {}),
        "Request Timeout (ms)": str(timeout * 1000),
    }
    told = (_own_context(endpoint, "Cline", 32_768), texts.no_tools(endpoint, "Cline"))
    note = joined(notice("connect.note.cline"), *told)
    return Guide(
        id="cline",
        name="Cline",
        ways=(Way("settings", notice("connect.way.settings"), texts.fields(form), Language.FIELDS, note=note),),
        version="4.1.13",
        source="https://github.com/cline/cline/blob/main/apps/vscode/webview-ui/src/components/settings/providers/OllamaProvider.tsx",
        running=notice("connect.running.cline"),
        key=notice("connect.key.bearer"),
        timeout=texts.told_timeout(endpoint, "Request Timeout (ms)", _CLINE_TIMEOUT_S),
        marks=Marks(processes=("cline",), agents=("cline/",)),
    )


def zed(endpoint: Endpoint) -> Guide:
    """Return the guide for Zed. It asks for a context of 4,096 tokens unless it is told another one.

    A key is in the system's key ring, or in a variable, not in the settings file.
    """
    ollama: dict[str, Any] = {"api_url": endpoint.url}
    if endpoint.context:
        ollama["context_window"] = endpoint.context
    text = texts.json_text({"language_models": {"ollama": ollama}})
    windows = endpoint.system is ClientSystem.WINDOWS
    file = r"%APPDATA%\Zed\settings.json" if windows else "~/.config/zed/settings.json"
    form = {"API URL": endpoint.url, **texts.with_key(endpoint, **{"API Key": "{key}"})}
    return Guide(
        id="zed",
        name="Zed",
        ways=(
            Way("file", "settings.json", text, Language.JSON, file, _merge(endpoint, "language_models", "Zed", 4096)),
            Way(
                "settings",
                notice("connect.way.settings"),
                texts.fields(form),
                Language.FIELDS,
                note=notice("connect.note.zed"),
            ),
        ),
        version="2f7d5958",
        source="https://github.com/zed-industries/zed/blob/main/docs/src/ai/use-a-local-model.md",
        running=notice("connect.running.saved", program="Zed"),
        key=notice("connect.key.zed", variable="OLLAMA_API_KEY"),
        timeout=notice("connect.timeout.no_setting"),
        marks=Marks(processes=("zed", "zed-editor"), agents=("zed/",)),
    )


def _merge(endpoint: Endpoint, part: str, program: str, own: int) -> Notice:
    return joined(notice("connect.note.merge", part=part), _own_context(endpoint, program, own))


def _own_context(endpoint: Endpoint, program: str, own: int) -> Notice | None:
    """Return why the text sets a context, None if it sets none; `own` are the tokens that it asks for by itself."""
    return notice("connect.note.own_context", program=program, tokens=own) if endpoint.context else None
