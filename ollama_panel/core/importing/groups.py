"""Which servers become the workers of one pool, with which role and name."""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from ollama_panel.core.advice import families
from ollama_panel.core.ids import PoolName
from ollama_panel.core.importing.found import Found
from ollama_panel.core.ollama.environment_kinds import taken
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings

CARDS = (
    "CUDA_VISIBLE_DEVICES",
    "HIP_VISIBLE_DEVICES",
    "ROCR_VISIBLE_DEVICES",
    "GGML_VK_VISIBLE_DEVICES",
    "GPU_DEVICE_ORDINAL",
)
"""Which cards a server may use."""

OF_ONE_WORKER = frozenset(("OLLAMA_HOST", "OLLAMA_NOPRUNE", *CARDS))
"""In these, workers of one pool may differ: their address, their card, and who of them cleans the store."""

_OF_ALL = frozenset(("OLLAMA_ORIGINS",))
"""What becomes a setting of the whole panel, whichever server has it."""

_WORDS = (
    (Role.EMBEDDING, re.compile(r"embed|bge|minilm", re.IGNORECASE)),
    (Role.CODE, re.compile(r"code|starcoder|codestral", re.IGNORECASE)),
    (Role.VISION, re.compile(r"vision|llava|moondream|bakllava|(?<![a-z])vl(?![a-z])|ocr", re.IGNORECASE)),
    (Role.BATCH, re.compile(r"batch|bulk|nightly", re.IGNORECASE)),
    (Role.CHAT, re.compile(r"chat", re.IGNORECASE)),
)
"""Words in the names of servers and models that say what they are for."""

_GENERIC = re.compile(
    r"(?:ollama|ollamapanel|panel|worker|server|serve|service|container|gpu|cpu|card|node|instance|local|app|llm|com|org|io"
    r"|homebrew|mxcl|cuda|rocm|nvidia|amd|default)?[0-9]*",
    re.IGNORECASE,
)
"""Parts of a server's name that say nothing of its use."""


class Group(msgspec.Struct, frozen=True):
    """Servers that become the workers of a pool: its name and role, and the models that are meant for it.

    `said`: names say its role, which else is that of the pool of its name.
    """

    name: PoolName
    role: Role
    said: bool
    models: tuple[str, ...]
    servers: tuple[Found, ...]


def groups_of(servers: Sequence[Found], pools: Sequence[PoolSettings]) -> tuple[Group, ...]:
    """Return the servers by pools: those with the same variables, models and use are workers of one.

    A server whose name says nothing of its use is for the first pool of its role among the `pools` that there are.
    """
    named = list[Group]()
    for members in _alike(servers):
        said = next(filter(None, map(role_of, members)), None)
        role = said or Role.CHAT
        name = _own_name(members) or next((pool.name for pool in pools if pool.role is role), role.value)
        free = next(one for one in _names(name) if one not in {group.name for group in named})
        models = tuple(dict.fromkeys(model for one in members for model in one.config.models))
        named.append(Group(PoolName(free), role, said is not None, models, tuple(members)))
    return tuple(named)


def _alike(servers: Sequence[Found]) -> list[list[Found]]:
    """Return servers that are workers of one pool, in their order.

    Ollama's own service, whose name says nothing, is a worker beside those with names that are else the same, as in an
    export of the panel; not beside those for embeddings, which take no chats.
    """
    alike = dict[tuple[object, ...], list[Found]]()
    for one in servers:
        alike.setdefault(_likeness(one), []).append(one)
    for key in [one for one in alike if one[:2] == (None, "")]:
        same = [one for one in alike if one[2:] == key[2:] and one[0] is not Role.EMBEDDING and one[1]]
        if len(same) == 1:
            alike[same[0]] += alike.pop(key)
    groups = [sorted(members, key=servers.index) for members in alike.values()]
    return sorted(groups, key=lambda members: servers.index(members[0]))


def role_of(one: Found) -> Role | None:
    """Return what a server is for, by the words in its name and by its models; None if they do not say it."""
    models = one.config.models
    if models and all(families.answer(model).code == "serial.embedding" for model in models):
        return Role.EMBEDDING
    by_name = _said(one.config.name)
    if by_name is not None or not models:
        return by_name
    roles = {_said(model) for model in models}
    return roles.pop() if len(roles) == 1 else None


def _said(name: str) -> Role | None:
    return next((role for role, words in _WORDS if words.search(name)), None)


def _likeness(one: Found) -> tuple[object, ...]:
    """Return what is the same for the workers of one pool: their use, their name, their models and their variables."""
    variables = (
        (name, taken(name, assignment.value))
        for name, assignment in one.variables.items()
        if name not in OF_ONE_WORKER and name not in _OF_ALL
    )
    return role_of(one), " ".join(_parts(one.config.name)), one.config.models, frozenset(variables)


def _own_name(members: Iterable[Found]) -> str:
    """Return the name for a pool that the names of its servers give, "" if they say nothing."""
    name = next(filter(None, ("-".join(_parts(one.config.name)) for one in members)), "")
    return name[:28].strip("-_") if re.match(r"[a-z]", name) else ""


def _parts(name: str) -> list[str]:
    """Return the parts of a server's name that say something of its use, in lower case."""
    bare = re.sub(r"\.(?:service|container|plist)$", "", name.lower())
    return [part for part in re.split(r"[^a-z0-9_]+", bare) if part and not _GENERIC.fullmatch(part)]


def _names(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1
