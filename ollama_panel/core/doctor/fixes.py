"""How a finding about a source is mended: its file gets another text, or a server starts anew."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TypeAlias

import msgspec
import yaml

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.in_force import is_of_server, version_of
from ollama_panel.core.doctor.server_sources import bare, label_of, server_of_reading, unit_of
from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import EditFiles, RunCommands
from ollama_panel.core.redact import HIDDEN
from ollama_panel.core.server_control import control_of
from ollama_panel.core.servers import FoundServer, OwnerKind
from ollama_panel.core.sources import read
from ollama_panel.core.sources.machine.launchd import HOMEBREWS_JOB
from ollama_panel.core.sources.record import Reading, Source, SourceKind

_NO_TEXT = ("\0", "\ufffd")
"""What texts have that were not read to the byte: a shell loses the one, the other stands for what is no UTF-8."""
_DROP_IN = "zy-ollama-panel-doctor.conf"
_PLATFORMS = {"Linux": "linux", "Darwin": "darwin", "Windows": "win32"}
_TARGETS = {
    SourceKind.SYSTEMD: "systemd",
    SourceKind.QUADLET: "quadlet",
    SourceKind.LAUNCH_AGENT: "launchd",
    SourceKind.COMPOSE: "compose",
}
"""The export target whose manager reads sources of a kind (`core.applying.methods`)."""

_Edit: TypeAlias = tuple[int, int, tuple[str, ...]]
"""From which line to which, and what comes there."""


def combined(base: str, mended: Iterable[str]) -> str:
    """Return a text with all that is different in the mended ones; what contradicts an earlier one is left out."""
    lines = base.splitlines(keepends=True)
    taken = list[_Edit]()
    for text in mended:
        edits = [one for one in _edits(lines, text.splitlines(keepends=True)) if one not in taken]
        if not any(_clash(one, other) for one in edits for other in taken):
            taken += edits
    moved = 0
    for first, last, new in sorted(taken, key=lambda one: (one[0], one[1])):
        lines[first + moved : last + moved] = new
        moved += len(new) - (last - first)
    return "".join(lines)


def _edits(lines: Sequence[str], wanted: Sequence[str]) -> Iterator[_Edit]:
    for what, first, last, start, end in SequenceMatcher(None, lines, wanted, autojunk=False).get_opcodes():
        if what != "equal":
            yield first, last, tuple(wanted[start:end])


def _clash(one: _Edit, other: _Edit) -> bool:
    """Return whether two edits change the same line; two that only add lines do not."""
    if one[0] == one[1] or other[0] == other[1]:
        return max(one[0], other[0]) < min(one[1], other[1])
    return one[0] < other[1] and other[0] < one[1]


def edit(facts: Facts, reading: Reading, path: str, mended: Sequence[str]) -> EditFiles | None:
    """Return the edit that puts the mended texts of a file into force; None if its text is not known as it is.

    None also for a file that Homebrew writes anew, and for one that is no text of UTF-8, whose letters would be lost.
    Secrets in it may be hidden: whoever writes it keeps those of the
    file (`core.doctor.mending.rebased`).
    """
    source = reading.source
    texts = {one.path: one.text for one in source.files} if source is not None else {}
    if source is None or path not in texts or not mended or path.rpartition("/")[2].startswith(HOMEBREWS_JOB):
        return None
    text = combined(texts[path], mended)
    if text == texts[path] or any(mark in texts[path] for mark in _NO_TEXT):
        return None
    target, unit, of_user = _manager(facts, reading)
    wanted = _wanted(facts, reading, source, path, text) if target else {}
    files: tuple[tuple[str, str, str], ...] = ((path, texts[path], text),)
    if target == _TARGETS[SourceKind.COMPOSE] and path != source.path:
        files = ((source.path, texts[source.path], texts[source.path]), *files)
    return EditFiles(files, target, unit, of_user, wanted, _port(reading))


def _port(reading: Reading) -> int:
    """Return the port of the machine at which a container publishes its server, 0 = none."""
    ports = next((one.ports for one in reading.servers if one.ports), ())
    last = ports[0].rpartition(":")[2] if ports else ""
    return int(last) if last.isdecimal() else 0


def _manager(facts: Facts, reading: Reading) -> tuple[str, str, bool]:
    """Return the target whose manager reads a source, the unit that restarts, and whether it is the user's."""
    target = _TARGETS.get(reading.kind, "")
    config = next((one for one in reading.servers if one.name), reading.servers[0] if reading.servers else None)
    name = config.name if config is not None else ""
    if reading.kind is SourceKind.LAUNCH_AGENT:
        name = label_of(reading, config) if config is not None and config.command else ""
    if reading.kind is SourceKind.COMPOSE and reading.source is not None:
        name = service_of(reading.source.files[0].text, name)
    if reading.kind is not SourceKind.SYSTEMD:
        of_user = reading.kind is SourceKind.QUADLET and "/etc/containers" not in reading.path
        return (target if name else ""), name, of_user
    unit = name or (reading.source.unit if reading.source is not None else "") or unit_in(reading.path)
    if not unit:
        return "", "", False
    unit = f"{bare(unit)}.service"
    known = next((one for one in facts.units if bare(one.name) == bare(unit)), None)
    return target, unit, known.user_unit if known is not None else "/systemd/user" in reading.path


def read_with(source: Source, path: str, text: str) -> Reading:
    """Return what a source says if a file of it has another text."""
    files = tuple(msgspec.structs.replace(one, text=text) if one.path == path else one for one in source.files)
    return read(msgspec.structs.replace(source, files=files))


def drop_in(facts: Facts, server: FoundServer, variables: Mapping[str, str]) -> EditFiles | None:
    """Return a new drop-in of a server's unit that sets variables; None if it has one of that name already.

    It comes after those of people, whose variables it overrules, and before that of the panel's exports. Neither the
    names nor the values may have what systemd would read in another way (`is_plain`).
    """
    owner, home = server.owner, facts.machine.home
    unit, of_user = owner.unit or owner.name, owner.kind is OwnerKind.USER_UNIT
    if owner.kind not in (OwnerKind.SYSTEM_UNIT, OwnerKind.USER_UNIT) or not unit or (of_user and not home):
        return None
    folder = f"{home}/.config/systemd/user" if of_user else "/etc/systemd/system"
    path = f"{folder}/{bare(unit)}.service.d/{_DROP_IN}"
    known = unit_of(facts, server)
    if (known is not None and path in known.files) or not all(map(is_plain, variables.values())):
        return None
    lines = "".join(f'Environment="{name}={value}"\n' for name, value in variables.items())
    return EditFiles(((path, "", f"[Service]\n{lines}"),), "systemd", unit, of_user, dict(variables))


def setting_fix(facts: Facts, server: str, variables: Mapping[str, str]) -> EditFiles | None:
    """Return the fix that gives the server of this id these variables; None if it is of no unit that is known."""
    found = next((one for one in facts.servers if one.id == server), None)
    return drop_in(facts, found, variables) if found is not None else None


def is_plain(value: str) -> bool:
    """Return whether a value means itself in a unit and in a shell, and whether it is whole."""
    return value.isprintable() and HIDDEN not in value and not any(mark in value for mark in "\"'\\$%`!")


def service_of(text: str, container: str) -> str:
    """Return the service of a Compose file whose container has a name, "" if there is none."""
    try:
        project = yaml.safe_load(text)
    except yaml.YAMLError:
        return ""
    services = project.get("services") if isinstance(project, dict) else None
    for name, service in services.items() if isinstance(services, dict) else ():
        if container == (service.get("container_name") if isinstance(service, dict) else None) or container == name:
            return str(name)
    return ""


def unit_in(path: str) -> str:
    """Return the unit that a path is of, "" if none: `ollama.service` of `.../ollama.service.d/override.conf`."""
    for part in reversed(path.split("/")):
        name = part.removesuffix(".d")
        if name.endswith(".service"):
            return name
    return ""


def _wanted(facts: Facts, reading: Reading, source: Source, path: str, text: str) -> dict[str, str]:
    """Return the variables that are other ones with a text, and which of them a server reads."""
    after = read_with(source, path, text).variables
    before = reading.variables
    server = server_of_reading(facts, reading)
    version = version_of(server) if server is not None else ()
    return {
        name: value
        for name, value in after.items()
        if before.get(name) != value and is_of_server(name, version) is not None
    }


def restart(facts: Facts, server: FoundServer, *, reread: bool = False) -> RunCommands | None:
    """Return the commands that start a server anew, None for one of a panel; `reread`: its files have changed."""
    owner = server.owner
    known = unit_of(facts, server)
    if owner.kind in (OwnerKind.SYSTEM_UNIT, OwnerKind.USER_UNIT):
        unit = owner.unit or owner.name
        manager = "systemctl --user" if owner.kind is OwnerKind.USER_UNIT else "sudo systemctl"
        again = reread or (known is not None and known.stale)
        return RunCommands((*((f"{manager} daemon-reload",) if again else ()), f"{manager} restart {unit}"))
    try:
        control = control_of(server, _PLATFORMS.get(facts.machine.system, "linux"))
    except PanelError:
        return None
    commands = (*control.stop, *control.start)
    return RunCommands(commands, by_hand=facts.machine.system == "Windows") if control.start else None
