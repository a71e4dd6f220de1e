"""Reader of the panel's own settings, and of its export as JSON, on another machine or from before."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.sources.record import Assignment, Reading, ServerConfig, Source, SourceKind, UnreadableError
from ollama_panel.core.sources.stacks.json_text import Lines, below, listed, pairs, parsed, text


def read(source: Source) -> Reading:
    """Return the workers: those of the export, or those that the pools of the settings have."""
    file = source.files[0]
    try:
        found = parsed(file)
    except UnreadableError as error:
        return Reading(SourceKind.PANEL, source.path, problem=error.told)
    lines = Lines(file)
    if listed(found, "instances"):
        servers = tuple(_exported(found, lines))
    elif below(found, "pools") is not None:
        settings, _ = codec.load(file.text.encode("utf-8", "replace"))
        servers = tuple(_of_pools(settings, lines))
    else:
        problem = notice("source.panel.no_settings", path=file.path)
        return Reading(SourceKind.PANEL, source.path, problem=problem)
    return Reading(SourceKind.PANEL, source.path, servers)


def _exported(found: Any, lines: Lines) -> Iterator[ServerConfig]:
    models = {text(pool, "name"): below(pool, "models") for pool in listed(found, "settings", "pools")}
    for one in listed(found, "instances"):
        variables = {name: value for name, value in pairs(one, "environment") if isinstance(value, str)}
        named = models.get(text(one, "pool"))
        command = tuple(word for word in listed(one, "argv") if isinstance(word, str))
        yield ServerConfig(
            text(one, "id"),
            _assignments(variables, lines),
            command,
            models=tuple(model for model in named if isinstance(model, str)) if isinstance(named, list) else (),
        )


def _of_pools(settings: Settings, lines: Lines) -> Iterator[ServerConfig]:
    for pool in settings.pools:
        own = {
            "OLLAMA_NUM_PARALLEL": str(pool.parallel),
            "OLLAMA_CONTEXT_LENGTH": str(pool.context_length),
            **({"OLLAMA_MODELS": settings.ollama.models_dir} if settings.ollama.models_dir else {}),
            **pool.environment,
        }
        config = ServerConfig("", _assignments(own, lines), models=pool.models)
        yield from (
            msgspec.structs.replace(config, name=f"{pool.name}-{number}") for number in range(1, pool.workers + 1)
        )


def _assignments(variables: Mapping[str, str], lines: Lines) -> tuple[Assignment, ...]:
    return tuple(Assignment(name, value, lines.place(name)) for name, value in variables.items())
