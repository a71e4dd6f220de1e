"""The experiments about the limit of requests at once, and the controllers that it is compared with."""

from ollama_panel.lab.conditions import Conditions
from ollama_panel.lab.controllers import Gradient2, NaiveAimd
from ollama_panel.lab.experiments_slo import load_step


def test_a_step_of_the_load_costs_an_adjusted_limit_nothing() -> None:
    numbers = load_step(Conditions("m4-pro"))
    for name in ("", ", by a curve"):
        assert numbers[f"share of the best fixed{name}"] >= 0.95
        assert numbers[f"changes in steady state{name}"] <= 2


def test_gradient2_takes_long_answers_for_a_queue() -> None:
    limit = Gradient2()
    for _ in range(100):
        limit.sample(0.1, 0.0, 0, 1_000_000, 8, 32)
    steady = limit.limit
    for _ in range(20):
        limit.sample(0.1, 0.0, 0, 10_000_000, limit.whole, 32)
    assert limit.limit < steady


def test_aimd_without_a_window_reacts_to_each_answer() -> None:
    limit = NaiveAimd()
    limit.sample(0.5, 0.0, 0, 1, 4, 32)
    assert limit.limit == 4.25
    limit.sample(1.1, 0.0, 0, 1, 4, 32)
    assert limit.limit == 4.25 * 0.9
