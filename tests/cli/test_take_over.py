"""`take-over` against a stand-in for the panel."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.takeover import (
    StepBy,
    StepKind,
    StepState,
    Takeover,
    TakeoverAnswer,
    TakeoverStage,
    TakeoverStep,
)
from tests.cli.conftest import Outcome
from tests.cli.stand_in import StandIn, standing_in

Panel = Callable[..., Outcome]
ADDRESS = "127.0.0.1:11434"
RELOAD = TakeoverStep(
    StepKind.RELOAD,
    StepBy.ROOT,
    notice("takeover.reload"),
    notice("takeover.seen_panel", address=ADDRESS),
    ("sudo systemctl daemon-reload",),
)
PLAN = Takeover(TakeoverStage.PLANNED, ADDRESS, steps=(RELOAD,))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as server:
        yield server


def answering(server: StandIn, path: str, answer: TakeoverAnswer) -> None:
    server.on(f"POST /panel/v1/{path}", msgspec.to_builtins(answer))


def test_a_dry_run_says_each_step_with_its_commands_and_its_proof(
    panel: Panel, server: StandIn, tmp_path: Path
) -> None:
    answering(server, "take-over", TakeoverAnswer(PLAN, (notice("takeover.breaks"),)))
    shown = panel("take-over", "--dry-run", "--state-dir", tmp_path)
    assert (shown.status, shown.out.splitlines()) == (
        0,
        [
            "Answers that Ollama is writing when it moves break off.",
            "",
            "1. Let systemd read that.",
            "   sudo systemctl daemon-reload",
            "   Proof: The panel itself answers at 127.0.0.1:11434.",
            "",
            "Nothing was done: without --dry-run it is.",
        ],
    )


def test_what_is_to_be_typed_comes_last(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    waiting = msgspec.structs.replace(RELOAD, state=StepState.WAITING)
    done = msgspec.structs.replace(RELOAD, state=StepState.DONE)
    moving = Takeover(TakeoverStage.MOVING, ADDRESS, steps=(done, waiting))
    told = (notice("takeover.waits", address=ADDRESS),)
    answering(server, "take-over", TakeoverAnswer(moving, told, moving.todo))
    shown = panel("take-over", "812", "--state-dir", tmp_path)
    assert shown.out.splitlines()[2:] == [
        "[x] Let systemd read that.",
        "[ ] Let systemd read that.",
        "",
        "Type:",
        "  sudo systemctl daemon-reload",
    ]


def test_undoing_tells_what_is_as_before(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    answering(server, "take-over/undo", TakeoverAnswer(None, (notice("takeover.undone", address=ADDRESS),)))
    shown = panel("take-over", "--undo", "--state-dir", tmp_path)
    assert shown.out == "All is as before: the panel does not listen at 127.0.0.1:11434 any more.\n"


def test_programs_get_all_of_it(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    answering(server, "take-over", TakeoverAnswer(PLAN))
    shown = panel("take-over", "--dry-run", "--json", "--state-dir", tmp_path)
    assert '"stage": "planned"' in shown.out


def test_undoing_takes_no_server(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    shown = panel("take-over", "812", "--undo", "--state-dir", tmp_path)
    assert shown.status == 2
    assert "--undo takes no SERVER" in shown.err
