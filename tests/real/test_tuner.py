"""The tuner on a real Ollama: its curve and its choice against a closed loop that shares no code with it."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ollama_panel.core.tuning.record import TuningRecord, TuningState
from ollama_panel.core.tuning.trial import Outcome, TrialKind
from ollama_panel.core.tuning.workload import fitted, preset
from tests.fakes import tiny_gguf
from tests.fakes.closed_loop import ClosedLoop, Length
from tests.fakes.ollama_process import serving
from tests.fakes.panel_process import PanelProcess
from tests.real.conftest import create

pytestmark = pytest.mark.timeout(1800)

MODEL = "tiny-wide:latest"
WIDE = tiny_gguf.Shape(layers=8, width=512, feed_forward=1376, context=4096)
"""Large enough that the time of an answer is that of the model, and not that of the programs around it."""
CONTEXT = 2048
MINUTES = 8.0
CYCLES = 3
"""How often all requests of the workload come in the loop by hand: fewer would be a sample of other lengths."""
AGREES = 0.10
NEARLY_BEST = 0.97


class Measured(msgspec.Struct):
    """The tuning, and the tokens per second of the independent loop by the slots of each step."""

    record: TuningRecord
    by_hand: Mapping[int, float]

    def rungs(self) -> Mapping[int, Outcome]:
        """Return the steps of the climb by their slots."""
        kinds = (TrialKind.RUNG, TrialKind.NEIGHBOUR)
        steps = [one for one in self.record.outcomes if one.trial.kind in kinds and one.measurement is not None]
        return {one.trial.candidate.parallel: one for one in steps if one.trial.candidate.batch == 0}


@pytest.fixture(scope="module")
def measured(ollama: Path, store: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """A tuning for the most tokens per second, and the same steps by hand."""
    folder = tmp_path_factory.mktemp("tuner")
    modelfile = tiny_gguf.write_chat_model(folder, WIDE, num_ctx=None)
    with serving(ollama, store) as address:
        create(ollama, MODEL, modelfile, store | {"OLLAMA_HOST": address})
    return asyncio.run(_measured(ollama, store, folder))


async def _measured(ollama: Path, store: dict[str, str], folder: Path) -> Measured:
    settings: dict[str, Any] = {
        "ollama": {"adopt": False, "models_dir": store["OLLAMA_MODELS"]},
        "pools": [{"name": "chat", "role": "chat", "workers": 1, "parallel": 2, "context_length": CONTEXT}],
    }
    result = folder / "tuning.json"
    arguments = ("--model", MODEL, "--goal", "throughput", "--minutes", f"{MINUTES:g}", "--json", str(result))
    async with PanelProcess(folder / "state", settings, ("--ollama", str(ollama)), {"HOME": store["HOME"]}) as panel:
        await panel.ready()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ollama_panel", "tune", "start", *arguments),
            *("--state-dir", str(panel.state_dir)),
            stdout=asyncio.subprocess.DEVNULL,
        )
        await process.wait()
    record = msgspec.json.decode(result.read_bytes(), type=TuningRecord)
    found = Measured(record, {})
    workload = fitted(preset(record.task.workload), CONTEXT)
    lengths = [Length(one.prompt, one.answer) for one in workload.requests]
    loaded = max(one.trial.load_parallel for one in found.rungs().values())
    environment = store | {"OLLAMA_NUM_PARALLEL": str(loaded), "OLLAMA_CONTEXT_LENGTH": str(CONTEXT)}
    by_hand = dict[int, float]()
    with serving(ollama, environment) as address:
        async with ClosedLoop(f"http://{address}", MODEL, lengths) as loop:
            for slots in found.rungs():
                by_hand[slots] = await loop.tokens_per_s(slots, CYCLES * len(lengths))
    return Measured(record, by_hand)


def _rate(outcome: Outcome) -> float:
    assert outcome.measurement is not None
    return outcome.measurement.tokens_per_s.mean


def test_a_tuning_ends_with_a_verdict_and_some_steps(measured: Measured) -> None:
    assert measured.record.state is TuningState.DONE
    assert measured.record.verdict is not None
    assert len(measured.rungs()) >= 4


def test_the_curve_agrees_with_an_independent_closed_loop_at_every_step(
    measured: Measured, capsys: pytest.CaptureFixture[str]
) -> None:
    off = {slots: round(measured.by_hand[slots] / _rate(one) - 1, 3) for slots, one in measured.rungs().items()}
    lines = [
        f"{slots:3} slots: by hand {measured.by_hand[slots]:.1f} tokens/s, {one:+.1%}" for slots, one in off.items()
    ]
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *lines, ""]))
    assert all(abs(one) <= AGREES for one in off.values()), off


def test_the_choice_is_nearly_the_best_step_by_hand_or_within_its_interval(measured: Measured) -> None:
    verdict = measured.record.verdict
    assert verdict is not None
    assert verdict.after is not None
    best, chosen = max(measured.by_hand.values()), measured.by_hand.get(verdict.best.parallel, 0.0)
    interval = verdict.after.tokens_per_s.half_width or 0.0
    assert chosen >= NEARLY_BEST * best or abs(best - verdict.after.tokens_per_s.mean) <= interval
