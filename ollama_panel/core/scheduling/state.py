"""The state of the scheduler, shared by all modules that decide."""

from collections import deque
from dataclasses import dataclass, field
from math import ceil

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import Notice
from ollama_panel.core.records import Refusal, Role
from ollama_panel.core.roles import unstaffed
from ollama_panel.core.scheduling.compliance import Compliance
from ollama_panel.core.scheduling.context import ContextNeed
from ollama_panel.core.scheduling.estimate import Estimates
from ollama_panel.core.scheduling.fairness import Ledger
from ollama_panel.core.scheduling.fleet import Fleet
from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.keep_alives import KeepAlives
from ollama_panel.core.scheduling.messages import Action, Reply
from ollama_panel.core.scheduling.option_profiles import OptionProfiles
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.prefix_affinity import PrefixAffinity
from ollama_panel.core.scheduling.queue import Group, Queue
from ollama_panel.core.scheduling.shares import Shares
from ollama_panel.core.scheduling.ticket import HELD, Step, Ticket, Want
from ollama_panel.core.scheduling.timers import TimerHeap

UNKNOWN_HOLD_US = 10e6
"""How long a request is taken to hold its slot, for `Retry-After`, until a duration was measured."""


@dataclass(slots=True)
class State:
    """The queue, the fleet and the requests in flight. `actions` collects the actions of the current step.

    `stopping` are the copies that are unloaded when they are idle, each with the number of the last request before the
    stop; `leaving` are those that the user wants out of memory. `own_loads` are the loads that the panel itself wants,
    each with the time since when. `unstaffed` are the roles whose requests no worker of the settings may serve, with
    the reason. `to_change` are requests that are to get the class of the policy, and another client unless that is
    None.
    """

    policy: Policy
    ledger: Ledger = field(default_factory=Ledger)
    fleet: Fleet = field(default_factory=Fleet)
    timers: TimerHeap = field(default_factory=TimerHeap)
    estimates: Estimates = field(default_factory=Estimates)
    in_flight: dict[RequestId, tuple[Ticket, Copy]] = field(default_factory=dict)
    affinity: PrefixAffinity = field(default_factory=PrefixAffinity)
    profiles: OptionProfiles = field(default_factory=OptionProfiles)
    keep_alives: KeepAlives = field(default_factory=KeepAlives)
    stopping: dict[Copy, int] = field(default_factory=dict)
    leaving: set[Copy] = field(default_factory=set)
    own_loads: dict[tuple[InstanceId, ModelName], int] = field(default_factory=dict)
    shares: Shares = field(default_factory=Shares)
    compliance: dict[PoolName, Compliance] = field(default_factory=dict)
    last_chats: dict[Want, int] = field(default_factory=dict)
    unstaffed: dict[Role, Notice] = field(default_factory=dict)
    to_change: deque[tuple[Ticket, ClientId | None]] = field(default_factory=deque)
    actions: list[Action] = field(default_factory=list)
    queue: Queue = field(init=False)

    def __post_init__(self) -> None:
        self.queue = Queue(self.ledger)
        self.configure(self.policy)

    def configure(self, policy: Policy) -> None:
        """Put a new policy into force."""
        before, self.policy = self.policy.slos, policy
        self.compliance = {
            pool: one
            for pool, one in self.compliance.items()
            if pool in policy.slos and policy.slos[pool] == before.get(pool)
        }
        self.ledger.weights = policy.weights
        if policy.limits != self.queue.limits.limits:
            self.queue.set_limits(policy.limits, (ticket for ticket, _ in self.in_flight.values()))
        self.unstaffed = unstaffed(policy.pools, on_embedding=policy.chats_on_embedding)
        if policy.pool_left_out:
            self.unstaffed.clear()
        if self.fleet.on_embedding is not policy.chats_on_embedding:
            self.fleet.on_embedding = policy.chats_on_embedding
            self.fleet.review()

    def candidates(self, want: Want, now: int) -> tuple[Copy, ...]:
        """Return the copies of the wanted model at the instances that may serve it, loaded or not."""
        return self.fleet.candidates(want, now, self.policy.no_instance_grace_us)

    def no_worker(self, want: Want, now: int) -> Notice | None:
        """Return why neither a worker of the settings nor an adopted server may serve a want, None if one may."""
        why = self.unstaffed.get(want[1]) if self.unstaffed else None
        grace = self.policy.no_instance_grace_us
        return None if any(one.up or now - one.since < grace for one in self.fleet.adopted) else why

    def may_answer(self, want: Want, now: int) -> bool:
        """Return whether an instance is up that may serve a want."""
        return any(copy.instance.up for copy in self.candidates(want, now))

    def serves(self, copy: Copy, need: ContextNeed) -> bool:
        """Return whether a request may run at a loaded copy as far as its context is concerned."""
        return not self.policy.option_profiles or self.fleet.serves(copy, need)

    def slots(self, group: Group, now: int) -> int:
        """Return how many requests of a group may run at once, over all instances that take work."""
        return sum(self.fleet.slots(one) for one in self.candidates(group.want, now) if one.takes_work)

    def eta_s(self, ticket: Ticket, now: int) -> int | None:
        """Return the estimated seconds until a waiting request runs.

        None while no duration is known, or nobody knows when the queue goes on.
        """
        if self.policy.holds:
            return None
        group = self.queue.groups.get(ticket.want)
        slots = self.slots(group, now) if group else 1
        wait = self.estimates.wait(ticket.job.model, self.queue.position(ticket), slots)
        if wait is not None and ticket.stage is HELD:
            turn, limit = self.queue.limits.before(ticket) + 1, self.queue.limits.limit_of(ticket)
            wait = max(wait, self.estimates.wait(ticket.job.model, turn, limit) or 0)
        return None if wait is None else ceil(wait / 1e6)

    def drain_s(self, share: float, now: int) -> int:
        """Return the estimated whole seconds until `share` (0 to 1) of the queue has drained, from 1 to 600."""
        total = 0.0
        for group in self.queue.groups.values():
            hold = self.estimates.of(group.want[0]).hold or UNKNOWN_HOLD_US
            total = max(total, group.size * share * hold / max(1, self.slots(group, now)))
        for want, held, limit in self.queue.limits.backlogs():
            hold = self.estimates.of(want[0]).hold or UNKNOWN_HOLD_US
            total = max(total, held * share * hold / limit)
        return max(1, min(600, ceil(total / 1e6)))

    def refuse(self, ticket: Ticket, refusal: Refusal) -> None:
        """Remove a waiting request and answer it with a refusal."""
        self.queue.remove(ticket, Step.END)
        self.ledger.leave(ticket.account)
        self.actions.append(Reply(ticket.job.id, refusal))
