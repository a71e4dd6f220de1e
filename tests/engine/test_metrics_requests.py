"""The histograms and counts of the finished requests, as Prometheus reads them."""

import msgspec
from prometheus_client.parser import text_string_to_metric_families

from ollama_panel.core.history.statistics import BOUNDS, RequestStatistics
from ollama_panel.core.ids import ModelName
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import RequestState, Snapshot
from ollama_panel.engine.metrics import exposition
from tests.core.history.test_finished import kept

TIMES = ("queue_seconds", "first_token_seconds", "token_seconds", "request_seconds")


def families(statistics: RequestStatistics, dropped: int = 0) -> dict[str, list[tuple[str, dict[str, str], float]]]:
    """Return the samples of each family, without the prefix."""
    text = exposition(Snapshot(0.0, Settings()), statistics, dropped).decode()
    return {
        family.name.removeprefix("ollama_panel_"): [
            (one.name.removeprefix("ollama_panel_"), dict(one.labels), one.value) for one in family.samples
        ]
        for family in text_string_to_metric_families(text)
    }


def observed(*requests: msgspec.Struct) -> RequestStatistics:
    statistics = RequestStatistics()
    for one in requests:
        statistics.observe(one)  # type: ignore[arg-type]  # each is a FinishedRequest
    return statistics


def test_a_panel_that_has_served_nobody_has_the_names_and_no_series() -> None:
    found = families(RequestStatistics())
    for name in (*TIMES, "prompt_tokens", "output_tokens", "refused", "errors"):
        assert found[name] == []
    assert found["history_dropped"] == [("history_dropped_total", {}, 0.0)]


def test_a_served_request_is_in_four_histograms() -> None:
    found = families(observed(kept()))
    labels = {"pool": "chat", "model": "a:latest", "class": "interactive"}
    for name, bounds in zip(TIMES, BOUNDS.values(), strict=True):
        assert len(found[name]) == len(bounds) + 3
        assert (f"{name}_count", labels, 1.0) in found[name]
        assert (f"{name}_bucket", {**labels, "le": "+Inf"}, 1.0) in found[name]
    sums = {name: value for name in TIMES for sample, _, value in found[name] if sample == f"{name}_sum"}
    assert sums == {"queue_seconds": 1.0, "first_token_seconds": 3.0, "token_seconds": 0.5, "request_seconds": 13.0}
    assert found["output_tokens"] == [("output_tokens_total", labels, 21.0)]


def test_buckets_count_what_is_not_above_them() -> None:
    found = families(observed(kept(), kept(finished=100.4, first_byte=100.3)))["request_seconds"]
    up_to = {labels["le"]: value for name, labels, value in found if name == "request_seconds_bucket"}
    assert (up_to["0.3"], up_to["0.8"], up_to["10.0"], up_to["20.0"]) == (0.0, 1.0, 1.0, 2.0)


def test_refusals_name_their_reason() -> None:
    refused = msgspec.structs.replace(kept(state=RequestState.REFUSED), code="queue.full")
    assert families(observed(refused, refused))["refused"] == [
        ("refused_total", {"reason": "queue.full", "pool": "chat", "class": "interactive"}, 2.0)
    ]


def test_errors_that_clients_got_are_counted_by_their_code() -> None:
    statistics = RequestStatistics()
    statistics.errors.update(("access.key_needed", "access.key_needed", "body.too_long"))
    assert {labels["code"]: value for _, labels, value in families(statistics)["errors"]} == {
        "access.key_needed": 2.0,
        "body.too_long": 1.0,
    }


def test_any_name_of_a_model_is_one_label() -> None:
    name = 'a"b\\c\nd'
    found = families(observed(kept(model=ModelName(name))), dropped=3)
    assert found["output_tokens"][0][1]["model"] == name
    assert found["history_dropped"][0][2] == 3.0
