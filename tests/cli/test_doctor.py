"""`doctor` against a stand-in for the panel, and without a panel."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.applying.record import Action, ActionKind
from ollama_panel.core.doctor import report_text
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.findings import (
    Area,
    BundleFile,
    CheckResult,
    CheckState,
    DoctorRecord,
    Evidence,
    Finding,
    FixPlan,
    Ignored,
    Mended,
    Report,
    RunCommands,
)
from ollama_panel.core.notices import notice
from ollama_panel.proxy.panel_api.doctor import BundleAnswer, DoctorAnswer, FixPlanAnswer, MendedAnswer
from ollama_panel.proxy.panel_api.encoding import encode
from tests.cli.conftest import Outcome
from tests.cli.stand_in import StandIn, standing_in

Panel = Callable[..., Outcome]
ID = "settings.made-up:/etc/x.conf"
PATH = "/panel/v1/doctor"
ONE = f"{PATH}/findings/settings.made-up%3A%2Fetc%2Fx.conf"
TOLD = notice("file.not_read", path="/etc/x.conf", reason="no")
FINDING = Finding(
    ID,
    "settings.made-up",
    Area.SETTINGS,
    TOLD,
    evidence=(Evidence("A=1", "/etc/x.conf", 1),),
    fix=RunCommands(("true",), ("false",)),
)
CHECKED = CheckResult("settings.made-up", Area.SETTINGS, notice("doctor.area_settings"), CheckState.FOUND)
RECORD = DoctorRecord(Report(1.0, findings=(FINDING,), checks=(CHECKED,)))
MENDED = Mended("7", ID, TOLD, 1.0, can_undo=True)
PLAN = FixPlan("p1", ID, actions=(Action(ActionKind.RUN, notice("doctor.runs"), ("true",)),))
HEALTHY = Path(__file__).parents[1] / "core" / "doctor" / "machines" / "healthy-linux-service.yaml"


class Doctor:
    """Answers as the panel does."""

    def __init__(self, server: StandIn) -> None:
        self.server = server
        self.say(RECORD)
        self._on(f"GET {ONE}/plan", FixPlanAnswer(PLAN))
        self._on(f"GET {PATH}/mended/7/plan", FixPlanAnswer(PLAN))
        self._on(f"GET {PATH}/bundle", BundleAnswer((BundleFile("report.txt", TOLD, "all is well\n"),)))
        self.end(MENDED)

    def say(self, record: DoctorRecord) -> None:
        for what in (f"GET {PATH}", f"POST {PATH}/check", f"PUT {ONE}/ignore", f"DELETE {ONE}/ignore"):
            self._on(what, DoctorAnswer(TOLD, 2, record))

    def end(self, mended: Mended) -> None:
        for what in (f"POST {ONE}/fix", f"POST {PATH}/mended/7/undo"):
            self._on(what, MendedAnswer(report_text.of_mended(mended), mended, mended.todo))

    def _on(self, what: str, answer: msgspec.Struct) -> None:
        self.server.on(what, msgspec.Raw(encode(answer)))


@pytest.fixture
def doctor(tmp_path: Path) -> Iterator[Doctor]:
    with standing_in(tmp_path) as server:
        yield Doctor(server)


def test_it_tells_what_the_panel_has_found(panel: Panel, doctor: Doctor, tmp_path: Path) -> None:
    shown = panel("doctor", "--state-dir", tmp_path)
    assert shown.status == 2, shown.err
    assert shown.out.splitlines()[2:] == [
        "Error: /etc/x.conf cannot be read (no).",
        f"  [{ID}]",
        "  > /etc/x.conf:1: A=1",
        f"  $ ollama-panel doctor --fix {ID}",
    ]


def test_for_programs_it_is_the_record(panel: Panel, doctor: Doctor, tmp_path: Path) -> None:
    shown = panel("doctor", "--json", "--state-dir", tmp_path)
    assert (shown.status, msgspec.json.decode(shown.out, type=DoctorRecord)) == (2, RECORD)


def test_what_is_set_aside_does_not_count(panel: Panel, doctor: Doctor, tmp_path: Path) -> None:
    doctor.say(msgspec.structs.replace(RECORD, ignored=(Ignored(ID, TOLD, 1.0),)))
    assert panel("doctor", "--state-dir", tmp_path).status == 0
    assert panel("doctor", "--ignore", ID, "--state-dir", tmp_path).out.startswith("All is well")
    assert panel("doctor", "--show-again", ID, "--state-dir", tmp_path).status == 0


def test_a_fix_is_shown_and_done(panel: Panel, doctor: Doctor, tmp_path: Path) -> None:
    asked = panel("doctor", "--fix", ID, "--state-dir", tmp_path)
    assert (asked.status, asked.out) == (1, "1. Run this command.\n   true\n")
    assert "nobody is there to be asked" in asked.err
    done = panel("doctor", "--fix", ID, "--yes", "--now", "--state-dir", tmp_path)
    assert (done.status, done.out.splitlines()[2:]) == (
        0,
        ["Mended: /etc/x.conf cannot be read (no).", "`ollama-panel doctor --undo 7` takes it back."],
    )
    assert doctor.server.asked[-1].path == f"{ONE}/fix?plan=p1&now=true"


def test_a_preview_does_nothing(panel: Panel, doctor: Doctor, tmp_path: Path) -> None:
    assert panel("doctor", "--fix", ID, "--preview", "--state-dir", tmp_path).status == 0
    assert all(one.method == "GET" for one in doctor.server.asked)


def test_commands_for_somebody_to_type_are_no_success(panel: Panel, doctor: Doctor, tmp_path: Path) -> None:
    doctor.end(msgspec.structs.replace(MENDED, todo=("sudo true",)))
    done = panel("doctor", "--fix", ID, "--yes", "--state-dir", tmp_path)
    assert (done.status, done.out.splitlines()[-2:]) == (
        1,
        ["Type, then the same command again:", "  sudo true"],
    )


def test_the_newest_fix_is_taken_back(panel: Panel, doctor: Doctor, tmp_path: Path) -> None:
    assert "no fix that could be taken back" in panel("doctor", "--undo", "--yes", "--state-dir", tmp_path).err
    doctor.say(msgspec.structs.replace(RECORD, mended=(MENDED,)))
    doctor.end(msgspec.structs.replace(MENDED, undone=True, can_undo=False))
    done = panel("doctor", "--undo", "--yes", "--state-dir", tmp_path)
    assert (done.status, done.out.splitlines()[-1][:10]) == (0, "Taken back")


def test_a_bundle_overwrites_nothing(panel: Panel, doctor: Doctor, tmp_path: Path) -> None:
    path = tmp_path / "of mine.zip"
    assert "all is well" in panel("doctor", "--bundle", "--preview", "--state-dir", tmp_path).out
    shown = panel("doctor", "--bundle", path, "--state-dir", tmp_path)
    assert (shown.status, shown.out.splitlines()[-1]) == (0, str(path))
    with zipfile.ZipFile(path) as packed:
        assert packed.namelist() == ["ollama-panel-support/report.txt"]
    again = panel("doctor", "--bundle", path, "--state-dir", tmp_path)
    assert (again.status, "is there already" in again.err) == (1, True)


def test_a_bundle_goes_into_a_folder_or_nowhere(panel: Panel, doctor: Doctor, tmp_path: Path) -> None:
    folder = tmp_path / "support"
    folder.mkdir()
    shown = panel("doctor", "--bundle", folder, "--state-dir", tmp_path)
    (path,) = folder.iterdir()
    assert (shown.status, shown.out.splitlines()[-1], zipfile.is_zipfile(path)) == (0, str(path), True)
    doctor.server.on(f"GET {PATH}/bundle", {"problem": "no"}, 500)
    failed = tmp_path / "failed.zip"
    assert panel("doctor", "--bundle", failed, "--state-dir", tmp_path).status == 3
    assert not failed.exists(), "no half of a file stays"


def test_programs_get_json_also_of_an_error(panel: Panel, doctor: Doctor, tmp_path: Path) -> None:
    aside = panel("doctor", "--json", "--ignore", ID, "--state-dir", tmp_path)
    assert msgspec.json.decode(aside.out, type=DoctorRecord) == RECORD
    broken = panel("doctor", "--json", "--facts", tmp_path / "none.json")
    record = msgspec.json.decode(broken.out, type=DoctorRecord)
    assert (broken.status, record.report, record.problem is not None) == (3, None, True)
    unknown = panel("doctor", "--json", "--ignore", "settings.unknown", "--state-dir", tmp_path)
    assert (unknown.status, msgspec.json.decode(unknown.out, type=DoctorRecord).problem is not None) == (1, True)


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_a_file_of_facts_is_judged(panel: Panel, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"facts.{suffix}"
    path.write_bytes((msgspec.yaml if suffix == "yaml" else msgspec.json).encode(Facts(host="ann@box")))
    shown = panel("doctor", "--facts", path)
    assert "ann@box" in shown.out.splitlines()[0]
    path.write_text("{")
    broken = panel("doctor", "--facts", path)
    assert (broken.status, "cannot be read" in broken.err) == (3, True)


def test_a_machine_that_cannot_be_reached(panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    shown = panel("doctor", "--host", "ann@box", "--state-dir", tmp_path)
    assert (shown.status, "ssh" in shown.err) == (3, True)


@pytest.mark.parametrize(
    "words",
    [
        ("--yes",),
        ("--preview",),
        ("--json", "--fix", "x"),
        ("--fix", "x", "--undo"),
        ("--fix", ""),
        ("--undo", ""),
        ("--ignore", " "),
        ("--show-again", ""),
        ("--host", "-oProxyCommand=x"),
        ("--facts", "x", "--host", "ann@box"),
    ],
)
def test_arguments_that_do_not_fit_each_other(panel: Panel, words: tuple[str, ...]) -> None:
    assert panel("doctor", *words).status == 2
