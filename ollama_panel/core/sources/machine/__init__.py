"""Readers of what starts a server on a machine: service managers, shells, Windows."""

from collections.abc import Callable, Mapping

from ollama_panel.core.sources.record import Reading, Source, SourceKind

READERS: Mapping[SourceKind, Callable[[Source], Reading]] = {}
