"""A fix that sets variables of a server whose service manager the panel can tell: a drop-in of its systemd unit."""

from collections.abc import Mapping

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.export.unit_text import quoted
from ollama_panel.core.findings import EditFiles
from ollama_panel.core.servers import OwnerKind

FILE = "zz-ollama-panel-doctor.conf"
"""The name of the drop-in. It comes after the user's own, and before that of the panel's exports (systemd.unit(5))."""


def setting_fix(facts: Facts, server: str, variables: Mapping[str, str]) -> EditFiles | None:
    """Return the fix that gives the server of this id these variables; None if it is of no unit that is known.

    Nor is there one if the file is there already: its text is not among the facts.
    """
    found = next((one for one in facts.servers if one.id == server), None)
    if found is None or found.owner.kind not in (OwnerKind.SYSTEM_UNIT, OwnerKind.USER_UNIT):
        return None
    of_user, name = found.owner.kind is OwnerKind.USER_UNIT, found.owner.name
    if not name or (of_user and not facts.machine.home):
        return None
    folder = f"{facts.machine.home}/.config/systemd/user" if of_user else "/etc/systemd/system"
    path = f"{folder}/{name}.d/{FILE}"
    if any(path in unit.files for unit in facts.units):
        return None
    lines = "".join(f"Environment={quoted(f'{key}={value}')}\n" for key, value in variables.items())
    return EditFiles(((path, "", f"[Service]\n{lines}"),), "systemd", name, of_user, dict(variables))
