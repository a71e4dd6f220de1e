"""Settings that point programs at the panel: pure, one module per family of programs.

The texts follow the version that each guide names, and so do their notes: what a program asks for, how it sends a key
and how long it waits was read in its public source, which the guide names too.
"""

from ollama_panel.core.connect import agents, editors, frameworks, sdks, terminal
from ollama_panel.core.connect.open_webui import open_webui
from ollama_panel.core.connect.records import Endpoint, Guide

_GUIDES = (
    open_webui,
    editors.continue_,
    editors.cline,
    agents.aider,
    agents.claude_code,
    agents.codex,
    editors.zed,
    frameworks.langchain,
    frameworks.llama_index,
    terminal.ollama,
    terminal.curl,
    sdks.openai,
    sdks.anthropic,
    sdks.ollama_sdk,
)


def guides(endpoint: Endpoint) -> tuple[Guide, ...]:
    """Return how to set up each program that the panel knows, for this address, key, model and time-out."""
    return tuple(make(endpoint) for make in _GUIDES)
