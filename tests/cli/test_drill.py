"""`drill` against a stand-in for the panel."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.drill import DrillAnswer, DrillFault, DrillRecord, DrillRequest, DrillState, DrillStep
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import notice
from tests.cli.conftest import Outcome
from tests.cli.stand_in import StandIn, standing_in

Panel = Callable[..., Outcome]
PATH = "/panel/v1/drill"
CHAT = InstanceId("chat-2")
KILL = DrillStep(DrillFault.KILL, 10.0, 0.12, 3.4, 20, 0, 1, passed=True)
HANG = DrillStep(DrillFault.HANG, 20.0, 9.0, None, 20, 2, 0, passed=False)
RUNNER = DrillStep(DrillFault.RUNNER_HANG, 30.0, told=notice("drill.no_runner"))
SLOW = DrillStep(DrillFault.SLOW, 40.0, sent=9, passed=True)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    monkeypatch.setattr("ollama_panel.cli.drill._LOOK_S", 0.0)
    with standing_in(tmp_path) as stand_in:
        stand_in.on(f"POST {PATH}", builtin(DrillRecord(DrillState.RUNNING, CHAT)), 202)
        yield stand_in


def builtin(record: DrillRecord | DrillAnswer) -> object:
    return msgspec.to_builtins(record)


def ends(server: StandIn, *steps: DrillStep, state: DrillState = DrillState.DONE, score: int | None = 90) -> None:
    record = DrillRecord(state, CHAT, 1.0, steps, score)
    server.on(f"GET {PATH}", builtin(DrillAnswer(record)))


def test_what_came_of_each_fault_is_a_table(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    ends(server, KILL, HANG, RUNNER, SLOW)
    outcome = panel("drill", "--state-dir", tmp_path)
    assert outcome.out.splitlines() == [
        "fault           noticed  again  sent  lost  broken",
        "server killed   0.1 s    3.4 s  20    0     1       passed",
        "server hangs    9.0 s    —      20    2     0       failed",
        "runner hangs    —        —      0     0     0       not done",
        "slow, not dead  —        —      9     0     0       passed",
        "runner hangs: This server has no process of its own for the model, so that nothing of that kind can hang.",
        "Score: 90 of 100",
    ]
    assert outcome.status == 1, "one fault is failed"
    assert outcome.err.splitlines()[:3] == [
        "At chat-2, with requests of its own. Ctrl-C ends it.",
        "server killed: begun",
        "server killed: noticed after 0.1 s",
    ]


def test_the_faults_and_the_model_are_asked_for(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    ends(server, KILL, score=100)
    outcome = panel("drill", "--fault", "kill", "--fault", "slow", "--model", "tiny", "--json", "--state-dir", tmp_path)
    asked = next(one for one in server.asked if one.method == "POST")
    wanted = DrillRequest((DrillFault.KILL, DrillFault.SLOW), "tiny")
    assert msgspec.convert(asked.body, DrillRequest) == wanted
    assert (outcome.status, msgspec.json.decode(outcome.out, type=DrillRecord).score) == (0, 100)


def test_ctrl_c_ends_it(panel: Panel, server: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    server.on(f"GET {PATH}", builtin(DrillAnswer(DrillRecord(DrillState.RUNNING, CHAT, 1.0, (KILL,)))))
    server.on(f"DELETE {PATH}", builtin(DrillRecord(DrillState.CANCELLED, CHAT, 1.0, (KILL,))))
    monkeypatch.setattr("ollama_panel.cli.drill.time.sleep", interrupted)
    outcome = panel("drill", "--state-dir", tmp_path)
    assert (outcome.status, outcome.out.splitlines()[-1]) == (1, "Cancelled: the instance is as before.")


def test_why_none_is_possible_is_the_sentence_of_the_panel(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    server.on(f"POST {PATH}", {"error": "A drill is under way.", "code": "drill.running"}, 409)
    assert panel("drill", "--state-dir", tmp_path) == (1, "", "A drill is under way.\n")


def test_without_a_panel_it_says_so(panel: Panel, tmp_path: Path) -> None:
    outcome = panel("drill", "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert "No panel runs" in outcome.err
