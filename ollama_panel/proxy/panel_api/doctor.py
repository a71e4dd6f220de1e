"""`/panel/v1/doctor`: what is wrong on this machine, with what shows it; fixes, carried out and taken back."""

import msgspec

from ollama_panel.core.doctor import report_text, status_of
from ollama_panel.core.findings import BundleFile, DoctorRecord, FixPlan, Mended
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.panel_api import Done
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


class DoctorAnswer(msgspec.Struct, frozen=True):
    """The doctor in one sentence, and all that it has found and mended.

    `status` is that of `ollama-panel doctor`: 0 fine, 1 warnings, 2 errors, 3 if nothing could be looked at.
    """

    told: Notice
    status: int
    doctor: DoctorRecord


class FixPlanAnswer(msgspec.Struct, frozen=True):
    """What a fix, or taking one back, would do."""

    plan: FixPlan


class MendedAnswer(msgspec.Struct, frozen=True):
    """How a fix has ended, in one sentence, and the commands that somebody is to type."""

    told: Notice
    mended: Mended
    todo: tuple[str, ...] = ()


class BundleAnswer(msgspec.Struct, frozen=True):
    """The files of a support bundle, without secrets."""

    files: tuple[BundleFile, ...]


class FixQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `plan` that somebody has seen, "" = whatever it is; `now`: without waiting until no client is at work."""

    plan: str = ""
    now: bool = False


class UndoFixQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to go back; `now`: without waiting until no client is at work."""

    now: bool = False


async def show(call: Call) -> Response:
    """Answer with what is known."""
    return await _answer(call, call.panel.doctor.record)


async def check(call: Call) -> Response:
    """Look at everything now."""
    return await _answer(call, await call.panel.doctor.check())


async def ignore(call: Call) -> Response:
    """Set a finding aside."""
    return await _answer(call, await call.panel.doctor.ignore(call.names[0]))


async def show_again(call: Call) -> Response:
    """Take that back."""
    return await _answer(call, await call.panel.doctor.show_again(call.names[0]))


async def plan(call: Call) -> Response:
    """Answer with what a fix would do."""
    return await call.answer(FixPlanAnswer(await call.panel.doctor.plan(call.names[0])))


async def fix(call: Call) -> Response:
    """Mend a finding."""
    query = call.query(FixQuery)
    return await _ended(call, await call.panel.doctor.fix(call.names[0], plan=query.plan, now=query.now))


async def plan_undo(call: Call) -> Response:
    """Answer with what taking a fix back would do."""
    return await call.answer(FixPlanAnswer(await call.panel.doctor.plan_undo(call.names[0])))


async def undo(call: Call) -> Response:
    """Take a fix back."""
    return await _ended(call, await call.panel.doctor.undo(call.names[0], now=call.query(UndoFixQuery).now))


async def restart_now(call: Call) -> Response:
    """Wait no longer for clients."""
    await call.panel.doctor.restart_now()
    return await call.answer(Done("told"))


async def cancel(call: Call) -> Response:
    """Break off what waits for clients."""
    await call.panel.doctor.cancel()
    return await call.answer(Done("told"))


async def bundle(call: Call) -> Response:
    """Answer with the files of a support bundle."""
    return await call.answer(BundleAnswer(await call.panel.doctor.bundle()))


async def _answer(call: Call, record: DoctorRecord) -> Response:
    ignored = frozenset(one.finding for one in record.ignored)
    report = record.report
    if report is None:
        return await call.answer(DoctorAnswer(notice("doctor.not_looked"), 3, record))
    seen = msgspec.structs.replace(report, findings=record.open)
    return await call.answer(DoctorAnswer(report_text.headline(report, ignored), status_of(seen), record))


async def _ended(call: Call, mended: Mended) -> Response:
    answer = MendedAnswer(report_text.of_mended(mended), mended, mended.todo)
    return await call.answer(answer, 202 if mended.todo else 200)
