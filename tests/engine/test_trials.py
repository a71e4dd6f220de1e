"""Tests of the way through the panel, on a running engine: answered, refused, cancelled, and without a key."""

import asyncio
from pathlib import Path

import pytest

from ollama_panel.core.clients import TEST
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.trial import Trial, TrialPart, TrialState
from tests.fakes.live_engine import CHAT, LiveEngine, chat_pool, live, settings

QUESTION = "Say hello in one sentence."


async def sent(panel: LiveEngine, model: str = CHAT) -> Trial:
    return await panel.engine.control.send_test(ModelName(model), QUESTION, lambda _: None)


async def test_a_test_streams_an_answer_and_has_the_record_of_its_request(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        told = list[Trial]()
        trial = await panel.engine.control.send_test(ModelName(CHAT), QUESTION, told.append)
        assert (trial.state, trial.problem) == (TrialState.ANSWERED, None)
        assert trial.text
        assert told[0].state is TrialState.SENT
        assert trial.first_token_s is not None
        assert trial.total_s is not None
        assert 0 <= trial.first_token_s <= trial.total_s
        assert trial.record is not None
        assert (trial.record.client, trial.record.state) == (TEST, RequestState.DONE)
        assert (trial.record.id, str(trial.record.instance)) == (trial.request, "chat-1")


@pytest.mark.parametrize("key_rule", ["always", "auto"])
async def test_a_test_needs_no_key_of_the_user(tmp_path: Path, key_rule: str) -> None:
    async with live(tmp_path, settings(("proxy.require_key", key_rule), pools=chat_pool())) as panel:
        await panel.ready()
        assert (await sent(panel)).state is TrialState.ANSWERED
        assert (await panel.chat()).status_code == (401 if key_rule == "always" else 200)


async def test_a_model_that_no_instance_has_fails_with_the_reason(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        trial = await sent(panel, "no-such-model")
        assert (trial.state, trial.failed_at) == (TrialState.FAILED, TrialPart.INSTANCE)
        assert trial.problem is not None


async def test_without_the_proxy_nothing_is_sent(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.engine.set_proxy(False)
        await panel.until(lambda snapshot: not snapshot.proxy.url)
        with pytest.raises(PanelError, match="does not listen"):
            await sent(panel)


async def test_a_test_that_waits_is_cancelled_and_leaves_the_queue(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.engine.set_paused(True)

        async def cancel_once_it_waits() -> None:
            await panel.until(lambda snapshot: snapshot.requests)
            with pytest.raises(PanelError, match="under way"):
                await sent(panel)
            await panel.engine.control.cancel_test()

        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(sent(panel))
            group.create_task(cancel_once_it_waits())
        assert waiting.result().state is TrialState.CANCELLED
        await panel.until(lambda snapshot: not snapshot.requests)
        await panel.engine.set_paused(False)
