"""An export on a machine on which things are otherwise than one thinks: whatever is somebody else's stays."""

from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.applying.record import Applying, ApplyStage
from ollama_panel.core.errors import PanelError
from ollama_panel.engine.applying.applier import Applier
from tests.engine.applying.test_applier import (
    FIRST,
    OLD,
    PATIENT_S,
    applier,
    begun,
    export_of,
    of_one_worker,
)
from tests.fakes.stub_machine import StubMachine

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
