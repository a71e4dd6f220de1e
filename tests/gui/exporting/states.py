"""What the engine has found out about exports, and how far it is with putting one into force, made by hand."""

from collections.abc import Callable

import msgspec

from ollama_panel.core.applying.record import (
    Action,
    ActionKind,
    Applying,
    ApplyStage,
    FileChange,
    FileState,
    Proof,
    ProofSource,
    ProofState,
)
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.notices import notice
from ollama_panel.core.takeover import StepState

DROP_IN = "/etc/systemd/system/ollama.service.d/zz-ollama-panel.conf"
RESTART = "sudo systemctl restart ollama.service"
LINE = 'msg="server config" env="map[OLLAMA_NUM_PARALLEL:2]"'
ACTIONS = (
    Action(ActionKind.BACKUP, notice("apply.backup", paths=(DROP_IN,))),
    Action(ActionKind.WRITE, notice("apply.write", paths=(DROP_IN,)), ("sudo install …",), root=True),
    Action(ActionKind.IDLE, notice("apply.idle")),
    Action(ActionKind.RESTART, notice("apply.restart", units=("ollama.service",)), (RESTART,), root=True),
    Action(ActionKind.PROVE, notice("apply.prove")),
)
HOLDS = Proof("chat-1", "OLLAMA_NUM_PARALLEL", "2", "2", ProofState.HOLDS, ProofSource.LOG, LINE)
PLANNED = Applying(
    "plan-1", "systemd", "", ApplyStage.PLANNED, actions=ACTIONS, told=(notice("apply.goes_back"),), asks_password=True
)


def installed(export: Export, before: Callable[[str], str] | None = None) -> tuple[FileChange, ...]:
    """Return what is at the places of an export's files: its text, changed by `before`; None = nothing."""
    return tuple(
        FileChange(file.place, FileState.NEW, "", file.text)
        if before is None
        else FileChange(
            file.place,
            FileState.SAME if before(file.text) == file.text else FileState.CHANGED,
            before(file.text),
            file.text,
        )
        for file in export.files
        if file.place
    )


def at(stage: ApplyStage, *done: StepState, **changes: object) -> Applying:
    """Return the plan at a stage, with the states of its first actions."""
    states = [*done, *[StepState.OPEN] * (len(ACTIONS) - len(done))]
    actions = tuple(msgspec.structs.replace(action, state=state) for action, state in zip(ACTIONS, states, strict=True))
    return msgspec.structs.replace(PLANNED, stage=stage, actions=actions, **changes)


DONE, WAITING, UNDER_WAY = StepState.DONE, StepState.WAITING, StepState.UNDER_WAY
APPLIED = at(ApplyStage.APPLIED, *[DONE] * 5, proofs=(HOLDS,))
IDLE = at(ApplyStage.IDLE, DONE, DONE, UNDER_WAY, connections=3)
TYPED = at(ApplyStage.WRITING, DONE, WAITING)
RETURNED = at(ApplyStage.RETURNED, *[DONE] * 4, problem=notice("apply.closed"))
INTERRUPTED = at(ApplyStage.RESTARTING, DONE, DONE, interrupted=True)
