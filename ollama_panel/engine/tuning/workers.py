"""The workers at which trials are measured, and the way back to the former settings."""

from collections.abc import Callable, Coroutine
from typing import Any

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.runners import LoadedModel
from ollama_panel.core.ollama.serverlog import exit_reason
from ollama_panel.core.records import Job
from ollama_panel.core.snapshot import Budget, InstanceRecord
from ollama_panel.core.tuning.placement import Placement
from ollama_panel.engine.gather import gather
from ollama_panel.engine.instance_plan import InstancePlan
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.instances.rollout import Rollout
from ollama_panel.engine.store import Store
from ollama_panel.engine.tuning.room import free_beside, taken, to_unload

_CHECKS = 3
"""How often the workers are asked at most what they have loaded."""


class StoppedError(PanelError):
    """A worker that should measure was stopped by the user."""


class TrialWorkers:
    """Starts workers with the settings of a trial and ends them again, both by the rollout, as any change.

    `unload` unloads a model at an instance. While they are held, the dispatcher sends them no requests.
    """

    def __init__(
        self,
        plan: InstancePlan,
        rollout: Rollout,
        fleet: Fleet,
        store: Store,
        unload: Callable[[InstanceId, ModelName], Coroutine[Any, Any, None]],
    ) -> None:
        self._plan = plan
        self._rollout = rollout
        self._fleet = fleet
        self._store = store
        self._unload = unload
        self._held: tuple[InstanceId, ...] = ()
        self._processes = dict[InstanceId, int | None]()
        self._lines: dict[InstanceId, int] = {}
        self._changed = False

    @property
    def placement(self) -> Placement | None:
        """What is in force for a trial, None = the settings alone are."""
        return self._plan.placement

    def fits_beside(self, needed: int | None, gpu: bool) -> bool:
        """Return whether so many bytes are surely free beside all that is loaded now, but for the trial's own."""
        measuring = self.placement.instances if self.placement is not None else ()
        free = free_beside(measuring, self._budget, self._store.instances(), gpu=gpu)
        return needed is not None and free is not None and needed <= free

    async def prepare(self, placement: Placement, *, fresh: bool) -> tuple[str, ...]:
        """Run workers as placed, newly started if `fresh`, and return their addresses.

        Raises PanelError if they do not run, StoppedError if the user has stopped one.
        """
        problem: Notice | None = None
        if placement != self.placement:
            self._plan.placement, self._changed = placement, True
            try:
                await self._rollout.apply()
            except PanelError as error:  # it may be about another worker
                problem = error.notice
        elif fresh:
            await gather(self._fleet.replace(instance) for instance in placement.instances)
        self._lines = {}
        urls = tuple([await self._url(instance, problem) for instance in placement.instances])
        self._lines = {one: self._last_line(one) for one in placement.instances}
        return urls

    async def make_room(self, needed: int | None, gpu: bool) -> None:
        """Unload models that nobody uses, as far as the trial needs their memory."""
        if self.placement is None:
            return
        instances, pool = self._store.instances(), self.placement.settings.name
        leaving = to_unload(needed, self.placement.instances, pool, self._budget, instances, gpu=gpu)
        await gather(self._unload(instance, model) for instance, model in leaving)

    def hold(self) -> None:
        """Keep requests off the workers."""
        if self.placement is not None:
            self._held = self.placement.instances
            self._processes = {one.id: one.pid for one in self._records()}
            self._hold(on=True)

    async def ended(self) -> InstanceId | None:
        """Return a worker whose process has ended, or is about to, since they were held; None if there is none."""
        await self._fleet.checked()
        same = {one.id for one in self._records() if (one.phase, one.pid) == (Phase.READY, self._processes.get(one.id))}
        return next((instance for instance in self._processes if instance not in same), None)

    def let_in(self) -> None:
        """Let requests come to them, as to any worker of the pool."""
        self._hold(on=False)
        self._held = ()

    def serves(self, job: Job) -> bool:
        """Return whether the workers may serve a request: one with a longer context than theirs may need too much.

        Each of their slots would get it, and they may have many more slots than the pool.
        """
        wanted, placement = job.options.num_ctx, self.placement
        if wanted is None or placement is None:
            return True
        loaded = [model.context_length for one in self._records() for model in one.models if model.name == job.model]
        known = max((context or 0 for context in loaded), default=0) or placement.settings.context_length
        return wanted <= known

    def withdraw(self) -> None:
        """Begin to go back to the former settings; requests come in when these are in force, by `restore`."""
        self._plan.placement = None
        self._rollout.begin()

    def forget(self) -> None:
        """Let the next rollout go back to the settings."""
        self._plan.placement = None

    async def restore(self, *, serve: bool = True) -> Notice | None:
        """Go back to the former settings; return what is wrong with a worker then, None if they are in force.

        `serve`: requests come in at once, not only when they are.
        """
        problem: Notice | None = None
        if serve:
            self.let_in()
        if self._changed:
            self._plan.placement = None
            try:
                await self._rollout.apply()
            except PanelError as error:
                problem = error.notice
            self._changed = False
        self.let_in()
        return problem

    def version(self) -> str | None:
        """Return the version of Ollama that measures, None = it is not known yet."""
        return next((one.version for one in self._records() if one.version), None)

    def model_bytes(self, gpu: bool) -> int | None:
        """Return the bytes that models take in the workers, None = none is loaded there."""
        sizes = [taken(model, gpu=gpu) for one in self._records() for model in one.models]
        return sum(sizes) if sizes else None

    async def loaded(self, model: ModelName) -> list[LoadedModel]:
        """Return how the workers have loaded a model, as far as that is known now."""
        found = list[LoadedModel]()
        for _ in range(_CHECKS):  # one that began before the model was there may end first
            await self._fleet.checked()
            found = [one for record in self._records() for one in record.models if one.name == model and one.size]
            if self.placement is not None and len(found) == len(self.placement.instances):
                break
        return found

    async def explained(self, problem: Notice) -> Notice:
        """Return a problem of a trial with what a worker has said, where the end of an answer alone says nothing."""
        if problem.code != "measuring.broken_off":
            return problem
        if self._last_words() is None:
            await self._fleet.checked()  # what it writes may come later than the end of its answers
        return self._last_words() or problem

    def stopped(self) -> Notice | None:
        """Return what is told of a worker of the trial that the user has stopped, None if there is none."""
        return next((self._told_stopped(one) for one in self._records() if one.phase is Phase.STOPPED), None)

    @property
    def _budget(self) -> Budget | None:
        return self._store.sample.budget if self._store.sample is not None else None

    def _records(self) -> list[InstanceRecord]:
        measuring = self.placement.instances if self.placement is not None else ()
        return [one for one in self._store.instances() if one.id in measuring]

    def _last_words(self) -> Notice | None:
        """Return what a worker has told of a failure since it was prepared, None = none has."""
        for instance, last in self._lines.items():
            if instance in self._fleet:
                words = exit_reason((line.text for line in self._fleet.lines(instance, last)), errors_only=True)
                if words:
                    return notice("measuring.ended_with", instance=instance, words=words)
        return None

    def _last_line(self, instance: InstanceId) -> int:
        return max((line.number for line in self._fleet.lines(instance, 0)), default=0)

    def _told_stopped(self, worker: InstanceRecord) -> Notice:
        """Say what to do: a worker beyond those of the settings is gone once these are back, and comes with a trial."""
        pools = self._store.settings.pools
        own = any(one.name == worker.pool and worker.number <= one.workers for one in pools)
        return notice("tuning.worker_stopped" if own else "tuning.twin_stopped", instance=worker.id)

    def _hold(self, *, on: bool) -> None:
        for instance in self._held:
            self._fleet.hold(instance, on=on)

    async def _url(self, instance: InstanceId, problem: Notice | None) -> str:
        """Return the address of a worker that runs as planned. Raises PanelError; see `prepare`."""
        planned = next((spec for spec in self._plan.specs() if spec.id == instance), None)
        if planned is None or self._fleet.specs().get(instance) != planned:
            raise PanelError(problem or notice("tuning.worker_missing", instance=instance))
        status = await self._fleet.wait_settled(instance)
        if status.phase is Phase.FAILED:  # an earlier trial may be why
            status = await self._fleet.replace(instance)
        if status.phase is Phase.STOPPED:
            raise StoppedError(self._told_stopped(status))
        if status.phase is not Phase.READY:
            raise PanelError(status.detail or problem or notice("instance.down"))
        return status.url
