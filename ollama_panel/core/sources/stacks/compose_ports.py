"""The ports and folders of a service of Compose, in the short and the long form."""

import re
from collections.abc import Iterator

from ollama_panel.core.sources.containers import Published
from ollama_panel.core.sources.stacks.compose_project import Service

_SHORT = re.compile(r"(?:(\[[^\]]*\]|[^:/]*):)?(?:([\d-]*):)?(\d+(?:-\d+)?)(?:/(\w+))?", re.ASCII)
_MOST = 256


def published(service: Service) -> Iterator[Published]:
    """Yield the ports of the machine that lead into a service; one that Docker chooses itself is left out."""
    for item in service.all("ports"):
        for one in item.listed():
            if one.is_mapping:
                inside, outside = (service.project.text(one.get(key)) for key in ("target", "published"))
                yield from _pairs(outside, inside, service.project.text(one.get("host_ip")))
            else:
                yield from short(service.project.text(one))


def short(text: str) -> Iterator[Published]:
    """Yield the ports of `[[address:]port:]port[/protocol]`, in which a port may be a range."""
    found = _SHORT.fullmatch(text.strip())
    if found is None or found[4] == "udp":
        return
    host, outside = found[1] or "", found[2]
    if outside is None and re.fullmatch(r"[\d-]+", host):
        host, outside = "", host
    yield from _pairs(outside or "", found[3], host.strip("[]"))


def _pairs(outside: str, inside: str, host: str) -> Iterator[Published]:
    first, second = _range(outside), _range(inside)
    if first is None or second is None:
        return
    if len(first) == len(second):
        yield from (Published(one, other, host) for one, other in zip(first, second, strict=True))
    elif len(second) == 1:
        yield Published(first[0], second[0], host)


def _range(text: str) -> range | None:
    low, dash, high = text.partition("-")
    if not (low.isdecimal() and (high.isdecimal() or not dash)):
        return None
    found = range(int(low), int(high if dash else low) + 1)
    return found if 0 < len(found) <= _MOST else None


def folders(service: Service) -> dict[str, str]:
    """Return the folders of the machine that are in a service, by where they are in it; volumes have no known place."""
    found = dict[str, str]()
    for item in service.all("volumes"):
        for one in item.listed():
            if one.is_mapping:
                source, inside = (service.project.text(one.get(key)) for key in ("source", "target"))
            else:
                source, inside = bound(service.project.text(one))
            if (inside and source.startswith(("/", "./", "../", "~", "\\"))) or re.match(r"[A-Za-z]:[\\/]", source):
                found[inside] = source
    return found


def bound(text: str) -> tuple[str, str]:
    """Return what `source:target[:options]` puts where, of which the source may begin with a drive of Windows."""
    drive = re.match(r"[A-Za-z]:[\\/]", text)
    source, _, rest = text[2:].partition(":") if drive else text.partition(":")
    return (text[:2] + source if drive else source), rest.partition(":")[0]
