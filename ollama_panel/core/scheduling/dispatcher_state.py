"""What the dispatcher tells of its state: nothing here changes it."""

from collections.abc import Iterable
from itertools import islice

from ollama_panel.core.context_notices import of_conflict
from ollama_panel.core.embedding_parts import Places
from ollama_panel.core.ids import InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.limits import DriftRecord, ModelLimit, SloRecord
from ollama_panel.core.notices import Notice
from ollama_panel.core.records import ContextConflict, Job, Offender
from ollama_panel.core.scheduling.batch_sizes import left_out
from ollama_panel.core.scheduling.in_flight import InFlight
from ollama_panel.core.scheduling.model_state import COLD, WARM
from ollama_panel.core.scheduling.places import places
from ollama_panel.core.scheduling.placing import Placing
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.slo_record import slo_record
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.waiting import Waiting, in_order, view


class DispatcherState:
    """The state, as the engine and front ends ask for it; times are those of the last step."""

    __slots__ = ("_in_flight", "_now", "_placing", "state")

    def __init__(self, policy: Policy) -> None:
        self.state = State(policy)
        self._now = 0
        self._in_flight = InFlight(self.state)
        self._placing = Placing(self.state, self._in_flight)

    # What the snapshot reads

    @property
    def policy(self) -> Policy:
        """Return the policy in force."""
        return self.state.policy

    def waiting(self, limit: int = 500) -> tuple[Waiting, ...]:
        """Return the first waiting requests: position, estimated wait, and why they wait."""
        return view(self.state, self._now, islice(in_order(self.state.queue.tickets), limit))

    def waiting_jobs(self) -> list[Job]:
        """Return the jobs of all waiting requests, in the order of `waiting`."""
        return [ticket.job for ticket in in_order(self.state.queue.tickets)]

    def waiting_of(self, requests: Iterable[RequestId]) -> tuple[Waiting, ...]:
        """Return the same as `waiting` of those of some requests that wait."""
        tickets = self.state.queue.tickets
        return view(self.state, self._now, [tickets[one] for one in requests if one in tickets])

    def queued(self) -> int:
        """Return how many requests wait."""
        return len(self.state.queue)

    def places(self, job: Job) -> Places | None:
        """Return where the parts of a request could run at once; None if requests are to stay whole."""
        if not self.state.policy.split_embeddings:
            return None
        return places(self.state, job, self._placing.need(job), self._now)

    def offenders(self) -> tuple[Offender, ...]:
        """Return the clients whose options would have made Ollama reload a model; the latest comes last."""
        return tuple(self.state.profiles.offenders.values())

    def context_conflicts(self) -> tuple[ContextConflict, ...]:
        """Return the models that are reloaded again and again because of their clients' contexts."""
        return self._placing.switches.conflicts(self._now)

    def notices(self) -> tuple[Notice, ...]:
        """Return what is to be told about models: reloads again and again, batch sizes that are left out."""
        return (*map(of_conflict, self.context_conflicts()), *left_out(self.state, self._now))

    def context_switches(self) -> int:
        """Return how often a model was reloaded for another context."""
        return self._placing.switches.number

    def in_flight(self, instance: InstanceId | None = None) -> int:
        """Return how many requests are in flight at an instance, or at all of them."""
        if instance is None:
            return len(self.state.in_flight)
        record = self.state.fleet.instances.get(instance)
        return record.in_flight() if record else 0

    def running(self) -> int:
        """Return how many requests are in flight; one that is sent in parts counts once."""
        jobs = (ticket.job for ticket, _ in self.state.in_flight.values())
        return len({job.id if job.part is None else job.part.of for job in jobs})

    def slots(self, instance: InstanceId) -> int:
        """Return how many requests an instance gets at once, over all its loaded models; 0 while it takes no work."""
        record = self.state.fleet.instances.get(instance)
        return self.state.fleet.all_slots(record) if record else 0

    def limits(self, instance: InstanceId) -> tuple[ModelLimit, ...]:
        """Return the limits of the loaded models of an instance."""
        fleet, record = self.state.fleet, self.state.fleet.instances.get(instance)
        warm = (copy for copy in record.copies.values() if copy.state is WARM) if record else ()
        return tuple(copy.limiter.record(copy.model, fleet.slots(copy)) for copy in warm)

    def slo(self, pool: PoolName) -> SloRecord | None:
        """Return the SLO of a pool and how it is kept, None if it has none."""
        return slo_record(self.state, pool)

    def drifts(self) -> tuple[DriftRecord, ...]:
        """Return the models that answer more slowly than their tunings measured them."""
        slow = ((copy, copy.limiter.drift) for copy in self.state.fleet.copies())
        return tuple(
            DriftRecord(copy.instance.id, copy.instance.facts.pool, copy.model, drift.speed, drift.again)
            for copy, drift in slow
            if drift.since is not None and drift.speed is not None
        )

    def holds(self, model: ModelName) -> bool:
        """Return whether any instance is known to have a model in memory, or to load it."""
        return any(copy.model == model and copy.state is not COLD for copy in self.state.fleet.copies())

    def holds_at(self, instance: InstanceId, model: ModelName) -> bool:
        """Return whether an instance has a model in memory, loads or unloads it."""
        one = self.state.fleet.instances.get(instance)
        copy = one.copies.get(model) if one is not None else None
        return copy is not None and copy.state is not COLD

    def loading(self, instance: InstanceId) -> tuple[ModelName, ...]:
        """Return the models that the panel itself loads at an instance, the one under way first."""
        return self._placing.own_loads.at(instance)

    def loaded_by_panel(self, instance: InstanceId) -> frozenset[ModelName]:
        """Return the models at an instance that requests of the panel have loaded."""
        record = self.state.fleet.instances.get(instance)
        copies = record.copies.values() if record else ()
        return frozenset(copy.model for copy in copies if copy.of_panel)

    def others(self) -> int:
        """Return how many bytes of the memory other programs take."""
        return self.state.fleet.others.bytes

    # What the engine asks that starts processes and loads models itself

    def room(self) -> int | None:
        """Return the bytes that are surely free for models that the dispatcher does not load, None = unknown."""
        return self._placing.residency.room()

    def loads(self, instance: InstanceId | None = None) -> bool:
        """Return whether a request loads a model now, at an instance or at any."""
        copy = self.state.fleet.loading
        return copy is not None and instance in (None, copy.instance.id)

    def generation(self, instance: InstanceId) -> int:
        """Return how often a process has come up as an instance; 0 if there is none such."""
        record = self.state.fleet.instances.get(instance)
        return record.generation if record is not None else 0

    def models_of(self, instance: InstanceId, generation: int) -> tuple[ModelName, ...]:
        """Return the model of each request in flight that was dispatched to an instance in that generation."""
        return tuple(
            copy.model
            for ticket, copy in self.state.in_flight.values()
            if copy.instance.id == instance and ticket.generation == generation
        )
