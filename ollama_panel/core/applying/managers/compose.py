"""Compose: a project of containers in a file, of Docker or of whatever `docker compose` speaks to."""

import shlex
from collections.abc import Sequence

import msgspec

from ollama_panel.core.applying.managers import Placed
from ollama_panel.core.applying.units import Unit
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.notices import Notice, notice

_LOOK = r"""
id=$(docker compose --file %(file)s ps --all --quiet %(service)s 2>/dev/null | head -n 1)
if [ -z "$id" ]; then printf '\n@@state\ngone\n'; exit 0; fi
case $(docker inspect --format '{{.State.Status}}' "$id") in
running) state=active ;;
created|restarting) state=starting ;;
*) state=failed ;;
esac
printf '\n@@state\n%%s\n' "$state"
printf '\n@@restarts\n%%s\n' "$(docker inspect --format '{{.RestartCount}}' "$id")"
printf '\n@@environment\n'; docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$id"
printf '\n@@log\n'; docker logs "$id" 2>&1 | grep -F 'server config' | tail -n 1
if [ "$state" = failed ]; then printf '\n@@said\n'; docker logs --tail 1 "$id" 2>&1; fi
exit 0
"""


class Compose(msgspec.Struct, frozen=True):
    """The program `docker compose`."""

    @property
    def root(self) -> bool:
        """Whether its commands need an administrator: who may speak to Docker needs none."""
        return False

    @property
    def graceful(self) -> bool:
        """Whether a restart breaks no answer off."""
        return False

    @property
    def system(self) -> str:
        """The system that it is a part of: any."""
        return ""

    def units(self, export: Export, files: Placed) -> tuple[Unit, ...]:
        """Return the services, which are named by their workers; all are of the one file."""
        paths = tuple(path for path, _ in files)
        return tuple(Unit(one.id, paths, one, contained=True) for one in export.workers)

    def needed(self, units: Sequence[Unit]) -> tuple[tuple[str, Notice], ...]:
        """Return that Docker and Compose answer."""
        del units
        return (("docker compose version >/dev/null && docker info >/dev/null", notice("apply.no_docker")),)

    def check(self, files: Placed) -> tuple[str, ...]:
        """Return the command that reads the file."""
        return tuple(f"docker compose --file {shlex.quote(path)} config --quiet" for path, _ in files[:1])

    def reload(self) -> tuple[str, ...]:
        """Return nothing: each command reads the file."""
        return ()

    def restart(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return the command that makes the container of a service anew, if it differs from the file."""
        del new
        return (f"docker compose --file {shlex.quote(unit.paths[0])} up --detach --no-deps {shlex.quote(unit.name)}",)

    def stop(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return the command that removes the container of a service."""
        del new
        return (f"docker compose --file {shlex.quote(unit.paths[0])} rm --stop --force {shlex.quote(unit.name)}",)

    def look(self, unit: Unit) -> str:
        """Return the script that asks Docker for the container and its log."""
        return _LOOK % {"file": shlex.quote(unit.paths[0]), "service": shlex.quote(unit.name)}
