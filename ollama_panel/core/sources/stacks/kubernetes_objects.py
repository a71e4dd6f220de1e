"""The objects of Kubernetes in some files: their pods, and the ConfigMaps and Secrets that variables come from."""

import base64
import binascii
from collections.abc import Iterator, Mapping

import msgspec

from ollama_panel.core.sources import dotenv
from ollama_panel.core.sources.record import Place, Source
from ollama_panel.core.sources.stacks.yaml_items import Item, documents

_YAML = (".yaml", ".yml", ".json")
_DEEPEST = 12


class Value(msgspec.Struct, frozen=True):
    """A value of a ConfigMap or a Secret; `item` is its scalar, None if it has none in YAML of its own."""

    text: str
    place: Place
    item: Item | None = None


class Pod(msgspec.Struct, frozen=True):
    """What describes pods: the object that it is in, their `spec`, and how many of them there are."""

    name: str
    spec: Item
    labels: Mapping[str, str]
    replicas: int = 1


class Objects(msgspec.Struct, frozen=True):
    """All objects of a source; `values` are those of ConfigMaps and Secrets by their names."""

    pods: tuple[Pod, ...]
    services: tuple[Item, ...]
    values: Mapping[str, Mapping[str, Value]]


def objects_of(source: Source) -> Objects:
    """Return the objects of a source. Raises UnreadableError if its own file is no YAML."""
    found = list[Item]()
    for file in source.files:
        if file is source.files[0] or file.path.lower().endswith(_YAML):
            found += _listed(documents(file), 0)
    pods, services, values = list[Pod](), list[Item](), dict[str, dict[str, Value]]()
    for one in found:
        kind, name = one.text_at("kind"), one.text_at("metadata", "name")
        if kind in ("ConfigMap", "Secret"):
            values.setdefault(name, {}).update(_values(one, kind))
        elif kind == "Service":
            services.append(one)
        elif kind == "Kustomization" or one.get("configMapGenerator") is not None:
            for key in ("configMapGenerator", "secretGenerator"):
                generators = one.get(key)
                for generator in generators.items() if generators is not None else ():
                    values.setdefault(generator.text_at("name"), {}).update(_generated(generator, source))
        else:
            pods += _pods(one)
    return Objects(tuple(pods), tuple(services), values)


def _listed(items: list[Item], depth: int) -> Iterator[Item]:
    for one in items:
        inner = one.get("items")
        if inner is not None and one.text_at("kind").endswith("List") and depth < _DEEPEST:
            yield from _listed(inner.items(), depth + 1)
        else:
            yield one


def _pods(item: Item) -> Iterator[Pod]:
    """Yield what describes pods, wherever it is in an object: whatever has containers is one."""
    replicas = item.text_at("spec", "replicas")
    count = int(replicas) if replicas.isdecimal() else 1
    name = item.text_at("metadata", "name")
    waiting, seen = [(item, item)], set[int]()
    while waiting:
        one, parent = waiting.pop(0)
        if id(one.node) in seen:
            continue
        seen.add(id(one.node))
        containers = one.get("containers")
        if containers is not None and containers.is_list:
            labels = parent.get("metadata", "labels")
            found = labels.pairs() if labels is not None else iter(())
            yield Pod(name, one, {key: value.text for key, value in found}, count)
            continue
        waiting += [(value, one) for _, value in one.pairs()] + [(value, one) for value in one.items()]


def _values(item: Item, kind: str) -> Iterator[tuple[str, Value]]:
    for key in ("data", "stringData"):
        data = item.get(key)
        for name, value in data.pairs() if data is not None else ():
            text = value.text
            if kind == "Secret" and key == "data":
                text = _decoded(text)
            yield name, Value(text, value.place, value)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _generated(generator: Item, source: Source) -> Iterator[tuple[str, Value]]:
    """Yield what kustomize makes of literals, and of files of variables."""
    literals, envs = generator.get("literals"), generator.get("envs")
    for item in literals.items() if literals is not None else ():
        name, _, value = item.text.partition("=")
        plain = value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
        yield name, Value(plain, item.place)
    named = [one.text for one in (envs.items() if envs is not None else ())] + [generator.text_at("env")]
    for path in filter(None, named):
        file = source.named(path)
        for line in dotenv.of_docker(file) if file is not None else ():
            yield line.name, Value(line.value or "", line.place)
