"""The export of the settings that a snapshot shows, or of some of them, for the machine that it shows."""

from functools import reduce

import msgspec

from ollama_panel.core import export
from ollama_panel.core.export.chosen import chosen
from ollama_panel.core.export.deployment import INSTALLED, Accelerator, Export, Site, Words
from ollama_panel.core.export.hardware import accelerator_of, hardware_of
from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import InstanceSpec, plan_instances
from ollama_panel.core.notices.render import render as english
from ollama_panel.core.settings.edits import with_changed_pool
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.stores import service_of


class ExportChoice(msgspec.Struct, frozen=True):
    """What is exported: `profile` is the name of one, "" = the settings in force; no `pools` = all of them.

    `accelerator` None: what this machine has. `of_user` None: the service manager that runs Ollama here.
    """

    profile: str = ""
    pools: tuple[PoolName, ...] = ()
    accelerator: Accelerator | None = None
    of_user: bool | None = None


def inputs(snapshot: Snapshot) -> tuple[object, ...]:
    """Return everything that an export depends on, to be compared with that of another snapshot."""
    ports = tuple((record.id, record.port) for record in snapshot.instances if record.managed)
    machine = snapshot.ollama_binary, snapshot.ollama_version, snapshot.cores, snapshot.gpu, snapshot.inherited
    services = tuple((one.service, one.path) for one in snapshot.stores)
    return (
        snapshot.settings,
        snapshot.profiles,
        snapshot.starting,
        ports,
        *machine,
        services,
        _hardware(snapshot, english),
    )


def site_of(snapshot: Snapshot, choice: ExportChoice) -> Site:
    """Return where an export goes: a machine with the services and the cards of this one, unless chosen otherwise."""
    of_user = any(one.service is not None and one.service.user_unit for one in snapshot.stores)
    service, models = service_of(snapshot.stores)
    if service is not None:
        of_user = False
    if choice.of_user is not None:
        of_user = choice.of_user
    if of_user:
        service, models = next(
            ((one.service, one.path) for one in snapshot.stores if one.service is not None and one.service.user_unit),
            (None, ""),
        )
    gpus = snapshot.telemetry.gpus if snapshot.telemetry is not None else ()
    accelerator = choice.accelerator or accelerator_of(gpus, gpu=snapshot.gpu)
    return Site(service or INSTALLED, models, accelerator, of_user, snapshot.ollama_version or "")


def workers(snapshot: Snapshot, choice: ExportChoice) -> tuple[InstanceSpec, ...]:
    """Return the workers that are exported. Raises PanelError if the profile fits no pool, or no port is left."""
    return _planned(snapshot, choice)[1]


def made(
    snapshot: Snapshot, target: str, choice: ExportChoice, *, version: str, date: str, words: Words = english
) -> Export:
    """Return the export for a target; see `core.export.render`.

    Raises PanelError, with what to set, if there can be none.
    """
    settings, specs = _planned(snapshot, choice)
    return export.render(
        target,
        settings,
        specs,
        version=version,
        date=date,
        words=words,
        site=site_of(snapshot, choice),
        hardware=_hardware(snapshot, words),
        profiles=snapshot.profiles,
    )


def _planned(snapshot: Snapshot, choice: ExportChoice) -> tuple[Settings, tuple[InstanceSpec, ...]]:
    """Return the chosen settings, and their workers on their current ports, with the variables that they inherit.

    A worker has the port that it has among those of all pools: exports of single pools fit together.
    """
    profile = next((one for one in snapshot.profiles if one.name == choice.profile), None)
    wanted = chosen(snapshot.settings, pools=choice.pools, profile=profile)
    ports = {record.id: record.port for record in snapshot.instances if record.managed and record.port}
    command, inherited = (snapshot.ollama_binary or "ollama",), snapshot.inherited
    whole = reduce(with_changed_pool, wanted.pools, snapshot.settings)
    planned = plan_instances(whole, command, snapshot.cores, snapshot.gpu, keep=ports, inherited=inherited)
    pools = {pool.name for pool in wanted.pools}
    return wanted, tuple(inherited.whole(spec) for spec in planned if spec.pool in pools)


def _hardware(snapshot: Snapshot, words: Words) -> tuple[str, ...]:
    gpus = snapshot.telemetry.gpus if snapshot.telemetry is not None else ()
    return hardware_of(gpus if snapshot.gpu else (), snapshot.ollama_version or "", words)
