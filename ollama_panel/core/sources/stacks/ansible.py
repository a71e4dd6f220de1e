"""Reader of Ansible's playbooks and lists of tasks: the units that they install, and the containers that they start.

What a task copies is read as the service manager will read it on the machine. Templates of Jinja stay as they are
written, as only Ansible knows what they become. Its `environment` is for the tasks themselves, not for a service.
"""

import re
from collections.abc import Callable, Iterator, Mapping

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes, sizes
from ollama_panel.core.sources.containers import Container, ReadingBuilder
from ollama_panel.core.sources.machine import systemd
from ollama_panel.core.sources.places import assigned, at, with_overruled
from ollama_panel.core.sources.record import (
    Assignment,
    Fate,
    Mistake,
    Place,
    Reading,
    Source,
    SourceKind,
    TextFile,
    UnreadableError,
)
from ollama_panel.core.sources.stacks import compose_ports
from ollama_panel.core.sources.stacks.yaml_items import Item, documents

_COPIES = ("copy", "template")
_EDITS = ("lineinfile", "blockinfile", "ini_file")
_CONTAINERS = ("docker_container", "podman_container")
_PORTS = ("ports", "published_ports", "publish")
_UNIT = re.compile(r"/systemd/.*?([^/]+\.service)(?:\.d/[^/]+\.conf)?$")
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_DEEPEST = 40


class _Written(msgspec.Struct, frozen=True):
    """A file of the machine that tasks write: its text, and where each line of it stands.

    `is_template`: Ansible fills in what is in braces.
    """

    file: TextFile
    places: Callable[[Place], Place]
    is_template: bool


def read(source: Source) -> Reading:
    """Return the servers of a playbook: those of the units that it installs, and those in its containers."""
    try:
        roots = documents(source.files[0])
    except UnreadableError as error:
        return Reading(SourceKind.ANSIBLE, source.path, problem=error.told)
    tasks = [task for root in roots for task in _tasks(root)]
    builder = ReadingBuilder(source)
    for unit, written in _units(tasks, source).items():
        reading = systemd.read(Source(SourceKind.SYSTEMD, tuple(one.file for one in written), "Linux", unit))
        files = {one.file.path: one for one in written}
        builder.servers += (
            msgspec.structs.replace(server, assignments=_moved(server.assignments, files)) for server in reading.servers
        )
        builder.others += _moved(reading.others, files)
        builder.mistakes += (_mistake(one, files) for one in reading.mistakes)
    for task in tasks:
        for name, body in task.pairs():
            if name.rpartition(".")[2] in _CONTAINERS and body.is_mapping:
                container, wrong = _container(body)
                builder.add(container, "Linux", wrong)
        builder.add_client("Ansible", list(_of_tasks(task)))
    if not tasks:
        problem = notice("source.ansible.no_tasks", path=source.path)
        return Reading(SourceKind.ANSIBLE, source.path, problem=problem)
    return builder.reading()


def _tasks(root: Item) -> Iterator[Item]:
    """Yield every mapping that is a task, or may be one: those of a list, wherever it is."""
    waiting, seen = [(root, 0)], set[int]()
    while waiting:
        one, depth = waiting.pop(0)
        if id(one.node) in seen or depth > _DEEPEST:
            continue
        seen.add(id(one.node))
        for item in one.items():
            if item.is_mapping:
                yield item
            waiting.append((item, depth + 1))
        waiting += [(value, depth + 1) for _, value in one.pairs() if value.is_list or value.is_mapping]


def _units(tasks: list[Item], source: Source) -> dict[str, list[_Written]]:
    """Return the files of each unit that tasks write, the unit itself before its drop-ins."""
    found = dict[str, list[_Written]]()
    for task in tasks:
        for name, body in task.pairs():
            module = name.rpartition(".")[2]
            path = body.text_at("dest") or body.text_at("path")
            unit = _UNIT.search(path)
            if unit is None or module not in (*_COPIES, *_EDITS):
                continue
            written = _copied(body, path, module, source) if module in _COPIES else _edited(body, path, module)
            if written is not None:
                found.setdefault(unit[1], []).append(written)
    return {unit: sorted(files, key=lambda one: ".d/" in one.file.path) for unit, files in found.items()}


def _copied(body: Item, path: str, module: str, source: Source) -> _Written | None:
    content = body.get("content")
    if content is not None:
        return _inside(content, path, content.text)
    src = body.text_at("src")
    alike = (one for one in source.files[1:] if one.name == TextFile(src).name and one.path.endswith(src))
    file = next(alike, None) or source.named(src)
    if file is None:
        return None
    return _Written(TextFile(path, file.text, file.problem), lambda place: at(file, place.line), module == "template")


def _edited(body: Item, path: str, module: str) -> _Written | None:
    item = body.get({"lineinfile": "line", "blockinfile": "block", "ini_file": "value"}[module])
    if item is None:
        return None
    text = item.text
    if module == "ini_file":
        section, option = body.text_at("section"), body.text_at("option")
        return _inside(item, path, f"[{section}]\n{option}={text}\n", before=2)
    return _inside(item, path, text if "[" in text.partition("\n")[0] else f"[Service]\n{text}\n", before=1)


def _inside(item: Item, path: str, text: str, before: int = 0) -> _Written:
    """Return a text of the playbook as a file; a block of lines begins below its key."""
    block = getattr(item.node, "style", None) in ("|", ">")
    before = before if text != item.text else 0

    def place(inner: Place) -> Place:
        return at(item.file, item.line + (inner.line - before if block and inner.line else 0))

    return _Written(TextFile(path, text), place, is_template=True)


def _moved(assignments: tuple[Assignment, ...], files: Mapping[str, _Written]) -> tuple[Assignment, ...]:
    """Return assignments at their places in the playbook; what is a template, Ansible alone knows."""
    moved = list[Assignment]()
    for one in assignments:
        written = files.get(one.place.path)
        if written is not None:
            known = _known(one) if written.is_template else one
            moved.append(msgspec.structs.replace(known, place=written.places(one.place)))
        else:
            moved.append(one)
    return tuple(moved)


def _known(one: Assignment) -> Assignment:
    if one.fate is not Fate.TAKEN or not _JINJA.search(one.value):
        return one
    why = notice("source.ansible.template", name=one.name)
    return msgspec.structs.replace(one, fate=Fate.IGNORED, why=why)


def _mistake(one: Mistake, files: Mapping[str, _Written]) -> Mistake:
    """Return a mistake at its place in the playbook, where only a person can mend it."""
    written = files.get(one.place.path)
    return msgspec.structs.replace(one, place=written.places(one.place) if written else one.place, mended=None)


def _container(body: Item) -> tuple[Container, list[Mistake]]:
    environment, mistakes = body.get("env") or body.get("environment"), list[Mistake]()
    found = list[Assignment]()
    for name, value in environment.pairs() if environment is not None else ():
        found.append(_known(assigned(name, value.text, value.place)))
        if not value.is_text:
            told = notice("source.ansible.not_text", name=name, given=value.text)
            mistakes.append(Mistake(codes.NUMBER_NOT_TEXT, told, value.place, name, value.replaced(value.text)))
    options = [body.text_at(key) for key in ("runtime", "device_requests")] + [
        one.text for key in ("devices", "device") if (given := body.get(key)) is not None for one in given.listed()
    ]
    ports = [one.text for key in _PORTS if (given := body.get(key)) is not None for one in given.listed()]
    volumes = body.get("volumes") or body.get("volume")
    bounds = [compose_ports.bound(one.text) for one in (volumes.listed() if volumes is not None else [])]
    gives = any(re.search(r"nvidia|/dev/(kfd|dri)", one) for one in options) or body.get("device_requests") is not None
    command = body.get("command")
    container = Container(
        name=body.text_at("name"),
        place=body.place,
        image=body.text_at("image"),
        command=tuple(one.text for one in command.listed()) if command is not None else (),
        assignments=with_overruled(found),
        published=tuple(port for one in ports for port in compose_ports.short(one)),
        host_network=body.text_at("network_mode") == "host",
        memory_limit=sizes.of_docker(body.text_at("memory")),
        gpu=gives,
        folders={inside: outside for outside, inside in bounds if outside.startswith("/")},
    )
    return container, mistakes


def _of_tasks(task: Item) -> Iterator[Assignment]:
    environment = task.get("environment")
    for name, value in environment.pairs() if environment is not None else ():
        yield assigned(name, value.text, value.place)
