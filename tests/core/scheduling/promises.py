"""Promises of the scheduler about single decisions, checked in a random world."""

from collections import Counter
from collections.abc import Mapping, Sequence

from ollama_panel.core.records import Job, Placement, Refusal, Role
from ollama_panel.core.scheduling.fleet import Fleet
from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.model_state import ModelState
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.queue import Queue

LEAST_CONTEXT = 4
"""What Ollama makes of a shorter context (`server/sched.go`, v0.32)."""


def check_context(job: Job, placement: Placement, own: int | None) -> None:
    """7: a chat gets at least the context that it asks for, and what cannot carry options causes no reload."""
    if not job.path.startswith("/api/"):
        assert placement.context == own, "7: it runs with the instance's own context"
        return
    asked, sent = job.options.num_ctx, (placement.options or job.options).num_ctx
    assert placement.context == (own if sent is None else sent), "7: what it is sent with is what it gets"
    if job.role is Role.EMBEDDING:
        _check_same_vector(job, own if asked is None else asked, placement.context)
    elif own is None:
        assert (sent or 0) >= (asked or 0), "7: no context is cut"
        assert sent is None or asked, "7: who asks for nothing gets the unknown own context"
    else:
        assert (placement.context or 0) >= max(own, asked or 0), "7: no context is cut"


def _check_same_vector(job: Job, asked: int | None, given: int | None) -> None:
    """7: an embedding gets exactly its context, unless its input is too short to be cut by either."""
    if asked is not None and given is not None and asked != given:
        assert job.body_bytes < max(LEAST_CONTEXT, min(asked, given)), "7: the same vector"


def alike(one: Job, other: Job) -> bool:
    """5: whether two requests of a client are served by arrival."""
    keys = [(job.client, job.request_class, job.model, job.path, job.options) for job in (one, other)]
    short = [job.role is Role.EMBEDDING and job.body_bytes for job in (one, other)]  # it decides on the context
    return keys[0] == keys[1] and short[0] == short[1]


def check_role(job: Job, role: Role, *, managed: bool, policy: Policy) -> None:
    """10: an embedding worker gets nothing else unless that is allowed."""
    protected = managed and role is Role.EMBEDDING and not policy.chats_on_embedding
    assert not protected or job.role is Role.EMBEDDING, "10: roles"


def check_one_home(fleet: Fleet, job: Job, placement: Placement, now: int) -> None:
    """9: no load makes a copy in a managed worker beside one in an adopted server, or the reverse.

    Unless others have loaded the latter, after the panel had unloaded it or while there was one on this side. A stop
    may have unloaded it `now`, in the same step.
    """
    instance = fleet.instances[placement.instance]
    copies = [one for one in fleet.copies() if one.model == job.model and one.state is not ModelState.COLD]
    here = [one for one in copies if one.instance.facts.managed is instance.facts.managed]
    there = [one for one in copies if one not in here and one.instance.takes_work and not one.of_others]
    there = [one for one in there if one.state is not ModelState.UNLOADING or one.unload_sent_at < now]
    if [one.instance for one in here] == [instance]:
        assert not [one for one in there if _may_serve(one, job.role)], "9: one home"


def _may_serve(copy: Copy, role: Role) -> bool:
    facts = copy.instance.facts
    return not facts.managed or (facts.role is role and copy.model not in copy.instance.missing)


class Drops:
    """8: a full queue refuses the newest request of the heaviest source. `number` is how many had waited there."""

    def __init__(self) -> None:
        self.sources: dict[str, str] = {}
        self.number = 0

    def check_refused(self, request: str, refusal: Refusal, fresh: Sequence[str], jobs: Mapping[str, Job]) -> None:
        """Check who is refused for a full queue; `fresh` were never dispatched, by arrival, itself included."""
        self.number += refusal.notice.code.startswith("queue.dropped")
        counts, sizes = Counter[str](), Counter[str]()
        for one in fresh:
            counts[self.sources[one]] += 1
            sizes[self.sources[one]] += jobs[one].body_bytes
        source, request_class = self.sources[request], jobs[request].request_class
        if request == fresh[-1]:  # the new one: as much of the others would have to leave for it
            sizes[source] += jobs[request].body_bytes
        assert any(weights[source] == max(weights.values()) for weights in (counts, sizes)), "8: the heaviest source"
        rivals = [one for one in fresh if self.sources[one] == source and jobs[one].request_class is request_class]
        assert rivals[-1] == request, "8: its newest request"

    def check_counted(self, queue: Queue, fresh: Sequence[str]) -> None:
        """Check that everybody who may be refused is counted for its source, and nobody else."""
        counted = {
            ticket.job.id: source
            for source, backlog in queue.backlogs.sources.items()
            for tickets in backlog.classes.values()
            for _, ticket in tickets
        }
        assert counted == {one: self.sources[one] for one in fresh}, "8: waiting requests by source"


def resident_copies(fleet: Fleet) -> list[Copy]:
    """Return the copies that are in memory, or will be."""
    return [copy for copy in fleet.copies() if copy.state is not ModelState.COLD and copy.instance.up]


def resident_bytes(fleet: Fleet, *more: Copy) -> int:
    """Return the bytes that these, and `more`, take together as predicted."""
    return sum(fleet.bytes(copy) or 0 for copy in {*resident_copies(fleet), *more})
