"""Which worker a proxy in front of Ollama sends a request to: the panel's own rules, as far as a file can hold them."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from ollama_panel.core.export.deployment import Deployment, Step
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.api import EMBEDDING_ACTIONS, Kind, paths_with
from ollama_panel.core.ollama.models import canonical
from ollama_panel.core.records import Role
from ollama_panel.core.settings.addresses import without_brackets
from ollama_panel.core.settings.tree import ProxySettings

ANSWER_PATHS = paths_with(lambda route: route.kind is Kind.INFERENCE)
"""Paths whose requests need a slot."""
EMBEDDING_PATHS = paths_with(lambda route: route.kind is Kind.INFERENCE and route.action in EMBEDDING_ACTIONS)
CHANGE_PATHS = paths_with(lambda route: route.guarded)
"""Paths whose requests change the store of the models."""
LOCAL_NAMES = (".localhost", ".local", ".internal")
"""Ends of names that Ollama takes for its own machine's (Ollama `server/routes.go` allowedHost)."""
ACCEPTED_HOST = "localhost"
"""A `Host` that Ollama accepts wherever it listens (the same function)."""
CHECK_PATH = "/api/version"
INSTALLED_ADDRESS = "127.0.0.1:11434"
"""Of the service that Ollama's installer makes, and of Ollama's app: they keep it as the first worker."""
CONNECT_S, CHECK_EVERY_S, CHECK_TIMEOUT_S = 5, 5, 10
"""Seconds until a worker has accepted a connection, between two checks, and for the answer to one."""
LONGEST_S = 24 * 86_400
"""Seconds: no limit. HAProxy's times are at most 2^31 - 1 ms."""


class Server(msgspec.Struct, frozen=True):
    """A worker behind a proxy: its name, its address (`host:port`), and how many requests it works on at once."""

    name: str
    address: str
    slots: int


class Group(msgspec.Struct, frozen=True):
    """The workers of all pools of one role; `models` (canonical, sorted) are those that it is asked for by name."""

    role: Role
    servers: tuple[Server, ...]
    models: tuple[ModelName, ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """All groups, in the order of the pools; who gets embeddings, and who gets all that no other group is meant for.

    `chats` is None if only embedding workers are left and must not take chats.
    """

    groups: tuple[Group, ...]
    embeddings: Group
    chats: Group | None

    @property
    def servers(self) -> tuple[Server, ...]:
        """All workers, the first of the settings first."""
        return tuple(server for group in self.groups for server in group.servers)


def planned(deployment: Deployment, addresses: Sequence[str]) -> Plan:
    """Return the plan of a deployment whose workers have these `addresses`, in the order of its instances."""
    settings = deployment.settings
    parallel = {pool.name: pool.parallel for pool in settings.pools}
    servers = dict[Role, list[Server]]()
    for instance, address in zip(deployment.instances, addresses, strict=True):
        slots = _slots(instance.role, parallel[instance.pool])
        servers.setdefault(instance.role, []).append(Server(instance.id, address, slots))
    roles = {canonical(model): pool.role for pool in settings.pools for model in pool.models}
    groups = {
        role: Group(role, tuple(found), tuple(sorted(model for model, its in roles.items() if its is role)))
        for role, found in servers.items()
    }
    others = [group for role, group in groups.items() if role is not Role.EMBEDDING]
    chats = groups.get(Role.CHAT) or next(iter(others), None)
    embeddings = groups.get(Role.EMBEDDING) or chats or next(iter(groups.values()))
    if chats is None and settings.scheduling.chats_on_embedding:
        chats = embeddings
    return Plan(tuple(groups.values()), embeddings, chats)


def _slots(role: Role, parallel: int) -> int:
    """Return the slots of a worker. Ollama gives embedding models one, whatever is set (`server/sched.go`)."""
    return 1 if role is Role.EMBEDDING else parallel


def limit(seconds: float) -> float:
    """Return a time of the settings, where 0 means no limit, as a proxy can hold it."""
    return min(seconds or LONGEST_S, LONGEST_S)


def duration(seconds: float) -> str:
    """Return a time of the settings as HAProxy and nginx write it, in seconds or milliseconds."""
    whole = limit(seconds)
    return f"{whole:.0f}s" if whole == round(whole) else f"{max(1, round(whole * 1000))}ms"


def bracketed(host: str) -> str:
    """Return a host as it stands before a port: an address of IPv6 in brackets."""
    bare = without_brackets(host)
    return f"[{bare}]" if ":" in bare else bare


def listens(settings: ProxySettings) -> tuple[tuple[str, int], ...]:
    """Return the addresses and ports of the panel's own proxy, which one in its place has."""
    second = ((settings.second_host, settings.second_port),) if settings.second_port else ()
    return ((settings.host, settings.port), *second)


def first_steps(deployment: Deployment, file: str) -> Iterator[Step]:
    """Yield what comes before a proxy: workers that run without the panel, at the addresses in its file."""
    instances = deployment.instances
    ports = " ".join(str(instance.port) for instance in instances)
    host, port = instances[0].host, instances[0].port
    asked = f'curl -fsS "http://{host}:$port{CHECK_PATH}" || echo "{host}:$port ?"'
    yield Step(notice("export.proxy.workers"), f"for port in {ports}; do {asked}; done")
    installed = notice("export.proxy.installed", address=INSTALLED_ADDRESS, file=file)
    yield Step(installed, f"sed -i 's/{re.escape(f'{host}:{port}')}\\b/{INSTALLED_ADDRESS}/' {file}")
    addresses = tuple(f"{bracketed(host)}:{port}" for host, port in listens(deployment.settings.proxy))
    yield Step(notice("export.proxy.stop", addresses=addresses))
