"""Targets for programs and for Ollama itself."""

from ollama_panel.core.export.deployment import Renderer, Target
from ollama_panel.core.export.program import document, modelfile

__all__ = ["TARGETS"]

TARGETS: tuple[tuple[Target, Renderer], ...] = (
    (modelfile.TARGET, modelfile.render),
    (document.TARGET, document.render),
)
