"""Puts the tuner together: what it needs of the other parts of the engine."""

import asyncio
from collections.abc import Callable

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.history.questions import HOUR_S, RequestsQuestion
from ollama_panel.core.history.records import MOST_ROWS, FinishedRequests
from ollama_panel.core.ids import ModelName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.quiet import quiet_hour
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.engine import clock
from ollama_panel.engine.context import Context
from ollama_panel.engine.history.recorder import HistoryRecorder
from ollama_panel.engine.instances.catalog import Catalog
from ollama_panel.engine.store import Store
from ollama_panel.engine.telemetry import TelemetryReader
from ollama_panel.engine.tuning.bench import Bench
from ollama_panel.engine.tuning.conditions import Conditions
from ollama_panel.engine.tuning.journal import Journal
from ollama_panel.engine.tuning.load_bench import load_bench, own_requests
from ollama_panel.engine.tuning.session import Tuning
from ollama_panel.engine.tuning.surroundings import Surroundings
from ollama_panel.engine.tuning.traffic import Traffic
from ollama_panel.engine.tuning.workers import TrialWorkers

_DAYS = 7
"""So many days of the history say when there are few requests."""


def new_tuning(
    context: Context,
    store: Store,
    workers: TrialWorkers,
    traffic: Traffic,
    catalog: Catalog,
    history: HistoryRecorder,
    telemetry: TelemetryReader,
    snapshot: Callable[[], Snapshot],
) -> Tuning:
    """Return the tuner of a running engine."""
    conditions = Conditions(snapshot, telemetry.read)

    async def quietest() -> int:
        question = RequestsQuestion(since=-24 * HOUR_S * _DAYS, limit=MOST_ROWS)
        try:
            ended = msgspec.json.decode(await history.answer(question), type=FinishedRequests).requests
        except PanelError:  # there is no history
            ended = ()
        return quiet_hour(clock.local(one.at).hour for one in ended)

    async def make_bench(task: TuningTask, pool: PoolSettings, facts: ModelFacts) -> Bench:
        path, now = context.paths.history, clock.wall()
        return await load_bench(task, pool, facts, history=path, now=now, conditions=conditions)

    async def own(model: ModelName) -> int | None:
        try:
            return await asyncio.to_thread(own_requests, context.paths.history, model, clock.wall())
        except PanelError:  # there is no history
            return None

    async def model_gone(task: TuningTask) -> Notice | None:
        up = [one for one in store.instances() if one.pool == task.pool and one.managed and one.phase is Phase.READY]
        if up and catalog.facts(task.model) is not None:
            await catalog.refresh(catalog.store_id(up[0].id, managed=True), up[0].url)
        gone = up and catalog.facts(task.model) is None
        return notice("tuning.model_gone", model=task.model) if gone else None

    around = Surroundings(
        workers=workers,
        traffic=traffic,
        journal=Journal(context.paths.tunings, lambda problems: store.set_problems("tunings", problems)),
        show=lambda record: tuning.show(record),
        gpu=lambda: context.gpu,
        now=context.system.seconds,
        wall=clock.wall,
        quiet_hour=quietest,
    )
    tuning = Tuning(
        store,
        around,
        snapshot=snapshot,
        program=lambda: tuple(context.installation.command),
        model_gone=model_gone,
        make_bench=make_bench,
        own_requests=own,
        changed=context.changed,
    )
    return tuning
