"""`/panel/v1/exports`: exports for this machine, put into force, proven and undone.

Nobody sends a file: the panel makes them of the settings in force.
"""

import msgspec

from ollama_panel.core.applying.methods import can_apply
from ollama_panel.core.applying.record import Applying
from ollama_panel.core.applying.told import of_applying
from ollama_panel.core.export import targets
from ollama_panel.core.export.deployment import Export, ExportFile, Group, Step
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import Notice
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


class TargetShown(msgspec.Struct, frozen=True):
    """A target: its `id`, its group, what it is, and whether the panel can put it into force."""

    id: str
    group: Group
    title: Notice
    summary: Notice
    can_apply: bool


class Targets(msgspec.Struct, frozen=True):
    """All targets."""

    targets: tuple[TargetShown, ...]


class ExportAnswer(msgspec.Struct, frozen=True):
    """An export: its files, each perhaps with its place on a machine, and the steps that follow."""

    target: str
    files: tuple[ExportFile, ...]
    steps: tuple[Step, ...]
    notes: tuple[Notice, ...]


class ApplyingAnswer(msgspec.Struct, frozen=True):
    """How far an export is that is put into force, in a sentence, and the commands that somebody is to type."""

    told: Notice
    applying: Applying
    todo: tuple[str, ...] = ()


class ExportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is exported: one `pool`, "" = all; `of_user`: services are those of the panel's user."""

    pool: str = ""
    of_user: bool = False


class ApplyExportQuery(ExportQuery, frozen=True, forbid_unknown_fields=True):
    """The `plan` that somebody has seen, "" = whatever it is; `now`: without waiting until no client is at work."""

    plan: str = ""
    now: bool = False


class UndoExportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to go back; `now`: without waiting until no client is at work, `dry_run`: only say what would come back."""

    now: bool = False
    dry_run: bool = False


async def show_all(call: Call) -> Response:
    """Answer with the targets."""
    known = (TargetShown(one.id, one.group, one.title, one.summary, can_apply(one.id)) for one in targets())
    return await call.answer(Targets(tuple(known)))


async def show(call: Call) -> Response:
    """Answer with an export."""
    made = await _made(call, call.query(ExportQuery))
    return await call.answer(ExportAnswer(made.target, made.files, made.steps, made.notes))


async def plan(call: Call) -> Response:
    """Answer with what would be done."""
    return await _answer(call, await call.panel.exports.plan(await _made(call, call.query(ExportQuery))))


async def verify(call: Call) -> Response:
    """Answer with what is in force."""
    return await _answer(call, await call.panel.exports.verify(await _made(call, call.query(ExportQuery))))


async def apply(call: Call) -> Response:
    """Put an export into force."""
    query = call.query(ApplyExportQuery)
    made = await _made(call, query)
    return await _answer(call, await call.panel.exports.apply(made, plan=query.plan, now=query.now))


async def undo(call: Call) -> Response:
    """Bring back what was there before."""
    query, target = call.query(UndoExportQuery), call.names[0]
    if query.dry_run:
        return await _answer(call, await call.panel.exports.plan_undo(target=target))
    return await _answer(call, await call.panel.exports.undo(target=target, now=query.now))


async def _made(call: Call, query: ExportQuery) -> Export:
    pools = (PoolName(query.pool),) if query.pool else ()
    return await call.panel.exports.made(call.names[0], pools, of_user=query.of_user)


async def _answer(call: Call, applying: Applying) -> Response:
    answer = ApplyingAnswer(of_applying(applying), applying, applying.todo)
    return await call.answer(answer, 202 if applying.todo else 200)
