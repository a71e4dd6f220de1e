"""Reader of what `docker inspect` and `podman inspect` print of containers.

Variables are those of the container as it was made, of the image as well as its own: nothing more is put in.
"""

from collections.abc import Iterator
from typing import Any

from ollama_panel.core.sources import containers
from ollama_panel.core.sources.containers import Container, Published, ReadingBuilder
from ollama_panel.core.sources.places import assigned, with_overruled
from ollama_panel.core.sources.record import Assignment, Reading, Source, SourceKind, UnreadableError
from ollama_panel.core.sources.stacks.json_text import Lines, below, listed, pairs, parsed, text, texts


def read(source: Source) -> Reading:
    """Return the servers among containers; the variables of the others are those of clients."""
    try:
        found = parsed(source.files[0])
    except UnreadableError as error:
        return Reading(SourceKind.DOCKER_INSPECT, source.path, problem=error.told)
    builder = ReadingBuilder(source)
    lines = Lines(source.files[0])
    for one in found if isinstance(found, list) else [found]:
        builder.add(_container(one, lines), source.system)
    return builder.reading()


def _container(one: Any, lines: Lines) -> Container:
    image = text(one, "Config", "Image") or text(one, "ImageName")
    place = lines.place(text(one, "Id")) if text(one, "Id") else lines.place(text(one, "Name"))
    written = list[Assignment]()
    for entry in texts(one, "Config", "Env"):
        name, equals, value = entry.partition("=")
        if equals:
            written.append(assigned(name, value, lines.place(entry)))
    memory = below(one, "HostConfig", "Memory")
    command = (*texts(one, "Config", "Entrypoint"), *texts(one, "Config", "Cmd"))
    return Container(
        name=text(one, "Name").removeprefix("/"),
        place=place,
        image=image,
        command=command,
        assignments=with_overruled(written),
        published=tuple(_published(one)),
        host_network=text(one, "HostConfig", "NetworkMode") == "host",
        memory_limit=memory if isinstance(memory, int) and memory > 0 else None,
        gpu=_gpu(one, written),
        folders={
            text(mount, "Destination"): text(mount, "Source")
            for mount in listed(one, "Mounts")
            if text(mount, "Destination") and text(mount, "Source") and text(mount, "Type") != "tmpfs"
        },
        models=containers.models_of(command),
    )


def _published(one: Any) -> Iterator[Published]:
    """Yield the ports that are open, or would be if the container ran."""
    inside_of = dict(pairs(one, "HostConfig", "PortBindings"))
    inside_of.update((key, value) for key, value in pairs(one, "NetworkSettings", "Ports") if value)
    for inside, bindings in inside_of.items():
        port, _, protocol = inside.partition("/")
        for binding in bindings if isinstance(bindings, list) else ():
            outside, host = text(binding, "HostPort"), text(binding, "HostIp")
            if port.isdecimal() and outside.isdecimal() and int(outside) and protocol in ("", "tcp"):
                yield Published(int(outside), int(port), "" if host in ("0.0.0.0", "::") else host)


def _gpu(one: Any, written: list[Assignment]) -> bool | None:
    asked = (
        name
        for request in listed(one, "HostConfig", "DeviceRequests")
        for group in listed(request, "Capabilities")
        for name in (group if isinstance(group, list) else [])
    )
    if "gpu" in asked or text(one, "HostConfig", "Runtime") == "nvidia":
        return True
    devices = [text(device, "PathOnHost") for device in listed(one, "HostConfig", "Devices")]
    if any(map(containers.CARD.match, devices)):
        return True
    return None if any(map(containers.CARD.match, texts(one, "HostConfig", "CDIDevices"))) else False
