import pytest

from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.lab.experiments import jain, percentile
from ollama_panel.lab.experiments_memory import _swap, options_thrash
from ollama_panel.lab.experiments_trouble import decision_times, graphrag, trouble


def test_trouble_costs_no_request_that_had_received_nothing():
    numbers = trouble("rtx-4090", 1)
    assert numbers["failures before the first byte"] == 0
    assert numbers["duplicated or lost"] == 0


def test_an_indexing_job_is_three_times_as_quick_as_with_default_ollama():
    numbers = graphrag("rtx-4090", 1)
    assert numbers["job quicker than default Ollama"] > 3
    assert numbers["failures"] == 0


def test_swapping_serves_what_direct_ollama_cannot():
    numbers = _swap("rtx-4090", 1, 0.5, 22, Policy())
    assert numbers["served, panel"] > 0.99
    assert numbers["fewer loads per served than direct"] > 3


def test_clients_with_different_contexts_cause_one_reload():
    assert options_thrash("rtx-4090", 1)["loads an hour, panel"] == 2


def test_decisions_are_quick_with_thousands_in_the_queue():
    assert percentile(decision_times(3000, 2000), 50) < 1000


def test_the_indices():
    assert jain([1, 1, 1]) == 1
    assert jain([3, 0, 0]) == pytest.approx(1 / 3)
    assert percentile([1, 2, 3, 4], 50) == 2
