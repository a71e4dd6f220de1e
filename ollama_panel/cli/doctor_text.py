"""What `ollama-panel doctor` prints of a fix: what it would do, and how it has ended."""

from collections.abc import Iterator

from ollama_panel.cli.export_apply import proofs_shown
from ollama_panel.core.doctor.report_text import of_mended
from ollama_panel.core.findings import FixPlan, Mended
from ollama_panel.core.notices.render import render


def planned(plan: FixPlan) -> tuple[str, ...]:
    """Return what a fix, or taking it back, would do, with its exact commands."""
    return tuple(_planned(plan))


def _planned(plan: FixPlan) -> Iterator[str]:
    for file in plan.files:
        yield from file.difference
        if file.problem is not None:
            yield render(file.problem)
    for number, action in enumerate(plan.actions, 1):
        yield f"{number}. {render(action.told)}"
        yield from (f"   {command}" for command in action.commands)
    yield from map(render, plan.settings)
    yield from map(render, plan.told)


def ended(mended: Mended) -> tuple[str, ...]:
    """Return how a fix has ended, with what proves it and what takes it back."""
    return tuple(_ended(mended))


def _ended(mended: Mended) -> Iterator[str]:
    if mended.applying is not None:
        yield from proofs_shown(mended.applying.proofs)
    yield render(of_mended(mended))
    if mended.todo:
        yield "Type, then the same command again:"
        yield from (f"  {command}" for command in mended.todo)
    elif mended.can_undo:
        yield f"`ollama-panel doctor --undo {mended.id}` takes it back."
