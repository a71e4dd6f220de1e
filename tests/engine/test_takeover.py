"""A take-over as it is kept and carried out: done, waited for, failed, undone, cut off in the middle of each step."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.core.takeover import StepBy, StepKind, StepState, Takeover, TakeoverStage
from ollama_panel.core.takeover_steps import UnitFacts
from ollama_panel.engine import takeover
from tests.engine.takeover_world import ADDRESS, KINDS, SERVICE, UNIT, Harness, Killed
from tests.fakes.waiting import polled

Make = Callable[..., Harness]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    return lambda server=UNIT: Harness(tmp_path, server, monkeypatch)


def states(shown: Takeover | None) -> list[StepState]:
    assert shown is not None
    return [step.state for step in shown.steps]


async def test_it_is_planned_without_anything_being_done(make: Make) -> None:
    one = make()
    planned = await one.take_over(dry_run=True)
    assert planned is not None
    assert (planned.stage, planned.moved_to) == (TakeoverStage.PLANNED, "127.0.0.1:11436")
    assert [step.kind for step in planned.steps] == list(KINDS)
    assert (one.world.done, one.shown, one.file.exists(), one.one.used()) == ([], None, False, {})


async def test_every_step_is_done_in_turn_kept_and_undone_in_the_other_direction(make: Make) -> None:
    one = make()
    taken = await one.take_over()
    assert taken is not None
    assert (taken.stage, set(states(taken)), one.world.done) == (TakeoverStage.TAKEN, {StepState.DONE}, list(KINDS))
    assert one.shown == taken
    assert one.one.used() == {11436: "127.0.0.1"}
    again = one.anew()
    assert one.shown == taken, "the next panel knows it, and has nothing to ask"
    assert (again.left(), again.used()) == (frozenset(), {11436: "127.0.0.1"})
    assert (await one.take_over()) == taken, "it is done already"
    one.world.done.clear()
    assert await one.undo() is None
    assert one.world.done == [StepKind.LISTEN, StepKind.USE, StepKind.CONFIGURE, StepKind.RELOAD, StepKind.RESTART]
    assert (one.shown, one.file.exists(), one.one.used(), one.one.left()) == (None, False, {}, frozenset())
    with pytest.raises(PanelError, match="nothing to undo"):
        await one.undo()


async def test_while_it_is_undone_the_moved_server_is_not_used(make: Make) -> None:
    one = make()
    await one.take_over()
    one.world.fails = {StepKind.CONFIGURE}
    with pytest.raises(PanelError):
        await one.undo()
    assert (one.one.left(), one.one.used()) == (frozenset({11436}), {})


async def test_where_nobody_listens_the_panel_does_at_once(make: Make) -> None:
    one = make(None)
    taken = await one.take_over()
    assert taken is not None
    assert (taken.server, taken.moved_to, one.world.done) == (None, "", [StepKind.LISTEN])
    assert (one.one.used(), await one.undo()) == ({}, None)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_panel_killed_in_the_middle_of_a_step_says_so_twice_and_finishes(
    make: Make, kind: StepKind, after: bool
) -> None:
    one = make()
    for _ in range(2):
        one.world.killed = kind, after
        if kind not in one.world.moved:
            with pytest.raises(Killed):
                await one.take_over()
        one.anew()
        assert one.shown is not None
        assert (one.shown.stage, one.shown.interrupted) == (TakeoverStage.MOVING, True)
        await one.one._go_on()
        count = KINDS.index(kind) + after
        if count == len(KINDS):
            assert one.shown.stage is TakeoverStage.TAKEN, "nothing is left to be said or done"
            break
        assert states(one.shown) == [StepState.DONE] * count + [StepState.OPEN] * (len(KINDS) - count)
    one.world.killed = None
    taken = await one.take_over()
    assert taken is not None
    assert (taken.stage, taken.interrupted, set(states(taken))) == (TakeoverStage.TAKEN, False, {StepState.DONE})
    assert len(one.world.done) == len(KINDS), "nothing was done twice"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_panel_killed_in_the_middle_of_a_step_goes_back_as_if_nothing_had_been(
    make: Make, kind: StepKind, after: bool
) -> None:
    one = make()
    one.world.killed = kind, after
    with pytest.raises(Killed):
        await one.take_over()
    one.world.killed = None
    one.anew()
    assert await one.undo() is None
    assert (one.world.moved, one.shown, one.file.exists()) == (set(), None, False)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_panel_killed_on_the_way_back_goes_on_in_either_direction(
    make: Make, kind: StepKind, after: bool
) -> None:
    one = make()
    await one.take_over()
    for direction in (False, True):
        one.world.killed = kind, after
        with pytest.raises(Killed):
            await one.undo()
        one.world.killed = None
        one.anew()
        assert one.shown is not None
        assert (one.shown.stage, one.shown.interrupted) == (TakeoverStage.RETURNING, True)
        if not one.world.moved:
            await one.one._go_on()
            assert one.shown is None
            return
        if direction:
            assert await one.undo() is None
            assert one.world.moved == set()
        else:
            taken = await one.take_over()
            assert taken is not None
            assert (taken.stage, one.world.moved) == (TakeoverStage.TAKEN, set(KINDS))


async def test_commands_of_an_administrator_are_waited_for_and_then_it_goes_on_by_itself(make: Make) -> None:
    one = make(SERVICE)
    answer = await one.one.take_over("", dry_run=False, ask_password=False)
    assert [told.code for told in answer.told] == ["takeover.waits"]
    assert answer.todo[-1] == "sudo systemctl restart ollama.service"
    assert states(one.shown) == [*[StepState.WAITING] * 3, StepState.OPEN, StepState.OPEN]
    watching = asyncio.ensure_future(one.one.run())  # noqa: TID251 - it is cancelled below
    for kind in KINDS[:3]:
        one.world.do(kind, back=False)

    async def taken() -> bool:
        return one.shown is not None and one.shown.stage is TakeoverStage.TAKEN

    await polled(taken, "the panel to have the address")
    watching.cancel()


async def test_the_system_may_ask_for_a_password_once_for_all_steps_of_an_administrator(make: Make) -> None:
    one = make(SERVICE)
    planned = await one.take_over(dry_run=True)
    assert planned is not None
    assert planned.asks_password
    assert {step.by for step in planned.steps} == {StepBy.ROOT, StepBy.PANEL}
    taken = await one.take_over(ask=True)
    assert taken is not None
    assert (taken.stage, len(one.asked)) == (TakeoverStage.TAKEN, 4)
    assert await one.undo(ask=True) is None


async def test_a_system_that_refuses_leaves_the_commands_to_the_user(make: Make) -> None:
    one = make(SERVICE)
    one.refuses = True
    waiting = await one.take_over(ask=True)
    assert waiting is not None
    assert (len(waiting.todo), states(waiting)[:3]) == (4, [StepState.WAITING] * 3)


async def test_a_step_that_fails_says_why_and_is_tried_again_or_taken_back(make: Make) -> None:
    one = make()
    one.world.fails = {StepKind.RESTART}
    with pytest.raises(PanelError, match="stopped half-way: `c` has failed: r"):
        await one.take_over()
    assert states(one.shown)[2:] == [StepState.FAILED, StepState.OPEN, StepState.OPEN]
    before = one.shown
    await one.one._go_on()
    assert one.shown == before, "nobody is asked, so nothing is tried"
    one.world.fails = set()
    taken = await one.take_over()
    assert taken is not None
    assert (taken.stage, taken.problem) == (TakeoverStage.TAKEN, None)
    one.world.fails = {StepKind.CONFIGURE}
    with pytest.raises(PanelError, match=r"Giving .* back stopped half-way"):
        await one.undo()
    one.world.fails = set()
    assert await one.undo() is None


async def test_what_the_unit_said_before_counts_on_the_way_back_too(make: Make) -> None:
    one = make()
    one.unit = UnitFacts(files=True)
    taken = await one.take_over()
    assert taken is not None
    assert [Path(step.file).suffix for step in taken.steps[:2]] == [".env", ".conf"]
    one.unit = UnitFacts()
    one.anew()
    planned = await one.undo(dry_run=True)
    assert planned is not None
    assert [Path(step.file).suffix for step in planned.steps[2:4]] == [".conf", ".env"]
    assert await one.undo() is None


async def test_a_server_is_named_by_its_address_too(make: Make) -> None:
    planned = await make().take_over(ADDRESS, dry_run=True)
    assert planned is not None
    assert planned.server == UNIT


async def test_what_undoing_does_is_told_before(make: Make) -> None:
    one = make()
    await one.take_over()
    planned = await one.undo(dry_run=True)
    assert planned is not None
    assert [step.kind for step in planned.steps][:2] == [StepKind.LISTEN, StepKind.USE]
    assert one.shown is not None
    assert one.shown.stage is TakeoverStage.TAKEN


async def test_a_server_that_has_come_back_to_its_address_is_moved_once_more(make: Make) -> None:
    one = make()
    await one.take_over()
    one.world.moved.clear()
    one.store.set_second_proxy(ProxyRecord(problem=notice("proxy.no_free_port", host="h", first=1, last=2)))
    taken = await one.take_over()
    assert taken is not None
    assert (taken.stage, one.world.moved) == (TakeoverStage.TAKEN, set(KINDS))


async def test_what_cannot_be_taken_over_says_why(make: Make) -> None:
    one = make()
    with pytest.raises(PanelError, match="There is no server 99"):
        await one.take_over("99")
    one.store.set_found_servers((msgspec.structs.replace(UNIT, address=None),))
    with pytest.raises(PanelError, match="address of the server 7 is unknown"):
        await one.take_over("7")
    one.store.set_found_servers((UNIT,))
    one.replaced = True
    with pytest.raises(PanelError, match="give it its place back"):
        await one.take_over()
    one.store.set_second_proxy(ProxyRecord(port=11434))
    with pytest.raises(PanelError, match=r"listens at 127\.0\.0\.1:11434 already"):
        await one.take_over()
    one.simulated = True
    with pytest.raises(PanelError, match="simulation"):
        await one.take_over()


async def test_another_program_at_the_port_is_no_server_to_move(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    one = make()
    one.store.set_found_servers(())
    planned = await one.take_over(dry_run=True)
    assert planned is not None
    assert planned.steps[0].by is StepBy.USER, "it answers as Ollama, and nothing else is known of it"

    async def silent(_: str) -> bool:
        return False

    monkeypatch.setattr(one.world, "answers", silent)
    monkeypatch.setattr(takeover.ports, "owner_of", lambda _: notice("port.owner", name="nginx", pid=7))
    with pytest.raises(PanelError, match="nginx"):
        await one.take_over()


async def test_what_cannot_be_kept_is_not_done(make: Make) -> None:
    one = make()
    one.file.mkdir()
    one.anew()
    with pytest.raises(PanelError):
        await one.take_over()
    assert one.world.done == []


async def test_what_is_done_but_cannot_be_kept_is_said_and_tried_again(make: Make) -> None:
    one = make()
    one.world.on_last = lambda: in_the_way(one.file)
    with pytest.raises(PanelError, match="stopped half-way"):
        await one.take_over()
    assert one.shown is not None
    assert (one.shown.stage, states(one.shown)[-1]) == (TakeoverStage.MOVING, StepState.FAILED)
    await one.one._go_on()
    one.file.rmdir()
    taken = await one.take_over()
    assert taken is not None
    assert taken.stage is TakeoverStage.TAKEN
    with pytest.raises(PanelError, match=r"Giving .* back stopped half-way: .* cannot be removed"):
        await one.undo()
    one.file.rmdir()
    assert await one.undo() is None


def in_the_way(file: Path) -> None:
    """Let a file be one that nobody can write or remove."""
    file.unlink()
    file.mkdir()
