"""Targets that run Ollama on one machine: services, jobs and scripts."""

from ollama_panel.core.export.deployment import Renderer, Target
from ollama_panel.core.export.machine import env, fish, homebrew, launchd, shell, systemd, systemd_units, windows

__all__ = ["TARGETS"]

TARGETS: tuple[tuple[Target, Renderer], ...] = (
    (systemd.DROP_IN, systemd.render),
    (systemd_units.UNITS, systemd_units.render),
    (launchd.AGENTS, launchd.render_agents),
    (launchd.APP, launchd.render_app),
    (homebrew.TARGET, homebrew.render),
    (windows.TARGET, windows.render),
    (shell.TARGET, shell.render),
    (fish.TARGET, fish.render),
    (env.TARGET, env.render),
)
