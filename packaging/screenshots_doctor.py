"""What the page Doctor shows on its screenshot: what the doctor finds on made-up machines of its tests, joined."""

from pathlib import Path

import msgspec
import yaml

from ollama_panel.core.doctor import examine
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.findings import CheckState, DoctorRecord, Figure, Report
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.sources import read
from ollama_panel.core.sources.record import Source

MACHINES = Path(__file__).resolve().parents[1] / "tests" / "core" / "doctor" / "machines"
NAMES = ("linux-outside-service", "running-panel-embedding", "running-panel-past-the-queue", "compose-folklore")
HEALTHY = ("healthy-running-card", "healthy-running-panel")
"""Where the figures are from."""
TOOK_S = 0.8
GRAVITY = (Level.ERROR, Level.WARNING, Level.INFO)


class Machine(msgspec.Struct, frozen=True):
    """What a file has of a machine: facts, and the texts of its sources."""

    facts: Facts
    texts: tuple[Source, ...] = ()


def report_of(name: str) -> Report:
    """Return what the doctor finds on a machine."""
    machine = msgspec.convert(yaml.safe_load((MACHINES / f"{name}.yaml").read_text(encoding="utf-8")), Machine)
    sources = (*machine.facts.sources, *map(read, machine.texts))
    return examine(msgspec.structs.replace(machine.facts, sources=sources), TOOK_S)


def record(at: float) -> DoctorRecord:
    """Return the first finding of each machine, the most serious first, as found at a Unix time."""
    reports = [report_of(name) for name in NAMES]
    found = sorted((one.findings[0] for one in reports), key=lambda one: GRAVITY.index(one.level))
    healthy = [report_of(name) for name in HEALTHY]
    made = {one.id: one for report in (*healthy, *reports) for one in report.checks}
    failed = {one.check for one in found}
    well = {one.id for report in (*healthy, *reports) for one in report.checks if one.state is CheckState.WELL}
    checks = tuple(
        msgspec.structs.replace(one, state=CheckState.FOUND, why=None)
        if one.id in failed
        else msgspec.structs.replace(one, state=CheckState.WELL, why=None)
        if one.id in well
        else one
        for one in made.values()
    )
    figures = list[Figure]()
    for report in (*healthy, *reports):
        told = {one.area for one in figures}
        figures += [one for one in report.figures if one.area not in told]
    return DoctorRecord(Report(at, TOOK_S, findings=tuple(found), checks=checks, figures=tuple(figures)))
