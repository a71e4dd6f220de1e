"""Targets for several machines."""

from ollama_panel.core.export.cluster import ansible, helm, kubernetes, nix
from ollama_panel.core.export.deployment import Renderer, Target

__all__ = ["TARGETS"]

TARGETS: tuple[tuple[Target, Renderer], ...] = (
    (kubernetes.TARGET, kubernetes.render),
    (helm.TARGET, helm.render),
    (nix.TARGET, nix.render),
    (ansible.TARGET, ansible.render),
)
