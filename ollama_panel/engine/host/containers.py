"""What docker or podman tell of the container that a server runs in: its name, and how it is reached from here.

Their program is asked once for each container. A daemon that does not answer costs `services.run_command` its limit,
in a thread, and then is not asked about this container for a while, which stays known by its id. Other containers may
be told of: podman knows only those of the user who asks.
"""

from collections.abc import Callable

import msgspec

from ollama_panel.core.ollama.host_variable import DEFAULT_PORT
from ollama_panel.core.servers import OwnerKind
from ollama_panel.engine.host.services import Run, run_command

PAUSE_S = 600.0
_FORMAT = '{"name":{{json .Name}},"network":{{json .HostConfig.NetworkMode}},"ports":{{json .NetworkSettings.Ports}}}'
_PROGRAMS = {OwnerKind.DOCKER: "docker", OwnerKind.PODMAN: "podman"}


class _Port(msgspec.Struct, frozen=True, rename="pascal"):
    host_ip: str = ""
    host_port: str = ""


class _Inspected(msgspec.Struct, frozen=True):
    name: str = ""
    network: str = ""
    ports: dict[str, list[_Port] | None] | None = None


class Container(msgspec.Struct, frozen=True):
    """A container. `published` are host and port of this machine that lead to Ollama in it, None = none.

    `host_network`: its servers listen on the addresses of this machine.
    """

    name: str
    published: tuple[str, int] | None = None
    host_network: bool = False


class Containers:
    """Asks about containers; `now` is a clock in seconds."""

    def __init__(self, now: Callable[[], float], run: Run = run_command) -> None:
        self._now = now
        self._run = run
        self._known: dict[str, Container] = {}
        self._silent_until: dict[str, float] = {}

    def may_tell(self, name: str) -> bool:
        """Return whether it is time to ask about a container, again if nobody has told of it before."""
        return self._now() >= self._silent_until.get(name, float("-inf"))

    def look(self, kind: OwnerKind, name: str, port: int = DEFAULT_PORT) -> Container | None:
        """Return the container of this id in which Ollama listens on `port`; None if its runtime does not tell."""
        program = _PROGRAMS.get(kind)
        if program is None or not self.may_tell(name):
            return None
        if name not in self._known:
            told = self._run([program, "container", "inspect", "--format", _FORMAT, name])
            found = None if told is None else _container(told, port)
            if found is None:
                self._silent_until[name] = self._now() + PAUSE_S
                return None
            self._known[name] = found
        return self._known[name]


def _container(told: str, port: int) -> Container | None:
    try:
        found = msgspec.json.decode(told, type=_Inspected)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    ports = (found.ports or {}).get(f"{port}/tcp") or []
    published = next(((one.host_ip, int(one.host_port)) for one in ports if one.host_port.isdecimal()), None)
    return Container(found.name.lstrip("/"), published, found.network == "host")
