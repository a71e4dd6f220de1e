"""The operations of the panel's API that are about tuning."""

import json
from typing import Any

import msgspec
import pytest

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.settings.tree import PoolSettings, Settings
from tests.proxy.conftest import OWN_SECRET, ProxyHarness

V1 = "/panel/v1"
OWNER = f"Authorization: Bearer {OWN_SECRET}"
MODEL = ModelFacts(ModelName("llama3.1:8b"), size=5, capabilities=("completion",))
POOL = PoolSettings(PoolName("chat"), environment={"HF_TOKEN": "sesame-sesame"})


@pytest.fixture
async def panel(harness: ProxyHarness) -> ProxyHarness:
    """Return the proxy in front of a panel with one pool and one model."""
    await harness.panel.show(models=(MODEL,), settings=Settings(pools=(POOL,)))
    return harness


async def post(harness: ProxyHarness, path: str, body: object = None) -> tuple[int, Any]:
    """Send a body to a path below `/panel/v1/` as the panel's owner; return the status and the content."""
    data = b"" if body is None else msgspec.json.encode(body)
    head = [f"POST {V1}/{path} HTTP/1.1", "Host: localhost", OWNER, "Content-Type: application/json"]
    async with harness.client() as client:
        await client.send("\r\n".join([*head, f"Content-Length: {len(data)}", "", ""]).encode() + data)
        got = await client.get()
    return got.status, json.loads(got.body)


async def get(harness: ProxyHarness, path: str) -> tuple[int, Any]:
    """Return the status and the content of a path below `/panel/v1/`."""
    got = await harness.ask(f"GET {V1}/{path}", OWNER)
    return got.status, json.loads(got.body)


async def test_a_dry_run_says_what_is_chosen_and_why_and_how_long_it_takes(panel: ProxyHarness) -> None:
    status, plan = await post(panel, "tuning?dry_run=true", {})
    assert (status, plan["task"]["pool"], plan["task"]["model"]) == (200, "chat", "llama3.1:8b")
    assert [why["text"] for why in plan["why"]] == [
        "The pool is chat: it is the only one for this.",
        "The model is llama3.1:8b: it is the only one of chat.",
    ]
    assert plan["preview"]["trials"] == 9
    assert panel.panel.state.tuning is None


async def test_a_tuning_is_begun_paused_resumed_and_cancelled(panel: ProxyHarness) -> None:
    status, begun = await post(panel, "tuning", {"goal": "throughput", "less_quality": True})
    assert (status, begun["task"]["goal"]) == (202, "throughput")
    for command, state in (("pause", "paused"), ("resume", "preparing"), ("cancel", "cancelled")):
        status, answer = await post(panel, f"tuning/{command}")
        assert (status, answer["tuning"]["state"]) == (200, state)
    assert (await get(panel, "tuning"))[1]["tuning"]["state"] == "cancelled"


async def test_a_tuning_is_found_by_its_id_and_shows_no_secret(panel: ProxyHarness) -> None:
    _, begun = await post(panel, "tuning", {})
    shown = {path: await get(panel, path) for path in (f"tunings/{begun['id']}", "tunings", "tuning")}
    found = [shown[f"tunings/{begun['id']}"][1], *shown["tunings"][1]["tunings"], shown["tuning"][1]["tuning"]]
    assert [one["settings"]["environment"] for one in (begun, *found)] == [{"HF_TOKEN": "(hidden)"}] * 4
    status, answer = await get(panel, "tunings/no-such")
    assert (status, answer["code"]) == (404, "tuning.unknown")
    assert (await post(panel, "tunings/no-such/apply"))[0] == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"pool": "no-such"}, 404, "pool.unknown"),
        ({"goal": "embedding"}, 409, "tuning_choice.no_pool"),
        ({"goal": "fame"}, 400, "api.body"),
        ({"most_trials": 0}, 400, "api.body"),
        ({"token_s": -1}, 400, "api.body"),
        ({"parallel": 4}, 400, "api.body"),
        ([], 400, "json.no_object"),
    ],
)
async def test_what_cannot_be_tuned_is_refused(panel: ProxyHarness, body: object, status: int, code: str) -> None:
    got, answer = await post(panel, "tuning", body)
    assert (got, answer["code"]) == (status, code)
    assert panel.panel.state.tuning is None


async def test_a_bound_that_is_none_is_told_with_what_it_may_be(panel: ProxyHarness) -> None:
    _, answer = await post(panel, "tuning", {"first_token_s": 0})
    wanted = 'first_token_s must be a number from 0.01 to 3600, or null, not "0".'
    assert answer["error"] == f"The body is not what this takes: {wanted}"


async def test_without_a_tuning_there_is_none_to_command(harness: ProxyHarness) -> None:
    assert await get(harness, "tuning") == (200, {"tuning": None})
    assert await get(harness, "tunings") == (200, {"tunings": []})
    for command in ("pause", "resume", "cancel"):
        status, answer = await post(harness, f"tuning/{command}")
        assert (status, answer["code"]) == (409, "tuning.none")
