"""The panel's own settings file: whether all of it is in force, and whether the panel can write it."""

import shlex
from collections.abc import Iterator

from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.facts import Facts, FileProblem, PanelFile
from ollama_panel.core.findings import Area, ChangeSettings, Evidence, Finding, RunCommands
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.templates import Level

_FILE = "settings.panel-file"
_NEWER = "setting.newer"
_BROKEN = "settings_file.all_default"


def _look(facts: Facts) -> Iterator[Finding]:
    file = facts.panel_file
    if file is None:
        return
    newer = [one for one in file.problems if one.problem.notice.code == _NEWER]
    for one in newer or file.problems:
        if one.problem.notice.code == _BROKEN:
            yield _broken(facts, file, one)
        elif one.problem.notice.level is not Level.INFO:
            yield _value(file, one)
    if file.closed:
        yield _closed(facts, file)


def _broken(facts: Facts, file: PanelFile, one: FileProblem) -> Finding:
    told = notice("doctor.panel_file_broken", path=file.path)
    fix, label = _renewed(file, one.problem.notice) if facts.machine.system != "Windows" else (None, None)
    return Finding(_FILE, _FILE, Area.SETTINGS, told, one.problem.notice, (_evidence(file, one),), fix, label)


def _renewed(file: PanelFile, told: Notice) -> tuple[RunCommands | None, Notice | None]:
    """Return the commands that put the file before it, or none, in the place of one that is no JSON."""
    why = told.values.get("why")
    if not isinstance(why, Notice) or not why.code.startswith("json."):
        return None, None
    path, aside = shlex.quote(file.path), shlex.quote(f"{file.path}.broken-{file.modified}")
    undo = (f"mv {aside} {path}",)
    if file.backup:
        commands = (f"mv {path} {aside}", f"cp -p {shlex.quote(file.backup)} {path}")
        return RunCommands(commands, undo), notice("doctor.take_backup")
    return RunCommands((f"mv {path} {aside}",), undo), notice("doctor.begin_anew")


def _value(file: PanelFile, one: FileProblem) -> Finding:
    """Return a value or a key that is not in force. An older panel must not write a newer one's file."""
    is_newer = one.problem.notice.code == _NEWER
    why = notice("doctor.panel_file_newer") if is_newer else None
    fix, label = (None, None) if is_newer else (ChangeSettings(), notice("doctor.write_anew"))
    subject = f"{_FILE}:{one.problem.where}"
    return Finding(subject, _FILE, Area.SETTINGS, one.problem.told, why, (_evidence(file, one),), fix, label)


def _closed(facts: Facts, file: PanelFile) -> Finding:
    told = notice("doctor.panel_file_closed", path=file.closed)
    fix, label = None, None
    if facts.machine.system != "Windows":
        fix = RunCommands((f"sudo chown {shlex.quote(facts.machine.user)} {shlex.quote(file.closed)}",), by_hand=True)
        label = notice("doctor.mend_file")
    return Finding(f"{_FILE}:closed", _FILE, Area.SETTINGS, told, None, (Evidence(file.path, file.path),), fix, label)


def _evidence(file: PanelFile, one: FileProblem) -> Evidence:
    return Evidence(one.text.strip() or file.path, file.path, one.line)


def _is_there(facts: Facts) -> bool:
    return facts.panel_file is not None


CHECKS = (Check(_FILE, Area.SETTINGS, notice("doctor.check.panel_file"), _look, _is_there),)
