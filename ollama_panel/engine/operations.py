"""What looks after a running panel by itself: pins, updates, hung instances, sleep, the GPU for others, drills."""

from collections.abc import Callable, Coroutine
from typing import Any

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.records import Job
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine import clock
from ollama_panel.engine.context import Context
from ollama_panel.engine.drill_place import DrillWorld
from ollama_panel.engine.drills import Drills
from ollama_panel.engine.evidence import EvidenceWriter
from ollama_panel.engine.gpu_yield import GpuYield
from ollama_panel.engine.host.app_nap import AppNap
from ollama_panel.engine.instance_parts import InstanceParts
from ollama_panel.engine.keep_awake import KeepAwake
from ollama_panel.engine.preloading import Preloader
from ollama_panel.engine.updating import Updates
from ollama_panel.engine.watchdog import Watchdog


class Operations:
    """All of these parts, for the instances of `parts`. `tuning` returns whether a tuning is under way."""

    def __init__(
        self,
        context: Context,
        parts: InstanceParts,
        drill: DrillWorld,
        *,
        tuning: Callable[[], bool],
        gpu_yield: GpuYield,
    ) -> None:
        self._parts = parts
        self._tuning = tuning
        store, fleet, dispatcher = parts.store, parts.fleet, parts.dispatcher
        timeline, now = parts.timeline, context.system.seconds

        def pins_rest() -> bool:
            return tuning() or self._given()

        def cards() -> int:
            return len(context.device_log.devices.gpus)

        self.preloader = Preloader(store, parts.catalog, parts.model_loads, dispatcher.holds_at, pins_rest, now, cards)
        self.updates = Updates(store, timeline.counts, self._replace, tuning, now)
        self.evidence = EvidenceWriter(
            context.paths.evidence, store, fleet, timeline, context.client, now=now, wall=clock.wall
        )
        self.watchdog = Watchdog(
            *(store, fleet, dispatcher, timeline, context.client, self.evidence),
            now=now,
            post=parts.admission.post,
            blob_of=self._blob,
        )
        self.keep_awake = KeepAwake(
            context.system.sleep_lock(),
            busy=self._busy,
            enabled=lambda: store.settings.machine.keep_awake,
            serving=lambda: store.proxy.on,
            now=now,
            changed=context.changed,
            nap=AppNap.of_system(),
        )
        self.gpu_yield = gpu_yield
        self.drills = Drills(context, store, drill)

    def running(self) -> tuple[Coroutine[None, None, None], ...]:
        """Return what the parts do until they are cancelled."""
        parts = (self.preloader, self.updates, self.watchdog, self.keep_awake, self.gpu_yield, self.drills)
        return tuple(part.run() for part in parts)

    def records(self) -> dict[str, Any]:
        """Return the fields of the snapshot that the parts fill."""
        awake, gpu_yield, drill = self.keep_awake.record, self.gpu_yield.record, self.drills.record
        return {"keep_awake": awake, "gpu_yield": gpu_yield, "drill": drill}

    def settings_changed(self) -> None:
        """Tell those parts that must know at once."""
        self.keep_awake.look()

    def arrived(self, job: Job) -> None:
        """Take that a request has come."""
        if not self._given():
            self.keep_awake.request()
        self.watchdog.make_way(job.model)

    def ended(self) -> None:
        """Take that a request has ended."""
        self.keep_awake.ended()

    def close(self) -> None:
        """Close what is open, once nothing runs any more."""
        self.watchdog.close()
        self.evidence.close()

    def _given(self) -> bool:
        return self._parts.dispatcher.policy.given is not None

    def _busy(self) -> bool:
        """Return whether anything runs; what waits for a GPU that others have may wait while the machine sleeps."""
        requests = self._parts.dispatcher.in_flight() if self._given() else self._parts.timeline.counts.open()
        return bool(requests) or self._tuning() or self.drills.running

    async def _replace(self, instance: InstanceId) -> InstanceRecord:
        """Give an instance a new process, and show the progress on its pool."""
        await self._parts.succession.replacer.restart(instance)
        return self._parts.fleet.status(instance)

    def _blob(self, model: ModelName) -> str:
        facts = self._parts.catalog.facts(model)
        return facts.blob if facts else ""
