"""Findings are mended on this machine: files, commands and settings, forth and back."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from ollama_panel.core.applying.record import ActionKind
from ollama_panel.core.doctor import facts as doctor_facts
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import (
    Area,
    ChangeSettings,
    EditFiles,
    Evidence,
    Finding,
    Fix,
    Mended,
    Remedy,
    Report,
    RunCommands,
    UseRemedy,
)
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import SettingsChanged
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine.applying import acting
from ollama_panel.engine.doctor import session as sessions
from ollama_panel.engine.doctor.mending import Permission
from ollama_panel.engine.doctor.session import DoctorSession

TOLD = notice("source.unknown", path="x")


class Panel:
    """Settings in memory."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.used: list[UseRemedy] = []

    async def change(self, edit: Callable[[Settings], Settings], *, wait: bool, dry_run: bool) -> SettingsChanged:
        after = edit(self.settings)
        if not dry_run:
            self.settings = after
        return SettingsChanged(after, (), ())

    async def use(self, remedy: UseRemedy) -> None:
        self.used.append(remedy)


class Patient:
    """A machine with findings of the test's own: each is there while `holds` says so."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.found: list[tuple[Finding, Callable[[], bool]]] = []
        self.panel = Panel()
        self.folder = folder
        monkeypatch.setattr(sessions, "examine", self._examine)
        self.session = self.again()

    def again(self) -> DoctorSession:
        """Return a new session of the same folder."""
        return DoctorSession(self.folder / "doctor", self._gather, panel=self.panel)

    def ill(self, name: str, fix: Fix | None, holds: Callable[[], bool] = lambda: False) -> None:
        finding = Finding(name, name, Area.SETTINGS, TOLD, evidence=(Evidence("x"),), fix=fix)
        self.found.append((finding, holds))

    async def _gather(self) -> Facts:
        return doctor_facts.Facts(at=1.0)

    def _examine(self, facts: Facts, took_s: float = 0.0) -> Report:
        looks = self.session.record.report is not None
        return Report(1.0, findings=tuple(one for one, holds in self.found if not looks or holds()))


@pytest.fixture
def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    return Patient(tmp_path, monkeypatch)


def edited(path: Path, before: str, after: str) -> EditFiles:
    path.write_text(before)
    return EditFiles(((str(path), before, after),))


async def test_a_file_is_mended_and_its_old_text_comes_back(patient: Patient, tmp_path: Path) -> None:
    path = tmp_path / "ollama.env"
    patient.ill("a", edited(path, "export A=1\n", "A=1\n"))
    await patient.session.check()
    plan = await patient.session.plan("a")
    assert plan.files[0].difference[-2:] == ("-export A=1", "+A=1")
    mended = await patient.session.fix("a", Permission(plan.id))
    assert (path.read_text(), mended.problem, mended.can_undo) == ("A=1\n", None, True)
    assert patient.session.record.open == ()
    later = patient.again()
    assert [one.id for one in later.open().mended] == [mended.id]
    assert (await later.plan_undo(mended.id)).files[0].difference[-2:] == ("-A=1", "+export A=1")
    undone = await later.undo(mended.id)
    assert (path.read_text(), undone.undone, undone.can_undo) == ("export A=1\n", True, False)
    with pytest.raises(PanelError, match="nothing to undo"):
        await later.undo(mended.id)


async def test_a_finding_that_is_still_there_is_no_success(patient: Patient, tmp_path: Path) -> None:
    patient.ill("a", edited(tmp_path / "x", "a\n", "b\n"), lambda: True)
    await patient.session.check()
    mended = await patient.session.fix("a")
    assert mended.problem is not None
    assert (mended.problem.code, patient.session.record.mended[0]) == ("doctor.still_there", mended)


async def test_a_file_that_has_changed_is_left_alone(patient: Patient, tmp_path: Path) -> None:
    path = tmp_path / "x"
    patient.ill("a", edited(path, "a\n", "b\n"))
    await patient.session.check()
    path.write_text("c\n")
    with pytest.raises(PanelError, match="was changed since"):
        await patient.session.fix("a")
    assert (path.read_text(), patient.session.record.mended) == ("c\n", ())


async def test_a_file_does_not_come_back_into_a_folder_that_is_in_its_way(patient: Patient, tmp_path: Path) -> None:
    path = tmp_path / "x"
    patient.ill("a", edited(path, "a\n", "b\n"))
    await patient.session.check()
    mended = await patient.session.fix("a")
    path.unlink()
    path.mkdir()
    for ask in (patient.session.plan_undo, patient.session.undo):
        with pytest.raises(PanelError, match="is no file: move it out of the way"):
            await ask(mended.id)
    assert [*path.iterdir()] == []
    path.rmdir()
    assert (await patient.session.undo(mended.id)).undone
    assert path.read_text() == "a\n"


async def test_what_was_mended_later_is_undone_first(patient: Patient, tmp_path: Path) -> None:
    path = tmp_path / "x"
    patient.ill("a", edited(path, "1\n2\n", "one\n2\n"))
    patient.ill("b", EditFiles(((str(path), "one\n2\n", "one\ntwo\n"),)), lambda: True)
    await patient.session.check()
    first, second = await patient.session.fix("a"), await patient.session.fix("b")
    with pytest.raises(PanelError, match=r"undo .* first"):
        await patient.session.undo(first.id)
    await patient.session.undo(second.id)
    await patient.session.undo(first.id)
    assert path.read_text() == "1\n2\n"


async def test_the_secrets_of_a_file_are_in_no_record(patient: Patient, tmp_path: Path) -> None:
    path = tmp_path / "x"
    patient.ill("a", edited(path, "HF_TOKEN=hf_abcdefgh\nexport A=1\n", "HF_TOKEN=hf_abcdefgh\nA=1\n"))
    record = await patient.session.check()
    plan, mended = await patient.session.plan("a"), await patient.session.fix("a")
    assert "hf_abcdefgh" not in f"{record} {plan} {mended} {patient.session.record}"
    assert path.read_text() == "HF_TOKEN=hf_abcdefgh\nA=1\n"
    undone = await patient.session.undo(mended.id)
    assert path.read_text() == "HF_TOKEN=hf_abcdefgh\nexport A=1\n"
    assert undone.applying is not None
    assert not any("edited" in command for one in undone.applying.actions for command in one.commands)


async def test_commands_run_in_turn_and_are_taken_back(patient: Patient, tmp_path: Path) -> None:
    path = tmp_path / "x"
    patient.ill("a", RunCommands((f"echo 1 >{path}", f"echo 2 >>{path}"), (f"rm {path}",)))
    await patient.session.check()
    assert (await patient.session.plan("a")).actions[0].commands == (f"echo 1 >{path}",)
    mended = await patient.session.fix("a")
    assert (path.read_text(), mended.can_undo, mended.problem) == ("1\n2\n", True, None)
    assert (await patient.session.undo(mended.id)).undone
    assert not path.exists()


async def test_a_command_that_fails_says_so(patient: Patient) -> None:
    patient.ill("a", RunCommands(("echo no such thing >&2; false", "true")), lambda: True)
    await patient.session.check()
    mended = await patient.session.fix("a")
    assert mended.problem is not None
    assert mended.problem.values["reason"] == "no such thing"


async def test_what_only_the_user_can_do_is_told(patient: Patient, tmp_path: Path) -> None:
    patient.ill("a", RunCommands((f"touch {tmp_path}/x",), by_hand=True), lambda: True)
    await patient.session.check()
    assert (await patient.session.plan("a")).told[0].code == "doctor.by_hand"
    mended = await patient.session.fix("a")
    assert (mended.todo, mended.problem, (tmp_path / "x").exists()) == ((f"touch {tmp_path}/x",), None, False)
    patient.found = []
    assert (await patient.session.check()).mended[0].todo == (), "somebody has typed it"


async def test_a_fix_that_was_interrupted_goes_on(
    patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    patient.ill("a", edited(path, "HF_TOKEN=hf_abcdefgh\nexport A=1\n", "HF_TOKEN=hf_abcdefgh\nA=1\n"))
    await patient.session.check()

    async def killed(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(acting, "prove", killed)
        with pytest.raises(asyncio.CancelledError):
            await patient.session.fix("a")
    later = patient.again()
    (left,) = later.open().mended
    assert left.applying is not None
    assert left.applying.interrupted
    assert (await later.plan("a")).actions[-1].kind is ActionKind.PROVE, "of what was begun, although it is not found"
    done = await later.fix("a")
    assert (done.id, done.problem, done.can_undo) == (left.id, None, True)
    assert path.read_text() == "HF_TOKEN=hf_abcdefgh\nA=1\n"
    await later.undo(done.id)
    assert path.read_text() == "HF_TOKEN=hf_abcdefgh\nexport A=1\n"


async def test_settings_are_changed_and_taken_back(patient: Patient) -> None:
    patient.ill("a", ChangeSettings(settings=(("proxy.port", "12345"),)))
    await patient.session.check()
    plan = await patient.session.plan("a")
    assert "12345" in str(plan.settings)
    mended = await patient.session.fix("a", Permission(plan.id))
    assert patient.panel.settings.proxy.port == 12345
    patient.panel.settings = codec.set(patient.panel.settings, "ollama.adopt", "off")
    await patient.session.undo(mended.id)
    assert patient.panel.settings == codec.set(Settings(), "ollama.adopt", "off"), "what others changed stays"


async def test_a_button_is_pressed(patient: Patient) -> None:
    fix = UseRemedy(Remedy.RESUME)
    patient.ill("a", fix)
    await patient.session.check()
    assert (await patient.session.plan("a")).told[0].code == "doctor.remedy.resume"
    mended: Mended = await patient.session.fix("a")
    assert (patient.panel.used, mended.can_undo) == ([fix], False)


async def test_what_cannot_be_mended_says_why(patient: Patient) -> None:
    patient.ill("a", None)
    patient.ill("b", RunCommands(("true",)))
    await patient.session.check()
    with pytest.raises(PanelError, match="no fix"):
        await patient.session.fix("a")
    with pytest.raises(PanelError, match="has changed since"):
        await patient.session.fix("b", Permission("of yesterday"))
    assert patient.session.record.mended == ()


async def test_what_is_set_aside_stays_so(patient: Patient) -> None:
    patient.ill("a", None, lambda: True)
    await patient.session.check()
    assert (await patient.session.ignore("a")).open == ()
    later = patient.again()
    assert [one.finding for one in later.open().ignored] == ["a"]
    assert (await patient.session.show_again("a")).ignored == ()
    assert [one.id for one in (await patient.session.check()).open] == ["a"]
