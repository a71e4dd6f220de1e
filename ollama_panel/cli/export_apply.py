"""`ollama-panel export TARGET --apply|--undo` and `verify`: puts an export into force, here or by the system's `ssh`.

It is done by this command, not by a running panel, so that `ssh` and `sudo` are those of the user's own terminal; the
lock and the journal are those of the state folder, which a panel has, too.
"""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ollama_panel.cli.confirm import agreed
from ollama_panel.cli.parsers import PanelArguments
from ollama_panel.cli.until_signal import ENDED_BY_SIGNAL, run_until_signal
from ollama_panel.core.applying.host import place_of
from ollama_panel.core.applying.record import Applying, ApplyStage, FileChange, Proof, ProofState
from ollama_panel.core.applying.told import of_applying, of_proof
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.notices.render import render
from ollama_panel.core.takeover import StepState
from ollama_panel.core.text import printable
from ollama_panel.engine.paths import Paths

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ollama_panel.engine.applying.applier import Applier
    from ollama_panel.engine.applying.hosts import Host

Make: TypeAlias = "Callable[[str | None], Export]"
"""Makes an export, with the program `ollama` of another machine, None = as this one has it. It may block."""

_MARKS = {ProofState.HOLDS: "[x]", ProofState.DIFFERS: "[!]", ProofState.UNKNOWN: "[?]"}


def apply(chosen: PanelArguments, make: Make) -> int:
    """Show what would be done, ask, put the export into force, and print what proves it."""

    async def work(applier: "Applier", host: "Host") -> Applying:
        export = await _made(host, make)
        plan = await applier.plan(export, chosen.host)
        print("\n".join(map(printable, _planned(plan))))
        question = f"Put it into force {render(place_of(chosen.host))}?"
        if (plan.differs or len(plan.actions) > 1) and not agreed(question, yes=chosen.yes):
            return plan
        return await applier.apply(export, chosen.host, plan_id=plan.id, now=chosen.now)

    return _run(chosen, work)


def undo(chosen: PanelArguments) -> int:
    """Show what would come back, ask, and bring it back."""
    target = chosen.target or ""

    async def work(applier: "Applier", _: "Host") -> Applying:
        plan = await applier.plan_undo(chosen.host, target)
        print("\n".join(map(printable, _planned(plan))))
        if not agreed(f"Bring it back {render(place_of(chosen.host))}?", yes=chosen.yes):
            return plan
        return await applier.undo(chosen.host, target, now=chosen.now)

    return _run(chosen, work)


def verify(chosen: PanelArguments, make: Make) -> int:
    """Print what is in force of an export; nothing is changed."""

    async def work(applier: "Applier", host: "Host") -> Applying:
        return await applier.verify(await _made(host, make), chosen.host)

    return _run(chosen, work)


async def _made(host: "Host", make: Make) -> Export:
    """Return the export for a machine, with the program `ollama` of that machine."""
    from ollama_panel.engine.applying.looking import program_at

    return await asyncio.to_thread(make, await program_at(host) if host.name else None)


def _run(chosen: PanelArguments, work: "Callable[[Applier, Host], Awaitable[Applying]]") -> int:
    """Do something with exports and print how it has ended; return the exit status."""
    ended: list[Applying] = []
    seen: list[Applying] = []

    async def all_of_it() -> None:
        async with _applier(chosen.state_dir, chosen.host, _Progress(seen.append)) as (applier, host):
            ended.append(await work(applier, host))

    try:
        run_until_signal(all_of_it())
    except asyncio.CancelledError:
        print(*map(render, map(of_applying, seen[-1:])), sep="\n", file=sys.stderr)
        return ENDED_BY_SIGNAL
    (last,) = ended
    print("\n".join(map(printable, _ended(last))))
    return 0 if _is_right(last) else 1


def _is_right(one: Applying) -> bool:
    """Return whether all is as somebody has wanted it."""
    if one.interrupted or one.problem is not None or one.todo:
        return False
    if one.stage is ApplyStage.VERIFIED:
        return not one.differs and all(proof.state is not ProofState.DIFFERS for proof in one.proofs)
    return one.stage in (ApplyStage.APPLIED, ApplyStage.RETURNED)


@asynccontextmanager
async def _applier(
    state_dir: Path | None, name: str, tell: "Callable[[Applying], None]"
) -> "AsyncIterator[tuple[Applier, Host]]":
    """Give what puts exports into force, with one connection for all that is asked of it."""
    from ollama_panel.engine.applying.applier import Applier
    from ollama_panel.engine.applying.hosts import connect, kept_open

    host = connect(name, asks=sys.stdin.isatty())
    try:
        yield Applier(Paths.of(state_dir).applied, lambda _: kept_open(host), tell), host
    finally:
        await host.close()


class _Progress:
    """Prints each action as it is done, on stderr."""

    def __init__(self, keep: Callable[[Applying], None]) -> None:
        self._keep = keep
        self._last = ""

    def __call__(self, one: Applying) -> None:
        self._keep(one)
        acting = [action for action in one.actions if action.state is StepState.UNDER_WAY]
        line = render(of_applying(one) if one.stage is ApplyStage.IDLE else acting[0].told) if acting else self._last
        if line != self._last:
            self._last = line
            with contextlib.suppress(OSError):  # who reads it may have gone: what was begun goes on, or back
                print(printable(f"… {line}"), file=sys.stderr)


def _planned(plan: Applying) -> Iterator[str]:
    for file in plan.files:
        yield from _difference(file)
    for number, action in enumerate(plan.actions, 1):
        yield f"{number}. {render(action.told)}"
        yield from (f"   {command}" for command in action.commands)
    yield from map(render, plan.told)


def _difference(file: FileChange) -> Iterator[str]:
    yield from file.difference
    if file.problem is not None:
        yield render(file.problem)


def _ended(one: Applying) -> Iterator[str]:
    if one.stage is ApplyStage.VERIFIED:
        for file in one.files:
            yield from _difference(file)
    if one.stage is not ApplyStage.PLANNED:
        yield from proofs_shown(one.proofs)
    yield render(of_applying(one))
    if one.todo:
        yield "Type there, then the same command again:"
        yield from (f"  {command}" for command in one.todo)
    if one.stage is ApplyStage.APPLIED and one.backups:
        yield f"Kept: {', '.join(one.backups)}"


def proofs_shown(proofs: tuple[Proof, ...]) -> Iterator[str]:
    """Yield what the proofs say; a line that several have is quoted once, after them."""
    quoted = ""
    for proof in proofs:
        if quoted and proof.line != quoted:
            yield f"    {quoted}"
        told = of_proof(proof).showing()
        yield f"{_MARKS[proof.state]} {render(told)}"
        quoted = proof.line
    if quoted:
        yield f"    {quoted}"
