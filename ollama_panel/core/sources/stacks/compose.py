"""Reader of Compose files: the services with a server of Ollama, and what reaches each.

`.env` fills the file itself and reaches no container; `env_file` and `environment` do, the latter first.
"""

from collections.abc import Iterator, Sequence

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes, containers, dotenv, sizes
from ollama_panel.core.sources.containers import MOST_REPLICAS, Container, ReadingBuilder
from ollama_panel.core.sources.names import is_servers
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
from ollama_panel.core.sources.stacks import compose_ports
from ollama_panel.core.sources.stacks.compose_project import Project, Service, project_of, services_of
from ollama_panel.core.sources.stacks.interpolation import filled
from ollama_panel.core.sources.stacks.yaml_items import Item, duplicates


class _Written(msgspec.Struct):
    """The variables of a service as they are written, with the item of each that can be edited."""

    assignments: list[Assignment]
    items: dict[int, Item]
    mistakes: list[Mistake]


def read(source: Source) -> Reading:
    """Return the servers of a project."""
    try:
        project = project_of(source)
    except UnreadableError as error:
        return Reading(SourceKind.COMPOSE, source.path, problem=error.told)
    if not project.layers:
        told = notice("source.compose.no_services", path=source.path)
        return Reading(SourceKind.COMPOSE, source.path, problem=told)
    builder = ReadingBuilder(source)
    builder.mistakes += _twice(project)
    found = [(service, *_container(service)) for service in services_of(project)]
    pulled = tuple(model for _, one, _ in found if not one.is_server for model in containers.models_of(one.command))
    some_always = any(one.is_server and not _profiles(service) for service, one, _ in found)
    for service, container, its_mistakes in found:
        if not container.is_server:
            builder.add_client(service.name, container.assignments)
        elif not _is_active(service, some_always):
            why = notice("source.compose.profile", service=service.name, profiles=_profiles(service))
            builder.ignore(container.assignments, why)
        else:
            models = tuple(dict.fromkeys((*container.models, *pulled)))
            configs = _replicas(service, msgspec.structs.replace(container.config, models=models))
            builder.add(container, source.system, its_mistakes, configs)
    left, wrong = _not_passed_on(project, builder.servers)
    builder.others += left
    builder.mistakes += wrong
    return builder.reading()


def _twice(project: Project) -> Iterator[Mistake]:
    for document in project.documents:
        for name, item in duplicates(document):
            yield Mistake(codes.DUPLICATE_KEY, notice("source.compose.twice", key=name), item.place)


def _profiles(service: Service) -> tuple[str, ...]:
    found = service.get("profiles")
    return tuple(one.text for one in found.listed()) if found is not None else ()


def _is_active(service: Service, some_always: bool) -> bool:
    """Return whether a service starts: by its profiles, or if no other one does, as nobody knows which is chosen."""
    profiles = _profiles(service)
    if not profiles or service.project.profiles & {*profiles, "*"}:
        return True
    return not service.project.profiles and not some_always


def _replicas(service: Service, config: ServerConfig) -> list[ServerConfig]:
    text = service.text("deploy", "replicas") or service.text("scale")
    count = min(int(text), MOST_REPLICAS) if text.isdecimal() else 1
    if count < 2:
        return [config] * count
    return [msgspec.structs.replace(config, name=f"{config.name}-{number}") for number in range(1, count + 1)]


def _container(service: Service) -> tuple[Container, list[Mistake]]:
    written = _written(service)
    command = (*service.project.words(service.get("entrypoint")), *service.project.words(service.get("command")))
    memory = service.text("mem_limit") or service.text("deploy", "resources", "limits", "memory")

    def edited(one: Assignment, value: str) -> str | None:
        item = written.items.get(id(one))
        if item is None:
            return None
        return item.replaced(f"{one.name}={value}" if item.text.startswith(f"{one.name}=") else value)

    container = Container(
        name=service.text("container_name") or service.name,
        place=service.layers[-1].place,
        image=service.text("image"),
        command=command,
        assignments=with_overruled(written.assignments),
        published=tuple(compose_ports.published(service)),
        host_network=service.text("network_mode") == "host",
        memory_limit=sizes.of_docker(memory),
        gpu=_gpu(service, written.assignments),
        platform=service.text("platform"),
        folders=compose_ports.folders(service),
        models=containers.models_of(command),
        edited=edited,
    )
    return container, written.mistakes


def _gpu(service: Service, assignments: Sequence[Assignment]) -> bool | None:
    """Return whether a service is given a card; None if that depends on the default runtime of Docker."""
    devices = service.get("deploy", "resources", "reservations", "devices")
    if any(
        "gpu" in (one.text for one in (reserved.get("capabilities") or reserved).items())
        for reserved in (devices.items() if devices is not None else [])
    ):
        return True
    named = [*service.all("gpus"), *service.all("devices")]
    if service.get("gpus") is not None or service.text("runtime") == "nvidia":
        return True
    if any(containers.CARD.match(service.project.text(one)) for item in named for one in item.listed()):
        return True
    return None if any(one.name == "NVIDIA_VISIBLE_DEVICES" for one in assignments) else False


def _written(service: Service) -> _Written:
    written = _Written([], {}, [])
    for item in service.all("env_file"):
        for one in item.listed():
            _of_file(service.project, one, written)
    for item in service.all("environment"):
        if item.is_list:
            for one in item.items():
                _of_list(service.project, one, written)
        else:
            for name, one in dict(item.pairs()).items():
                _add(service.project, name, None if one.is_null else one.text, one, written)
    return written


def _of_file(project: Project, item: Item, written: _Written) -> None:
    path = project.text(item.get("path") or item)
    file = project.file_named(path)
    if file is None or file.problem is not None:
        if item.text_at("required") != "false":
            told = notice("source.compose.no_env_file", file=path)
            written.mistakes.append(Mistake(codes.UNREADABLE_FILE, told, item.place))
        return
    of_docker = item.text_at("format") == "raw"
    for line in dotenv.of_docker(file) if of_docker else dotenv.of_compose(file):
        value = project.variables.get(line.name) if line.value is None else line.value
        if value is not None:
            value = value if line.literal else filled(value, project.variables).text
            written.assignments.append(assigned(line.name, value, line.place))


def _of_list(project: Project, item: Item, written: _Written) -> None:
    """Add an entry of a list, `NAME=value` or `NAME`."""
    if item.is_mapping:
        told = notice("source.compose.mapping_in_list", name=next((name for name, _ in item.pairs()), ""))
        written.mistakes.append(Mistake(codes.WRONG_SHAPE, told, item.place))
        return
    name, equals, value = item.text.partition("=")
    plain = name.strip()
    if name != plain and equals:
        why = notice("source.blank_in_name", name=plain)
        written.assignments.append(Assignment(plain, value, item.place, Fate.IGNORED, why))
        told = notice("source.blank_around_equals", name=plain)
        mended = item.replaced(f"{plain}={value.strip()}")
        written.mistakes.append(Mistake(codes.BLANK_AROUND_EQUALS, told, item.place, plain, mended))
        return
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        told = notice("source.compose.quotes", name=name, given=value)
        mended = item.replaced(f"{name}={value[1:-1]}")
        written.mistakes.append(Mistake(codes.QUOTES_INSIDE, told, item.place, name, mended))
    _add(project, name, value if equals else None, item, written)


def _add(project: Project, name: str, raw: str | None, item: Item, written: _Written) -> None:
    """Add a variable; without a value it is that of the shell, or of `.env`."""
    if raw is None:
        if name in project.variables:
            written.assignments.append(assigned(name, project.variables[name], item.place))
        else:
            why = notice("source.compose.of_shell", name=name)
            written.assignments.append(Assignment(name, "", item.place, Fate.IGNORED, why))
        return
    put = filled(raw, project.variables)
    one = assigned(name, put.text, item.place)
    written.assignments.append(one)
    if put.text == raw:
        written.items[id(one)] = item
    if put.is_wrong:
        told = notice("source.compose.dollar", name=name)
        written.mistakes.append(Mistake(codes.NOT_EXPANDED, told, item.place, name))
    elif put.unset:
        told = notice("source.compose.unset", name=name, unset=put.unset)
        written.mistakes.append(Mistake(codes.UNSET_VARIABLE, told, item.place, name))


def _not_passed_on(
    project: Project, servers: Sequence[ServerConfig]
) -> tuple[tuple[Assignment, ...], tuple[Mistake, ...]]:
    """Return what `.env` sets for a server and no service passes on to one."""
    if not servers:
        return (), ()
    passed = {one.name for server in servers for one in server.assignments}
    used = "".join(document.file.text for document in project.documents)
    left = [
        line
        for line in project.lines
        if line.value is not None
        and is_servers(line.name)
        and line.name not in passed
        and f"${line.name}" not in used
        and f"${{{line.name}" not in used
    ]
    why = notice("source.compose.env_fills")
    others = (Assignment(line.name, line.value or "", line.place, Fate.IGNORED, why) for line in left)
    mistakes = (
        Mistake(codes.NOT_PASSED_ON, notice("source.compose.not_passed_on", name=line.name), line.place, line.name)
        for line in left
    )
    return tuple(others), tuple(mistakes)
