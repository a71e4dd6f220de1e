"""Containers, whoever describes them: which of them are servers of Ollama, and what keeps one from its GPU or clients.

The image listens on 0.0.0.0:11434 unless OLLAMA_HOST says otherwise (`Dockerfile` of Ollama 0.32).
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama import host_variable
from ollama_panel.core.ollama.environment_kinds import PREFIXES
from ollama_panel.core.sources import codes
from ollama_panel.core.sources.names import is_servers_alone
from ollama_panel.core.sources.record import Assignment, Fate, Mistake, Place, Reading, ServerConfig, Source

HOST = "OLLAMA_HOST"
_IMAGE = re.compile(r"ollama([-_].*)?")
_TAG_WITH_SERVER = re.compile(r"(.*-)?ollama")
"""Tags of images of other programs with a server inside, such as `open-webui:ollama`."""
_OTHER = re.compile(
    r"web|proxy|exporter|client|(?<![a-z])ui(?![a-z])|chat|bot|mcp|dashboard|monitor|metrics|router|gateway|operator"
    r"|bench|panel|manager|telegram|discord|api|nginx|auth|grid|companion|pull|init",
    re.IGNORECASE,
)
"""What is in the names of programs that ask a server."""
_PULLS = re.compile(r"\b(?:pull|run|create)\b|/api/pull")
_MODEL = re.compile(r"\bollama\s+(?:pull|run)\s+[\"']?([\w./:@-]+)")
CARD = re.compile(r"/dev/(?:kfd|dri|nvidia)|(?:nvidia|amd)\.com/gpu")
"""How the devices begin that give a container a card: those of Linux, and names of the Container Device Interface."""
MOST_REPLICAS = 64
"""More replicas of a server than these are cut off: a number with a slip of the hand would be as many servers."""
_METAL_LESS = ("linux/arm64", "linux/aarch64", "linux/arm64/v8")


class Published(msgspec.Struct, frozen=True):
    """A port of the machine that leads to one of a container; `host` "" = all addresses."""

    port: int
    inside: int
    host: str = ""


class Container(msgspec.Struct, frozen=True):
    """A container as it is described. `command` is its own entry point and command, () = those of the image.

    `place` is where it begins. `host_network`: it has no network of its own. `gpu` as in `ServerConfig`. `edited` makes
    the whole text of a file with another value of an assignment, None = it cannot be edited.
    """

    name: str
    place: Place
    image: str = ""
    command: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    published: tuple[Published, ...] = ()
    host_network: bool = False
    memory_limit: int | None = None
    gpu: bool | None = None
    platform: str = ""
    folders: Mapping[str, str] = {}
    models: tuple[str, ...] = ()
    edited: Callable[[Assignment, str], str | None] = lambda _one, _value: None

    @property
    def is_server(self) -> bool:
        """Whether it runs a server of Ollama; one that only pulls models is a client of another."""
        text = " ".join(self.command)
        if "serve" not in text and _PULLS.search(text):
            return False
        return re.search(r"\bollama serve\b", text) is not None or is_image(self.image, self.name)

    @property
    def config(self) -> ServerConfig:
        """The server in it."""
        port = self.port
        host = [str(port)] if self.host_network else []
        ports = [
            f"[{one.host}]:{one.port}" if ":" in one.host else f"{one.host}:{one.port}" if one.host else str(one.port)
            for one in self.published
            if one.inside == port
        ]
        return ServerConfig(
            self.name,
            self.assignments,
            self.command,
            self.image,
            tuple(host or ports),
            self.memory_limit,
            self.gpu,
            self.models,
            self.folders,
        )

    @property
    def host_variable(self) -> Assignment | None:
        """The assignment that says where the server listens."""
        found = (one for one in self.assignments if one.name == HOST and one.fate is Fate.TAKEN)
        return next(found, None)

    @property
    def port(self) -> int:
        """The port on which the server listens in it."""
        return host_variable.read(self.host_variable.value).port if self.host_variable else host_variable.DEFAULT_PORT


def is_image(image: str, name: str = "") -> bool:
    """Return whether an image, or without one the `name` of what it is for, is that of a server of Ollama."""
    if not image:
        return "ollama" in name.lower() and not _OTHER.search(name)
    base, _, tag = image.partition("@")[0].rpartition("/")[2].partition(":")
    own = _IMAGE.fullmatch(base.lower()) is not None and not _OTHER.search(base)
    return own or _TAG_WITH_SERVER.fullmatch(tag.lower()) is not None


def models_of(command: Iterable[str]) -> tuple[str, ...]:
    """Return the models that commands pull or run, each once."""
    found = (hit[1] for text in (" ".join(command),) for hit in _MODEL.finditer(text))
    return tuple(dict.fromkeys(found))


class ReadingBuilder:
    """Puts the reading of a source together that describes containers, units or other programs, one after the other."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.servers = list[ServerConfig]()
        self.others = list[Assignment]()
        self.mistakes = list[Mistake]()

    def add(
        self,
        container: Container,
        system: str,
        wrong: Iterable[Mistake] = (),
        configs: Iterable[ServerConfig] | None = None,
    ) -> None:
        """Add a container on a `system`, and what is `wrong` in a server's; `configs`: its servers, if not just one."""
        if container.is_server:
            self.servers += (container.config,) if configs is None else configs
            self.mistakes += [*wrong, *mistakes_of(container, system)]
        else:
            self.add_client(container.name, container.assignments)

    def add_client(self, program: str, assignments: Sequence[Assignment]) -> None:
        """Add what another program gets."""
        left, wrong = of_client(program, assignments)
        self.others += left
        self.mistakes += wrong

    def ignore(self, assignments: Iterable[Assignment], why: Notice) -> None:
        """Add what no server gets."""
        self.others += (msgspec.structs.replace(one, fate=Fate.IGNORED, why=why) for one in assignments)

    def reading(self) -> Reading:
        """Return what was added."""
        kind, path = self._source.kind, self._source.path
        return Reading(kind, path, tuple(self.servers), tuple(self.others), tuple(self.mistakes))


def mistakes_of(container: Container, system: str) -> Iterator[Mistake]:
    """Yield what keeps a server in a container from its GPU, or its clients from it; `system` as in `Source`."""
    on_mac = system == "Darwin" or (not system and container.platform in _METAL_LESS)
    if on_mac and not container.gpu:
        told = notice("source.container.no_metal", container=container.name)
        yield Mistake(codes.NO_GPU_IN_CONTAINER, told, container.place)
    if container.host_network:
        return
    found = container.host_variable
    if found is not None and _is_loopback(found.value):
        wanted = f"0.0.0.0:{container.port}"
        told = notice("source.container.loopback", container=container.name, given=found.value, wanted=wanted)
        mended = container.edited(found, wanted)
        yield Mistake(codes.LOOPBACK_IN_CONTAINER, told, found.place, HOST, mended)
    elif container.published and not container.config.ports and not _TAG_WITH_SERVER.fullmatch(_tag(container.image)):
        inside = tuple(dict.fromkeys(str(one.inside) for one in container.published))
        told = notice("source.container.wrong_port", container=container.name, ports=inside, port=str(container.port))
        yield Mistake(codes.WRONG_PORT, told, found.place if found else container.place, HOST if found else "")


def _is_loopback(value: str) -> bool:
    host = host_variable.read(value).host
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tag(image: str) -> str:
    return image.rpartition("/")[2].partition(":")[2].lower()


def of_client(program: str, assignments: Sequence[Assignment]) -> tuple[tuple[Assignment, ...], tuple[Mistake, ...]]:
    """Return assignments that another program gets, and the mistakes among them: variables that only a server reads."""
    why = notice("source.container.of_other", program=program)
    left = tuple(
        Assignment(one.name, one.value, one.place, Fate.CLIENT, why) if one.fate is Fate.TAKEN else one
        for one in assignments
        if one.name.startswith(PREFIXES)
    )
    mistakes = tuple(
        Mistake(
            codes.CLIENT_SIDE,
            notice("source.container.client_side", name=one.name, program=program),
            one.place,
            one.name,
        )
        for one in left
        if one.fate is Fate.CLIENT and is_servers_alone(one.name)
    )
    return left, mistakes
