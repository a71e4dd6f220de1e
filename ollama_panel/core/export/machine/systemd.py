"""Export for systemd: a drop-in with the settings of one worker for the service that is there.

The service keeps its own address: a drop-in holds no OLLAMA_HOST.
"""

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
from ollama_panel.core.export.meanings import without_panel
from ollama_panel.core.export.parts import commented, service_variables
from ollama_panel.core.export.unit_text import CONTROL, environment
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice
from ollama_panel.core.stores import DROP_IN_FILE

DROP_IN = Target(
    "systemd",
    Group.MACHINE,
    notice("export.systemd.title"),
    notice("export.systemd.summary"),
    frozenset({Aspect.VARIABLES, Aspect.STORE, Aspect.RESTARTS}),
)


def render(deployment: Deployment) -> Export:
    """Return the drop-in with the settings of the first instance."""
    manager, unit, first = service_managers.of(deployment.site), deployment.site.service.unit, deployment.instances[0]
    file = drop_in(deployment, DROP_IN_FILE)
    others = notice("export.systemd.others", target="systemd-units")
    return Export(
        (file,),
        (
            Step(notice("export.systemd.install", worker=first.id), service_managers.install(manager, [file])),
            Step(
                notice("export.systemd.restart", unit=unit),
                f"{service_managers.reload(manager)}\n{service_managers.on_units(manager, 'restart', [unit])}",
            ),
            service_managers.proof(manager, [unit]),
        ),
        (others,) if len(deployment.instances) > 1 else (),
    )


def drop_in(deployment: Deployment, name: str) -> ExportFile:
    """Return the drop-in of the site's service, saved under a name."""
    first, provenance, site = deployment.instances[0], deployment.provenance, deployment.site
    text = (
        f"{commented(deployment)}# {provenance.line('export.systemd.worker', worker=first.id)}\n"
        f"{without_panel(provenance)}\n"
        f"[Service]\n{environment(unit_variables(first, leave_out='OLLAMA_HOST'), provenance)}"
    )
    return ExportFile(name, text, Syntax.INI, f"{service_managers.of(site).units}/{site.service.unit}.d/{DROP_IN_FILE}")


def unit_variables(instance: InstanceSpec, leave_out: str = "") -> dict[str, str]:
    """Return the variables of a unit. A folder that is not set stays the service's own: an empty one would take it.

    Raises PanelError if a unit cannot hold one.
    """
    values = service_variables(instance, CONTROL, notice("export.unit"))
    return {name: value for name, value in values.items() if name != leave_out}
