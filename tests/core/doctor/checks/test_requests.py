"""What the checks of requests find, and what they leave alone."""

import msgspec
import pytest

from ollama_panel.core.bypass import BypassRecord, Origin
from ollama_panel.core.doctor import examine
from ollama_panel.core.doctor.checks.requests import CHECKS
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.findings import ChangeSettings, Evidence
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import ProxySettings, Settings
from ollama_panel.core.snapshot import RequestRecord, RequestState, Snapshot
from tests.core.doctor.panels import POOL, facts, panel, request

GONE = notice("request.failed", cause=notice("attempt.closed"))


def found(snapshot: Snapshot) -> list[str]:
    return [one.id for one in examine(facts(snapshot), checks=CHECKS).findings]


def ended(state: RequestState, count: int, seconds: float = 30.0, **changes: object) -> tuple[RequestRecord, ...]:
    return tuple(request(one, 100.0 * one, seconds + one / 10, state=state, **changes) for one in range(count))


def test_many_failures_are_told_with_their_most_frequent_reason() -> None:
    last = (*ended(RequestState.FAILED, 8, why=GONE), *ended(RequestState.DONE, 92))
    (finding,) = examine(facts(panel(failed=60, served=1144, finished=last)), checks=CHECKS).findings
    assert render(finding.told) == "8 of the last 100 requests have failed"
    assert finding.why == notice("doctor.requests_failed_why", times=8, cause=GONE)


@pytest.mark.parametrize(("failed", "served"), [(0, 100), (4, 0), (5, 196)])
def test_some_failures_are_usual(failed: int, served: int) -> None:
    last = (*ended(RequestState.FAILED, failed, why=GONE), *ended(RequestState.DONE, served))
    assert found(panel(finished=last)) == []


def test_failures_of_long_ago_are_over() -> None:
    assert found(panel(failed=60, served=40, finished=ended(RequestState.DONE, 100))) == []


def test_a_full_queue_names_who_has_filled_it() -> None:
    refused = ended(RequestState.REFUSED, 6, why=notice("queue.dropped", waiting=100))
    (finding,) = examine(facts(panel(finished=refused)), checks=CHECKS).findings
    assert (finding.id, finding.evidence[0].text) == ("requests.refused", "refused=6")


def test_a_client_that_gives_up_after_its_time_out_is_named() -> None:
    left = ended(RequestState.CANCELLED, 6, dispatched=None)
    (finding,) = examine(facts(panel(finished=left)), checks=CHECKS).findings
    assert finding.id == "requests.time-outs:rag-indexer"
    assert render(finding.told) == "rag-indexer gives up after 30 s: 6 of its last requests"
    assert finding.evidence[0].text == "left=6 after=30s..30s waiting=6"


def test_heartbeats_that_are_off_are_offered() -> None:
    settings = Settings(pools=(POOL,), proxy=ProxySettings(heartbeat=False))
    left = ended(RequestState.CANCELLED, 6)
    (finding,) = examine(facts(panel(settings=settings, finished=left)), checks=CHECKS).findings
    assert finding.fix == ChangeSettings(settings=(("proxy.heartbeat", "true"),))


@pytest.mark.parametrize(
    "left",
    [
        ended(RequestState.CANCELLED, 4),
        ended(RequestState.CANCELLED, 6, seconds=1.0),
        tuple(request(one, 0.0, 10.0 + 20 * one, state=RequestState.CANCELLED) for one in range(8)),
        ended(RequestState.DONE, 8),
    ],
    ids=["few", "people who stop an answer", "at any time", "answered"],
)
def test_people_and_chance_have_no_time_out(left: tuple[RequestRecord, ...]) -> None:
    assert found(panel(finished=left)) == []


def test_what_the_limits_of_the_panel_end_is_told_with_the_setting() -> None:
    settings = Settings(pools=(POOL,), proxy=ProxySettings(request_timeout_s=30.0))
    why = notice("request.failed", cause=notice("attempt.timeout", limit=30.0))
    snapshot = panel(settings=settings, finished=ended(RequestState.FAILED, 5, why=why))
    (finding,) = examine(facts(snapshot), checks=CHECKS).findings
    assert finding.id == "requests.limits:proxy.request_timeout_s"
    assert finding.fix == ChangeSettings(settings=(("proxy.request_timeout_s", "0"),))
    assert found(msgspec.structs.replace(snapshot, settings=Settings(pools=(POOL,)))) == []


def test_without_a_panel_nobody_sees_requests_and_nothing_is_said_of_them() -> None:
    assert examine(Facts(), checks=CHECKS).checks == ()


def test_who_goes_past_the_panel_may_be_unknown() -> None:
    given = facts(panel(bypassing=None, bypassing_unknown=notice("bypass.unknown")))
    states = {one.id: one.why for one in examine(given, checks=CHECKS).checks}
    assert states["requests.past"] == notice("bypass.unknown")


def test_who_goes_past_the_queue_is_shown_with_its_connections() -> None:
    record = BypassRecord(
        Origin.PROGRAM, "http://127.0.0.1:11434", "rag-indexer", 4121, connections=24, last_seen=990.0
    )
    (finding,) = examine(facts(panel(bypassing=(record,))), checks=CHECKS).findings
    assert finding.evidence == (Evidence("connections=24 pid=4121 to=http://127.0.0.1:11434", "rag-indexer"),)
