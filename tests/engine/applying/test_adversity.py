"""An export on a machine on which things are otherwise than one thinks: whatever is somebody else's stays."""

import shlex
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.applying.record import Applying, ApplyStage
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.render import render
from ollama_panel.engine import clock
from ollama_panel.engine.applying.applier import Applier
from tests.engine.applying.test_applier import (
    BUSY,
    FIRST,
    OLD,
    PATIENT_S,
    applier,
    begun,
    export_of,
    is_as_before,
    is_in_force,
    of_one_worker,
)
from tests.fakes.stub_machine import CutHost, StubMachine

NO_BUS = """\
#!/bin/sh
case $* in *--version*) exit ;; esac
echo "Failed to connect to bus: No such file or directory" >&2
exit 1
"""
SECRET = "sk-live-0123456789"


async def test_secrets_of_the_file_that_is_there_are_neither_shown_nor_kept_by_the_panel(
    machine: StubMachine, tmp_path: Path
) -> None:
    await begun(machine)
    before = f'{OLD}Environment="HF_TOKEN={SECRET}"\n'
    (machine.units / FIRST).write_text(before)
    told = list[Applying]()
    state = tmp_path / "state"
    panel = Applier(state, lambda _: machine.host, told.append, settle_s=PATIENT_S, idle_poll_s=0.01)
    export = export_of(machine)
    plan = await panel.plan(export)
    done = await panel.apply(export, plan_id=plan.id)
    back = await panel.plan_undo()
    found = await panel.installed(export)
    shown = msgspec.json.encode((plan, told, done, back, found))
    assert SECRET.encode() not in shown
    assert not [one for one in state.rglob("*") if SECRET.encode() in one.read_bytes()]
    assert "HF_TOKEN=(hidden)" in "\n".join(plan.files[0].difference)
    assert (await panel.undo()).stage is ApplyStage.RETURNED
    assert machine.files() == {FIRST: before}


@pytest.mark.parametrize("content", [b"[Service]\r\n", b"[Service]", b"[Service]\n\xff\xfe\n"])
async def test_a_file_that_differs_in_its_ends_of_lines_only_is_shown_and_comes_back_to_the_byte(
    machine: StubMachine, tmp_path: Path, content: bytes
) -> None:
    await begun(machine)
    export = of_one_worker(machine)
    (file,) = export.files
    export = msgspec.structs.replace(export, files=(msgspec.structs.replace(file, text="[Service]\n"),), workers=())
    (machine.units / FIRST).write_bytes(content)
    panel = applier(machine, tmp_path / "state")
    plan = await panel.plan(export)
    assert plan.files[0].difference, "a change that nobody sees"
    await panel.apply(export)
    assert (machine.units / FIRST).read_bytes() == b"[Service]\n"
    await panel.undo()
    assert (machine.units / FIRST).read_bytes() == content


@pytest.mark.parametrize("leads_to", ["nowhere/at/all", FIRST])
async def test_a_link_that_leads_nowhere_is_left_alone(machine: StubMachine, tmp_path: Path, leads_to: str) -> None:
    link = machine.units / FIRST
    link.symlink_to(leads_to)
    with pytest.raises(PanelError, match="is a link that leads nowhere"):
        await applier(machine, tmp_path / "state").apply(of_one_worker(machine))
    assert link.is_symlink()


async def test_a_link_is_followed_and_stays(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    real, link = machine.home / "dot files" / "mine", machine.units / FIRST
    real.parent.mkdir()
    link.rename(real)
    link.symlink_to(real)
    panel = applier(machine, tmp_path / "state")
    done = await panel.apply(of_one_worker(machine))
    assert (done.stage, link.is_symlink()) == (ApplyStage.APPLIED, True), done
    assert "PARALLEL=4" in real.read_text()
    assert (await panel.undo()).stage is ApplyStage.RETURNED
    assert (link.is_symlink(), real.read_text(), len(list(real.parent.iterdir()))) == (True, OLD, 1)


async def test_a_unit_that_did_not_run_does_not_run_afterwards(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    assert (await machine.host.run(f"rm {shlex.quote(str(machine.root))}/running/*")).code == 0
    panel = applier(machine, tmp_path / "state")
    assert (await panel.apply(of_one_worker(machine))).stage is ApplyStage.APPLIED
    assert machine.running(FIRST) is not None
    assert (await panel.undo()).stage is ApplyStage.RETURNED
    assert (machine.files(), machine.running(FIRST)) == ({FIRST: OLD}, None)


async def test_without_a_manager_that_answers_nothing_is_begun(machine: StubMachine, tmp_path: Path) -> None:
    (machine.root / "bin/systemctl").write_text(NO_BUS)
    panel = applier(machine, tmp_path / "state")
    with pytest.raises(PanelError, match="systemd"):
        await panel.apply(export_of(machine))
    assert machine.files() == {}
    assert panel.pending() is None


async def test_copies_of_one_moment_do_not_replace_each_other(
    machine: StubMachine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begun(machine)
    monkeypatch.setattr(clock, "wall", lambda: 1_800_000_000.0)
    panel = applier(machine, tmp_path / "state")
    for parallel in (2, 8):
        assert (await panel.apply(export_of(machine, parallel))).stage is ApplyStage.APPLIED
    await panel.undo()
    assert is_in_force(machine, "2")
    await panel.undo()
    assert is_as_before(machine)


async def test_the_newest_is_undone_although_the_clock_went_back(
    machine: StubMachine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begun(machine)
    times = iter(range(1_800_000_000, 0, -3600))
    monkeypatch.setattr(clock, "wall", lambda: float(next(times)))
    panel = applier(machine, tmp_path / "state")
    for parallel in (2, 8):
        assert (await panel.apply(export_of(machine, parallel))).stage is ApplyStage.APPLIED
    await panel.undo()
    assert is_in_force(machine, "2")
    await panel.undo()
    assert is_as_before(machine)


async def test_what_somebody_has_written_since_is_kept_beside(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    panel = applier(machine, tmp_path / "state")
    assert (await panel.apply(of_one_worker(machine))).stage is ApplyStage.APPLIED
    mine = f"{OLD}# mine\n"
    (machine.units / FIRST).write_text(mine)
    assert (await panel.undo()).stage is ApplyStage.RETURNED
    files = machine.files()
    assert files.pop(FIRST) == OLD
    assert list(files.values()) == [mine]


async def test_what_somebody_writes_while_clients_are_waited_for_is_kept_beside(
    machine: StubMachine, tmp_path: Path
) -> None:
    await begun(machine)
    (machine.root / "connections").write_text(BUSY)
    mine = f"{OLD}# mine\n"

    def tell(one: Applying) -> None:
        if one.stage is ApplyStage.IDLE and one.connections:
            (machine.units / FIRST).write_text(mine)
            panel.cancel()

    panel = Applier(tmp_path / "state", lambda _: machine.host, tell, settle_s=PATIENT_S, idle_poll_s=0.01)
    assert (await panel.apply(of_one_worker(machine))).stage is ApplyStage.RETURNED
    files = machine.files()
    assert files.pop(FIRST) == OLD
    assert list(files.values()) == [mine]


async def test_an_interrupted_export_is_not_mixed_with_one_of_other_files(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    state, whole = tmp_path / "state", export_of(machine)
    cut = await applier(machine, state, CutHost(machine, 14, after=True)).apply(whole, "box")
    assert cut.interrupted
    panel = applier(machine, state)
    with pytest.raises(PanelError, match="was interrupted") as caught:
        await panel.apply(of_one_worker(machine), "box")
    assert "--undo" in render(caught.value.notice)
    assert (await panel.undo("box")).stage is ApplyStage.RETURNED
    assert is_as_before(machine)


async def test_a_copy_that_somebody_has_removed_is_said_instead_of_a_way_back(
    machine: StubMachine, tmp_path: Path
) -> None:
    await begun(machine)
    panel = applier(machine, tmp_path / "state")
    (backup,) = (await panel.apply(export_of(machine))).backups
    (machine.units / backup.rpartition("/")[2]).unlink()
    there = machine.files()
    stuck = await panel.undo()
    assert (stuck.stage, stuck.interrupted, machine.files()) == (ApplyStage.RETURNING, True, there)
    assert stuck.problem is not None
    assert stuck.problem.code == "apply.copies_gone"
