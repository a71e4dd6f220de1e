from ollama_panel.lab.conditions import Conditions
from ollama_panel.lab.experiments_memory import EQUAL, _swap, _three, options_thrash, swap_sliding
from ollama_panel.lab.experiments_trouble import decision_times, graphrag, trouble
from ollama_panel.lab.statistics import percentile

HERE = Conditions("rtx-4090")
FULL = Conditions("rtx-4090", catalog="full-attention")


def test_trouble_costs_no_request_that_had_received_nothing():
    numbers = trouble(HERE)
    assert numbers["failures before the first byte"] == 0
    assert numbers["duplicated or lost"] == 0


def test_an_indexing_job_is_three_times_as_quick_as_with_default_ollama():
    numbers = graphrag(HERE)
    assert numbers["job quicker than default Ollama"] > 3
    assert numbers["failures"] == 0


def test_swapping_serves_what_direct_ollama_cannot():
    numbers = _swap(HERE, _three(HERE.models), EQUAL, 0.5, 22)
    assert numbers["served, panel"] > 0.99
    assert numbers["fewer loads per served than direct"] > 3


def test_two_models_stay_loaded_where_only_sliding_windows_let_both_fit():
    known, full = (swap_sliding(conditions) for conditions in (HERE, FULL))
    assert known["loads per 100 served, direct"] < 1 < full["loads per 100 served, direct"]
    assert known["loads per 100 served, panel"] <= known["loads per 100 served, direct"]


def test_clients_with_different_contexts_cause_one_reload():
    assert options_thrash(HERE)["loads an hour, panel"] == 2


def test_decisions_are_quick_with_thousands_in_the_queue():
    assert percentile(decision_times(3000, 2000), 50) < 1000
