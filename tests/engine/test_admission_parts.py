"""Requests that are sent in parts, at the admission: one id, one name, one end."""

import msgspec

from ollama_panel.core.ids import ClientId, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.records import Job, Part, Placement, Refusal, RefusalReason, Usage
from ollama_panel.core.snapshot import RequestState
from tests.engine.test_admission import ONE, AdmissionHarness, harness, job

__all__ = ["harness"]


def part_of(whole: Job, number: int, count: int = 2) -> Job:
    part = Part(whole.id, number, count, 20, 100, 900, 0)
    return msgspec.structs.replace(whole, id=RequestId(f"{whole.id}/{number}"), items=10, part=part)


def big() -> Job:
    return msgspec.structs.replace(job("big", stream=False), items=20)


async def test_its_parts_run_one_after_another_and_it_ends_with_the_last(harness: AdmissionHarness) -> None:
    with harness.gate.whole(big()) as whole:
        for number in range(2):
            async with harness.gate.admit(part_of(whole, number)) as lease:
                assert isinstance(await lease.wait(), Placement)
                assert harness.timeline.counts.in_flight(ONE) == 1
                lease.finished(Usage(prompt_tokens=7), 200)
            assert harness.timeline.is_open(whole.id) is (number == 0)
    [record] = harness.timeline.finished_records()
    assert (record.id, record.state, record.prompt_tokens) == ("big", RequestState.DONE, 14)


async def test_it_ends_with_its_block_if_its_client_left_between_two_parts(harness: AdmissionHarness) -> None:
    with harness.gate.whole(big()) as whole:
        async with harness.gate.admit(part_of(whole, 0)) as lease:
            await lease.wait()
            lease.finished(Usage(), 200)
    assert harness.states() == [RequestState.CANCELLED]


async def test_an_id_that_is_in_use_gets_a_number(harness: AdmissionHarness) -> None:
    async with harness.gate.admit(job("big")):
        with harness.gate.whole(big()) as whole, harness.gate.whole(big()) as other:
            assert (whole.id, other.id) == ("big~2", "big~3")
            async with harness.gate.admit(job("big~2")) as lease:
                assert lease.job.id == "big~2~2"


async def test_the_user_cancels_it_with_all_its_parts(harness: AdmissionHarness) -> None:
    with harness.gate.whole(big()) as whole:
        async with harness.gate.admit(part_of(whole, 0)) as one, harness.gate.admit(part_of(whole, 1)) as other:
            await one.wait()
            assert harness.gate.cancel(whole.id)
            cancelled = Refusal(RefusalReason.CANCELLED, notice("request.cancelled"))
            assert (await one.wait(), await other.wait()) == (cancelled, cancelled)
        assert not harness.gate.cancel(whole.id)
    assert harness.states() == [RequestState.CANCELLED]


async def test_all_its_parts_get_the_client_that_becomes_known_the_later_ones_too(harness: AdmissionHarness) -> None:
    with harness.gate.whole(big()) as whole:
        async with harness.gate.admit(part_of(whole, 0)) as lease:
            await lease.wait()
            harness.gate.identified({whole.id: "pid 7"}, {whole.id: ClientId("indexer (pid 7)")})
            [record] = harness.timeline.open_records(())
            assert record.client == "indexer (pid 7)"
            async with harness.gate.admit(part_of(whole, 1)) as later:
                assert (later.job.client, later.job.source) == ("indexer (pid 7)", "pid 7")
