"""The progress of a tuning, on a terminal and in a file."""

from typing import Any

import msgspec

from ollama_panel.cli import tuning_text
from ollama_panel.cli.tuning_progress import OnTerminal, Plain
from ollama_panel.core.notices import notice
from ollama_panel.core.tuning.record import Happening, TuningRecord, TuningState
from ollama_panel.core.tuning.task import Goal
from ollama_panel.core.tuning.trial import Candidate, Outcome
from tests.core.tuning.records import DONE, RUNNING, measured, outcome, trial

BEGUN = msgspec.structs.replace(
    RUNNING, state=TuningState.PREPARING, outcomes=(), current=trial(1), partial=None, outlook=(), left_s=None
)
MEASURING = msgspec.structs.replace(BEGUN, state=TuningState.MEASURING, wave=2)
WHY = notice("tuning_report.not_measured")


def with_(record: TuningRecord, **changes: Any) -> TuningRecord:
    return msgspec.structs.replace(record, **changes)


def new_in(record: TuningRecord, before: TuningRecord = MEASURING) -> list[str]:
    """Return the lines for a record after another one."""
    progress = Plain()
    progress.text(before)
    return progress.text(record).splitlines()


def test_a_terminal_has_each_event_once_and_how_far_it_is_below_them() -> None:
    progress = OnTerminal(columns=80)
    so_far = with_(MEASURING, partial=Outcome(trial(1), measured(117.0, None, 8.0)))
    told = [progress.text(one) for one in (BEGUN, MEASURING, so_far, with_(MEASURING, outcomes=(outcome(1),)), DONE)]
    assert told[:4] == [
        "Trial 1: 1 slot. 8 slots\nTrial 1: prepares",
        "\r\x1b[KTrial 1: 1 slot, wave 2",
        "\r\x1b[KTrial 1: 1 slot, wave 2, 117 tokens/s so far",
        "\r\x1b[K1. 1 slot: 118 tokens/s ± 1.7 %, 8.5 ms per token (p95 9.8 ms), first token p95 900 ms\n"
        "Trial 2: 1 slot, wave 2",
    ]
    assert (told[4][:6], told[4][-1], progress.end()) == ("\r\x1b[K2.", "\n", "")


def test_no_line_that_is_written_anew_is_wider_than_the_terminal() -> None:
    progress = OnTerminal(columns=12)
    assert progress.text(MEASURING).splitlines()[-1] == "Trial 1: 1 "
    assert progress.end() == "\n"


def test_a_file_gets_no_control_characters_and_nothing_twice() -> None:
    progress = Plain()
    told = "".join(progress.text(one) for one in (BEGUN, MEASURING, MEASURING, RUNNING, RUNNING, DONE))
    assert all(line.isprintable() for line in told.splitlines())
    assert len(set(told.splitlines())) == len(told.splitlines())
    assert progress.end() == ""


def test_what_happens_is_told_once_though_it_is_the_reason_too() -> None:
    happened = with_(MEASURING, state=TuningState.WAITING, reason=WHY, happenings=(Happening(1.0, WHY),))
    assert new_in(happened) == ["not measured"]
    assert new_in(with_(happened, happenings=())) == ["not measured"]
    assert new_in(with_(MEASURING, conditions=(WHY,))) == ["not measured"]
    assert new_in(with_(MEASURING, conditions=(WHY,)), with_(MEASURING, conditions=(WHY,))) == []


def test_a_condition_whose_figures_change_is_told_once() -> None:
    busy, busier = (with_(MEASURING, conditions=(notice("conditions.cpu", percent=it),)) for it in (97, 98))
    assert new_in(busy) == ["Other programs take 97 % of the CPU."]
    assert new_in(busier, busy) == []


def test_a_trial_that_failed_says_why_and_one_in_turns_says_both() -> None:
    failed = Outcome(trial(32), problem=WHY)
    assert new_in(with_(MEASURING, outcomes=(failed,))) == ["1. 32 slots: not measured"]
    batch = trial(8, candidate=Candidate(1, 8, 1024), against=Candidate(1, 8))
    turns = Outcome(batch, measured(426.0, None, 19.0), against=measured(421.0, 6.0, 19.0))
    assert new_in(with_(MEASURING, outcomes=(turns,))) == [
        "1. 8 slots, batch size 1,024: 426 tokens/s, 19 ms per token (p95 22 ms), first token p95 900 ms; "
        "8 slots in turns with it: 421 tokens/s ± 1.4 %"
    ]


def test_embeddings_have_their_rate_and_no_time_per_token() -> None:
    embedded = Outcome(trial(1), measured(900.0, None, 1.0, token_p50_s=None, token_p95_s=None))
    task = msgspec.structs.replace(MEASURING.task, goal=Goal.EMBEDDING)
    (told,) = new_in(with_(MEASURING, task=task, outcomes=(embedded,)))
    assert told == "1. 1 slot: 45 embeddings/s, first token p95 900 ms"
    head, row = list(tuning_text.table_of((embedded,), Candidate(), None, task.goal))
    assert (head.split()[:2], row.split()[:3]) == (["SETTINGS", "EMBEDDINGS/S"], ["1", "slot", "45"])
