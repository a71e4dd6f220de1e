"""Units that do not start."""

import msgspec
import pytest

from ollama_panel.core.doctor import examine, status_of
from ollama_panel.core.doctor.checks.starting import CHECKS
from ollama_panel.core.doctor.facts import ContainerFacts, Facts, UnitFacts, Unseen
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.programs import Program
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.sources import read
from ollama_panel.core.sources.record import Source, SourceKind, TextFile

PATH = "/etc/systemd/system/ollama.service"
UNIT = UnitFacts("ollama.service", files=(PATH,), state="activating", restarts=12, said=("Error: something is wrong",))
READING = read(Source(SourceKind.SYSTEMD, (TextFile(PATH, "[Service]\nExecStart=/usr/bin/ollama serve\n"),), "Linux"))
FACTS = Facts(units=(UNIT,), sources=(READING,))


def found(facts: Facts) -> list[str]:
    return [one.id for one in examine(facts, checks=CHECKS).findings]


def test_a_unit_that_ends_again_and_again_is_told_with_its_last_words() -> None:
    (finding,) = examine(FACTS, checks=CHECKS).findings
    assert finding.id == "servers.starts:ollama.service"
    assert [one.text for one in finding.evidence] == ["state=activating restarts=12", "Error: something is wrong"]
    assert finding.why == notice("doctor.unit_fails_log", command="journalctl -u ollama.service -e")


def test_a_folder_that_its_user_cannot_enter_is_named() -> None:
    said = ("Error: mkdir /mnt/big/ollama: permission denied: ensure path elements are traversable", "exited")
    unit = msgspec.structs.replace(UNIT, state="failed", said=said)
    (finding,) = examine(msgspec.structs.replace(FACTS, units=(unit,)), checks=CHECKS).findings
    assert finding.why == notice("doctor.unit_no_folder", path="/mnt/big/ollama")


@pytest.mark.parametrize(
    "unit",
    [
        msgspec.structs.replace(UNIT, state="active"),
        msgspec.structs.replace(UNIT, state="activating", restarts=0),
        msgspec.structs.replace(UNIT, name="ollama-exporter.service", files=("/etc/systemd/system/other.service",)),
    ],
    ids=["runs", "starts for the first time", "is of another program"],
)
def test_a_unit_that_does_not_fail_is_not_told(unit: UnitFacts) -> None:
    assert found(msgspec.structs.replace(FACTS, units=(unit,))) == []


@pytest.mark.parametrize(
    ("programs", "why"), [((Program("/usr/bin/ollama"),), "doctor.runs_installed"), ((), "doctor.runs_none")]
)
def test_a_machine_on_which_no_server_runs_is_not_well(programs: tuple[Program, ...], why: str) -> None:
    report = examine(Facts(programs=programs))
    assert [(one.id, one.why and one.why.code) for one in report.findings] == [("servers.runs", why)]
    assert status_of(report) == 1


@pytest.mark.parametrize(
    "facts",
    [
        Facts(containers=(ContainerFacts("ollama"),)),
        Facts(snapshot=Snapshot(0.0, Settings())),
        Facts(unseen=(Unseen("processes", notice("looking.no_log", command="ps")),)),
    ],
    ids=["a container has it", "the panel tells of its own", "nobody can see it"],
)
def test_where_a_server_may_run_unseen_none_is_missed(facts: Facts) -> None:
    assert found(facts) == []
