"""Readers of what describes servers for others to run: containers, clusters, modules, apps, Ollama's own files."""

from collections.abc import Callable, Mapping

from ollama_panel.core.sources.record import Reading, Source, SourceKind
from ollama_panel.core.sources.stacks import (
    ansible,
    app,
    compose,
    docker_inspect,
    docker_run,
    helm,
    kubernetes,
    nix,
    ollama_file,
    panel,
    process,
    truenas,
    unraid,
)

READERS: Mapping[SourceKind, Callable[[Source], Reading]] = {
    SourceKind.COMPOSE: compose.read,
    SourceKind.DOCKER_INSPECT: docker_inspect.read,
    SourceKind.DOCKER_RUN: docker_run.read,
    SourceKind.NIX: nix.read,
    SourceKind.ANSIBLE: ansible.read,
    SourceKind.KUBERNETES: kubernetes.read,
    SourceKind.HELM: helm.read,
    SourceKind.UNRAID: unraid.read,
    SourceKind.TRUENAS: truenas.read,
    SourceKind.OLLAMA_FILE: ollama_file.read,
    SourceKind.APP: app.read,
    SourceKind.PROCESS: process.read,
    SourceKind.PANEL: panel.read,
}
