from ollama_panel.core.restart_budget import PAUSES_S, SPAN_S, Budget


def test_the_pauses_grow_and_the_fourth_restart_within_an_hour_is_not_allowed():
    budget, pauses = Budget(), []
    for at in (0.0, 100.0, 200.0):
        pauses.append(budget.pause_s(at))
        budget = budget.restarted(at)
    assert pauses == list(PAUSES_S)
    assert budget.pause_s(300.0) is None


def test_a_restart_counts_for_an_hour():
    budget = Budget((0.0, 100.0, 200.0))
    assert budget.pause_s(SPAN_S - 1) is None
    assert budget.pause_s(SPAN_S) == PAUSES_S[2]
    assert budget.pause_s(SPAN_S + 200) == PAUSES_S[0]


def test_no_more_restarts_are_kept_than_count():
    budget = Budget()
    for number in range(50):
        budget = budget.restarted(number * SPAN_S)
    assert len(budget.restarts) == len(PAUSES_S)
    assert budget.restarts[-1] == 49 * SPAN_S
