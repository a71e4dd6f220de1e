"""Limits and SLOs of a running engine with simulated servers, over HTTP."""

from pathlib import Path

from tests.fakes.api_client import live_api
from tests.fakes.live_engine import chat_pool, settings


async def test_an_slo_limits_at_once_and_is_told_with_how_it_is_kept(tmp_path: Path) -> None:
    async with live_api(tmp_path, settings(pools=chat_pool(parallel=8))) as api:
        assert (await api.panel.chat(tokens=20)).status_code == 200
        answer = await api("PATCH /pools/chat", {"slo_token_rate": 0.01, "slo_first_token_s": 3600})
        assert answer.json()["effects"][0]["text"].startswith("At once, without a restart: ")
        for _ in range(3):
            assert (await api.panel.chat(tokens=20, stream=True)).status_code == 200
        slo = (await api.get("/pools/chat"))["slo"]
        assert (slo["tokens_per_s"], slo["first_token_s"], slo["kept"], slo["counted"]) == (0.01, 3600.0, 1.0, 3)
        [limit] = (await api.get("/instances/chat-1"))["limits"]
        assert (limit["limit"], limit["slots"], limit["reason"]) == (2, 8, "slo")
        assert limit["told"]["text"] == "2 of 8 slots: the SLO of 0.01 tokens/s"


async def test_one_that_a_single_request_misses_is_an_alert_with_what_would_help(tmp_path: Path) -> None:
    async with live_api(tmp_path, settings(("pools.chat.slo_token_rate", "100000"), pools=chat_pool())) as api:
        for _ in range(8):
            assert (await api.panel.chat(tokens=20, stream=True)).status_code == 200
        assert api.panel.composition is not None
        await api.panel.composition.limits.look()
        shown = await api.panel.until(lambda one: any(told.code == "slo.tokens" for told in one.notices))
        [told] = [told for told in shown.notices if told.code == "slo.tokens"]
        assert (told.values["pool"], told.values["wanted"]) == ("chat", 100_000)
        await api("PATCH /pools/chat", {"slo_token_rate": 0})
        await api.panel.composition.limits.look()
        await api.panel.until(lambda one: not any(told.code == "slo.tokens" for told in one.notices))
