"""The containers that run Ollama, as `docker inspect` and `podman inspect` tell of them."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ollama_panel.core.doctor.facts import ContainerFacts
from ollama_panel.core.server_owners import ProcessFacts, container_around, is_server

_GPU_DEVICES = ("/dev/kfd", "/dev/dri", "/dev/nvidia", "nvidia.com/gpu", "amd.com/gpu")


_LONGEST = 255


def _table(told: object) -> Mapping[str, Any]:
    return told if isinstance(told, dict) else {}


def _list(told: object) -> list[Any]:
    return told if isinstance(told, list) else []


def containers_of(
    inspected: Iterable[tuple[str, Mapping[str, Any]]], servers: Iterable[ProcessFacts]
) -> tuple[ContainerFacts, ...]:
    """Return the containers in which Ollama serves, or would; `servers` are the processes that do."""
    by_id = {around[1]: one.pid for one in servers if (around := container_around(one)) is not None}
    found = list[ContainerFacts]()
    for runtime, told in inspected:
        identity = str(told.get("Id", ""))
        server = next((pid for known, pid in by_id.items() if identity.startswith(known)), 0)
        if server or _serves(told):
            found.append(_facts(runtime, told, server))
    return tuple(found)


def _serves(told: Mapping[str, Any]) -> bool:
    command = (told.get("Path", ""), *_list(told.get("Args")))
    words = tuple(str(one) for one in command)
    return any(is_server("", words[start:]) for start in range(len(words)))


def _facts(runtime: str, told: Mapping[str, Any], server: int) -> ContainerFacts:
    state, host = _table(told.get("State")), _table(told.get("HostConfig"))
    memory = host.get("Memory")
    return ContainerFacts(
        name=str(told.get("Name") or told.get("Id", ""))[:_LONGEST].lstrip("/"),
        runtime=runtime,
        running=bool(state.get("Running")),
        server=server,
        memory_limit=memory if isinstance(memory, int) and memory > 0 else None,
        gpu=_has_gpu(told, host),
        killed_for_memory=bool(state.get("OOMKilled")),
    )


def _has_gpu(told: Mapping[str, Any], host: Mapping[str, Any]) -> bool | None:
    """Return whether a card was given to a container; None if its runtime may do so without telling (`nvidia`)."""
    requests = [_table(one) for one in _list(host.get("DeviceRequests"))]
    if any("gpu" in _list(kinds) for one in requests for kinds in _list(one.get("Capabilities"))):
        return True
    if any(one.get("Driver") == "cdi" for one in requests):
        return True
    devices = [str(_table(one).get("PathOnHost", "")) for one in _list(host.get("Devices"))]
    devices += map(str, _list(_table(told.get("Config")).get("CreateCommand")))  # podman's
    if any(sign in device for device in devices for sign in _GPU_DEVICES):
        return True
    return None if host.get("Runtime") == "nvidia" or host.get("Privileged") else False


def environment_of(inspected: Iterable[tuple[str, Mapping[str, Any]]], server: ProcessFacts) -> dict[str, str] | None:
    """Return the variables of the container that a server is in, None if it is in none that is known."""
    around = container_around(server)
    for _, told in inspected:
        if around is not None and str(told.get("Id", "")).startswith(around[1]):
            listed = (str(one).partition("=") for one in _list(_table(told.get("Config")).get("Env")))
            return {name: value for name, _, value in listed}
    return None


def answer_of(inspected: Iterable[tuple[str, Mapping[str, Any]]], command: tuple[str, ...]) -> str | None:
    """Return what `docker container inspect --format ... ID` prints, with what is known of the container already.

    The format is that of `engine.host.containers`.
    """
    program, identity = command[0], command[-1]
    for runtime, told in inspected:
        if runtime == program and str(told.get("Id", "")).startswith(identity):
            host, network = _table(told.get("HostConfig")), _table(told.get("NetworkSettings"))
            answer = {
                "name": told.get("Name", ""),
                "network": host.get("NetworkMode", ""),
                "ports": network.get("Ports"),
            }
            return msgspec.json.encode(answer).decode()
    return None
