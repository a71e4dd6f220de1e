"""What a fix does, as an export of edited files or as actions, and what is said of it. Pure."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from hashlib import sha256

import msgspec

from ollama_panel.core.applying import shown
from ollama_panel.core.applying.host import HostFacts
from ollama_panel.core.applying.record import Action, ActionKind
from ollama_panel.core.export.deployment import Export, ExportFile, Site, Syntax
from ollama_panel.core.findings import ChangeSettings, EditFiles, Evidence, Finding, Fix, Report
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import HOST, InstanceSpec
from ollama_panel.core.notices import notice
from ollama_panel.core.offers import accepted
from ollama_panel.core.records import Role
from ollama_panel.core.redact import HIDDEN, text, variable
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.stores import Service
from ollama_panel.core.takeover_steps import without_sudo

_ID_DIGITS = 16
_SUDO = "sudo "


def export_of(edit: EditFiles, texts: Sequence[str]) -> Export:
    """Return edited files as an export; `texts` are the whole new texts, in the order of the files."""
    files = tuple(
        ExportFile(path.rpartition("/")[2], whole, Syntax.TEXT, path)
        for (path, _, _), whole in zip(edit.files, texts, strict=True)
    )
    service = Service(unit=edit.unit, user_unit=edit.user_unit)
    worker = InstanceSpec(InstanceId(edit.unit), 0, PoolName(""), Role.CHAT, (), HOST, edit.port, dict(edit.wanted))
    site = Site(service, of_user=edit.user_unit)
    return Export(files, (), target=edit.target, workers=(worker,), site=site, edits=True)


def rebased(read: str, wanted: str, now: str) -> str | None:
    """Return the text `now` of a file with the change from `read` to `wanted`.

    In what was read secrets may be hidden; they stay as they are in the file. A file that has the change stays so.
    None if the file has another text than the one that was read, or if a secret would be lost.
    """
    if now == read:
        return wanted
    before, after, there = (one.split("\n") for one in (read, wanted, now))
    if not _all_fit(before, there):
        return now if _all_fit(after, there) else None
    lines = list[str]()
    for kind, old, old_end, new, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += there[old:old_end]
            continue
        for place, line in enumerate(after[new:new_end], old):
            filled = _filled(line, before[place], there[place]) if place < old_end else line
            if filled is None or HIDDEN in filled:
                return None
            lines.append(filled)
    return "\n".join(lines)


def _pattern(line: str) -> str:
    return "(.*)".join(map(re.escape, line.split(HIDDEN)))


def _all_fit(lines: Sequence[str], now: Sequence[str]) -> bool:
    return len(lines) == len(now) and all(map(_fits, lines, now))


def _fits(read: str, now: str) -> bool:
    return read == now or (HIDDEN in read and re.fullmatch(_pattern(read), now) is not None)


def _filled(line: str, read: str, now: str) -> str | None:
    """Return a new line with the secrets that the old one has in the file; None if it has not as many."""
    if HIDDEN not in line:
        return line
    found = re.fullmatch(_pattern(read), now)
    parts = line.split(HIDDEN)
    if found is None or len(found.groups()) != len(parts) - 1:
        return None
    return "".join(part + secret for part, secret in zip(parts, (*found.groups(), ""), strict=True))


def actions_of(commands: Sequence[str], facts: HostFacts) -> tuple[Action, ...]:
    """Return commands as actions, each by its own; who is root needs no `sudo`."""
    typed = [without_sudo(one) if facts.uid == 0 else one for one in commands]
    return tuple(Action(ActionKind.RUN, notice("doctor.runs"), (one,), root=one.startswith(_SUDO)) for one in typed)


def changed(settings: Settings, fix: ChangeSettings) -> Settings:
    """Return the settings after a fix. Raises PanelError if they cannot be so."""
    after = settings if fix.offer is None else accepted(settings, fix.offer)
    values = {key: msgspec.json.decode(value) for key, value in fix.settings}
    return codec.change(after, values) if values else after


def id_of(finding: str, fix: Fix) -> str:
    """Return what names the plan of a fix that changes no file: all that it does."""
    return sha256(msgspec.json.encode([finding, fix])).hexdigest()[:_ID_DIGITS]


def discreet(report: Report) -> Report:
    """Return a report as front ends see it: without the secrets of the files that it quotes."""
    return msgspec.structs.replace(report, findings=tuple(map(_discreet, report.findings)))


def _discreet(finding: Finding) -> Finding:
    evidence = tuple(Evidence(text(one.text), one.path, one.line) for one in finding.evidence)
    fix = finding.fix
    if isinstance(fix, EditFiles):
        fix = without_secrets(fix)
    return msgspec.structs.replace(finding, evidence=evidence, fix=fix)


def without_secrets(edit: EditFiles) -> EditFiles:
    """Return edited files as they are shown and kept."""
    files = tuple((path, shown.without_secrets(old), shown.without_secrets(new)) for path, old, new in edit.files)
    wanted = {name: value for name, value in edit.wanted.items() if variable(name, value) == value}
    return msgspec.structs.replace(edit, files=files, wanted=wanted)
