"""Measures a task: the requests of its workload are sent to the workers, while the machine is watched."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import Notice, joined, notice
from ollama_panel.core.ollama.memory import RunnerConfig, effective_context
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.tuning.conditions import Reading, observed
from ollama_panel.core.tuning.prompts import Calibration, Writer
from ollama_panel.core.tuning.task import TuningTask, WorkloadKind
from ollama_panel.core.tuning.trial import Candidate, Measurement
from ollama_panel.core.tuning.wave import Wave, measurement, pooled
from ollama_panel.core.tuning.workload import Workload, cautions, fitted, own, preset
from ollama_panel.engine.gather import gather, outcome
from ollama_panel.engine.history.reader import reading
from ollama_panel.engine.tuning.conditions import Conditions
from ollama_panel.engine.tuning.load import MOST_S, calibrated, load_model, measure, new_session

OWN_S = 7 * 86_400.0
"""The user's requests of so many seconds are those whose lengths count."""

Lengths = tuple[int | None, int | None]


class LoadBench:
    """Measures one model with one workload; `told` is what people should know of its requests. A `Bench`."""

    def __init__(
        self,
        model: ModelName,
        workload: Workload,
        conditions: Conditions,
        told: Sequence[Notice] = (),
        most_s: float = MOST_S,
    ) -> None:
        self._model = model
        self._workload = workload
        self._conditions = conditions
        self._told = tuple(told)
        self._most_s = most_s
        self._calibration: Calibration | None = None
        self._name = secrets.token_hex(4)
        self._waves = 0

    async def load(self, urls: Sequence[str], candidate: Candidate) -> None:
        """Let every worker load the model as the candidate wants it. Raises PanelError if one does not."""
        writer = self._writer(candidate)
        async with new_session() as session:
            await gather(load_model(session, url, writer) for url in urls)
            if self._calibration is None:
                self._calibration = await calibrated(session, urls[0], writer)

    async def wave(
        self, urls: Sequence[str], candidate: Candidate, *, longer: bool, on_progress: Callable[[Wave], None]
    ) -> Wave:
        """Let `candidate.parallel` clients send to each worker until it is known what that gives.

        Raises PanelError if a request fails.
        """
        self._waves += 1
        return await self._watched(self._measured(urls, candidate, longer, on_progress))

    def measurement(self, waves: Sequence[Wave]) -> Measurement:
        """Return what the waves of one candidate have measured together, with what has disturbed them."""
        found, sent = measurement(pooled(waves)), self._workload
        return msgspec.structs.replace(
            found,
            cautions=(*self._told, *found.cautions),
            prompt_tokens=sent.prompt_mean,
            answer_tokens=sent.answer_mean,
        )

    def conditions(self) -> tuple[Notice, ...]:
        """Return what would disturb a measurement now."""
        return (*self._conditions.now(), *self._told)

    async def _measured(
        self, urls: Sequence[str], candidate: Candidate, longer: bool, on_progress: Callable[[Wave], None]
    ) -> Wave:
        writer, clients = self._writer(candidate), candidate.parallel
        async with new_session() as session:
            return await measure(
                session, urls, writer, clients, longer=longer, most_s=self._most_s, on_progress=on_progress
            )

    async def _watched(self, work: Coroutine[Any, Any, Wave]) -> Wave:
        """Return what comes of it, with what the machine did meanwhile. Raises PanelError if it fails."""
        readings = list[Reading]()
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(self._conditions.watch(readings))
            wave = await outcome(work)
            watching.cancel()
        if isinstance(wave, Exception):
            raise wave
        return msgspec.structs.replace(wave, observed=observed(readings))

    def _writer(self, candidate: Candidate) -> Writer:
        """Return what writes the requests of the next wave; `num_batch` is put on them as on those of the user."""
        options = {"num_batch": candidate.batch} if candidate.batch else {}
        unique = f"{self._name} {self._waves}"
        return Writer(self._model, self._workload, unique, self._calibration or Calibration(), options)


async def load_bench(
    task: TuningTask,
    pool: PoolSettings,
    facts: ModelFacts,
    *,
    history: Path,
    now: float,
    conditions: Conditions,
    most_s: float = MOST_S,
) -> LoadBench:
    """Return what measures a task at workers of a pool; `history` is the file of the history, `now` is Unix time.

    Each wave takes `most_s` seconds at most after its first requests. Without enough requests of the user those of a
    preset are sent, and that is told. Raises PanelError if not even short requests fit the context of a slot.
    """
    workload, told = await _wanted(task, history, now)
    context = effective_context(facts, RunnerConfig.of(pool).context_length)
    workload = fitted(workload, context)
    return LoadBench(facts.name, workload, conditions, (*told, *cautions(workload, context)), most_s)


async def _wanted(task: TuningTask, history: Path, now: float) -> tuple[Workload, tuple[Notice, ...]]:
    if task.workload is not WorkloadKind.OWN:
        return preset(task.workload), ()
    try:
        return own(await asyncio.to_thread(own_lengths, history, task.model, now)), ()
    except PanelError as error:
        return preset(WorkloadKind.CHAT), (joined(error.notice, notice("workload.chats_instead")),)


def own_requests(history: Path, model: ModelName, now: float) -> int:
    """Return how many requests of the user `WorkloadKind.OWN` would be made from.

    Raises PanelError if the file of the history cannot be read. Blocks: use a thread.
    """
    with reading(history) as reader:
        return reader.counted(model, now - OWN_S, now)


def own_lengths(history: Path, model: ModelName, now: float) -> list[Lengths]:
    """Return the tokens of prompt and answer of the user's requests of a week, from the file of the history.

    Raises PanelError if it cannot be read. Blocks: use a thread.
    """
    with reading(history) as reader:
        return [
            (one.prompt_tokens, one.output_tokens)
            for one in reader.ended(now - OWN_S, now)
            if one.model == model and one.state is RequestState.DONE
        ]
