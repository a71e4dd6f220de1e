"""Export for systemd: a service for every worker, of the system's manager or of the user's own.

Where a service runs Ollama already, it becomes the first worker by a drop-in, and keeps its address; a user's own
manager usually has none, so that every worker gets a unit there.
"""

from collections.abc import Sequence

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import service_managers
from ollama_panel.core.export.deployment import (
    Aspect,
    Deployment,
    Export,
    ExportFile,
    Group,
    Step,
    Syntax,
    Target,
)
from ollama_panel.core.export.machine import systemd
from ollama_panel.core.export.machine.shell import printed
from ollama_panel.core.export.meanings import without_panel
from ollama_panel.core.export.parts import commented
from ollama_panel.core.export.unit_text import CONTROL, environment, plain, program_word, word
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice
from ollama_panel.core.stores import DROP_IN_FILE, Service
from ollama_panel.core.worker_units import UNIT_PREFIX, unit_name

UNITS = Target(
    "systemd-units",
    Group.MACHINE,
    notice("export.units.title"),
    notice("export.units.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.STORE, Aspect.RESTARTS}),
)

_SCRIPT = "install-ollama-units.sh"
_CHECK = """\
if ! %s >/dev/null 2>&1; then
    %s >&2
    exit 1
fi"""
_ONLINE = "After=network-online.target\n"


def render(deployment: Deployment) -> Export:
    """Return the drop-in for the service that is there, if any, a unit for each other instance, and their script."""
    site, manager = deployment.site, service_managers.of(deployment.site)
    there = not site.of_user or site.service.user_unit
    further = deployment.instances[1:] if there else deployment.instances
    drop_in = [systemd.drop_in(deployment, f"{site.service.unit}.d/{DROP_IN_FILE}")] if there else []
    files = (*drop_in, *(_unit(instance, deployment) for instance in further))
    units = [unit_name(instance.id) for instance in further]
    running = [site.service.unit, *units] if there else units
    script = _script(deployment, files, running, units)
    return Export(
        (*files, script),
        (
            Step(notice("export.units.install"), f"{manager.sudo}sh {script.name}"),
            *service_managers.linger(manager),
            Step(notice("export.units.runs", prefix=UNIT_PREFIX), f"{manager.control} list-units 'ollama*'"),
            service_managers.proof(manager, running),
        ),
        tuple(notice("export.units.address", worker=one.id, url=one.url) for one in further),
    )


def _script(
    deployment: Deployment, files: Sequence[ExportFile], running: Sequence[str], units: list[str]
) -> ExportFile:
    """Return the script that puts files in their places and starts what is `running` then.

    Of that, `units` are enabled; a service that is there already must be, and is left as it is.
    """
    provenance, manager = deployment.provenance, service_managers.as_root(service_managers.of(deployment.site))
    there = running[0] if len(running) > len(units) else ""
    missing = printed(notice("export.units.no_service", unit=there), provenance.words)
    lines = [
        "#!/bin/sh",
        f"{commented(deployment)}#",
        f"# {provenance.line('export.units.what')}",
        "set -eu",
        'CDPATH=\'\' cd -- "$(dirname -- "$0")"',
        *([_CHECK % (service_managers.on_units(manager, "cat", [there]), missing)] if there else []),
        service_managers.install(manager, files),
        service_managers.reload(manager),
        *([service_managers.on_units(manager, "enable", units)] if units else []),
        service_managers.on_units(manager, "restart", running),
    ]
    return ExportFile(_SCRIPT, "".join(f"{line}\n" for line in lines), Syntax.SHELL, executable=True)


def _unit(instance: InstanceSpec, deployment: Deployment) -> ExportFile:
    site, provenance, name = deployment.site, deployment.provenance, unit_name(instance.id)
    description = provenance.line("export.units.description", worker=instance.id, url=instance.url)
    values = systemd.unit_variables(_with_store(instance, _store(deployment)))
    text = (
        f"{commented(deployment)}{without_panel(provenance)}\n"
        f"[Unit]\nDescription={plain(description)}\n{'' if site.of_user else _ONLINE}\n"
        f"[Service]\nExecStart={_command(instance)}\n{'' if site.of_user else _identity(site.service)}"
        f"Restart=always\nRestartSec=3\n{environment(values, provenance)}\n"
        "[Install]\nWantedBy=default.target\n"
    )
    return ExportFile(name, text, Syntax.INI, f"{service_managers.of(site).units}/{name}")


def _identity(service: Service) -> str:
    return f"User={service.user}\n" + (f"Group={service.group}\n" if service.group else "")


def _store(deployment: Deployment) -> str:
    """Return the store of the service that is there; one of the system may be closed to a user's own services."""
    site = deployment.site
    return site.models if not site.of_user or site.service.user_unit else ""


def _with_store(instance: InstanceSpec, models: str) -> InstanceSpec:
    """Return an instance that uses the store of the service, unless its settings name one."""
    named = models and not instance.environment.get("OLLAMA_MODELS")
    store = {"OLLAMA_MODELS": models} if named else {}
    return msgspec.structs.replace(instance, environment={**instance.environment, **store})


def _command(instance: InstanceSpec) -> str:
    program, *arguments = instance.argv
    if not program.startswith("/") or any(CONTROL.search(one) or "\n" in one for one in instance.argv):
        raise PanelError(notice("export.no_path", program=program))
    return " ".join([program_word(program), *map(word, arguments)])
