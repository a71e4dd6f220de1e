"""How the doctor goes through its checks."""

import pytest

from ollama_panel.core.doctor import examine, status_of
from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.findings import Area, CheckState, Finding
from ollama_panel.core.notices import notice

TITLE = notice("source.unknown", path="/etc/x")


def finding(check: str, code: str) -> Finding:
    return Finding(check, check, Area.SETTINGS, notice(code, **({"path": "x"} if code == "source.unknown" else {})))


def test_a_check_that_cannot_look_says_why() -> None:
    blind = Check("a", Area.SETTINGS, TITLE, lambda _: [finding("a", "source.unknown")], blind=lambda _: TITLE)
    report = examine(Facts(), checks=(blind,))
    assert (report.findings, report.checks[0].state, report.checks[0].why) == ((), CheckState.UNKNOWN, TITLE)
    assert status_of(report) == 3


@pytest.mark.parametrize(("found", "status"), [([], 0), ([finding("a", "source.unknown")], 1)])
def test_the_status_is_that_of_the_worst_finding(found: list[Finding], status: int) -> None:
    check = Check("a", Area.SETTINGS, TITLE, lambda _: found)
    assert status_of(examine(Facts(), checks=(check,))) == status


def test_a_finding_is_told_once() -> None:
    check = Check("a", Area.SETTINGS, TITLE, lambda _: [finding("a", "source.unknown")] * 2)
    assert len(examine(Facts(), checks=(check,)).findings) == 1
