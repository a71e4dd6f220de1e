"""The services of a Compose project: files put on top of each other, `extends`, `.env`, and what they are filled with.

Source: the Compose specification, chapters 5 (services), 12 (interpolation) and 13 (merge).
"""

import posixpath
import shlex
from collections.abc import Iterator, Mapping

import msgspec

from ollama_panel.core.sources import dotenv
from ollama_panel.core.sources.record import Source, TextFile, UnreadableError
from ollama_panel.core.sources.stacks.interpolation import Filled, filled
from ollama_panel.core.sources.stacks.yaml_items import Item, documents

_DEEPEST = 16
_MOST_LAYERS = 64


class Project(msgspec.Struct, frozen=True):
    """A project. `layers` are its services by name, each as mappings of which the later ones count more.

    `variables` are those of `.env`, which `lines` has as they are written; `files` are those that an `env_file` may
    name. `profiles` are those that are active.
    """

    documents: tuple[Item, ...]
    layers: Mapping[str, tuple[Item, ...]]
    variables: Mapping[str, str] = {}
    lines: tuple[dotenv.Line, ...] = ()
    files: tuple[TextFile, ...] = ()
    profiles: frozenset[str] = frozenset()

    def fill(self, item: Item) -> Filled:
        """Return the text of a scalar with variables put in; only texts have any."""
        return filled(item.text, self.variables)

    def text(self, item: Item | None) -> str:
        """Return the text of a scalar with variables put in, "" if there is none."""
        return self.fill(item).text if item is not None else ""

    def words(self, item: Item | None) -> tuple[str, ...]:
        """Return a command, which is a list of words or one text for a shell to split."""
        if item is None or item.is_null:
            return ()
        if item.is_list:
            return tuple(self.text(one) for one in item.items())
        try:
            return tuple(shlex.split(self.text(item)))
        except ValueError:
            return (self.text(item),)

    def file_named(self, path: str) -> TextFile | None:
        """Return the file that an `env_file` names, None if it was not found."""
        folder = posixpath.dirname(self.documents[0].file.path.replace("\\", "/"))
        wanted = posixpath.normpath(posixpath.join(folder, path))
        for one in self.files:
            if posixpath.normpath(one.path.replace("\\", "/")) == wanted:
                return one
        return next((one for one in self.files if one.name == posixpath.basename(wanted)), None)


class Service(msgspec.Struct, frozen=True):
    """A service with what it extends; the later layers count more."""

    name: str
    layers: tuple[Item, ...]
    project: Project

    def get(self, *path: str) -> Item | None:
        """Return what the last layer that has it says."""
        found = (layer.get(*path) for layer in reversed(self.layers))
        return next((one for one in found if one is not None), None)

    def all(self, *path: str) -> Iterator[Item]:
        """Yield what each layer says, of those that Compose puts together instead of replacing them."""
        found = (layer.get(*path) for layer in self.layers)
        yield from (one for one in found if one is not None and not one.is_null)

    def text(self, *path: str) -> str:
        """Return a filled text, "" if there is none."""
        return self.project.text(self.get(*path))


def project_of(source: Source) -> Project:
    """Return the project of a source. Raises UnreadableError if its own file is no YAML."""
    first, *others = source.files
    own = documents(first)
    rest = list[TextFile]()
    for file in others:
        overriding = _overriding(file)
        if overriding is None:
            rest.append(file)
        else:
            own += overriding
    env = next((one for one in rest if one.name == ".env"), None)
    lines = tuple(dotenv.of_compose(env)) if env is not None else ()
    variables = dict[str, str]()
    for line in lines:
        if line.value is not None:
            variables[line.name] = line.value if line.literal else filled(line.value, variables).text
    layers = dict[str, tuple[Item, ...]]()
    for document in own:
        services = document.get("services")
        for name, service in dict(services.pairs() if services is not None else ()).items():
            layers[name] = (*layers.get(name, ()), service)
    profiles = frozenset(filter(None, variables.get("COMPOSE_PROFILES", "").split(",")))
    return Project(tuple(own), layers, variables, lines, tuple(rest), profiles)


def services_of(project: Project) -> Iterator[Service]:
    """Yield the services, each with the layers of what it extends below its own."""
    known = dict[str, tuple[Item, ...]]()
    for name in project.layers:
        yield Service(name, _extended(project, name, known, 0), project)


def _extended(project: Project, name: str, known: dict[str, tuple[Item, ...]], depth: int) -> tuple[Item, ...]:
    """Return the layers of a service. Those that are `known` are not gone through again, as in a circle."""
    if name in known or depth > _DEEPEST:
        return known.get(name, ())
    known[name] = ()
    layers = list[Item]()
    for layer in project.layers.get(name, ()):
        extends = layer.get("extends")
        base = (extends.text_at("service") or extends.text) if extends is not None else ""
        if base and base != name:
            layers += _extended(project, base, known, depth + 1)
        layers.append(layer)
    known[name] = tuple(layers[-_MOST_LAYERS:])
    return known[name]


def _overriding(file: TextFile) -> list[Item] | None:
    """Return the documents of a file that has services itself, None for one of variables."""
    if file.problem is not None or file.name == ".env":
        return None
    try:
        found = documents(file)
    except UnreadableError:
        return None
    return found if any(one.get("services") is not None for one in found) else None
