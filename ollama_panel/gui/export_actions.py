"""Puts exports into force and takes them back, and announces what came of it."""

from functools import partial

from ollama_panel.core.applying.record import Applying, ApplyStage, ProofState
from ollama_panel.core.applying.told import of_applying
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.takeover import StepState
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.toasts import Toast


def waits(one: Applying) -> bool:
    """Return whether it waits for somebody: to type commands, or to say whether it goes on or back."""
    return one.interrupted or any(action.state is StepState.WAITING for action in one.actions)


def tone_of(one: Applying) -> str:
    """Return the colour's token for how far it is."""
    if waits(one):
        return "warn"
    if one.stage is ApplyStage.RETURNED:
        return "danger" if one.problem is not None else "muted"
    return "ok" if one.stage is ApplyStage.APPLIED else "muted"


def proof_line(one: Applying) -> str:
    """Return the line that is quoted as evidence that values are in force, "" if there is none."""
    return next((proof.line for proof in one.proofs if proof.state is ProofState.HOLDS and proof.line), "")


async def apply_export(
    client: EngineClient, export: Export, host: str, plan: str, *, ask_password: bool = False
) -> Applying:
    """Put an export into force as it was planned; Undo brings back what was there before."""
    one = await client.exports.apply(export, host, plan=plan, ask_password=ask_password)
    _tell(client, one, ask_password=ask_password)
    return one


async def undo_export(client: EngineClient, host: str, target: str, *, ask_password: bool = False) -> Applying:
    """Bring back what was there before an export."""
    one = await client.exports.undo(host, target, ask_password=ask_password)
    _tell(client, one, ask_password=ask_password)
    return one


def _tell(client: EngineClient, one: Applying, *, ask_password: bool) -> None:
    """Announce what came of it, unless it waits for somebody: that is told where the commands are."""
    if one.stage not in (ApplyStage.APPLIED, ApplyStage.RETURNED) or waits(one):
        return
    applied = one.stage is ApplyStage.APPLIED
    undo = partial(undo_export, client, one.host, one.target, ask_password=ask_password) if applied else None
    client.announce(Toast(notice_text(of_applying(one)), proof_line(one), undo, error=one.problem is not None))
