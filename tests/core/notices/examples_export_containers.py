"""Examples of the notices of containers and clusters."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "export.compose.title": {},
    "export.compose.summary": {},
    "export.compose.file": {},
    "export.compose.up": {"path": "~/ollama/compose.yaml"},
    "export.docker.title": {},
    "export.docker.summary": {},
    "export.docker.replace": {},
    "export.docker.run": {"file": "run-ollama-containers.sh"},
    "export.docker.stop": {},
    "export.container.worker": {"worker": "chat-1", "url": "http://127.0.0.1:11500"},
    "export.container.local": {},
    "export.container.toolkit": {},
    "export.container.pull": {"volume": "ollama"},
    "export.container.proof": {},
    "export.container.no_metal": {},
}
