import json

import pytest

from ollama_panel.lab import comparison
from ollama_panel.lab.comparison import Bar, Goal, at_least, at_most, bench_scheduler, measure, table

GOOD = Goal(1, "good", lambda conditions: {"speed": 3.0 + conditions.seed / 100}, (at_least("speed", 3),))
BAD = Goal(2, "bad", lambda conditions: {"failures": conditions.seed - 1.0}, (at_most("failures", 0),), ("m4-max",))


@pytest.fixture
def two_goals(monkeypatch):
    monkeypatch.setattr(comparison, "GOALS", (GOOD, BAD))


def test_a_bar_passes_only_if_the_worse_end_passes():
    assert Bar("x", 3).passed(3.1, 9)
    assert not Bar("x", 3).passed(2.9, 9)
    assert not at_most("x", 3).passed(1, 3.1)


def test_the_exit_code_is_the_verdict_and_the_numbers_are_kept(two_goals, tmp_path):
    said = []
    assert bench_scheduler(said.append, seeds=3, json_path=tmp_path / "report.json") == 1
    assert said[-2:] == ["3 of 4 bars pass, 3 seeds.", "missed: 2 bad - m4-max: failures 1 (wanted <= 0)"]
    report = json.loads((tmp_path / "report.json").read_bytes())
    assert [row["passed"] for row in report["rows"]] == [True, True, True, False]


def test_one_goal_and_one_machine_can_be_picked(two_goals):
    said = []
    assert bench_scheduler(said.append, seeds=2, machines="rtx-4090", goal=1) == 0
    assert said[0] == " 1  good - rtx-4090"
    assert len([line for line in said if line.startswith(" 1")]) == 1


def test_the_experiments_are_told_the_catalogue(monkeypatch):
    seen = []
    spy = Goal(1, "spy", lambda conditions: seen.append(conditions) or {"x": 0.0}, (), ("m4-max",))
    monkeypatch.setattr(comparison, "GOALS", (spy,))
    bench_scheduler(lambda line: None, seeds=2, catalog="full-attention")
    assert [(one.profile, one.seed, one.catalog) for one in seen] == [
        ("m4-max", 1, "full-attention"),
        ("m4-max", 2, "full-attention"),
    ]
    assert seen[0].models["gemma3:27b"].sliding_window is None


def test_seeds_begin_with_the_one_that_is_asked_for(monkeypatch):
    seen = []
    spy = Goal(1, "spy", lambda conditions: seen.append(conditions.seed) or {"x": 0.0}, (), ("m4-max",))
    monkeypatch.setattr(comparison, "GOALS", (spy,))
    bench_scheduler(lambda line: None, seeds=2, first_seed=101)
    assert seen == [101, 102]


def test_the_table_shows_number_interval_bar_and_verdict():
    headline, line = table(measure(GOOD, "m4-pro", 2))
    assert headline == " 1  good - m4-pro"
    assert line.split() == ["speed", "3.015", "[3.01,", "3.02]", ">=", "3", "pass"]


@pytest.mark.parametrize("goal", [goal for goal in comparison.GOALS if goal.number in (1, 2, 4, 7) and goal.seeds == 0])
def test_the_quick_goals_pass_on_one_machine(goal):
    missed = [row for row in measure(goal, "m4-max", 1) if row.passed is False]
    assert missed == []
