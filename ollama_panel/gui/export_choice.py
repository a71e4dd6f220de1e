"""What the user has chosen to export, and the export that is made of it."""

import msgspec
from PySide6.QtCore import QDate, Qt

from ollama_panel import __version__
from ollama_panel.core import export
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.chosen import chosen
from ollama_panel.core.export.deployment import INSTALLED, Accelerator, Export, Site
from ollama_panel.core.export.hardware import accelerator_of, hardware_of
from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.stores import service_of
from ollama_panel.gui import preview
from ollama_panel.gui.notices import notice_text


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
    return snapshot.settings, snapshot.profiles, snapshot.starting, ports, *machine, services, _hardware(snapshot)


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


def made(snapshot: Snapshot, target: str, choice: ExportChoice) -> Export:
    """Return the export for a target. Raises PanelError, with what to set, if there can be none."""
    wanted, specs = _planned(snapshot, choice)
    return export.render(
        target,
        wanted.settings,
        specs,
        version=__version__,
        date=QDate.currentDate().toString(Qt.DateFormat.ISODate),
        words=notice_text,
        site=site_of(snapshot, choice),
        hardware=_hardware(snapshot),
        profiles=snapshot.profiles,
    )


def matters(snapshot: Snapshot, target: str, choice: ExportChoice) -> tuple[bool, bool]:
    """Return whether it makes a difference what computes there, and whose services they are."""
    site = site_of(snapshot, choice)
    card = Accelerator.CPU if site.accelerator is not Accelerator.CPU else Accelerator.NVIDIA
    others = (
        msgspec.structs.replace(choice, accelerator=card),
        msgspec.structs.replace(choice, of_user=not site.of_user),
    )
    now = _outcome(snapshot, target, choice)
    computing, serving = (_outcome(snapshot, target, other) != now for other in others)
    return computing, serving


def _outcome(snapshot: Snapshot, target: str, choice: ExportChoice) -> object:
    try:
        found = made(snapshot, target, choice)
    except PanelError as error:
        return error.notice
    return found.files, found.steps


def _planned(snapshot: Snapshot, choice: ExportChoice) -> tuple[Snapshot, tuple[InstanceSpec, ...]]:
    profile = next((one for one in snapshot.profiles if one.name == choice.profile), None)
    there = {pool.name for pool in snapshot.settings.pools}
    pools = tuple(name for name in choice.pools if name in there)
    wanted = msgspec.structs.replace(snapshot, settings=chosen(snapshot.settings, pools=pools, profile=profile))
    return wanted, preview.planned(wanted)


def _hardware(snapshot: Snapshot) -> tuple[str, ...]:
    gpus = snapshot.telemetry.gpus if snapshot.telemetry is not None else ()
    return hardware_of(gpus if snapshot.gpu else (), snapshot.ollama_version or "", notice_text)
