"""Whether any server runs, and whether the units of Ollama start: what they say last if they end by themselves."""

from collections.abc import Iterator

from ollama_panel.core.applying.host import place_of
from ollama_panel.core.doctor import subjects
from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.checks.servers import port_is_taken
from ollama_panel.core.doctor.facts import Facts, UnitFacts
from ollama_panel.core.doctor.server_sources import bare, server_of_unit
from ollama_panel.core.findings import Area, Evidence, Finding
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import FolderUnusable

_RUNS, _STARTS = "servers.runs", "servers.starts"
_ENDED = frozenset({"failed", "activating", "auto-restart"})
"""The states of a unit that has ended with an error, or is about to be started again after that (systemd.unit(5))."""
_UP = frozenset({"active", "activating"})
_SHOWN = 3


def _runs(facts: Facts) -> Iterator[Finding]:
    """Yield that nothing serves models here, unless a container does, whose process may be elsewhere, as on a Mac.

    Of a panel that runs its alerts tell, of a service that fails the next check; one that starts is given its time.
    """
    elsewhere = facts.snapshot is not None or any(one.running for one in facts.containers)
    if facts.servers or elsewhere or any(one.state in _UP for one in facts.units) or any(_starts(facts)):
        return
    programs = tuple(one.path for one in facts.programs)
    why = notice("doctor.runs_installed" if programs else "doctor.runs_none")
    told = notice("doctor.nothing_runs", place=place_of(facts.host))
    evidence = tuple(Evidence(path) for path in programs) or (Evidence("ollama: —"),)
    yield Finding(_RUNS, _RUNS, Area.SERVERS, told, why, evidence)


def _starts(facts: Facts) -> Iterator[Finding]:
    """Yield units that end with an error, for another reason than that their port is taken."""
    for unit in facts.units:
        fails = unit.state == "failed" or (unit.state in _ENDED and unit.restarts > 0)
        runs = server_of_unit(facts, unit) is not None
        if fails and not runs and _is_of_server(facts, unit) and not port_is_taken(facts, unit):
            yield _of_unit(facts, unit)


def _is_of_server(facts: Facts, unit: UnitFacts) -> bool:
    """Return whether the files of a unit start a server of Ollama: its name alone may be that of another program."""
    readings = (one for one in facts.sources if one.path in unit.files)
    return any(config.command for one in readings for config in one.servers)


def _of_unit(facts: Facts, unit: UnitFacts) -> Finding:
    folder = next((one.path for line in reversed(unit.said) if isinstance(one := parse(line), FolderUnusable)), "")
    why = notice("doctor.unit_no_folder", path=folder) if folder else _where_to_look(facts, unit)
    state = " ".join(filter(None, (f"state={unit.state}", f"restarts={unit.restarts}" if unit.restarts else "")))
    evidence = (Evidence(state, unit.name), *(Evidence(line, unit.name) for line in unit.said[-_SHOWN:]))
    twins = sum(bare(one.name) == bare(unit.name) for one in facts.units) > 1
    subject = f"{_STARTS}:{unit.name}" + (":user" if twins and unit.user_unit else "")
    return Finding(subject, _STARTS, Area.SERVERS, notice("doctor.unit_fails", unit=unit.name), why, evidence)


def _where_to_look(facts: Facts, unit: UnitFacts) -> Notice:
    if facts.machine.system != "Linux":
        return notice("doctor.unit_fails_why")
    option = "--user -u" if unit.user_unit else "-u"
    return notice("doctor.unit_fails_log", command=f"journalctl {option} {unit.name} -e")


def _unseen(facts: Facts) -> Notice | None:
    return next((one.why for one in facts.unseen if one.what == "processes"), None)


CHECKS = (
    Check(_RUNS, Area.SERVERS, notice("doctor.check.runs"), _runs, subjects.no_panel, _unseen),
    Check(_STARTS, Area.SERVERS, notice("doctor.check.starts"), _starts, subjects.units),
)
