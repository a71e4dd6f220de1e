"""Readings of servers, as the readers of sources return them, for the tests of the import."""

from ollama_panel.core.sources.record import Assignment, Place, Reading, ServerConfig, SourceKind

DROP_IN = "/etc/systemd/system/ollama.service.d/override.conf"


def assigned(variables: dict[str, str], path: str = DROP_IN) -> tuple[Assignment, ...]:
    """Return the variables as assignments that reach the server, a line for each."""
    return tuple(
        Assignment(name, value, Place(path, line, f'Environment="{name}={value}"'))
        for line, (name, value) in enumerate(variables.items(), 2)
    )


def unit(
    variables: dict[str, str],
    name: str = "ollama.service",
    *,
    path: str = DROP_IN,
    kind: SourceKind = SourceKind.SYSTEMD,
    models: tuple[str, ...] = (),
) -> Reading:
    """Return the reading of a source that sets up one server."""
    return Reading(kind, path, (ServerConfig(name, assigned(variables, path), models=models),))


def container(
    variables: dict[str, str], *ports: str, folders: dict[str, str] | None = None, name: str = "ollama"
) -> Reading:
    """Return the reading of a Compose file with one container."""
    path = "docker-compose.yml"
    config = ServerConfig(
        name, assigned(variables, path), image="ollama/ollama", ports=ports, folders=folders or {}, memory_limit=None
    )
    return Reading(SourceKind.COMPOSE, path, (config,))
