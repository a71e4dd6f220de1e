"""Exports for systemd: a drop-in for the installed `ollama.service`, and units for additional workers.

Quoting follows systemd.syntax(7) and systemd.exec(5), checked against systemd 252: values are in double quotes, in
which backslash and quote are escaped by a backslash and `%`, the sign of specifiers, is doubled; `$` is not special in
`Environment=`. systemd itself refuses line breaks and other control characters.
"""

import re
import shlex
from collections.abc import Sequence

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import (
    Aspect,
    Deployment,
    Export,
    ExportFile,
    Group,
    Provenance,
    Step,
    Syntax,
    Target,
)
from ollama_panel.core.export.machine.shell import printed
from ollama_panel.core.export.parts import commented, variables
from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import HOST, InstanceSpec
from ollama_panel.core.notices import Notice, joined, notice
from ollama_panel.core.ollama.environment import is_folder
from ollama_panel.core.stores import DROP_IN_FILE, Service

DROP_IN = Target(
    "systemd",
    Group.MACHINE,
    notice("export.systemd.title"),
    notice("export.systemd.summary"),
    frozenset({Aspect.VARIABLES, Aspect.STORE, Aspect.RESTARTS}),
)
UNITS = Target(
    "systemd-units",
    Group.MACHINE,
    notice("export.units.title"),
    notice("export.units.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.STORE, Aspect.RESTARTS}),
)

_FOLDER = "/etc/systemd/system"
UNIT_PREFIX = "ollama-"
"""What the name of a further worker's unit begins with; the panel finds such workers by it."""
_UNIT_PORT = re.compile(rf'^Environment="OLLAMA_HOST={re.escape(HOST)}:(\d{{1,5}})"$', re.MULTILINE)
_END = "END_OF_UNIT"
_UNITS_FILE = "install-ollama-units.sh"
_CHECK = """\
if [ "$#" -eq 0 ] && ! systemctl cat %s >/dev/null 2>&1; then
    %s >&2
    exit 1
fi
"""
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_PLAIN = re.compile(r"[\w@+=:,./-]+", re.ASCII)


def quoted(text: str) -> str:
    """Return text as one double-quoted word of a unit file."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def render_drop_in(deployment: Deployment) -> Export:
    """Return the drop-in with the settings of the first instance; the service keeps its own address."""
    instances, provenance, unit = deployment.instances, deployment.provenance, deployment.site.service.unit
    use = notice("export.systemd.use", path=f"{_FOLDER}/{_drop_in_path(unit)}", worker=instances[0].id, unit=unit)
    others = notice("export.systemd.others", target=UNITS.id) if len(instances) > 1 else None
    text = _drop_in(instances[0], commented(deployment), provenance)
    file = ExportFile(DROP_IN_FILE, text, Syntax.INI, f"{_FOLDER}/{_drop_in_path(unit)}")
    return Export((file,), (Step(joined(use, others)),))


def render_units(deployment: Deployment) -> Export:
    """Return a shell script that writes the drop-in and a unit for each further instance, and starts them."""
    instances, provenance, site = deployment.instances, deployment.provenance, deployment.site
    further, header_lines, unit = instances[1:], commented(deployment), site.service.unit
    files = {_drop_in_path(unit): _drop_in(instances[0], header_lines, provenance)}
    files.update((_unit_name(instance), _unit(instance, header_lines, deployment)) for instance in further)
    script = "".join(
        [
            "#!/bin/sh\n",
            header_lines,
            f"#\n# {provenance.line('export.units.what')}\n",
            f"set -eu\nunits=${{1:-{_FOLDER}}}\n",
            _CHECK % (shlex.quote(unit), printed(notice("export.units.no_service", unit=unit), provenance.words)),
            f'mkdir -p "$units"/{shlex.quote(unit)}.d\n',
            *(f"\ncat > \"$units\"/{shlex.quote(name)} <<'{_END}'\n{text}{_END}\n" for name, text in files.items()),
            _start(unit, [_unit_name(instance) for instance in further]),
        ]
    )
    return Export(
        (ExportFile(_UNITS_FILE, script, Syntax.SHELL, executable=True),),
        (Step(_how_to_use_units(instances[0], further, unit)),),
    )


def _how_to_use_units(first: InstanceSpec, further: Sequence[InstanceSpec], unit: str) -> Notice:
    use = notice("export.units.use", file=_UNITS_FILE, worker=first.id, unit=unit)
    addresses = tuple(notice("export.units.address", worker=one.id, url=one.url) for one in further)
    return joined(use, notice("export.units.further", addresses=addresses) if further else None)


def _drop_in_path(unit: str) -> str:
    return f"{unit}.d/{DROP_IN_FILE}"


def _start(first: str, units: Sequence[str]) -> str:
    enable = f"    systemctl enable --now {' '.join(units)}\n" if units else ""
    return (
        f'\nif [ "$#" -eq 0 ]; then\n    systemctl daemon-reload\n    systemctl restart {shlex.quote(first)}\n'
        + enable
        + "fi\n"
    )


def _drop_in(instance: InstanceSpec, header_lines: str, provenance: Provenance) -> str:
    return (
        f"{header_lines}# {provenance.line('export.systemd.worker', worker=instance.id)}\n"
        f"[Service]\n{_environment(instance, leave_out='OLLAMA_HOST')}"
    )


def _unit(instance: InstanceSpec, header_lines: str, deployment: Deployment) -> str:
    site = deployment.site
    description = deployment.provenance.line("export.units.description", worker=instance.id, url=instance.url)
    return (
        f"{header_lines}[Unit]\nDescription={_plain(description)}\n"
        "After=network-online.target\n\n"
        f"[Service]\nExecStart={_command(instance)}\n{_identity(site.service)}Restart=always\nRestartSec=3\n"
        f"{_environment(_with_store(instance, site.models))}\n"
        "[Install]\nWantedBy=default.target\n"
    )


def _identity(service: Service) -> str:
    return f"User={service.user}\n" + (f"Group={service.group}\n" if service.group else "")


def _with_store(instance: InstanceSpec, models: str) -> InstanceSpec:
    """Return an instance that uses the store of the service, unless its settings name one."""
    named = models and not instance.environment.get("OLLAMA_MODELS")
    store = {"OLLAMA_MODELS": models} if named else {}
    return msgspec.structs.replace(instance, environment={**instance.environment, **store})


def _unit_name(instance: InstanceSpec) -> str:
    return f"{UNIT_PREFIX}{instance.id}.service"


def worker_of_unit(name: str, text: str) -> tuple[int, PoolName] | None:
    """Return the port and the pool of the worker that runs as a unit, from the unit's file; None if it is none."""
    port = _UNIT_PORT.search(text)
    if port is None or not name.startswith(UNIT_PREFIX):
        return None
    instance = name.removeprefix(UNIT_PREFIX).removesuffix(".service")
    return int(port[1]), PoolName(instance.rpartition("-")[0])


def _environment(instance: InstanceSpec, leave_out: str = "") -> str:
    """Return the lines of a unit. A folder that is not set stays the service's own: an empty line would take it."""
    values = variables(instance, _CONTROL, notice("export.unit"))
    told = {name: value for name, value in values.items() if name != leave_out and (value or not is_folder(name))}
    return "".join(f"Environment={quoted(f'{name}={value}')}\n" for name, value in told.items())


def _command(instance: InstanceSpec) -> str:
    program, *arguments = instance.argv
    if _CONTROL.search("".join(instance.argv)) or not program.startswith("/"):
        raise PanelError(notice("export.no_path", program=program))
    return " ".join([_word(program), *(_word(argument.replace("$", "$$")) for argument in arguments)])


def _plain(text: str) -> str:
    """Return text for a field without quotes: no specifier, and no backslash that would continue the line."""
    return text.replace("\\", "/").replace("%", "%%")


def _word(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else quoted(text)
