"""The metrics of a snapshot in Prometheus' text format."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from ollama_panel.core.gpu_yield import YieldCause, YieldRecord
from ollama_panel.core.history.statistics import RequestStatistics
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.snapshot import Connections, Snapshot
from ollama_panel.engine.metrics_requests import finished_requests
from ollama_panel.engine.metrics_sensors import sensors


def exposition(snapshot: Snapshot, statistics: RequestStatistics, dropped: int = 0) -> bytes:
    """Return all metrics of a snapshot and of the finished requests; `dropped` is what the history lacks."""
    registry = CollectorRegistry()
    registry.register(_SnapshotCollector(snapshot, dropped))
    return generate_latest(registry) + finished_requests(statistics).encode()


class _SnapshotCollector(Collector):
    def __init__(self, snapshot: Snapshot, dropped: int) -> None:
        self._snapshot = snapshot
        self._dropped = dropped

    @override
    def collect(self) -> Iterator[Metric]:
        yield from _requests(self._snapshot)
        yield from _connections(self._snapshot.connections)
        yield from _bypassing(self._snapshot)
        yield from _instances(self._snapshot)
        yield from _machine(self._snapshot)
        yield from _given(self._snapshot.gpu_yield)
        yield from sensors(self._snapshot.telemetry)
        text = "What the history lacks, because the disk was full or too slow."
        yield CounterMetricFamily("ollama_panel_history_dropped", text, value=self._dropped)


def _requests(snapshot: Snapshot) -> Iterator[Metric]:
    ended = CounterMetricFamily("ollama_panel_requests", "Requests that have ended.", labels=["outcome"])
    for outcome in ("served", "failed", "refused"):
        ended.add_metric([outcome], getattr(snapshot, outcome))
    yield ended
    queued = GaugeMetricFamily("ollama_panel_queued", "Requests that wait.", labels=["pool"])
    slots = GaugeMetricFamily("ollama_panel_slots", "Requests that may run at once.", labels=["pool"])
    for pool in snapshot.pools:
        queued.add_metric([pool.name], pool.queued)
        slots.add_metric([pool.name], pool.slots)
    cut = CounterMetricFamily("ollama_panel_prompts_cut", "Prompts longer than the context.", labels=["model"])
    for model, times in snapshot.cut.items():
        cut.add_metric([model], times)
    yield from (queued, slots, cut)
    yield from _slos(snapshot)


def _slos(snapshot: Snapshot) -> Iterator[Metric]:
    """Yield how each SLO is kept, and what limits the requests at once."""
    text = "Share of the last requests that met the SLO of the pool."
    kept = GaugeMetricFamily("ollama_panel_slo_kept_ratio", text, labels=["pool"])
    text = "Requests that met the SLO of their pool, or missed it."
    counted = CounterMetricFamily("ollama_panel_slo_requests", text, labels=["pool", "outcome"])
    for pool in snapshot.pools:
        if pool.slo is None:
            continue
        if pool.slo.kept is not None:
            kept.add_metric([pool.name], pool.slo.kept)
        for outcome in ("met", "missed"):
            counted.add_metric([pool.name, outcome], getattr(pool.slo, outcome))
    text = "Requests of a loaded model that run at once at most, with the reason."
    limit = GaugeMetricFamily("ollama_panel_limit", text, labels=["instance", "model", "reason"])
    for one in snapshot.instances:
        for found in one.limits:
            limit.add_metric([one.id, found.model, found.reason.value], found.limit)
    yield from (kept, counted, limit)


def _connections(connections: Connections) -> Iterator[Metric]:
    yield GaugeMetricFamily("ollama_panel_connections", "Client connections that are open.", value=connections.open)
    if connections.most is not None:
        text = "Client connections that may be open; the kernel holds those beyond."
        yield GaugeMetricFamily("ollama_panel_connections_limit", text, value=connections.most)
    text = "Times that accepting paused, at the limit or after an error of the system."
    yield CounterMetricFamily("ollama_panel_accept_pauses", text, value=connections.pauses)


def _bypassing(snapshot: Snapshot) -> Iterator[Metric]:
    """Yield how many connections go past the panel, nothing while that is unknown."""
    if snapshot.bypassing is not None:
        text = "Connections to Ollama past the panel, at the last look."
        number = sum(one.connections for one in snapshot.bypassing)
        yield GaugeMetricFamily("ollama_panel_bypassing_connections", text, value=number)


def _instances(snapshot: Snapshot) -> Iterator[Metric]:
    labels = ["instance", "pool"]
    up = GaugeMetricFamily("ollama_panel_instance_up", "Whether the instance answers.", labels=labels)
    busy = GaugeMetricFamily("ollama_panel_in_flight", "Requests that run.", labels=labels)
    restarts = CounterMetricFamily("ollama_panel_restarts", "Starts that nobody asked for.", labels=labels)
    for one in snapshot.instances:
        up.add_metric([one.id, one.pool], one.phase is Phase.READY)
        busy.add_metric([one.id, one.pool], one.in_flight)
        restarts.add_metric([one.id, one.pool], one.restarts)
    yield from (up, busy, restarts)


def _given(record: YieldRecord) -> Iterator[Metric]:
    text = "Whether the GPU is given to other programs, and why."
    given = GaugeMetricFamily("ollama_panel_gpu_given", text, labels=["cause"])
    for cause in YieldCause:
        given.add_metric([cause.value], record.cause is cause)
    yield given


def _machine(snapshot: Snapshot) -> Iterator[Metric]:
    sample = snapshot.sample
    if sample is None:
        return
    budget = sample.budget
    values = {
        "tokens_per_second": ("Tokens streamed to clients, over the last seconds.", sample.tokens_per_s),
        "first_token_p95_seconds": ("Time to the first token, over the last minute.", sample.first_token_p95_s),
        "memory_used_bytes": ("Memory in use where models live.", sample.memory_used),
        "memory_total_bytes": ("Memory where models live.", sample.memory_total),
        "memory_budget_bytes": ("Memory that models may use.", budget.total if budget else None),
        "memory_others_bytes": ("Of that, in use by other programs.", budget.others if budget else None),
    }
    for name, (text, value) in values.items():
        if value is not None:
            yield GaugeMetricFamily(f"ollama_panel_{name}", text, value=value)
