"""A whole tuning: the planner, the workers, the load and the simulated servers, in virtual time."""

from pathlib import Path

import msgspec

from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.record import ENDED, TuningState
from ollama_panel.core.tuning.task import TuningTask, WorkloadKind
from ollama_panel.core.tuning.workload import Planned, Workload
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.tuning.conditions import Conditions
from ollama_panel.engine.tuning.load_bench import LoadBench
from tests.engine.tuning.world import TASK, is_as_before
from tests.fakes.live_engine import chat_pool, live, settings
from tests.fakes.virtual import leaping


async def short_answers(task: TuningTask, pool: PoolSettings, facts: ModelFacts) -> LoadBench:
    """Return what sends requests of a few tokens, for some seconds, on a machine of which nothing is known."""

    async def read() -> None:
        """Read no sensor."""

    conditions = Conditions(lambda: Snapshot(0.0, Settings()), read)
    return LoadBench(facts.name, Workload(WorkloadKind.CHAT, (Planned(40, 8),)), conditions, most_s=3.0)


async def test_a_simulated_card_is_measured_at_a_worker_with_room_for_all_steps(tmp_path: Path) -> None:
    overrides = Overrides(port=0, demo=True, demo_bytes=24 * GIB)
    async with live(tmp_path, settings(pools=chat_pool()), overrides) as panel:
        await panel.ready()
        await panel.until(lambda snapshot: any(model.name == TASK.model for model in snapshot.models))
        assert panel.composition is not None
        panel.composition.tuning.make_bench = short_answers
        with leaping():
            preview = await panel.engine.control.tuning_preview(TASK)
            await panel.engine.control.tune(msgspec.structs.replace(TASK, most_trials=2))
            snapshot = await panel.until(lambda one: one.tuning and one.tuning.state in ENDED)
        done = snapshot.tuning
        assert done is not None
        assert done.state is TuningState.DONE
        one, two = (outcome.measurement for outcome in done.outcomes)
        assert one is not None
        assert two is not None
        assert [outcome.trial.load_parallel for outcome in done.outcomes] == [preview.slots_that_fit] * 2
        assert min(one.requests, two.requests) >= 5
        assert one.memory_bytes == two.memory_bytes
        assert one.first_token_p50_s is not None
        await panel.until(is_as_before)
