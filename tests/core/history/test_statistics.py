import msgspec

from ollama_panel.core.history.statistics import BOUNDS, MOST_MODELS, OTHER, Histogram, Labels, RequestStatistics
from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.records import RequestClass
from ollama_panel.core.snapshot import RequestState
from tests.core.history.test_finished import kept

CHAT = Labels(PoolName("chat"), ModelName("a:latest"), RequestClass.INTERACTIVE)


def test_a_histogram_counts_up_to_each_bound_as_prometheus_does() -> None:
    histogram = Histogram((0.1, 1.0))
    for value in (0.05, 0.1, 0.5, 3.0):
        histogram.add(value)
    assert histogram.cumulative() == [2, 3, 4]
    assert histogram.total == 3.65


def test_bounds_rise() -> None:
    assert all(list(bounds) == sorted(set(bounds)) for bounds in BOUNDS.values())


def test_a_served_request_counts_its_four_times_and_its_tokens_by_pool_model_and_class() -> None:
    statistics = RequestStatistics()
    statistics.observe(kept())
    assert {field: [*known] for field, known in statistics.histograms.items()} == {field: [CHAT] for field in BOUNDS}
    assert (statistics.prompt_tokens[CHAT], statistics.output_tokens[CHAT]) == (7, 21)
    assert not statistics.refused


def test_a_refusal_counts_by_its_reason_only() -> None:
    statistics = RequestStatistics()
    statistics.observe(msgspec.structs.replace(kept(state=RequestState.REFUSED), code="queue.full"))
    assert statistics.refused == {("queue.full", "chat", RequestClass.INTERACTIVE): 1}
    assert not any(statistics.histograms.values())


def test_failed_and_cancelled_requests_do_not_blur_the_times_of_the_others() -> None:
    statistics = RequestStatistics()
    for state in (RequestState.FAILED, RequestState.CANCELLED):
        statistics.observe(kept(state=state))
    assert not any(statistics.histograms.values())


def test_models_beyond_a_number_share_one_name_so_that_clients_cannot_make_labels_without_end() -> None:
    statistics = RequestStatistics()
    for number in range(MOST_MODELS + 30):
        statistics.observe(kept(model=ModelName(f"m{number}")))
    models = {labels.model for labels in statistics.histograms["total_s"]}
    assert len(models) == MOST_MODELS + 1
    assert statistics.histograms["total_s"][CHAT._replace(model=OTHER)].cumulative()[-1] == 30
