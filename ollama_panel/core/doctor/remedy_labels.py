"""What a button does that an alert offers, in a few words."""

from collections.abc import Mapping

from ollama_panel.core.findings import Remedy
from ollama_panel.core.notices import ChangePools, FollowUpdates, Notice, Offer, RaiseContext, UseStore, notice

_REMEDIES: Mapping[Remedy, str] = {
    Remedy.OPEN_LOG: "doctor.label.open_log",
    Remedy.RESTART_ENGINE: "doctor.label.restart_engine",
    Remedy.USE_NEXT_PORT: "doctor.label.use_next_port",
    Remedy.LISTEN_AGAIN: "doctor.label.listen_again",
    Remedy.SWITCH_ON: "doctor.label.switch_on",
    Remedy.RESUME: "doctor.label.resume",
    Remedy.START: "doctor.label.start",
    Remedy.RESTART: "doctor.label.restart",
    Remedy.START_ALL: "doctor.label.start_all",
    Remedy.INSTALL: "doctor.label.install",
    Remedy.TAKE_OVER: "doctor.label.take_over",
    Remedy.UNDO_TAKE_OVER: "doctor.label.undo_take_over",
    Remedy.CONNECT: "doctor.label.connect",
    Remedy.TAKE_GPU_BACK: "doctor.label.take_gpu_back",
    Remedy.ROLL_OUT: "doctor.label.roll_out",
}


def label_of(one: Remedy | Offer) -> Notice:
    """Return what accepting an offer, or a remedy, does."""
    match one:
        case Remedy():
            return notice(_REMEDIES[one])
        case RaiseContext(tokens=tokens):
            return notice("doctor.label.context", tokens=tokens)
        case UseStore(path=path):
            return notice("doctor.label.store", path=path)
        case ChangePools():
            return _of_change(one)
        case FollowUpdates():
            return notice("doctor.label.follow_updates")


def _of_change(one: ChangePools) -> Notice:
    if one.parallel is not None and one.workers is not None:
        return notice("doctor.label.slots_and_workers", parallel=one.parallel, workers=one.workers)
    if one.parallel is not None:
        return notice("doctor.label.parallel", parallel=one.parallel)
    if one.workers is not None:
        return notice("doctor.label.workers", workers=one.workers)
    if one.context_length is not None:
        return notice("doctor.label.context", tokens=one.context_length)
    variables = tuple(f"{name}={value}" for name, value in one.environment)
    return notice("doctor.label.variables", variables=variables)
