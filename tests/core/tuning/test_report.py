"""What is copied of a tuning: a text for people, and a table for programs."""

import csv

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.tuning.record import TuningState
from ollama_panel.core.tuning.report import CSV_COLUMNS, as_csv, as_text, settings_of, tried
from ollama_panel.core.tuning.trial import Candidate, Outcome, Trial, TrialKind
from tests.core.tuning.records import DONE, measured, trial

FAILED = Outcome(trial(32), problem=notice("tuning_report.not_measured"))
AGAINST = Outcome(
    trial(8, TrialKind.BATCH, candidate=Candidate(1, 8, 1024), against=Candidate(1, 8)),
    measured(423.0, 5.0, 19.2),
    against=measured(421.0, None, 0.8),
)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_the_table_has_one_line_for_each_candidate_that_was_measured() -> None:
    table = rows(as_csv(msgspec.structs.replace(DONE, outcomes=(*DONE.outcomes, AGAINST, FAILED))))
    assert [row["slots"] for row in table] == ["1", "2", "4", "8", "16", "8", "8", "32"]
    assert [row["trial"] for row in table] == ["1", "2", "3", "4", "5", "6", "6", "7"]
    assert table[3] | {"tokens_per_s": "421", "tokens_per_s_half_width": "6", "token_p50_s": "0.019"} == table[3]
    assert (table[5]["batch"], table[5]["kind"]) == ("1024", "batch")
    assert table[6]["tokens_per_s_half_width"] == ""
    assert (table[7]["tokens_per_s"], table[7]["failed"]) == ("", "tuning_report.not_measured")


def test_each_line_of_the_table_has_all_columns() -> None:
    outcomes = (*DONE.outcomes, AGAINST, FAILED)
    lines = list(csv.reader(as_csv(msgspec.structs.replace(DONE, outcomes=outcomes)).splitlines()))
    assert {len(line) for line in lines} == {len(CSV_COLUMNS)}


def test_the_text_begins_with_what_was_found_and_ends_with_where() -> None:
    text = as_text(DONE, render, "30 Nov 2026, 14:21")
    first, _, headline, *rest = text.splitlines()
    assert first == "Tuning of llama3.1:8b in the pool chat, 30 Nov 2026, 14:21"
    assert headline == "8 slots"
    assert "- 8 slots: 421 ± 6 tokens/s, 19 ms per token, first token p95 0.9 s, 96 requests" in rest
    assert rest[-2:] == [
        "Measured on: RTX 4090, 570.86 and Ollama 0.32.15",
        "Model: llama3.1:8b, digest 46e0c10c039e",
    ]


def test_the_text_of_one_that_failed_has_the_reason_and_what_was_measured_until_then() -> None:
    reason = notice("tuning_report.not_measured")
    record = msgspec.structs.replace(DONE, verdict=None, state=TuningState.FAILED, reason=reason)
    lines = as_text(msgspec.structs.replace(record, outcomes=(*DONE.outcomes, FAILED)), render, "today").splitlines()
    assert lines[2] == "not measured"
    assert "- 32 slots: not measured" in lines
    assert len([line for line in lines if line.startswith("- ")]) == len(DONE.outcomes) + 1


def test_settings_are_named_as_far_as_they_are_not_ollamas_own() -> None:
    assert [render(part) for part in settings_of(Candidate())] == ["1 slot"]
    whole = Candidate(workers=2, parallel=4, batch=1024, cache_type="q8_0")
    assert [render(part) for part in settings_of(whole)] == [
        "2 workers",
        "4 slots",
        "batch size 1,024",
        "KV cache q8_0",
    ]


def test_what_is_unknown_is_a_dash() -> None:
    unknown = measured(9.5, None, 8.0, token_p50_s=None, first_token_p95_s=1.2)
    text = as_text(msgspec.structs.replace(DONE, outcomes=(Outcome(trial(1), unknown),)), render, "today")
    assert "- 1 slot: 9.5 tokens/s, — ms per token, first token p95 1.2 s, 96 requests" in text


def test_a_trial_that_failed_when_it_was_loaded_is_named_by_what_was_loaded() -> None:
    trial = Trial(TrialKind.RUNG, Candidate(), 16, notice("tuning_plan.present"))
    problem = notice("tuning_report.not_measured")
    assert [render(one) for one in tried(Outcome(trial, problem=problem, loading=True))] == ["loading 16 slots"]
    assert [render(one) for one in tried(Outcome(trial, problem=problem))] == ["1 slot"]
