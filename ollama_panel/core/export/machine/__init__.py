"""Targets that run Ollama on one machine: services, jobs and scripts."""

from ollama_panel.core.export.deployment import Renderer, Target
from ollama_panel.core.export.machine import homebrew, launchd, shell, systemd

__all__ = ["TARGETS"]

TARGETS: tuple[tuple[Target, Renderer], ...] = (
    (systemd.DROP_IN, systemd.render_drop_in),
    (systemd.UNITS, systemd.render_units),
    (launchd.AGENTS, launchd.render_agents),
    (launchd.APP, launchd.render_app),
    (homebrew.TARGET, homebrew.render),
    (shell.TARGET, shell.render),
)
