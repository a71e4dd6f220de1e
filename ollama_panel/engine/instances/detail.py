"""What is said beside the state of an instance."""

from collections.abc import Iterable

import msgspec

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.lifecycle import Limits, Phase, State
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.serverlog import exit_reason, parse
from ollama_panel.core.ollama.serverlog_facts import PortInUse
from ollama_panel.core.records import Role
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.instances.process import Outcome


def detail(
    state: State, limits: Limits, why: Notice | None, record: InstanceRecord, before: Notice | None = None
) -> Notice | None:
    """Return what users should know of an instance.

    `why` is the reason of its last failure, None = none since its process was started; `before` is that of the process
    before this one, None if that was stopped.
    """
    match state.phase:
        case Phase.BACKOFF:
            return notice("instance.gone", url=record.url) if state.adopted else why and _later(state, limits, why)
        case Phase.FAILED if why is not None and state.attempts >= limits.attempts:
            return notice("instance.gave_up", why=why, tries=limits.attempts)
        case Phase.STARTING if why is None and before is not None:
            return notice("instance.starting_again", why=before, number=state.attempts + 1, all=limits.attempts)
        case Phase.STARTING | Phase.FAILED:
            return why
        case Phase.READY if record.silent:
            return notice("instance.runner_silent", models=record.silent)
        case _:
            return None


def reason_of_end(outcome: Outcome, log: Iterable[str], port: int) -> Notice:
    """Return why a process has ended; `log` is what it has written, `port` where it was to listen."""
    words = exit_reason(log, errors_only=outcome.code < 0)
    if isinstance(parse(words), PortInUse):
        return notice("instance.port_taken", port=port, owner=notice("port.owner_unknown"))
    return outcome.notice.showing(words) if words else outcome.notice


def _later(state: State, limits: Limits, why: Notice) -> Notice:
    if why.code.startswith("program."):
        return notice("instance.program_awaited", why=why)
    return notice("instance.again_soon", why=why, number=state.attempts + 1, all=limits.attempts)


def first_record(
    spec: InstanceSpec | None, instance: InstanceId, pool: PoolName, url: str, port: int, now: float
) -> InstanceRecord:
    """Return the first record of an instance, which is about to start; one without a spec is adopted."""
    record = InstanceRecord(instance, pool, Role.CHAT, False, url, Phase.STARTING, port=port, phase_since=now)
    return record if spec is None else msgspec.structs.replace(record, managed=True, role=spec.role, number=spec.number)
