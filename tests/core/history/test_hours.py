from ollama_panel.core.history.hours import Ended, Hour, by_hour
from ollama_panel.core.ids import ModelName
from ollama_panel.core.snapshot import RequestState

DONE = RequestState.DONE


def at(hour: float, state: RequestState = DONE, code: str = "", model: str = "a", first: float | None = 1) -> Ended:
    return Ended(hour * 3600, state, code, ModelName(model), prompt_tokens=7, output_tokens=21, first_token_s=first)


def test_hours_count_what_became_of_the_requests() -> None:
    night = [
        at(1.1),
        at(1.2, model="b"),
        at(1.3, model="b"),
        at(1.9, RequestState.FAILED, "request.failed"),
        at(3.0, RequestState.REFUSED, "queue.full"),
        at(3.1, RequestState.REFUSED, "queue.full"),
        at(3.2, RequestState.REFUSED, "queue.timeout"),
        at(3.3, RequestState.CANCELLED),
    ]
    first, second = by_hour(reversed(night), lambda time: time // 3600 * 3600)
    assert (first.at, first.requests, first.failed, first.refused, first.most) == (3600, 4, 1, {}, "a")
    assert (first.prompt_tokens, first.output_tokens) == (28, 84)
    assert (second.at, second.cancelled, second.refused) == (10800, 1, {"queue.full": 2, "queue.timeout": 1})


def test_the_95th_percentile_of_the_first_token_leaves_out_the_slowest_twentieth() -> None:
    assert one_hour([at(0, first=float(number)) for number in range(1, 101)]).first_token_p95_s == 95.0


def test_an_hour_without_streams_knows_no_time_to_the_first_token() -> None:
    assert one_hour([at(0, first=None)]).first_token_p95_s is None


def test_no_requests_are_no_hours() -> None:
    assert by_hour([], lambda time: time) == ()


def one_hour(requests: list[Ended]) -> Hour:
    (hour,) = by_hour(requests, lambda _: 0.0)
    return hour
