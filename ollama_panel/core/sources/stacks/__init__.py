"""Readers of what describes servers for others to run: containers, clusters, modules, apps, Ollama's own files."""

from collections.abc import Callable, Mapping

from ollama_panel.core.sources.record import Reading, Source, SourceKind

READERS: Mapping[SourceKind, Callable[[Source], Reading]] = {}
