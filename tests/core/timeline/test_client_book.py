"""What the clients did in the last ten minutes."""

import msgspec
import pytest

from ollama_panel.core.clients import SPAN_S, ClientRecord, Process, Sighting
from ollama_panel.core.ids import ClientId, RequestId
from ollama_panel.core.ollama.api import Dialect
from ollama_panel.core.records import Job, RefusalReason, RequestClass
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.settings.tree import ApiKey, ProxySettings, Settings
from ollama_panel.core.timeline.client_book import MOST_CLIENTS, MOST_VALUES
from tests.fakes.timelines import ToldTimeline, job

RAG, CHAT = ClientId("rag.py (pid 7)"), ClientId("127.0.0.1")
SETTINGS = Settings()


@pytest.fixture
def timeline() -> ToldTimeline:
    return ToldTimeline()


def of(client: ClientId, name: str, **changes: object) -> Job:
    return msgspec.structs.replace(job(name), client=client, **changes)


def records(timeline: ToldTimeline, now: float = 2.0, settings: Settings = SETTINGS) -> dict[str, ClientRecord]:
    return {one.name: one for one in timeline.clients.records(now, settings)}


def test_a_client_has_what_runs_waits_and_has_ended(timeline: ToldTimeline) -> None:
    timeline.start(of(RAG, "a"), of(RAG, "b"), of(RAG, "c"), of(CHAT, "d"))
    timeline.arrive(of(RAG, "e"), of(RAG, "f"))
    timeline.finish("a")
    timeline.finish("b", status=500)
    timeline.leave("e")
    timeline.refuse("f", RefusalReason.QUEUE_FULL)
    timeline.arrive(of(RAG, "g"))
    rag = records(timeline)["rag.py"]
    assert (rag.requests, rag.failed, rag.cancelled, rag.running, rag.waiting) == (4, 2, 1, 1, 1)
    assert records(timeline)["127.0.0.1"].running == 1


def test_all_processes_of_one_name_are_one_client(timeline: ToldTimeline) -> None:
    for pid in (7, 8, 7):
        seen = Sighting("127.0.0.1", Process(pid, "rag.py", "/usr/bin/python3"), agent=f"rag/{pid}")
        timeline.clients.seen(ClientId(f"rag.py (pid {pid})"), seen, 1.0)
    timeline.start(of(ClientId("rag.py (pid 9)"), "a"))
    rag = records(timeline)["rag.py"]
    assert (rag.client, rag.process, rag.processes) == ("rag.py (pid 9)", seen.process, 2)
    assert (rag.address, rag.agent, rag.running) == ("127.0.0.1", "rag/7", 1)


def test_its_share_is_that_of_the_time_slots_have_worked_until_now(timeline: ToldTimeline) -> None:
    timeline.start(of(RAG, "a"), of(CHAT, "b"))
    timeline.finish("a", 4.0)
    assert {name: one.share for name, one in records(timeline, 4.0).items()} == {"rag.py": 0.5, "127.0.0.1": 0.5}
    assert {name: one.share for name, one in records(timeline, 10.0).items()} == {"rag.py": 0.25, "127.0.0.1": 0.75}


def test_nobody_has_a_share_of_nothing(timeline: ToldTimeline) -> None:
    timeline.arrive(of(RAG, "a"))
    assert records(timeline)["rag.py"].share is None


def test_a_failed_attempt_has_worked_too(timeline: ToldTimeline) -> None:
    timeline.start(of(RAG, "a"), of(CHAT, "b"))
    timeline.fail("a", at=3.0)
    rag = records(timeline, 5.0)["rag.py"]
    assert (rag.running, rag.waiting, rag.share) == (0, 1, 0.333)


@pytest.mark.parametrize("wait_s", [0.01, 0.3, 4.0, 250.0])
def test_waits_and_first_tokens_are_right_to_a_twentieth(timeline: ToldTimeline, wait_s: float) -> None:
    timeline.arrive(of(RAG, "a"))
    timeline.dispatch("a", at=wait_s)
    timeline.first_byte("a", 2 * wait_s)
    timeline.finish("a", 3 * wait_s)
    rag = records(timeline, 3 * wait_s)["rag.py"]
    assert rag.wait_p50_s == rag.wait_p95_s == pytest.approx(wait_s, rel=0.05)
    assert rag.first_token_p95_s == pytest.approx(2 * wait_s, rel=0.05)


def test_the_p95_is_above_all_but_the_slowest_twentieth(timeline: ToldTimeline) -> None:
    for number in range(20):
        timeline.arrive(of(RAG, str(number)), at=0.0)
        timeline.dispatch(str(number), at=8.0 if number >= 18 else 0.0)
        timeline.finish(str(number), 8.0)
    rag = records(timeline, 8.0)["rag.py"]
    assert (rag.wait_p50_s, rag.wait_p95_s) == (0.0, pytest.approx(8.0, rel=0.05))


def test_what_nobody_answered_has_no_waits(timeline: ToldTimeline) -> None:
    timeline.arrive(of(RAG, "a"))
    timeline.leave("a")
    rag = records(timeline)["rag.py"]
    assert (rag.wait_p50_s, rag.wait_p95_s, rag.first_token_p95_s) == (None, None, None)


def test_after_ten_minutes_it_is_forgotten(timeline: ToldTimeline) -> None:
    timeline.start(of(RAG, "a"), of(CHAT, "b"))
    timeline.finish("a", 2.0)
    timeline.finish("b", SPAN_S)
    assert records(timeline, SPAN_S + 1)["rag.py"].requests == 1
    assert set(records(timeline, SPAN_S + 3)) == {"127.0.0.1"}


def test_its_newest_values_are_told_the_newest_last(timeline: ToldTimeline) -> None:
    timeline.arrive(*(of(RAG, str(number), path=f"/{number}") for number in range(MOST_VALUES + 2)))
    timeline.arrive(of(RAG, "again", path="/3", request_class=RequestClass.BATCH), of(RAG, "v1", path="/v1/messages"))
    rag = records(timeline)["rag.py"]
    assert rag.paths == ("/4", "/5", "/6", "/7", "/8", "/9", "/3", "/v1/messages")
    assert rag.dialects == (Dialect.NATIVE, Dialect.ANTHROPIC)
    assert rag.classes == (RequestClass.BATCH, RequestClass.INTERACTIVE)


def test_one_that_only_lists_models_is_seen(timeline: ToldTimeline) -> None:
    timeline.clients.seen(CHAT, Sighting("127.0.0.1", path="/v1/models", dialect=Dialect.OPENAI), 1.0)
    one = records(timeline)["127.0.0.1"]
    assert (one.requests, one.paths, one.dialects) == (0, ("/v1/models",), (Dialect.OPENAI,))


def test_an_open_request_goes_to_the_client_that_it_turns_out_to_be(timeline: ToldTimeline) -> None:
    timeline.start(of(CHAT, "a"))
    timeline.arrive(of(CHAT, "b"))
    timeline.tell(2.0, say.Identified({}, {RequestId(name): RAG for name in ("a", "b", "ended")}))
    assert [(name, one.running, one.waiting) for name, one in records(timeline).items()] == [("rag.py", 1, 1)]
    timeline.finish("a", 3.0)
    assert timeline.finished_records()[0].client == RAG
    assert (records(timeline, 3.0)["rag.py"].requests, records(timeline, 3.0)["rag.py"].share) == (1, 1.0)


def test_any_number_of_invented_names_takes_no_more_room_than_those_with_requests(timeline: ToldTimeline) -> None:
    timeline.arrive(of(RAG, "a"))
    for number in range(2 * MOST_CLIENTS):
        timeline.clients.seen(ClientId(f"x{number}"), Sighting("10.0.0.7"), 1.0)
    assert len(records(timeline)) == MOST_CLIENTS
    assert "rag.py" in records(timeline)


def test_its_classes_are_those_that_its_requests_have_without_a_rule(timeline: ToldTimeline) -> None:
    timeline.arrive(of(CHAT, "a"))
    timeline.tell(1.0, say.TimerFired(), say.Classed(RequestId("a"), RequestClass.BATCH))
    timeline.tell(1.5, say.Identified({}, {RequestId("a"): RAG}))
    assert records(timeline)["rag.py"].classes == (RequestClass.INTERACTIVE,)


def test_after_a_flood_of_names_only_the_newest_are_kept(timeline: ToldTimeline) -> None:
    names = [f"x{number}" for number in range(3 * MOST_CLIENTS)]
    timeline.arrive(*(of(ClientId(name), name) for name in names))
    assert len(records(timeline, 1.0)) == MOST_CLIENTS
    for name in names:
        timeline.leave(name)
    left = records(timeline, 3.0)
    assert set(left) == set(names[-MOST_CLIENTS:])
    timeline.clients.seen(ClientId("x0"), Sighting("10.0.0.7"), 4.0)
    assert records(timeline, 5.0)["x0"].first_seen == 4.0


def test_a_record_that_has_not_changed_is_the_identical_object(timeline: ToldTimeline) -> None:
    timeline.start(of(RAG, "a"))
    timeline.finish("a")
    first, second = records(timeline, 2.0)["rag.py"], records(timeline, 9.0)["rag.py"]
    assert first is second


def test_within_a_second_they_are_not_made_again_unless_the_settings_change(timeline: ToldTimeline) -> None:
    timeline.start(of(RAG, "a"))
    assert records(timeline, 2.0)["rag.py"].requests == 0
    timeline.finish("a")
    assert records(timeline, 2.9)["rag.py"].requests == 0
    assert records(timeline, 2.9, Settings())["rag.py"].requests == 1


def test_the_rules_in_force_are_those_of_the_settings_else_of_the_key(timeline: ToldTimeline) -> None:
    timeline.clients.seen(ClientId("web/ada"), Sighting("127.0.0.1", key="web", user="ada"), 1.0)
    keyed = Settings(proxy=ProxySettings(api_keys=(ApiKey("web", "0" * 64, RequestClass.BATCH),)))
    assert records(timeline)["web/ada"].request_class is None
    assert records(timeline, 2.0, keyed)["web/ada"].request_class is RequestClass.BATCH
    ruled = msgspec.convert({"scheduling": {"weights": {"web/ada": 0.5}}}, Settings)
    assert records(timeline, 2.0, ruled)["web/ada"].weight == 0.5


def test_requests_without_a_valid_key_are_counted_beside_those_that_were_let_in(timeline: ToldTimeline) -> None:
    known = Sighting("127.0.0.1", Process(7, "rag.py"), key="web", path="/api/tags")
    timeline.clients.seen(RAG, known, 1.0)
    for _ in range(3):
        timeline.clients.seen(RAG, Sighting("127.0.0.1", Process(7, "rag.py"), turned_away=True), 2.0)
    timeline.clients.seen(CHAT, Sighting("127.0.0.1", agent="curl/8", turned_away=True), 2.0)
    rag, chat = (records(timeline)[name] for name in ("rag.py", "127.0.0.1"))
    assert (rag.turned_away, rag.requests, rag.key, rag.paths) == (3, 0, "web", ("/api/tags",))
    assert (chat.turned_away, chat.agent, chat.paths) == (1, "curl/8", ())
    assert records(timeline, 2.0 + SPAN_S + 60.0) == {}
