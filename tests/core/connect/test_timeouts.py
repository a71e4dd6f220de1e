"""The time-out of a guide follows what was measured."""

from ollama_panel.core.connect.timeouts import CEILING_S, FLOOR_S, ROOM, Slowest, client_timeout, slowest
from ollama_panel.core.ids import ClientId, ModelName, RequestId
from ollama_panel.core.records import RequestClass
from ollama_panel.core.snapshot import RequestRecord, RequestState


def request(state: RequestState, arrived: float, dispatched: float | None, finished: float | None) -> RequestRecord:
    return RequestRecord(
        RequestId("1"),
        ClientId("web"),
        RequestClass.INTERACTIVE,
        ModelName("tiny"),
        "/api/chat",
        stream=True,
        state=state,
        arrived=arrived,
        dispatched=dispatched,
        finished=finished,
    )


def test_without_measurements_it_is_what_the_libraries_have_by_themselves() -> None:
    timeout = client_timeout(slowest((), 5.0))
    assert timeout.seconds == FLOOR_S
    assert timeout.why.code == "connect.timeout.unmeasured"


def test_twice_the_slowest_request_in_whole_minutes() -> None:
    timeout = client_timeout(Slowest(requests=41, wait_s=30.0, answer_s=581.0))
    assert timeout.seconds == 1260 >= ROOM * 611
    assert timeout.why.code == "connect.timeout.measured"


def test_never_below_the_floor_and_it_says_so() -> None:
    timeout = client_timeout(Slowest(requests=2, wait_s=0.4, answer_s=12.0))
    assert timeout.seconds == FLOOR_S
    assert timeout.why.code == "connect.timeout.floor"


def test_never_longer_than_programs_can_keep() -> None:
    timeout = client_timeout(Slowest(requests=2, wait_s=80_000.0, answer_s=12.0))
    assert timeout.seconds == CEILING_S
    assert timeout.why.code == "connect.timeout.ceiling"


def test_requests_that_still_wait_or_run_count_with_their_time_so_far() -> None:
    done = request(RequestState.DONE, 0.0, 1.0, 4.0)
    runs = request(RequestState.RUNNING, 10.0, 30.0, None)
    waits = request(RequestState.WAITING, 20.0, None, None)
    gave_up = request(RequestState.CANCELLED, 3.0, None, 5.0)
    assert slowest((done, gave_up), 100.0) == Slowest(2, 1.0, 3.0)
    assert slowest((done, runs), 40.0) == Slowest(2, 20.0, 10.0)
    assert slowest((waits, done), 40.0) == Slowest(2, 20.0, 0.0)
