"""Agents that write code in a terminal: Aider, Claude Code and Codex."""

from ollama_panel.core.connect import texts
from ollama_panel.core.connect.records import Endpoint, Guide, Language, Marks, Way
from ollama_panel.core.notices import Notice, joined, notice

_AIDER_TIMEOUT_S = 600
"""`request_timeout` in Aider's `aider/models.py`."""
_CODEX_TIMEOUT_S = 300
"""`DEFAULT_STREAM_IDLE_TIMEOUT_MS` in Codex's `codex-rs/model-provider-info/src/lib.rs`: between two events."""
_LONG_CONTEXT = 65_536
"""What Ollama recommends for coding agents (its `docs/integrations/claude-code.mdx` and `codex.mdx`)."""
_CODEX_PROFILE = "ollama-panel"
_CODEX_KEY = "OLLAMA_PANEL_KEY"


def aider(endpoint: Endpoint) -> Guide:
    """Return the guide for Aider, which asks for as much context as each request needs, and 8,192 tokens more."""
    system, model = endpoint.system, f"ollama_chat/{endpoint.model}"
    timeout = max(endpoint.timeout.seconds, _AIDER_TIMEOUT_S)
    values = {"OLLAMA_API_BASE": endpoint.url, **texts.with_key(endpoint, OLLAMA_API_KEY="{key}")}
    run = texts.words(system, "aider", "--model", model, "--timeout", str(timeout))
    file = texts.lines(
        [
            f"model: {texts.quoted(model)}",
            f"timeout: {timeout}",
            "set-env:",
            *(f"  - {texts.quoted(f'{name}={value}')}" for name, value in values.items()),
        ]
    )
    return Guide(
        id="aider",
        name="Aider",
        ways=(
            Way(
                "terminal",
                notice("connect.way.terminal"),
                texts.variables(values, system) + texts.lines([run]),
                texts.shell(system),
                note=notice("connect.note.aider"),
            ),
            Way("file", ".aider.conf.yml", file, Language.YAML, "~/.aider.conf.yml", note=notice("connect.note.aider")),
        ),
        version="0.86.2",
        source="https://aider.chat/docs/llms/ollama.html",
        running=notice("connect.running.again", program="aider"),
        key=notice("connect.key.bearer"),
        timeout=texts.told_timeout(endpoint, "--timeout", _AIDER_TIMEOUT_S),
        marks=Marks(processes=("aider",)),
    )


def claude_code(endpoint: Endpoint) -> Guide:
    """Return the guide for Claude Code, which speaks Anthropic's dialect.

    Each size of model that it asks for by itself is the one that is there, as `ollama launch claude` sets it
    (Ollama 0.32 `cmd/launch/claude.go`). The empty ANTHROPIC_API_KEY keeps a key for Anthropic from going to the panel.
    """
    system, model = endpoint.system, texts.tool_model(endpoint)
    milliseconds = str(endpoint.timeout.seconds * 1000)
    sizes = ("ANTHROPIC_DEFAULT_OPUS_MODEL", "ANTHROPIC_DEFAULT_SONNET_MODEL", "ANTHROPIC_DEFAULT_HAIKU_MODEL")
    values = {
        "ANTHROPIC_BASE_URL": endpoint.url,
        "ANTHROPIC_AUTH_TOKEN": endpoint.key or texts.NO_KEY,
        "ANTHROPIC_API_KEY": "",
        **dict.fromkeys((*sizes, "CLAUDE_CODE_SUBAGENT_MODEL"), model),
        "API_TIMEOUT_MS": milliseconds,
        "CLAUDE_STREAM_IDLE_TIMEOUT_MS": milliseconds,
        **({"CLAUDE_CODE_AUTO_COMPACT_WINDOW": str(endpoint.context)} if endpoint.context else {}),
    }
    run = texts.words(system, "claude", "--model", model)
    note = _needs(endpoint, "Claude Code")
    return Guide(
        id="claude-code",
        name="Claude Code",
        ways=(
            Way(
                "terminal",
                notice("connect.way.terminal"),
                texts.variables(values, system) + texts.lines([run]),
                texts.shell(system),
                note=note,
            ),
            Way(
                "file",
                "settings.json",
                texts.json_text({"model": model, "env": values}),
                Language.JSON,
                "~/.claude/settings.json",
                note=notice("connect.note.merge", part="env"),
            ),
        ),
        version="2.1.197",
        source="https://code.claude.com/docs/en/env-vars",
        running=notice("connect.running.again", program="claude"),
        key=notice("connect.key.bearer"),
        timeout=texts.told_timeout(endpoint, "API_TIMEOUT_MS"),
        marks=Marks(processes=("claude", "@anthropic-ai/claude-code"), agents=("claude-cli/",)),
    )


def codex(endpoint: Endpoint) -> Guide:
    """Return the guide for Codex: a profile of its own, and the command that uses it.

    It speaks OpenAI's Responses API alone, and reads the key from a variable that the profile names.
    """
    timeout, model = max(endpoint.timeout.seconds, _CODEX_TIMEOUT_S), texts.tool_model(endpoint)
    profile = texts.lines(
        [
            f"model = {texts.quoted(model)}",
            f"model_provider = {texts.quoted(_CODEX_PROFILE)}",
            f"model_context_window = {endpoint.context}" if endpoint.context else None,
            "",
            f"[model_providers.{_CODEX_PROFILE}]",
            'name = "Ollama Panel"',
            f"base_url = {texts.quoted(texts.openai_url(endpoint.url))}",
            'wire_api = "responses"',
            f"env_key = {texts.quoted(_CODEX_KEY)}" if endpoint.key else None,
            f"stream_idle_timeout_ms = {timeout * 1000}",
        ]
    )
    system = endpoint.system
    key = texts.variables(texts.with_key(endpoint, **{_CODEX_KEY: "{key}"}), system)
    run = key + texts.lines([texts.words(system, "codex", "--profile", _CODEX_PROFILE)])
    file = f"~/.codex/{_CODEX_PROFILE}.config.toml"
    return Guide(
        id="codex",
        name="Codex",
        ways=(
            Way("profile", notice("connect.way.profile"), profile, Language.TOML, file, notice("connect.note.codex")),
            Way(
                "terminal",
                notice("connect.way.terminal"),
                run,
                texts.shell(system),
                note=_needs(endpoint, "Codex"),
            ),
        ),
        version="0.171",
        source="https://github.com/openai/codex/blob/main/codex-rs/model-provider-info/src/lib.rs",
        running=notice("connect.running.again", program="codex"),
        key=notice("connect.key.codex", variable=_CODEX_KEY),
        timeout=texts.told_timeout(endpoint, "stream_idle_timeout_ms", _CODEX_TIMEOUT_S),
        marks=Marks(processes=("codex", "@openai/codex"), agents=("codex",)),
    )


def _needs(endpoint: Endpoint, program: str) -> Notice:
    long_context = notice("connect.note.long_context", program=program, tokens=_LONG_CONTEXT)
    return joined(long_context, texts.no_tools(endpoint, program))
