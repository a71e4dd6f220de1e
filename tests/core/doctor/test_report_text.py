"""What the doctor says, as lines."""

import pytest

from ollama_panel.core.doctor import report_text
from ollama_panel.core.findings import (
    Area,
    ChangeSettings,
    CheckResult,
    CheckState,
    DoctorRecord,
    EditFiles,
    Evidence,
    Figure,
    Finding,
    Fix,
    Ignored,
    Mended,
    Remedy,
    Report,
    RunCommands,
    UseRemedy,
)
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render

TITLE = notice("doctor.area_settings")
WELL = CheckResult("a", Area.SETTINGS, TITLE, CheckState.WELL)
BLIND = CheckResult("b", Area.GRAPHICS, notice("doctor.area_graphics"), CheckState.UNKNOWN, notice("apply.no_systemd"))


def finding(fix: Fix | None = None, id: str = "a:x") -> Finding:  # noqa: A002 - the name of the field
    evidence = (Evidence("OLLAMA_X=1", "/etc/x.conf", 3), Evidence("PID 7"))
    return Finding(id, "a", Area.SETTINGS, notice("file.not_read", path="/x", reason="no"), evidence=evidence, fix=fix)


def text(
    *findings: Finding, checks: tuple[CheckResult, ...] = (WELL,), ignored: tuple[str, ...] = (), host: str = ""
) -> str:
    aside = tuple(Ignored(one, TITLE, 0.0) for one in ignored)
    return "\n".join(report_text.lines(DoctorRecord(Report(0.0, host=host, findings=findings, checks=checks), aside)))


def test_before_it_has_looked() -> None:
    assert list(report_text.lines(DoctorRecord())) == ["The doctor has not looked yet."]


def test_all_is_well_and_what_was_checked() -> None:
    assert text(checks=(WELL, BLIND)).splitlines() == [
        "All is well on this machine. Checks that have found nothing: 1.",
        "",
        "What could not be looked at:",
        f"  graphics cards: {render(notice('apply.no_systemd'))}",
        "",
        "All is well with settings:",
        "  settings",
    ]


def test_figures_stand_with_their_area() -> None:
    counted = (Figure(Area.SETTINGS, notice("figure.sources", count=4)),)
    shown = list(report_text.lines(DoctorRecord(Report(0.0, checks=(WELL,), figures=counted))))
    assert shown[-3:] == ["All is well with settings:", "  places read: 4", "  settings"]


def test_nothing_could_be_looked_at() -> None:
    assert text(checks=(BLIND,)).splitlines()[0] == "Nothing could be looked at on this machine."


def test_a_finding_has_its_evidence_and_the_command_that_mends_it() -> None:
    shown = text(finding(RunCommands(("true",))), host="ann@box").splitlines()
    assert shown[0] == "What was found on ann@box: errors: 1, warnings: 0, hints: 0."
    assert shown[3:7] == [
        "  [a:x]",
        "  > /etc/x.conf:3: OLLAMA_X=1",
        "  > PID 7",
        "  $ ollama-panel doctor --host ann@box --fix a:x",
    ]


def test_what_is_set_aside_is_told_below() -> None:
    shown = text(finding(), ignored=("a:x",))
    assert shown.startswith("All is well")
    assert "Set aside:\n  /x cannot be read (no). [a:x]" in shown


@pytest.mark.parametrize(
    ("fix", "kind", "has_command"),
    [
        (None, "", False),
        (EditFiles(()), "files", True),
        (RunCommands(("true",)), "commands", True),
        (RunCommands(("true",), by_hand=True), "commands", False),
        (ChangeSettings(), "settings", True),
        (UseRemedy(Remedy.RESUME), "button", True),
        (UseRemedy(Remedy.INSTALL), "button", False),
    ],
)
def test_the_command_of_each_kind_of_fix(fix: Fix | None, kind: str, has_command: bool) -> None:
    one = finding(fix)
    assert (report_text.kind_of(one), bool(report_text.command_of(one))) == (kind, has_command)


def test_what_only_the_user_can_do_is_shown_with_its_commands() -> None:
    shown = list(report_text.of_finding(finding(RunCommands(("setx A 1",), by_hand=True))))
    assert shown[-1] == "  $ setx A 1"
    assert "window" in list(report_text.of_finding(finding(UseRemedy(Remedy.INSTALL))))[-1]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "doctor.mended"),
        ({"undone": True}, "doctor.undone"),
        ({"todo": ("sudo true",)}, "doctor.waits"),
        ({"problem": TITLE}, "doctor.not_mended"),
        ({"problem": TITLE, "undone": True}, "doctor.went_back"),
    ],
)
def test_how_a_fix_has_ended(changes: dict[str, object], code: str) -> None:
    values = {"undone": False, "todo": (), "problem": None} | changes
    assert report_text.of_mended(Mended("1", "a", TITLE, 0.0, **values)).code == code  # type: ignore[arg-type] # of the table
