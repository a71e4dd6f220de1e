"""The operations of the panel's API that are about the GPU."""

import json
from typing import Any

from ollama_panel.core.gpu_yield import YieldRequest
from tests.proxy.conftest import OWN_SECRET, ProxyHarness

OWNER = f"Authorization: Bearer {OWN_SECRET}"


async def call(harness: ProxyHarness, method: str, path: str, *headers: str) -> tuple[int, Any]:
    got = await harness.ask(f"{method} /panel/v1/{path}", *headers)
    return got.status, json.loads(got.body)


async def test_the_gpu_is_given_away_and_taken_back(harness: ProxyHarness) -> None:
    status, given = await call(harness, "POST", "gpu/release", OWNER)
    assert (status, given["state"], given["cause"]) == (202, "yielded", "user")
    assert harness.panel.gpu_yield.asked == (YieldRequest(cut=False), False)
    assert (await call(harness, "GET", "gpu", OWNER))[1]["state"] == "yielded"
    status, back = await call(harness, "POST", "gpu/resume", OWNER)
    assert (status, back["state"], back["told"]) == (200, "serving", None)


async def test_it_is_waited_for_and_what_runs_is_cut_if_that_is_asked_for(harness: ProxyHarness) -> None:
    status, _ = await call(harness, "POST", "gpu/release?cut=true&wait=true", OWNER)
    assert status == 200
    assert harness.panel.gpu_yield.asked == (YieldRequest(cut=True), True)


async def test_nobody_else_gives_it_away(harness: ProxyHarness) -> None:
    assert (await call(harness, "POST", "gpu/release"))[0] == 401
    assert (await call(harness, "POST", "gpu/release?now=true", OWNER))[0] == 400
    assert harness.panel.gpu_yield.asked is None
