"""Example values of the notices of `templates_sources_stacks`."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "source.not_ollamas": {"name": "PATH"},
    "source.later_wins": {},
    "source.blank_in_name": {"name": "OLLAMA_HOST"},
    "source.container.of_other": {"program": "open-webui"},
    "source.compose.of_shell": {"name": "OLLAMA_HOST"},
    "source.compose.profile": {"service": "ollama", "profiles": ("gpu",)},
    "source.compose.env_fills": {},
    "source.no_yaml": {"path": "compose.yaml", "cause": "expected a key", "line": 3},
    "source.no_json": {"path": "docker inspect ollama", "cause": "input is truncated"},
    "source.blank_around_equals": {"name": "OLLAMA_NUM_PARALLEL"},
    "source.container.client_side": {"name": "OLLAMA_NUM_PARALLEL", "program": "open-webui"},
    "source.container.no_metal": {"container": "ollama"},
    "source.container.wrong_port": {"container": "ollama", "ports": ("8080",), "port": "11434"},
    "source.compose.no_services": {"path": "compose.yaml"},
    "source.compose.quotes": {"name": "OLLAMA_KEEP_ALIVE", "given": '"24h"'},
    "source.compose.unset": {"name": "OLLAMA_NUM_PARALLEL", "unset": ("SLOTS",)},
    "source.compose.not_passed_on": {"name": "OLLAMA_NUM_PARALLEL"},
    "source.compose.no_env_file": {"file": "ollama.env"},
    "source.container.loopback": {"container": "ollama", "given": "127.0.0.1", "wanted": "0.0.0.0:11434"},
    "source.compose.twice": {"key": "environment"},
    "source.compose.mapping_in_list": {"name": "OLLAMA_HOST"},
    "source.compose.dollar": {"name": "OLLAMA_ORIGINS"},
}
