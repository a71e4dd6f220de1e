"""`/panel/v1/take-over`: the panel at Ollama's own address."""

import msgspec

from ollama_panel.core.takeover import TakeoverAnswer
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


class TakeOverQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to take over: the address of a found server, "" = that at Ollama's own port; `dry_run`: only say how."""

    server: str = ""
    dry_run: bool = False


class UndoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to undo it; `dry_run`: only say how."""

    dry_run: bool = False


async def begin(call: Call) -> Response:
    """Take over an address, or go on with that."""
    query = call.query(TakeOverQuery)
    answer = await call.panel.take_over(query.server, dry_run=query.dry_run, ask_password=False)
    return await _answer(call, answer, dry_run=query.dry_run)


async def undo(call: Call) -> Response:
    """Undo it, or go on with that."""
    query = call.query(UndoQuery)
    answer = await call.panel.undo_take_over(dry_run=query.dry_run, ask_password=False)
    return await _answer(call, answer, dry_run=query.dry_run)


async def _answer(call: Call, answer: TakeoverAnswer, *, dry_run: bool) -> Response:
    return await call.answer(answer, 202 if answer.todo and not dry_run else 200)
