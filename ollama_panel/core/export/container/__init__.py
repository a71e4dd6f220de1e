"""Targets that run Ollama in containers."""

from ollama_panel.core.export.container import compose, docker, quadlet
from ollama_panel.core.export.deployment import Renderer, Target

__all__ = ["TARGETS"]

TARGETS: tuple[tuple[Target, Renderer], ...] = (
    (compose.TARGET, compose.render),
    (docker.TARGET, docker.render),
    (quadlet.TARGET, quadlet.render),
)
