"""Readers of what starts a server on a machine: service managers, shells, Windows."""

from collections.abc import Callable, Mapping

from ollama_panel.core.sources.machine import (
    batch,
    environment_file,
    fish,
    launchd,
    powershell,
    quadlet,
    registry,
    shell,
    systemd,
)
from ollama_panel.core.sources.record import Reading, Source, SourceKind

READERS: Mapping[SourceKind, Callable[[Source], Reading]] = {
    SourceKind.SYSTEMD: systemd.read,
    SourceKind.ENVIRONMENT_FILE: environment_file.read,
    SourceKind.SHELL: shell.read,
    SourceKind.FISH: fish.read,
    SourceKind.BATCH: batch.read,
    SourceKind.POWERSHELL: powershell.read,
    SourceKind.REGISTRY: registry.read,
    SourceKind.QUADLET: quadlet.read,
    SourceKind.LAUNCH_AGENT: launchd.read,
    SourceKind.LAUNCHCTL: shell.read_login_session,
}
