"""Carries out what the user asks of the doctor, and announces what came of it, with the way back where there is one."""

from functools import partial

from PySide6.QtCore import QCoreApplication

from ollama_panel.core.findings import Finding, Mended
from ollama_panel.gui import results
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.doctor_texts import commands_of, headline
from ollama_panel.gui.export_actions import proof_line
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.toasts import Toast


async def mend(client: EngineClient, finding: str, plan: str, *, ask_password: bool = False) -> Mended:
    """Mend a finding as it was planned; Undo takes that back."""
    one = await client.doctor.fix(finding, plan=plan, ask_password=ask_password)
    told = headline(one.told)
    if one.problem is not None:
        text = QCoreApplication.translate("doctor", "Not mended: {finding}").format(finding=told)
        client.announce(Toast(text, notice_text(one.problem), error=True))
    elif not one.todo:  # else the dialog shows the commands to type
        text = QCoreApplication.translate("doctor", "Mended: {finding}").format(finding=told)
        undo = partial(take_back, client, one.id, ask_password=ask_password) if one.can_undo else None
        client.announce(Toast(text, proof_line(one.applying) if one.applying is not None else "", undo))
    return one


async def take_back(client: EngineClient, mended: str, *, ask_password: bool = False) -> Mended:
    """Take back what has mended a finding."""
    one = await client.doctor.undo(mended, ask_password=ask_password)
    if one.undone:
        text = QCoreApplication.translate("doctor", "As before: {finding}").format(finding=headline(one.told))
        client.announce(Toast(text))
    return one


async def ignore(client: EngineClient, finding: Finding) -> None:
    """Set a finding aside; Undo shows it again."""
    await client.doctor.ignore(finding.id)
    text = QCoreApplication.translate("doctor", "Ignored: {finding}").format(finding=headline(finding.told))
    client.announce(Toast(text, undo=partial(client.doctor.show_again, finding.id)))


async def copy_commands(client: EngineClient, finding: Finding) -> None:
    """Copy the commands that a fix consists of; those of edited files are asked for."""
    commands = commands_of(finding)
    if not commands:
        plan = await client.doctor.plan(finding.id)
        commands = tuple(command for action in plan.actions for command in action.commands)
    results.copy(client, "".join(f"{command}\n" for command in commands))
