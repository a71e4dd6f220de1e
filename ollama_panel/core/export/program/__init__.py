"""Targets for programs and for Ollama itself."""

from ollama_panel.core.export.deployment import Renderer, Target
from ollama_panel.core.export.program import document

__all__ = ["TARGETS"]

TARGETS: tuple[tuple[Target, Renderer], ...] = ((document.TARGET, document.render),)
