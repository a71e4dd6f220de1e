"""The doctor: what is wrong on a machine that runs Ollama, why, and how it is mended. Pure: facts in, findings out."""

from collections.abc import Iterable, Iterator

from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.checks import CHECKS
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.figures import figures
from ollama_panel.core.doctor.server_names import named
from ollama_panel.core.doctor.unseen import not_made
from ollama_panel.core.findings import CheckResult, CheckState, Finding, Report
from ollama_panel.core.notices.templates import Level

_GRAVITY = {Level.ERROR: 0, Level.WARNING: 1, Level.INFO: 2}


def examine(facts: Facts, took_s: float = 0.0, checks: tuple[Check, ...] = CHECKS) -> Report:
    """Return what every check says, the most serious first; `took_s` is how long it took to find the facts.

    A check that has nothing to look at is left out.
    """
    facts = named(facts)
    findings = list[Finding]()
    results = list[CheckResult]()
    for check in checks:
        why = check.blind(facts)
        found = [] if why is not None else list(_distinct(check.look(facts)))
        findings += found
        if not found and not check.applies(facts):
            continue
        state = CheckState.UNKNOWN if why is not None else CheckState.FOUND if found else CheckState.WELL
        results.append(CheckResult(check.id, check.area, check.title, state, why))
    results += not_made(facts.unseen)
    ordered = sorted(findings, key=lambda one: _GRAVITY[one.level])
    return Report(facts.at, took_s, facts.host, tuple(ordered), tuple(results), tuple(figures(facts)))


def _distinct(found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings without those of an id that was there before."""
    seen = set[str]()
    for one in found:
        if one.id not in seen:
            seen.add(one.id)
            yield one


def status_of(report: Report) -> int:
    """Return the exit status: 0 fine, 1 warnings, 2 errors, 3 if nothing could be looked at."""
    if all(one.state is CheckState.UNKNOWN for one in report.checks):
        return 3
    levels = {one.level for one in report.findings}
    return 2 if Level.ERROR in levels else 1 if Level.WARNING in levels else 0
