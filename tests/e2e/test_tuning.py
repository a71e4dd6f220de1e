"""Tunings over HTTP of simulated machines, in a time that leaps: what they measure depends on no real machine."""

from pathlib import Path

import pytest

from ollama_panel.core.tuning.record import TuningState
from ollama_panel.core.tuning.verdict import VerdictKind
from ollama_panel.engine import configfile
from tests.fakes.live_engine import answers
from tests.fakes.tuned_machine import ANSWER_TOKENS, TunedMachine, chat, running, service_time, tuned_machine, tuning
from tests.fakes.waiting import polled

pytestmark = pytest.mark.timeout(600)

MACHINES = {"rtx-4090": (32_768, 4), "m4-max": (32_768, 8)}
"""By machine: the context of a slot, and the number of slots that gives the most. On the first all that fit; on the
second fewer: 9 take the kernels of Metal that cost as much as for 32."""


def parallel(machine: TunedMachine) -> int:
    """Return the slots that the settings file says."""
    return configfile.read(machine.panel.paths.settings).settings.pools[0].parallel


@pytest.mark.parametrize("profile", MACHINES)
async def test_the_knee_of_a_machine_is_found_applied_and_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, profile: str
) -> None:
    context, knee = MACHINES[profile]
    async with tuned_machine(tmp_path, monkeypatch, profile, context) as machine:
        begun = await machine.tune(goal="throughput")
        assert begun.slots_that_fit is not None
        gives = {
            slots: service_time(profile).throughput(slots, ANSWER_TOKENS)
            for slots in range(1, 1 + begun.slots_that_fit)
        }
        assert max(gives, key=lambda slots: gives[slots]) == knee
        record = await machine.ended()
        assert record.verdict is not None, record.reason
        assert (record.state, record.verdict.kind) == (TuningState.DONE, VerdictKind.BETTER)
        assert gives[record.verdict.best.parallel] >= 0.97 * gives[knee]
        assert parallel(machine) == 1
        applied = await machine.api(f"POST /tunings/{record.id}/apply?wait=true")
        assert applied.status_code == 200, applied.text
        assert parallel(machine) == record.verdict.best.parallel
        assert (await machine.api("POST /settings/undo")).status_code == 200
        await machine.panel.until(lambda one: all(answers(it) and it.parallel == 1 for it in one.instances))


async def test_a_chat_in_the_middle_is_answered_at_once_and_the_wave_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tuned_machine(tmp_path, monkeypatch, "rtx-4090", 32_768) as machine:
        await chat(machine)  # loads the model
        unloaded = await chat(machine)
        await machine.tune(goal="throughput", most_trials=4)
        for trial in (1, 2, 3):
            await machine.trials(trial)
            await polled(lambda: running(machine), "requests of the trial to run")
            answer = await chat(machine)
            assert (answer.status, answer.tokens, answer.beside) == (200, ANSWER_TOKENS, 0)
            assert answer.first_token_s <= 1.5 * unloaded.first_token_s
            waiting = await machine.panel.until(lambda one: tuning(one).state is TuningState.WAITING)
            assert tuning(waiting).interruptions == trial
        record = await machine.ended()
        assert (record.state, [one.repeated for one in record.outcomes]) == (TuningState.DONE, [1, 1, 1, 0])
        assert all(one.measurement is not None for one in record.outcomes)
        assert parallel(machine) == 1
        await machine.panel.until(lambda one: all(answers(it) and it.parallel == 1 for it in one.instances))
