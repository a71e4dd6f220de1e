"""What is said of an export that is put into force: what it means before, and how far it is. Pure."""

from collections.abc import Iterator

from ollama_panel.core.applying.host import HostFacts, place_of
from ollama_panel.core.applying.managers import ServiceControl
from ollama_panel.core.applying.plan import Change, Kept
from ollama_panel.core.applying.record import Applying, ApplyStage, Proof, ProofSource, ProofState
from ollama_panel.core.notices import Notice, joined, notice
from ollama_panel.core.takeover import StepState


def meaning(manager: ServiceControl, facts: HostFacts, change: Change, kept: tuple[Kept, ...]) -> Iterator[Notice]:
    """Yield what putting an export into force means for a machine and for its clients."""
    names = tuple(unit.name for unit in change.units)
    if not (kept or change.units):
        yield notice("apply.nothing")
        return
    if change.busy and names and not manager.graceful:
        yield notice("apply.breaks", units=names)
    elif names and manager.graceful:
        yield notice("apply.breaks_nothing", units=names)
    backups = tuple(one.backup for one in kept if one.backup)
    if backups:
        yield notice("apply.keeps", paths=backups)
    needs_root = manager.root or any(one.root for one in kept)
    if needs_root and facts.sudo:
        yield notice("apply.by_sudo" if facts.root else "apply.by_user")
    yield notice("apply.goes_back")


def of_applying(one: Applying) -> Notice:
    """Return how far it is, and what somebody is to do about it."""
    place, target = place_of(one.host), one.target
    if one.interrupted:
        back = one.stage is ApplyStage.RETURNING
        code = "apply.interrupted_back" if back else "apply.interrupted"
        return joined(notice(code, target=target, place=place), one.problem)
    if any(step.state is StepState.WAITING for step in one.actions):
        return notice("apply.waits", target=target, place=place)
    return _TOLD.get(one.stage, _under_way)(one)


def _returned(one: Applying) -> Notice:
    if one.problem is None:
        return notice("apply.undone", target=one.target, place=place_of(one.host))
    return notice("apply.returned", target=one.target, place=place_of(one.host), why=one.problem)


def _applied(one: Applying) -> Notice:
    proven = _count(one, ProofState.HOLDS)
    return notice("apply.applied", target=one.target, place=place_of(one.host), proven=proven)


def _planned(one: Applying) -> Notice:
    code = "apply.planned" if one.differs else "apply.planned_same"
    return notice(code, target=one.target, place=place_of(one.host))


def _idle(one: Applying) -> Notice:
    return notice("apply.waits_idle", target=one.target, place=place_of(one.host), count=one.connections or 0)


def _under_way(one: Applying) -> Notice:
    return notice("apply.under_way", target=one.target, place=place_of(one.host))


def _verified(one: Applying) -> Notice:
    place, target = place_of(one.host), one.target
    differ, unknown = _count(one, ProofState.DIFFERS), _count(one, ProofState.UNKNOWN)
    if differ or one.differs:
        files = sum(change.difference != () for change in one.files)
        return notice("apply.verified_not", target=target, place=place, count=differ, files=files)
    if unknown:
        return notice("apply.verified_partly", target=target, place=place, count=unknown)
    return notice("apply.applied", target=target, place=place, proven=_count(one, ProofState.HOLDS))


def _returning(one: Applying) -> Notice:
    return notice("apply.returning", target=one.target, place=place_of(one.host))


_TOLD = {
    ApplyStage.RETURNING: _returning,
    ApplyStage.PLANNED: _planned,
    ApplyStage.IDLE: _idle,
    ApplyStage.APPLIED: _applied,
    ApplyStage.RETURNED: _returned,
    ApplyStage.VERIFIED: _verified,
}


def _count(one: Applying, state: ProofState) -> int:
    return sum(proof.state is state for proof in one.proofs)


_SOURCES = {
    ProofSource.LOG: "apply.from_log",
    ProofSource.ENVIRONMENT: "apply.from_environment",
    ProofSource.COMMAND_LINE: "apply.from_command_line",
    ProofSource.UNIT: "apply.from_unit",
    ProofSource.ANSWER: "apply.from_answer",
}


def of_proof(one: Proof) -> Notice:
    """Return what a proof says, with the line that is quoted as evidence."""
    values = {"worker": one.worker, "name": one.name, "wanted": one.wanted}
    if one.state is ProofState.UNKNOWN or one.source is None:
        return notice("apply.unknown", **values)
    source = notice(_SOURCES[one.source])
    if one.state is ProofState.HOLDS:
        return notice("apply.holds", **values, source=source).showing(one.line)
    if one.found is None:
        return notice("apply.missing", **values, source=source)
    return notice("apply.differs", **values, found=one.found, source=source).showing(one.line)
