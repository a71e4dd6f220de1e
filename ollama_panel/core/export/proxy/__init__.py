"""Targets that stand in front of Ollama."""

from ollama_panel.core.export.deployment import Renderer, Target

__all__ = ["TARGETS"]

TARGETS: tuple[tuple[Target, Renderer], ...] = ()
