"""What the doctor says, as lines for people: a report, and how a fix has ended. Pure."""

import shlex
from collections.abc import Callable, Iterator

from ollama_panel.core.applying.host import place_of
from ollama_panel.core.doctor import status_of
from ollama_panel.core.findings import (
    Area,
    ChangeSettings,
    CheckState,
    DoctorRecord,
    EditFiles,
    Evidence,
    Finding,
    Mended,
    Remedy,
    Report,
    RunCommands,
    UseRemedy,
)
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.notices.templates import Level

_LEVELS = {Level.ERROR: "doctor.error", Level.WARNING: "doctor.warning", Level.INFO: "doctor.hint"}
_AREAS = {
    Area.SERVERS: "doctor.area_servers",
    Area.GRAPHICS: "doctor.area_graphics",
    Area.MEMORY: "doctor.area_memory",
    Area.MODELS: "doctor.area_models",
    Area.SETTINGS: "doctor.area_settings",
    Area.NETWORK: "doctor.area_network",
    Area.REQUESTS: "doctor.area_requests",
}
_OF_WINDOW = (Remedy.OPEN_LOG, Remedy.RESTART_ENGINE, Remedy.INSTALL, Remedy.CONNECT)
"""The buttons that only the window has."""
_INDENT = "  "


def area_of(area: Area) -> Notice:
    """Return the name of an area."""
    return notice(_AREAS[area])


def level_of(level: Level) -> Notice:
    """Return the name of a level, for one finding."""
    return notice(_LEVELS[level])


def headline(report: Report, ignored: frozenset[str] = frozenset()) -> Notice:
    """Return in one sentence what a report says; `ignored` findings do not count."""
    place, levels = place_of(report.host), [one.level for one in report.findings if one.id not in ignored]
    if status_of(report) == 3:
        return notice("doctor.saw_nothing", place=place)
    if not levels:
        unknown = sum(one.state is CheckState.UNKNOWN for one in report.checks)
        return notice("doctor.all_well", place=place, count=len(report.checks) - unknown)
    counts = {level.value: levels.count(level) for level in Level}
    return notice("doctor.found", place=place, **counts)


def where(evidence: Evidence) -> str:
    """Return where evidence is from: a path with its line, or words."""
    return f"{evidence.path}:{evidence.line}" if evidence.line else evidence.path


def command_of(finding: Finding, host: str = "") -> str:
    """Return the command that mends a finding, "" if there is none."""
    fix = finding.fix
    if fix is None or (isinstance(fix, UseRemedy) and fix.remedy in _OF_WINDOW):
        return ""
    if isinstance(fix, RunCommands) and fix.by_hand:
        return ""
    words = ["ollama-panel", "doctor", *(("--host", host) if host else ()), "--fix", finding.id]
    return shlex.join(words)


def lines(record: DoctorRecord, words: Callable[[Notice], str] = render, *, every: bool = True) -> Iterator[str]:
    """Yield the newest report with all evidence; `every`: also which checks have found nothing."""
    report = record.report
    if report is None:
        yield words(notice("doctor.not_looked"))
        return
    ignored = frozenset(one.finding for one in record.ignored)
    yield words(headline(report, ignored))
    for finding in report.findings:
        if finding.id not in ignored:
            yield ""
            yield from of_finding(finding, words, report.host)
    yield from _set_aside(report, ignored, words)
    yield from _blind(report, words)
    if every:
        yield from _well(report, words)


def of_finding(finding: Finding, words: Callable[[Notice], str] = render, host: str = "") -> Iterator[str]:
    """Yield a finding with its evidence and what mends it."""
    yield f"{words(level_of(finding.level))}: {words(finding.told)}"
    yield f"{_INDENT}[{finding.id}]"
    if finding.why is not None:
        yield f"{_INDENT}{words(finding.why)}"
    for one in finding.evidence:
        place = where(one)
        yield f"{_INDENT}> {place}: {one.text}" if place else f"{_INDENT}> {one.text}"
    if finding.fix is None:
        return
    if finding.label is not None:
        yield f"{_INDENT}{words(notice('doctor.mends_by', what=finding.label))}"
    command = command_of(finding, host)
    if command:
        yield f"{_INDENT}$ {command}"
    elif isinstance(finding.fix, RunCommands):
        yield f"{_INDENT}{words(notice('doctor.by_hand'))}"
        yield from (f"{_INDENT}$ {one}" for one in finding.fix.commands)
    elif isinstance(finding.fix, UseRemedy):
        yield f"{_INDENT}{words(notice('doctor.in_window'))}"


def _set_aside(report: Report, ignored: frozenset[str], words: Callable[[Notice], str]) -> Iterator[str]:
    aside = [one for one in report.findings if one.id in ignored]
    if aside:
        yield ""
        yield words(notice("doctor.set_aside"))
        yield from (f"{_INDENT}{words(one.told)} [{one.id}]" for one in aside)


def _blind(report: Report, words: Callable[[Notice], str]) -> Iterator[str]:
    blind = [one for one in report.checks if one.state is CheckState.UNKNOWN]
    if blind:
        yield ""
        yield words(notice("doctor.could_not_look"))
    for one in blind:
        why = f": {words(one.why)}" if one.why is not None else ""
        yield f"{_INDENT}{words(one.title)}{why}"


def _well(report: Report, words: Callable[[Notice], str]) -> Iterator[str]:
    for area in Area:
        titles = [words(one.title) for one in report.checks if one.area is area and one.state is CheckState.WELL]
        if titles:
            yield ""
            yield words(notice("doctor.well_with", area=area_of(area)))
            if counted := ", ".join(words(one.told) for one in report.figures if one.area is area):
                yield f"{_INDENT}{counted}"
            yield from (f"{_INDENT}{one}" for one in titles)


def of_mended(mended: Mended) -> Notice:
    """Return how a fix has ended, in one sentence."""
    what = mended.told
    if mended.todo:
        return notice("doctor.waits", what=what)
    if mended.undone:
        if mended.problem is None:
            return notice("doctor.undone", what=what)
        return notice("doctor.went_back", what=what, why=mended.problem)
    if mended.problem is not None:
        return notice("doctor.not_mended", what=what, why=mended.problem)
    return notice("doctor.mended", what=what)


def kind_of(finding: Finding) -> str:
    """Return what kind of fix a finding has, for programs: `files`, `commands`, `settings`, `button` or ""."""
    kinds = {EditFiles: "files", RunCommands: "commands", ChangeSettings: "settings", UseRemedy: "button"}
    return kinds[type(finding.fix)] if finding.fix is not None else ""
