"""Podman's quadlets: `.container` files, which systemd's generator turns into units (podman-systemd.unit(5))."""

import re
from itertools import pairwise

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import containers, editing, sizes
from ollama_panel.core.sources.collecting import Collected
from ollama_panel.core.sources.machine import environment_text, unit_file, unit_mistakes
from ollama_panel.core.sources.machine.unit_file import Entry, UnitFile
from ollama_panel.core.sources.names import is_ollamas, is_setting
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Reading, ServerConfig, Source, TextFile

_SECTION = "Container"
_IN_COMMAND_LINE = re.compile(r"\$\$|\$\{\w+\}", re.ASCII)


def read(source: Source) -> Reading:
    """Return what a quadlet sets for the server in its container."""
    own = source.files[0]
    unit = unit_file.parse(own.text)
    found = list(unit_mistakes.of_unit(own, unit, _SECTION))
    image = _last(unit, "Image")
    collected = _collected(source, unit)
    if image and not containers.is_image(image):
        return Reading(source.kind, source.path)
    if not image and not collected.assignments:
        return Reading(source.kind, source.path, mistakes=tuple(found))
    server = ServerConfig(
        _last(unit, "ContainerName") or own.path.rsplit("/", 1)[-1].removesuffix(".container"),
        tuple(one for one in collected.assignments if is_setting(one.name)),
        unit_file.split(_last(unit, "Exec"), relaxed=True).words,
        image,
        tuple(_port(value) for value in _all(unit, "PublishPort")),
        _memory(unit),
        _gpu(unit),
        folders=dict(_folder(value) for value in _all(unit, "Volume") if ":" in value),
    )
    return Reading(source.kind, source.path, (server,), (), tuple(found))


def _entries(unit: UnitFile, key: str) -> list[Entry]:
    return [entry for entry in unit.entries if (entry.section, entry.key) == (_SECTION, key)]


def _all(unit: UnitFile, key: str) -> list[str]:
    return [entry.value for entry in _entries(unit, key) if entry.value]


def _last(unit: UnitFile, key: str) -> str:
    return next(reversed(_all(unit, key)), "")


def _collected(source: Source, unit: UnitFile) -> Collected:
    """Return the variables: those of files first, which `Environment=` overrules, as podman-run(1) has it."""
    collected = Collected()
    for value in _all(unit, "EnvironmentFile"):
        file = source.named(value.removeprefix("-"))
        if file is not None:
            _add_file(file, collected)
    for entry in unit.entries:
        if entry.key == "Environment" and entry.section in (_SECTION, "Service"):
            _add_entry(source.files[0], entry, collected)
    return collected


def _add_entry(file: TextFile, entry: Entry, collected: Collected) -> None:
    """Take a line of the container, and leave one of Podman itself.

    Podman gives a value on its own command line, in which systemd takes two dollar signs for one.
    """
    place = at(file, entry.first)
    if not entry.value and entry.section == _SECTION:
        collected.drop(notice("source.reset", path=file.path, line=entry.first))
    for word in unit_file.split(entry.value, relaxed=True).words:
        name, equals, value = word.partition("=")
        if not equals or not environment_text.is_name(name):
            if is_ollamas(name.strip()):
                collected.leave(name.strip(), value, place, notice("source.no_name", name=name))
        elif entry.section == _SECTION:
            collected.take(name, _by_command_line(unit_file.specified(value, {})), place)
        elif is_ollamas(name):
            collected.leave(name, value, place, notice("source.of_podman"))


def _by_command_line(value: str) -> str:
    """Return a value as a container gets it: Podman's generator puts it into a command line of systemd.

    There `$$` is one dollar sign, and `${NAME}` a variable of the unit, which has none (systemd.service(5)).
    """
    return _IN_COMMAND_LINE.sub(lambda found: "$" if found[0] == "$$" else "", value)


def _add_file(file: TextFile, collected: Collected) -> None:
    """Take a file as Podman does: a line is a name, a sign and the value, quotes and all (`env.ParseFile`)."""
    for number, line in enumerate(editing.lines_of(file.text), 1):
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            collected.take(name, value, at(file, number))


def _port(value: str) -> str:
    """Return the side of the machine of `HOST:PORT:PORT_INSIDE`, "" where Podman chooses one."""
    parts = value.split("/")[0].rsplit(":", 1)
    return parts[0] if len(parts) > 1 else ""


def _folder(value: str) -> tuple[str, str]:
    place, inside, *_ = value.split(":")
    return inside, place


def _memory(unit: UnitFile) -> int | None:
    """Return the limit of `Memory=` or of `--memory` among `PodmanArgs=`, in bytes."""
    words = [word for value in _all(unit, "PodmanArgs") for word in unit_file.split(value, relaxed=True).words]
    by_option = [word.partition("=")[2] for word in words if word.startswith("--memory=")]
    by_option += [after for word, after in pairwise(words) if word in ("-m", "--memory")]
    return sizes.of_docker(next(iter([*reversed(_all(unit, "Memory")), *by_option]), ""))


def _gpu(unit: UnitFile) -> bool:
    given = [*_all(unit, "AddDevice"), *_all(unit, "PodmanArgs")]
    return any(containers.CARD.search(value) or "--gpus" in value for value in given)
