"""Exports for systemd: a drop-in for the installed `ollama.service`, and units for additional workers.

Quoting follows systemd.syntax(7) and systemd.exec(5), checked against systemd 252: values are in double quotes, in
which backslash and quote are escaped by a backslash and `%`, the sign of specifiers, is doubled; `$` is not special in
`Environment=`. systemd itself refuses line breaks and other control characters.
"""

import re
from collections.abc import Sequence

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.parts import Export, Provenance, Target, commented, variables
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.settings.tree import Settings

DROP_IN = Target(
    "systemd", "systemd drop-in", "Settings of the first worker for the ollama.service that Ollama's installer made."
)
UNITS = Target(
    "systemd-units", "systemd units", "A script that sets up every worker as a service, the first as ollama.service."
)

_FOLDER = "/etc/systemd/system"
_DROP_IN_PATH = "ollama.service.d/override.conf"
_END = "END_OF_UNIT"
_CHECK = """\
if [ "$#" -eq 0 ] && ! systemctl cat ollama.service >/dev/null 2>&1; then
    echo "There is no ollama.service on this machine: install Ollama with its own installer first." >&2
    exit 1
fi
"""
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_PLAIN = re.compile(r"[\w@+=:,./-]+", re.ASCII)


def quoted(text: str) -> str:
    """Return text as one double-quoted word of a unit file."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def render_drop_in(settings: Settings, instances: Sequence[InstanceSpec], provenance: Provenance) -> Export:
    """Return the drop-in with the settings of the first instance; the service keeps its own address."""
    path = f"{_FOLDER}/{_DROP_IN_PATH}"
    return Export(
        filename="override.conf",
        text=_drop_in(instances[0], commented(settings, provenance)),
        how_to_use=(
            f"Save it as {path}, then type: sudo systemctl daemon-reload && sudo systemctl restart ollama. "
            f"It holds the settings of {instances[0].id}; the service keeps its address."
            + (" The other workers need units of their own: see systemd-units." if len(instances) > 1 else "")
        ),
    )


def render_units(settings: Settings, instances: Sequence[InstanceSpec], provenance: Provenance) -> Export:
    """Return a shell script that writes the drop-in and a unit for each further instance, and starts them."""
    further, header_lines = instances[1:], commented(settings, provenance)
    files = {_DROP_IN_PATH: _drop_in(instances[0], header_lines)}
    files.update((_unit_name(instance), _unit(instance, header_lines)) for instance in further)
    script = "".join(
        [
            "#!/bin/sh\n",
            header_lines,
            "#\n# Run it as root. With a folder as argument it only writes the files there, for inspection.\n",
            f"set -eu\nunits=${{1:-{_FOLDER}}}\n",
            _CHECK,
            'mkdir -p "$units/ollama.service.d"\n',
            *(f"\ncat > \"$units/{name}\" <<'{_END}'\n{text}{_END}\n" for name, text in files.items()),
            _start([_unit_name(instance) for instance in further]),
        ]
    )
    return Export("install-ollama-units.sh", script, _how_to_use_units(instances[0], further))


def _how_to_use_units(first: InstanceSpec, further: Sequence[InstanceSpec]) -> str:
    addresses = ", ".join(f"{instance.id} on {instance.url}" for instance in further)
    return (
        "Type: sudo sh install-ollama-units.sh (with a folder as argument it only writes the files there). "
        f"{first.id} becomes ollama.service at the service's own address"
        + (f"; further services: {addresses}." if further else ".")
    )


def _start(units: Sequence[str]) -> str:
    enable = f"    systemctl enable --now {' '.join(units)}\n" if units else ""
    return (
        '\nif [ "$#" -eq 0 ]; then\n    systemctl daemon-reload\n    systemctl restart ollama.service\n'
        + enable
        + "fi\n"
    )


def _drop_in(instance: InstanceSpec, header_lines: str) -> str:
    return (
        f"{header_lines}# Worker {instance.id}. OLLAMA_HOST is left as it is: 127.0.0.1:11434 unless set elsewhere.\n"
        f"[Service]\n{_environment(instance, leave_out='OLLAMA_HOST')}"
    )


def _unit(instance: InstanceSpec, header_lines: str) -> str:
    return (
        f"{header_lines}[Unit]\nDescription=Ollama worker {instance.id} on {instance.url}\n"
        "After=network-online.target\n\n"
        f"[Service]\nExecStart={_command(instance)}\nUser=ollama\nGroup=ollama\nRestart=always\nRestartSec=3\n"
        f"{_environment(instance)}\n"
        "[Install]\nWantedBy=default.target\n"
    )


def _unit_name(instance: InstanceSpec) -> str:
    return f"ollama-{instance.id}.service"


def _environment(instance: InstanceSpec, leave_out: str = "") -> str:
    values = variables(instance, _CONTROL, "a systemd unit")
    lines = (f"Environment={quoted(f'{name}={value}')}\n" for name, value in values.items() if name != leave_out)
    return "".join(lines)


def _command(instance: InstanceSpec) -> str:
    program, *arguments = instance.argv
    if _CONTROL.search("".join(instance.argv)) or not program.startswith("/"):
        raise PanelError(f"A systemd unit needs the full path of Ollama, not {program!r}: set it in Settings.")
    return " ".join([_word(program), *(_word(argument.replace("$", "$$")) for argument in arguments)])


def _word(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else quoted(text)
