"""Targets for several machines."""

from ollama_panel.core.export.cluster import ansible, nix
from ollama_panel.core.export.deployment import Renderer, Target

__all__ = ["TARGETS"]

TARGETS: tuple[tuple[Target, Renderer], ...] = (
    (nix.TARGET, nix.render),
    (ansible.TARGET, ansible.render),
)
