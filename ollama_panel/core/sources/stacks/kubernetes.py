"""Reader of objects of Kubernetes: the containers of pods, with what the kubelet gives each."""

import re
from collections.abc import Iterator

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes, containers, sizes
from ollama_panel.core.sources.containers import MOST_REPLICAS, Container, Published, ReadingBuilder
from ollama_panel.core.sources.places import assigned, with_overruled
from ollama_panel.core.sources.record import (
    Assignment,
    Fate,
    Mistake,
    Place,
    Reading,
    ServerConfig,
    Source,
    SourceKind,
    UnreadableError,
)
from ollama_panel.core.sources.stacks.kubernetes_objects import Objects, Pod, Value, objects_of
from ollama_panel.core.sources.stacks.kubernetes_text import expanded
from ollama_panel.core.sources.stacks.yaml_items import Item

_CARD = re.compile(r"/gpu$|/mig-|gpu\.intel\.com/|^nvidia\.com/|^amd\.com/gpu")
_LINUX = "Linux"
"""Nodes of Kubernetes are no Macs."""


class _Variables:
    """The variables of a container, in the order in which the kubelet takes them."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._values = dict[str, str]()
        self.assignments = list[Assignment]()
        self.mistakes = list[Mistake]()

    def add_all_of(self, item: Item) -> None:
        """Take an entry of `envFrom`."""
        reference = item.get("configMapRef") or item.get("secretRef")
        if reference is None:
            return
        for name, value in self._objects.values.get(reference.text_at("name"), {}).items():
            self._check(f"{item.text_at('prefix')}{name}", value)
            self._take(f"{item.text_at('prefix')}{name}", value.text, value.place)

    def add(self, item: Item) -> None:
        """Take an entry of `env`."""
        name, value, source = item.text_at("name"), item.get("value"), item.get("valueFrom")
        if source is not None:
            self._refer(name, item, source)
            return
        if value is not None:
            self._check(name, Value(value.text, value.place, value))
        text, missing = expanded(value.text if value is not None else "", self._values)
        if missing:
            told = notice("source.kubernetes.missing", name=name, missing=missing)
            self.mistakes.append(Mistake(codes.UNSET_VARIABLE, told, item.place, name))
        self._take(name, text, value.place if value is not None else item.place)

    def _refer(self, name: str, item: Item, source: Item) -> None:
        for key in ("configMapKeyRef", "secretKeyRef"):
            reference = source.get(key)
            if reference is None:
                continue
            values = self._objects.values.get(reference.text_at("name"), {})
            found = values.get(reference.text_at("key"))
            if found is not None:
                self._check(name, found)
                self._take(name, found.text, found.place)
                return
        kind = next((key for key, _ in source.pairs()), "valueFrom")
        why = notice("source.kubernetes.elsewhere", name=name, kind=kind)
        self.assignments.append(Assignment(name, "", item.place, Fate.IGNORED, why))

    def _check(self, name: str, value: Value) -> None:
        if (mistake := number_not_text(name, value.item)) is not None:
            self.mistakes.append(mistake)

    def _take(self, name: str, text: str, place: Place) -> None:
        self._values[name] = text
        self.assignments.append(assigned(name, text, place))


def read(source: Source) -> Reading:
    """Return the servers in pods; the variables of other containers are those of clients."""
    try:
        objects = objects_of(source)
    except UnreadableError as error:
        return Reading(SourceKind.KUBERNETES, source.path, problem=error.told)
    if not objects.pods and not objects.values:
        told = notice("source.kubernetes.no_objects", path=source.path)
        return Reading(SourceKind.KUBERNETES, source.path, problem=told)
    builder = ReadingBuilder(source)
    for pod in objects.pods:
        pulled = tuple(model for one in _items(pod.spec, "initContainers") for model in _models(one))
        for item in _items(pod.spec, "containers"):
            variables = variables_of(item, objects)
            container = _container(pod, item, variables, objects)
            models = tuple(dict.fromkeys((*container.models, *pulled)))
            configs = _replicas(pod, msgspec.structs.replace(container.config, models=models))
            builder.add(container, _LINUX, variables.mistakes, configs)
    return builder.reading()


def number_not_text(name: str, item: Item | None) -> Mistake | None:
    """Return what is wrong with a value that Kubernetes takes for no text, None if it is one, or nothing."""
    if item is None or item.is_text or item.is_null:
        return None
    raw = item.file.text[item.node.start_mark.index : item.node.end_mark.index]
    told = notice("source.kubernetes.not_text", name=name, given=raw.partition("\n")[0])
    mended = None if item.is_mapping or item.is_list else item.replaced(raw)
    return Mistake(codes.NUMBER_NOT_TEXT, told, item.place, name, mended)


def variables_of(item: Item, objects: Objects) -> _Variables:
    """Return the variables of a container."""
    found = _Variables(objects)
    for one in _items(item, "envFrom"):
        found.add_all_of(one)
    for one in _items(item, "env"):
        found.add(one)
    return found


def of_entries(items: list[Item]) -> _Variables:
    """Return the variables of a list of entries alone, as the values of charts have them."""
    found = _Variables(Objects((), (), {}))
    for one in items:
        found.add(one)
    return found


def memory_limit(item: Item) -> int | None:
    """Return the bytes that a container with `resources` may use."""
    return sizes.of_kubernetes(item.text_at("resources", "limits", "memory"))


def _items(item: Item, *path: str) -> list[Item]:
    found = item.get(*path)
    return found.items() if found is not None else []


def _replicas(pod: Pod, config: ServerConfig) -> Iterator[ServerConfig]:
    if pod.replicas == 1:
        yield config
        return
    for number in range(1, min(pod.replicas, MOST_REPLICAS) + 1):
        yield msgspec.structs.replace(config, name=f"{config.name}-{number}")


def _models(item: Item) -> tuple[str, ...]:
    """Return the models that a command pulls; a script may have them as its arguments."""
    command = [one.text for one in (*_items(item, "command"), *_items(item, "args"))]
    lifecycle = [one.text for one in _items(item, "lifecycle", "postStart", "exec", "command")]
    script = next((index for index, text in enumerate(command) if "ollama pull" in text and "for " in text), None)
    arguments = command[script + 2 :] if script is not None else []
    return (*containers.models_of(command), *containers.models_of(lifecycle), *arguments)


def _container(pod: Pod, item: Item, variables: _Variables, objects: Objects) -> Container:
    command = tuple(one.text for one in (*_items(item, "command"), *_items(item, "args")))
    return Container(
        name=pod.name or item.text_at("name"),
        place=item.place,
        image=item.text_at("image"),
        command=command,
        assignments=with_overruled(variables.assignments),
        published=tuple(_published(pod, item, objects)),
        host_network=pod.spec.text_at("hostNetwork") == "true",
        memory_limit=memory_limit(item),
        gpu=_gpu(pod, item),
        folders=_folders(pod, item),
        models=_models(item),
    )


def _published(pod: Pod, item: Item, objects: Objects) -> Iterator[Published]:
    """Yield the ports of the node: those of the container itself, and of the services that lead to its pod."""
    names = dict[str, str]()
    for port in _items(item, "ports"):
        inside, outside = port.text_at("containerPort"), port.text_at("hostPort")
        names[port.text_at("name")] = inside
        if inside.isdecimal() and outside.isdecimal():
            yield Published(int(outside), int(inside), port.text_at("hostIP"))
    for service in objects.services:
        selector = service.get("spec", "selector")
        chosen = {key: value.text for key, value in selector.pairs()} if selector is not None else {}
        if not chosen or not chosen.items() <= pod.labels.items():
            continue
        for port in _items(service, "spec", "ports"):
            target = port.text_at("targetPort") or port.text_at("port")
            inside, outside = names.get(target, target), port.text_at("nodePort")
            if inside.isdecimal() and outside.isdecimal():
                yield Published(int(outside), int(inside))


def _gpu(pod: Pod, item: Item) -> bool:
    limits = item.get("resources", "limits")
    asked = limits.pairs() if limits is not None else iter(())
    if any(_CARD.search(name) and value.text != "0" for name, value in asked):
        return True
    return pod.spec.text_at("runtimeClassName") == "nvidia"


def _folders(pod: Pod, item: Item) -> dict[str, str]:
    paths = {one.text_at("name"): one.text_at("hostPath", "path") for one in _items(pod.spec, "volumes")}
    mounts = ((one.text_at("mountPath"), paths.get(one.text_at("name"), "")) for one in _items(item, "volumeMounts"))
    return {inside: path for inside, path in mounts if path}
