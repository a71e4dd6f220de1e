"""Reader of the values of charts of Ollama, alone or as a part of another chart (as in Open WebUI's).

The charts are otwld/ollama (`extraEnv`, `ollama.models.pull`, `ollama.gpu.enabled`) and those that call the same
`extraEnvVars`, `env` or `environment`; all put the entries into the pod as they are.
"""

from collections.abc import Iterator

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes
from ollama_panel.core.sources.containers import MOST_REPLICAS, ReadingBuilder
from ollama_panel.core.sources.places import assigned, with_overruled
from ollama_panel.core.sources.record import (
    Assignment,
    Fate,
    Mistake,
    Reading,
    ServerConfig,
    Source,
    SourceKind,
    UnreadableError,
)
from ollama_panel.core.sources.stacks import kubernetes
from ollama_panel.core.sources.stacks.yaml_items import Item, documents

POOL, WORKERS = "ollama-panel/pool", "ollama-panel/workers"
"""Annotations of pods by which an export of the panel says whose values they are, and of how many releases."""
_ENTRIES = ("extraEnv", "extraEnvVars", "env", "environment")
_IMAGE = "ollama/ollama"
_OF_CHART = ("models", "gpu", "port", "mountPath", "defaultModel", "insecure")
"""Keys below `ollama` in the chart itself; where it is a part of another chart, `ollama` holds the whole chart."""


class _Chart(msgspec.Struct, frozen=True):
    """The values of a chart: those of the server itself are in `server`, None = there are none."""

    values: Item
    server: Item | None
    name: str = ""


def read(source: Source) -> Reading:
    """Return the server of each chart of Ollama in the values."""
    try:
        roots = documents(source.files[0])
    except UnreadableError as error:
        return Reading(SourceKind.HELM, source.path, problem=error.told)
    charts = [(root, chart) for root in roots for chart in _charts(root)]
    if not charts:
        return Reading(SourceKind.HELM, source.path, problem=notice("source.helm.no_values", path=source.path))
    builder = ReadingBuilder(source)
    for root, chart in charts:
        assignments, wrong = _assignments(chart.values)
        builder.mistakes += wrong
        if chart.values.text_at("enabled") == "false":
            why = notice("source.helm.disabled", key=chart.name)
            builder.ignore(assignments, why)
            continue
        config = _server(chart, assignments)
        builder.servers += [config] * _count(chart.values)
        if chart.values is not root:
            builder.add_client(source.path, _assignments(root)[0])
    return builder.reading()


def _charts(root: Item) -> Iterator[_Chart]:
    """Yield the charts of Ollama: the whole file, or what is below a key that names it."""
    server = root.get("ollama")
    if server is not None and server.is_mapping and any(server.get(key) is not None for key in _OF_CHART):
        yield _Chart(root, server)
        return
    parts = [(key, value) for key, value in root.pairs() if "ollama" in key.lower() and value.is_mapping]
    if parts:
        for key, value in parts:
            yield _Chart(value, value.get("ollama"), key)
    elif any(root.get(key) is not None for key in _ENTRIES) and _names_ollama(root):
        yield _Chart(root, None)


def _names_ollama(root: Item) -> bool:
    return "ollama" in root.text_at("image", "repository").lower() or any(
        one.name.startswith("OLLAMA_") for one in _assignments(root)[0]
    )


def _assignments(values: Item) -> tuple[tuple[Assignment, ...], list[Mistake]]:
    found, mistakes = list[Assignment](), list[Mistake]()
    for key in _ENTRIES:
        entries = values.get(key)
        if entries is None:
            continue
        variables = kubernetes.of_entries(entries.items())
        found += variables.assignments
        mistakes += variables.mistakes
        if not entries.is_mapping:
            continue
        if key.startswith("extraEnv"):
            why = notice("source.helm.no_list", key=key)
            found += (Assignment(name, one.text, one.place, Fate.IGNORED, why) for name, one in entries.pairs())
            if next(entries.pairs(), None) is not None:
                mistakes.append(Mistake(codes.WRONG_SHAPE, why, entries.place))
        else:
            found += (assigned(name, one.text, one.place) for name, one in entries.pairs())
    return with_overruled(found), mistakes


def _server(chart: _Chart, assignments: tuple[Assignment, ...]) -> ServerConfig:
    values, server = chart.values, chart.server
    repository, tag = values.text_at("image", "repository") or _IMAGE, values.text_at("image", "tag")
    node_port = values.text_at("service", "nodePort")
    enabled = server.text_at("gpu", "enabled") if server is not None else ""
    pool = values.text_at("podAnnotations", POOL)
    return ServerConfig(
        f"ollama-{pool}" if pool else chart.name,
        assignments,
        image=f"{repository}:{tag}" if tag else repository,
        ports=(node_port,) if node_port.isdecimal() else (),
        memory_limit=kubernetes.memory_limit(values),
        gpu=enabled == "true" if enabled else None,
        models=tuple(_models(server)) if server is not None else (),
    )


def _count(values: Item) -> int:
    """Return how many servers there are: an export of the panel makes a release of each worker."""
    replicas = values.text_at("podAnnotations", WORKERS) or values.text_at("replicaCount")
    return min(int(replicas), MOST_REPLICAS) if replicas.isdecimal() else 1


def _models(server: Item) -> Iterator[str]:
    models = server.get("models")
    if models is None:
        if default := server.text_at("defaultModel"):
            yield default
        return
    found = [models, *(one for key in ("pull", "run", "create") if (one := models.get(key)) is not None)]
    names = (one.text or one.text_at("name") for group in found for one in group.items())
    yield from dict.fromkeys(name for name in names if name)
