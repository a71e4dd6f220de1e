"""Targets that stand in front of Ollama."""

from ollama_panel.core.export.deployment import Renderer, Target
from ollama_panel.core.export.proxy import haproxy, nginx

__all__ = ["TARGETS"]

TARGETS: tuple[tuple[Target, Renderer], ...] = (
    (haproxy.TARGET, haproxy.render),
    (nginx.TARGET, nginx.render),
)
