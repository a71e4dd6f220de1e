"""An export on a machine of scripts: put into force, proven, gone back from, interrupted anywhere."""

import os
import shutil
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.applying.record import Applying, ApplyStage, FileState, ProofSource, ProofState
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Export, ExportFile, Site, Syntax
from ollama_panel.core.notices.render import render
from ollama_panel.engine.applying.applier import Applier
from ollama_panel.engine.applying.hosts import Host, Local
from tests.core.applying.samples import worker
from tests.fakes.stub_machine import CutHost, StubMachine

FIRST, SECOND = "ollama-chat-1.service", "ollama-chat-2.service"
OLD = '[Service]\nEnvironment="OLLAMA_NUM_PARALLEL=1"\n'
BUSY = "ESTAB 0 0 127.0.0.1:11434 127.0.0.1:50000\n\t cubic rtt:0.1/0.1 cwnd:10 lastsnd:9000 lastrcv:100\n"
PATIENT_S = 5.0


def unit_text(parallel: int, host: str) -> str:
    return f'[Service]\nEnvironment="OLLAMA_NUM_PARALLEL={parallel}"\nEnvironment="OLLAMA_HOST={host}"\n'


def export_of(machine: StubMachine, parallel: int = 4) -> Export:
    """Return an export with two workers as units of the user."""
    workers = tuple(worker(number, OLLAMA_NUM_PARALLEL=str(parallel)) for number in (1, 2))
    files = tuple(
        ExportFile(name, unit_text(parallel, one.environment["OLLAMA_HOST"]), Syntax.INI, f"{machine.place}/{name}")
        for name, one in zip((FIRST, SECOND), workers, strict=True)
    )
    return Export(files, (), target="systemd-units", workers=workers, site=Site(of_user=True))


def applier(machine: StubMachine, state: Path, host: Host | None = None) -> Applier:
    return Applier(state, lambda _: host or machine.host, settle_s=PATIENT_S, idle_poll_s=0.01)


async def begun(machine: StubMachine) -> None:
    """Let the first worker run with former settings; the second is not there."""
    (machine.units / FIRST).write_text(OLD)
    for command in ("daemon-reload", f"restart {FIRST}"):
        assert (await machine.host.run(f"systemctl --user {command}")).code == 0
    (machine.root / "log").unlink()


def is_as_before(machine: StubMachine) -> bool:
    running = machine.running(FIRST), machine.running(SECOND)
    return machine.files() == {FIRST: OLD} and running == ({"OLLAMA_NUM_PARALLEL": "1"}, None)


def is_in_force(machine: StubMachine, parallel: str = "4") -> bool:
    return all((machine.running(one) or {}).get("OLLAMA_NUM_PARALLEL") == parallel for one in (FIRST, SECOND))


async def test_it_is_planned_put_into_force_proven_and_undone(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    panel, export = applier(machine, tmp_path / "state"), export_of(machine)
    plan = await panel.plan(export)
    assert [one.state for one in plan.files] == [FileState.CHANGED, FileState.NEW]
    assert '-Environment="OLLAMA_NUM_PARALLEL=1"' in plan.files[0].difference
    assert is_as_before(machine)
    assert machine.commands() == []
    done = await panel.apply(export, plan_id=plan.id)
    assert done.stage is ApplyStage.APPLIED, done
    assert is_in_force(machine)
    assert all(one.state is ProofState.HOLDS for one in done.proofs)
    assert {one.source for one in done.proofs} == {ProofSource.ANSWER, ProofSource.UNIT}
    (backup,) = done.backups
    assert machine.files()[Path(backup).name] == OLD
    assert machine.commands() == [
        "--user daemon-reload",
        f"--user restart {FIRST}",
        f"--user enable {SECOND}",
        f"--user restart {SECOND}",
    ]
    back = await panel.plan_undo()
    assert {Path(one.path).name: one.after for one in back.files} == {FIRST: OLD, SECOND: ""}
    undone = await panel.undo()
    assert undone.stage is ApplyStage.RETURNED
    assert is_as_before(machine)
    with pytest.raises(PanelError, match="nothing to undo"):
        await panel.undo()


async def test_what_is_in_force_is_only_proven(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    panel, export = applier(machine, tmp_path / "state"), export_of(machine)
    await panel.apply(export)
    before = machine.commands()
    again = await panel.apply(export)
    assert (again.stage, again.actions, machine.commands()) == (ApplyStage.APPLIED, (), before)
    assert (await panel.undo()).stage is ApplyStage.RETURNED, "that was nothing to undo"
    assert is_as_before(machine)


async def test_each_change_is_undone_by_itself(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    panel = applier(machine, tmp_path / "state")
    for parallel in (2, 8):
        assert (await panel.apply(export_of(machine, parallel))).stage is ApplyStage.APPLIED
    await panel.undo()
    assert is_in_force(machine, "2")
    await panel.undo()
    assert is_as_before(machine)


async def test_to_verify_reads_only(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    panel, export = applier(machine, tmp_path / "state"), export_of(machine)
    found = await panel.verify(export)
    assert (found.stage, found.differs) == (ApplyStage.VERIFIED, True)
    wrong = {(one.worker, one.name, one.found) for one in found.proofs if one.state is ProofState.DIFFERS}
    assert (FIRST, "OLLAMA_NUM_PARALLEL", "1") in wrong
    assert (machine.commands(), is_as_before(machine)) == ([], True)
    await panel.apply(export)
    found = await panel.verify(export)
    assert not found.differs
    assert {one.state for one in found.proofs} == {ProofState.HOLDS}


@pytest.mark.parametrize(
    ("mark", "content", "why"),
    [
        ("broken", "OLLAMA_NUM_PARALLEL=4", "ended right after its restart"),
        ("full", "", "No space left on device"),
    ],
)
async def test_what_fails_is_rolled_back(
    machine: StubMachine, tmp_path: Path, mark: str, content: str, why: str
) -> None:
    await begun(machine)
    (machine.root / mark).write_text(content)
    done = await applier(machine, tmp_path / "state").apply(export_of(machine))
    assert done.stage is ApplyStage.RETURNED
    assert done.problem is not None
    assert why in render(done.problem)
    assert is_as_before(machine)


async def test_a_server_that_does_not_answer_is_rolled_back(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    old = f'#!/bin/sh\ngrep -q PARALLEL=1 "$(dirname "$0")"/../running/{FIRST} && echo old\n'
    (machine.root / "bin/curl").write_text(old)
    panel = Applier(tmp_path / "state", lambda _: machine.host, settle_s=0.5, idle_poll_s=0.01)
    done = await panel.apply(export_of(machine))
    assert (done.stage, is_as_before(machine)) == (ApplyStage.RETURNED, True), done.problem
    assert done.problem is not None
    assert done.problem.code == "apply.not_back"


async def test_a_value_that_something_else_sets_is_rolled_back(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    other = machine.units / f"{FIRST}.d" / "zzz.conf"
    other.parent.mkdir()
    other.write_text('Environment="OLLAMA_NUM_PARALLEL=9"\n')
    done = await applier(machine, tmp_path / "state").apply(export_of(machine))
    assert done.stage is ApplyStage.RETURNED
    assert done.problem is not None
    assert render(done.problem).startswith(f"{FIRST}: OLLAMA_NUM_PARALLEL is 9 instead of 4, as its unit says.")
    assert set(machine.files()) == {FIRST, f"{FIRST}.d/zzz.conf"}


async def test_it_waits_until_no_client_is_at_work(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    connections, told = machine.root / "connections", list[Applying]()

    def tell(one: Applying) -> None:
        told.append(one)
        if one.connections:  # the client is seen, and its request ends
            connections.write_text("")

    connections.write_text(BUSY)
    panel = Applier(tmp_path / "state", lambda _: machine.host, tell, settle_s=PATIENT_S, idle_poll_s=0.01)
    assert (await panel.apply(export_of(machine))).stage is ApplyStage.APPLIED
    counts = [one.connections for one in told if one.stage is ApplyStage.IDLE]
    assert (1 in counts, counts[-1]) == (True, 0)


@pytest.mark.parametrize("word", ["hurry", "cancel"])
async def test_somebody_may_end_the_wait_or_break_all_off(machine: StubMachine, tmp_path: Path, word: str) -> None:
    await begun(machine)
    (machine.root / "connections").write_text(BUSY)

    def tell(one: Applying) -> None:
        if one.connections:
            (panel.restart_now if word == "hurry" else panel.cancel)()

    panel = Applier(tmp_path / "state", lambda _: machine.host, tell, settle_s=PATIENT_S, idle_poll_s=0.01)
    done = await panel.apply(export_of(machine))
    if word == "hurry":
        assert (done.stage, is_in_force(machine)) == (ApplyStage.APPLIED, True)
    else:
        assert (done.stage, is_as_before(machine)) == (ApplyStage.RETURNED, True)
        assert machine.commands() == ["--user daemon-reload", "--user daemon-reload"], "nothing has restarted"


async def test_now_does_not_wait(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    (machine.root / "connections").write_text(BUSY)
    assert (await applier(machine, tmp_path / "state").apply(export_of(machine), now=True)).stage is ApplyStage.APPLIED


async def test_a_plan_that_does_not_hold_any_more_is_refused(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    panel, export = applier(machine, tmp_path / "state"), export_of(machine)
    plan = await panel.plan(export)
    (machine.units / FIRST).write_text(f"{OLD}# mine\n")
    with pytest.raises(PanelError, match="has changed since"):
        await panel.apply(export, plan_id=plan.id)
    assert machine.commands() == []


async def test_only_one_at_a_time(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    refused = list[str]()
    other = applier(machine, tmp_path / "state")

    class Nosy:
        name = ""

        async def run(self, script: str, limit_s: float = 1.0) -> object:
            if not refused:
                try:
                    await other.apply(export_of(machine))
                except PanelError as error:
                    refused.append(error.notice.code)
            return await machine.host.run(script)

        async def close(self) -> None:
            pass

    panel = Applier(tmp_path / "state", lambda _: Nosy(), settle_s=PATIENT_S, idle_poll_s=0.01)  # type: ignore[arg-type, return-value]
    assert (await panel.apply(export_of(machine))).stage is ApplyStage.APPLIED
    assert refused == ["apply.busy"]


def of_one_worker(machine: StubMachine) -> Export:
    export = export_of(machine)
    return msgspec.structs.replace(export, files=export.files[:1], workers=export.workers[:1])


_STEP = 4
"""Each of so many tests cuts at other places; together they cut at all."""


@pytest.mark.parametrize("place", range(_STEP))
@pytest.mark.parametrize("way", ["forth", "back"])
async def test_a_connection_cut_anywhere_is_said_and_the_next_word_goes_on_or_back(
    machine: StubMachine, tmp_path: Path, way: str, place: int
) -> None:
    await begun(machine)
    export, interrupted = of_one_worker(machine), 0
    while True:
        state = tmp_path / f"state-{place}"
        host = CutHost(machine, place, after=place % 2 == 0)
        cut = await begun_and_cut(applier(machine, state, host), export)
        if cut is None:  # before anything was begun
            assert machine.files() == {FIRST: OLD}
        elif cut.stage is ApplyStage.APPLIED:
            break
        else:
            assert cut.interrupted
            interrupted += 1
            panel = applier(machine, state)
            pending = panel.pending()
            assert pending is not None
            assert pending.interrupted
            if way == "forth":
                assert (await panel.apply(export, "box")).stage is ApplyStage.APPLIED
                assert machine.running(FIRST) == {"OLLAMA_NUM_PARALLEL": "4", "OLLAMA_HOST": "127.0.0.1:11434"}
            assert (await panel.undo("box")).stage is ApplyStage.RETURNED
            assert is_as_before(machine), place
            assert panel.pending() is None
        place += _STEP
    assert interrupted > 1


async def begun_and_cut(panel: Applier, export: Export) -> Applying | None:
    """Put an export into force; None if the connection was cut before anything was begun."""
    try:
        return await panel.apply(export, "box")
    except PanelError as error:
        if error.notice.code != "apply.unreachable":
            raise
        return None


async def test_the_way_back_may_be_cut_too(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    export, place, interrupted = of_one_worker(machine), 5, 0
    while True:
        state = tmp_path / f"state-{place}"
        assert (await applier(machine, state).apply(export, "box")).stage is ApplyStage.APPLIED
        host = CutHost(machine, place, after=True)
        cut = await undone_and_cut(applier(machine, state, host))
        if cut is not None and cut.stage is ApplyStage.RETURNED:
            break
        interrupted += cut is not None and cut.interrupted
        assert (await applier(machine, state).undo("box")).stage is ApplyStage.RETURNED
        assert is_as_before(machine)
        place += 2
    assert interrupted > 1


async def undone_and_cut(panel: Applier) -> Applying | None:
    try:
        return await panel.undo("box")
    except PanelError as error:
        if error.notice.code != "apply.unreachable":
            raise
        return None


async def test_where_sudo_wants_a_password_the_commands_are_for_the_user_to_type(tmp_path: Path) -> None:
    machine = StubMachine(tmp_path / "machine", of_user=False)
    await begun(machine)
    (machine.root / "asks").touch()
    state, export = tmp_path / "state", msgspec.structs.replace(export_of(machine), site=Site())
    panel = applier(machine, state)
    waits = await panel.apply(export, "box")
    assert [one.split()[:3] for one in waits.todo if "systemctl" in one] == [
        ["sudo", "systemctl", "daemon-reload"],
        ["sudo", "systemctl", "restart"],
        ["sudo", "systemctl", "enable"],
        ["sudo", "systemctl", "restart"],
    ]
    assert machine.commands() == [], "nothing was done behind anybody's back"
    (machine.root / "asks").unlink()  # the user knows the password
    for command in waits.todo:
        assert (await machine.host.run(command)).code == 0, command
    (machine.root / "asks").touch()
    done = await applier(machine, state).apply(export, "box")
    assert (done.stage, is_in_force(machine)) == (ApplyStage.APPLIED, True), done
    waits = await panel.undo("box")
    (machine.root / "asks").unlink()
    for command in waits.todo:
        assert (await machine.host.run(command)).code == 0, command
    (machine.root / "asks").touch()
    assert (await panel.undo("box")).stage is ApplyStage.RETURNED
    assert is_as_before(machine)


NOBODY = 65534


def as_nobody(machine: StubMachine) -> Host:
    """Return the machine as a user reaches it who may not be root, with the system's own `sudo` and `id`."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None or shutil.which("sudo") is None:
        pytest.skip("to be another user takes root, setpriv and sudo")
    for name in ("sudo", "id"):
        (machine.root / "bin" / name).unlink()
    for one in (machine.root, *machine.root.rglob("*")):
        shutil.chown(one, NOBODY, NOBODY)
    for folder in machine.root.parents:
        if folder.stat().st_mode & 0o011 != 0o011:
            folder.chmod(folder.stat().st_mode | 0o011)
    return Local(("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *machine.shell))


async def test_the_systems_own_sudo_that_wants_a_password_is_understood(tmp_path: Path) -> None:
    machine = StubMachine(tmp_path / "machine", of_user=False)
    await begun(machine)
    host = as_nobody(machine)
    refused = await host.run("sudo -n true")
    assert refused.code != 0
    waits = await applier(machine, tmp_path / "state", host).apply(
        msgspec.structs.replace(export_of(machine), site=Site()), "box"
    )
    assert waits.todo, waits
    assert any(command.startswith("sudo systemctl restart") for command in waits.todo)
    assert machine.commands() == []


async def test_a_file_of_another_kind_is_left_alone(machine: StubMachine, tmp_path: Path) -> None:
    (machine.units / FIRST).mkdir()
    with pytest.raises(PanelError, match="is no file"):
        await applier(machine, tmp_path / "state").apply(export_of(machine))


async def test_a_machine_of_another_system_is_refused(machine: StubMachine, tmp_path: Path) -> None:
    (machine.root / "bin/uname").write_text("#!/bin/sh\necho Darwin\n")
    (machine.root / "bin/uname").chmod(0o755)
    with pytest.raises(PanelError, match="runs Darwin"):
        await applier(machine, tmp_path / "state").plan(export_of(machine))


async def test_what_is_installed_is_compared_for_every_target_with_places(machine: StubMachine, tmp_path: Path) -> None:
    await begun(machine)
    export = msgspec.structs.replace(export_of(machine), target="env")
    found = await applier(machine, tmp_path / "state").installed(export)
    assert [one.state for one in found] == [FileState.CHANGED, FileState.NEW]
