"""The model stores of a machine: those of its servers, and others that have models."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from ollama_panel.core import stores
from ollama_panel.core.doctor.asking import disks
from ollama_panel.core.doctor.asking.stores import Look, looking, looks_of
from ollama_panel.core.doctor.facts import Disk, MachineFacts
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.servers import FoundServer, OwnerKind
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.stores import Found, Service, StoreRecord, Use
from ollama_panel.engine.doctor.looking import Looking

_USUAL = ("/usr/share/ollama/.ollama/models", "/var/lib/ollama/.ollama/models", "/var/lib/ollama/models")
"""Where services of Ollama keep their models: of its installer, and of packages of distributions."""
_DEFAULT = ".ollama/models"


async def stores_of(
    look: Looking, servers: Sequence[FoundServer], machine: MachineFacts, snapshot: Snapshot | None
) -> tuple[tuple[StoreRecord, ...], tuple[Disk, ...]]:
    """Return the stores of a machine, and the disks on which they and the user's home are."""
    known = snapshot.stores if snapshot is not None and not look.host.name else ()
    covered = {one for store in known for one in store.instances}
    others = [one for one in servers if one.instance not in covered]
    usual = (*([f"{machine.home}/{_DEFAULT}"] if machine.home else []), *_USUAL)
    folders = [one.store for one in others if one.store] + [one.path for one in known if one.path]
    async with asyncio.TaskGroup() as group:
        seeing = group.create_task(look.ask("models", looking([*folders, *usual])))
        measuring = group.create_task(look.ask("disks", disks.disks([*folders, *usual[:1], machine.home or "/"])))
    looks = looks_of(seeing.result())
    uses = tuple(_use(one, looks) for one in others)
    access = {use.real: looks[use.path].access for use in uses if use.path in looks}
    records = (*known, *stores.records(uses, access, {}))
    used = {looks[one].real for one in folders if one in looks}
    return (*records, *_unused(usual, looks, used)), disks.disks_of(measuring.result())


def _use(server: FoundServer, looks: Mapping[str, Look]) -> Use:
    path = server.store or ""
    look = looks.get(path, Look())
    owner, managed = server.owner, server.owner.kind is OwnerKind.PANEL
    service = None if managed else Service(server.user, "", server.ours, owner.unit, owner.user_unit)
    name = server.instance or InstanceId(server.id)
    return Use(name, managed, path, look.real, server.store_from, service, look.access.closed)


def _unused(paths: Sequence[str], looks: Mapping[str, Look], used: set[str]) -> Iterator[StoreRecord]:
    """Yield the stores with models that no server uses which is known."""
    for path in paths:
        look = looks.get(path)
        if look is not None and look.access.models and look.real not in used:
            used.add(look.real)
            yield StoreRecord(InstanceId(path), path, Found.HOME, (), access=look.access)
