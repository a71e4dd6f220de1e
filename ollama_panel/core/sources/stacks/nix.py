"""Reader of NixOS modules, and of those of nix-darwin and home-manager, which have the same `services.ollama`.

Source: nixpkgs `nixos/modules/services/misc/ollama.nix`: OLLAMA_HOST and OLLAMA_MODELS of a server are made of its
options `host`, `port` and `models`, whatever its variables say. Values of units are for systemd, which has specifiers.
"""

import re
from collections.abc import Iterator, Mapping

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes
from ollama_panel.core.sources.containers import Container, ReadingBuilder
from ollama_panel.core.sources.places import assigned, at, with_overruled
from ollama_panel.core.sources.record import (
    Assignment,
    Fate,
    Mistake,
    Place,
    Reading,
    ServerConfig,
    Source,
    SourceKind,
)
from ollama_panel.core.sources.stacks import compose_ports
from ollama_panel.core.sources.stacks.nix_values import Constant, Sequence, Text, Unknown, Value, evaluated
from ollama_panel.core.sources.stacks.nix_values import flat as attributes
from ollama_panel.core.sources.stacks.nix_words import BrokenError

_SERVICE = ("services", "ollama")
_UNITS = ("systemd", "services")
_USER_UNITS = ("systemd", "user", "services")
_CONTAINERS = ("virtualisation", "oci-containers", "containers")
_SHELLS = (("environment", "variables"), ("environment", "sessionVariables"), ("home", "sessionVariables"))
_BY_MODULE = ("OLLAMA_HOST", "OLLAMA_MODELS")
_OTHER_SYSTEMS = re.compile(r"(?i)home|darwin")
"""What is in the paths of modules of home-manager and nix-darwin, which leave the store to the variables."""
_NO_CARD = ("false", "null")

_Values = Mapping[tuple[str, ...], list[Value]]


class _Module:
    """A module, with the reading that is made of it."""

    def __init__(self, source: Source, values: _Values) -> None:
        self.file = source.files[0]
        self.values = values
        self.builder = ReadingBuilder(source)

    def below(self, *path: str) -> Iterator[tuple[tuple[str, ...], Value]]:
        """Yield what is below a path, with the rest of the path."""
        for whole, values in self.values.items():
            if whole[: len(path)] == path and len(whole) > len(path):
                yield from ((whole[len(path) :], value) for value in values)

    def get(self, *path: str) -> Value | None:
        """Return the last value at a path."""
        return self.values.get(path, [None])[-1]

    def text(self, *path: str) -> str:
        """Return a text, number or boolean at a path, "" if there is none that is known."""
        return _text(self.get(*path))

    def texts(self, *path: str) -> tuple[str, ...]:
        """Return the known texts of the lists at a path."""
        lists = [one for one in self.values.get(path, []) if isinstance(one, Sequence)]
        return tuple(text for one in lists for item in one.items if (text := _text(item)))

    def has(self, *path: str) -> bool:
        """Return whether anything is set at a path or below."""
        return any(whole[: len(path)] == path for whole in self.values)

    def place(self, value: Value) -> Place:
        """Return where a value stands."""
        return at(self.file, value.word.line)

    def variables(self, *path: str, by_systemd: bool = True, is_text: bool = False) -> Iterator[Assignment]:
        """Yield the variables of a set of them; systemd has specifiers. `is_text`: Nix takes texts alone."""
        for rest, value in self.below(*path):
            name = ".".join(rest)
            if isinstance(value, Text):
                text = value.text.replace("%%", "%") if by_systemd else value.text
                yield assigned(name, text, self.place(value))
            elif isinstance(value, Constant) and value.text != "null":
                if is_text:
                    self._not_text(name, value)
                yield assigned(name, value.text, self.place(value))
            elif isinstance(value, (Unknown, Sequence)):
                yield self.unknown(name, value)

    def unknown(self, name: str, value: Value) -> Assignment:
        """Return an assignment whose value only Nix knows."""
        written = value.written if isinstance(value, Unknown) else "[ … ]"
        why = notice("source.nix.unknown", name=name, written=written.partition("\n")[0])
        return Assignment(name, written, self.place(value), Fate.IGNORED, why)

    def _not_text(self, name: str, value: Constant) -> None:
        text, word = self.file.text, value.word
        mended = f'{text[: word.start]}"{value.text}"{text[word.end :]}'
        told = notice("source.nix.not_text", name=name, given=value.text)
        self.builder.mistakes.append(Mistake(codes.NUMBER_NOT_TEXT, told, self.place(value), name, mended))


def read(source: Source) -> Reading:
    """Return the servers of a module."""
    file = source.files[0]
    try:
        values = dict[tuple[str, ...], list[Value]]()
        for path, value in attributes(evaluated(file.text)):
            own = path[1:] if path[:1] == ("config",) else path
            values.setdefault(own, []).append(value)
    except BrokenError as error:
        problem = notice("source.nix.broken", path=file.path, line=error.line)
        return Reading(SourceKind.NIX, source.path, problem=problem)
    except RecursionError:
        return Reading(SourceKind.NIX, source.path, problem=notice("source.nix.broken", path=file.path, line=0))
    module = _Module(source, values)
    _service(module)
    _units(module, _UNITS)
    _units(module, _USER_UNITS)
    _containers(module, source)
    _of_shells(module)
    return module.builder.reading()


def _text(value: Value | None) -> str:
    return value.text if isinstance(value, (Text, Constant)) else ""


def _service(module: _Module) -> None:
    """Take the module's own server."""
    if not module.has(*_SERVICE):
        return
    found = [_of_service(module, one) for one in module.variables(*_SERVICE, "environmentVariables", is_text=True)]
    found += module.variables(*_UNITS, "ollama", "environment")
    found += _by_options(module)
    assignments = with_overruled(found)
    if module.text(*_SERVICE, "enable") == "false" or module.get(*_SERVICE, "enable") is None:
        why = notice("source.nix.disabled")
        module.builder.ignore(assignments, why)
        if found:
            module.builder.mistakes.append(Mistake(codes.NOTHING_SET, why, found[0].place))
        return
    models = module.texts(*_SERVICE, "loadModels")
    module.builder.servers.append(ServerConfig("ollama", assignments, gpu=_gpu(module), models=models))


def _of_service(module: _Module, one: Assignment) -> Assignment:
    """Return a variable of the module's server; those that the module makes itself are overruled by it."""
    if one.name not in _BY_MODULE or one.fate is not Fate.TAKEN:
        return one
    if one.name == "OLLAMA_MODELS" and _OTHER_SYSTEMS.search(module.file.path):
        return one
    option = "host" if one.name == "OLLAMA_HOST" else "models"
    why = notice("source.nix.by_module", name=one.name, option=option)
    module.builder.mistakes.append(Mistake(codes.WRONG_PLACE, why, one.place, one.name))
    return msgspec.structs.replace(one, fate=Fate.IGNORED, why=why)


def _by_options(module: _Module) -> Iterator[Assignment]:
    host, port = module.get(*_SERVICE, "host"), module.get(*_SERVICE, "port")
    known = host or port
    if known is not None:
        unknown = next((one for one in (host, port) if isinstance(one, Unknown)), None)
        if unknown is not None:
            yield module.unknown("OLLAMA_HOST", unknown)
        else:
            address = _text(host) or "127.0.0.1"
            address = f"[{address}]" if ":" in address and not address.startswith("[") else address
            yield Assignment("OLLAMA_HOST", f"{address}:{_text(port) or '11434'}", module.place(known))
    for option, name in (("models", "OLLAMA_MODELS"), ("rocmOverrideGfx", "HSA_OVERRIDE_GFX_VERSION")):
        value = module.get(*_SERVICE, option)
        if isinstance(value, Text):
            yield Assignment(name, value.text.replace("%%", "%"), module.place(value))
        elif isinstance(value, Unknown):
            yield module.unknown(name, value)


def _gpu(module: _Module) -> bool | None:
    acceleration, package = module.get(*_SERVICE, "acceleration"), module.get(*_SERVICE, "package")
    if isinstance(package, Unknown) and re.search(r"ollama-(cuda|rocm|vulkan)", package.written):
        return True
    if isinstance(acceleration, Text):
        return True
    return False if _text(acceleration) in _NO_CARD and acceleration is not None else None


def _units(module: _Module, path: tuple[str, ...]) -> None:
    """Take the servers of units; that of the module itself is no unit of its own here."""
    for name in dict.fromkeys(rest[0] for rest, _ in module.below(*path)):
        if name == "ollama" and path == _UNITS and module.has(*_SERVICE):
            continue
        found = list(module.variables(*path, name, "environment"))
        for rest, value in module.below(*path, name, "serviceConfig"):
            if rest == ("Environment",):
                items = value.items if isinstance(value, Sequence) else (value,)
                pairs = (_text(item).partition("=") for item in items)
                place = module.place(value)
                found += (assigned(one, text.replace("%%", "%"), place) for one, equals, text in pairs if equals)
        if _runs_ollama(module, (*path, name)):
            module.builder.servers.append(ServerConfig(name, with_overruled(found)))
        else:
            module.builder.add_client(name, found)


def _runs_ollama(module: _Module, path: tuple[str, ...]) -> bool:
    """Return whether a unit runs a server: by its command, or because it has the service section of the module."""
    written = [
        one.written if isinstance(one, Unknown) else one.text
        for key in (("serviceConfig",), ("serviceConfig", "ExecStart"), ("script",))
        for one in module.values.get((*path, *key), [])
        if isinstance(one, (Unknown, Text))
    ]
    return any(re.search(r"ollama\S* serve|services\.ollama\.serviceConfig", one) for one in written)


def _containers(module: _Module, source: Source) -> None:
    for name in dict.fromkeys(rest[0] for rest, _ in module.below(*_CONTAINERS)):
        path = (*_CONTAINERS, name)
        image = module.get(*path, "image")
        assignments = with_overruled(list(module.variables(*path, "environment", by_systemd=False, is_text=True)))
        options = " ".join((*module.texts(*path, "extraOptions"), *module.texts(*path, "devices")))
        bounds = [compose_ports.bound(one) for one in module.texts(*path, "volumes")]
        container = Container(
            name=name,
            place=module.place(image) if image is not None else Place(source.path),
            image=_text(image),
            command=module.texts(*path, "cmd"),
            assignments=assignments,
            published=tuple(port for one in module.texts(*path, "ports") for port in compose_ports.short(one)),
            host_network="--network=host" in options,
            gpu=bool(re.search(r"gpu|/dev/(kfd|dri)", options)),
            folders={inside: outside for outside, inside in bounds if outside.startswith("/")},
        )
        module.builder.add(container, source.system or "Linux")


def _of_shells(module: _Module) -> None:
    """Take what is set for the shells of users, which no service has."""
    for path in _SHELLS:
        module.builder.add_client(".".join(path), list(module.variables(*path, by_systemd=False)))
