"""One run: requests at their times, whatever has become of those before."""

import pytest

from ollama_panel.cli.compare.arrivals import Arrival
from ollama_panel.cli.compare.replay import replay, warm_up
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName
from ollama_panel.core.records import RequestClass
from ollama_panel.core.tuning.prompts import Calibration
from tests.fakes.ports import free_port
from tests.sim.serving import CHAT, EMBED, client, server, stats

ARRIVALS = (
    Arrival(0.0, "ann", RequestClass.INTERACTIVE, ModelName(CHAT), (("a", 40),), 12),
    Arrival(0.1, "bob", RequestClass.BATCH, ModelName(CHAT), (("b", 60),), 8),
    Arrival(0.2, "", RequestClass.EMBEDDING, ModelName(EMBED), (("c", 20), ("d", 20))),
)
COUNTS = {ModelName(CHAT): Calibration(), ModelName(EMBED): Calibration()}


async def test_every_request_is_sent_and_what_became_of_it_is_in_the_order_of_the_arrivals() -> None:
    told = list[tuple[int, int]]()
    async with server() as url:
        counts = await warm_up(url, ARRIVALS, "run")
        run = await replay(url, ARRIVALS, "run", counts, lambda *one: told.append(one))
        async with client(url) as http:
            chats = await stats(http)
    assert [one.tokens for one in run.requests[:2]] == [12, 8]
    assert run.requests[2].tokens >= 40
    assert [one.first_s is None for one in run.requests] == [False, False, True]
    assert run.failures == 0
    assert all(0 < (one.first_s or one.total_s) <= one.total_s <= run.seconds for one in run.requests)
    assert run.seconds >= 0.2
    assert told == [(1, 0), (2, 0), (3, 0)]
    assert counts.keys() == COUNTS.keys()
    assert chats["served"] > 30  # all workers of a panel are warm then


async def test_requests_that_fail_are_counted_and_say_why() -> None:
    run = await replay(f"http://127.0.0.1:{free_port()}", ARRIVALS, "run", COUNTS)
    assert (run.failures, run.requests_per_s, run.tokens_per_s) == (3, 0, 0)
    assert run.first_times() == run.total_times() == []
    assert all(one.failed for one in run.requests)


async def test_a_model_that_does_not_answer_ends_the_comparison() -> None:
    (one, *_) = ARRIVALS
    unknown = Arrival(0.0, one.client, one.request_class, ModelName("unheard-of"), one.parts, one.answer)
    async with server() as url:
        with pytest.raises(PanelError, match="unheard-of"):
            await warm_up(url, [unknown], "run")
