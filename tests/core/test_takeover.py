"""The records of a take-over."""

import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.takeover import StepBy, StepKind, StepState, Takeover, TakeoverStage, TakeoverStep, of_takeover

ADDRESS = "127.0.0.1:11434"
TOLD = notice("replacing.open")


def step(state: StepState, *commands: str) -> TakeoverStep:
    problem = notice("replacing.command_failed", command="c") if state is StepState.FAILED else None
    return TakeoverStep(StepKind.RELOAD, StepBy.ROOT, TOLD, TOLD, commands, state=state, problem=problem)


def test_the_user_is_to_type_the_commands_of_the_steps_that_wait_in_turn() -> None:
    steps = (step(StepState.DONE, "a"), step(StepState.WAITING, "b", "c"), step(StepState.WAITING, "d"))
    one = Takeover(TakeoverStage.MOVING, "127.0.0.1:11434", steps=steps)
    assert one.todo == ("b", "c", "d")


def test_the_problem_is_that_of_the_step_that_has_failed() -> None:
    steps = (step(StepState.DONE), step(StepState.FAILED), step(StepState.OPEN))
    one = Takeover(TakeoverStage.MOVING, "127.0.0.1:11434", steps=steps)
    assert one.problem is not None
    assert one.problem.code == "replacing.command_failed"
    assert Takeover(TakeoverStage.TAKEN, "127.0.0.1:11434").problem is None


def at(stage: TakeoverStage, *states: StepState, interrupted: bool = False) -> Takeover:
    steps = tuple(step(state, "a") for state in (*states, *[StepState.OPEN] * (4 - len(states))))
    return Takeover(stage, ADDRESS, "127.0.0.1:11436", steps=steps, interrupted=interrupted)


@pytest.mark.parametrize(
    ("takeover", "words"),
    [
        (at(TakeoverStage.MOVING, StepState.DONE), "The panel takes over {}: 1 of 4 steps are done."),
        (at(TakeoverStage.RETURNING), "The panel gives {} back: 0 of 4 steps are done."),
        (
            at(TakeoverStage.MOVING, StepState.WAITING),
            "To take over {}, the panel waits for commands that you type; then it goes on by itself.",
        ),
        (
            at(TakeoverStage.RETURNING, StepState.WAITING),
            "To give {} back, the panel waits for commands that you type; then it goes on by itself.",
        ),
        (
            at(TakeoverStage.MOVING, StepState.DONE, StepState.DONE, interrupted=True),
            "The panel ended while it took over {}: 2 of 4 steps are done. Finish it, or go back.",
        ),
        (
            at(TakeoverStage.RETURNING, interrupted=True),
            "The panel ended while it gave {} back: 0 of 4 steps are done. Finish that, or take over again.",
        ),
        (
            at(TakeoverStage.MOVING, StepState.FAILED),
            "Taking over {} stopped half-way: `c` has failed; the server stays in place. Try again, or go back.",
        ),
        (
            at(TakeoverStage.RETURNING, StepState.FAILED),
            "Giving {} back stopped half-way: `c` has failed; the server stays in place. Try again.",
        ),
        (at(TakeoverStage.TAKEN), "The panel listens at {}; Ollama runs at 127.0.0.1:11436."),
        (Takeover(TakeoverStage.TAKEN, ADDRESS), "Clients that call {} reach the panel."),
    ],
)
def test_how_far_it_is_is_one_sentence(takeover: Takeover, words: str) -> None:
    assert render(of_takeover(takeover)) == words.format(ADDRESS)
