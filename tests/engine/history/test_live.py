"""The history of a running engine, over its HTTP API and over its next start."""

from pathlib import Path
from typing import Any

import pytest

from ollama_panel.core.history.questions import RequestsQuestion
from ollama_panel.core.history.series import NAMES
from ollama_panel.engine.history import writer
from ollama_panel.engine.history.reader import reading
from tests.fakes.api_client import ApiClient, live_api
from tests.fakes.live_engine import settings
from tests.fakes.waiting import polled


@pytest.fixture(autouse=True)
def written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "BATCH_S", 0.01)


async def requests(api: ApiClient, number: int, query: str = "") -> list[dict[str, Any]]:
    """Return the finished requests once there are so many."""

    async def look() -> list[dict[str, Any]]:
        found = await api(f"GET /history/requests{query}")
        return found.json()["requests"] if found.status_code == 200 and len(found.json()["requests"]) == number else []

    return await polled(look, f"{number} finished requests")


async def test_a_request_that_has_ended_is_found_with_its_times_and_after_the_next_start_too(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        await api.panel.chat(stream=True, tokens=8)
        await api.panel.chat(model="missing:latest")
        missing, served = await requests(api, 2)
        assert (served["model"], served["pool"], served["state"]) == ("llama3.1:8b", "chat", "done")
        assert (served["output_tokens"], served["code"]) == (8, "")
        assert served["queue_s"] <= served["first_token_s"] <= served["total_s"]
        assert (missing["state"], missing["code"]) == ("failed", "answer.error")
        assert await requests(api, 1, "?state=failed") == [missing]
        assert "Why is the sky blue" not in (tmp_path / "history.sqlite").read_bytes().decode(errors="replace")
    async with live_api(tmp_path) as api:
        assert [one["id"] for one in await requests(api, 2)] == [missing["id"], served["id"]]
        events = (await api.get("/history/events"))["events"]
        told = [one["told"]["text"] for one in reversed(events)]
        assert [line.split(",")[0] for line in told if "panel" in line.lower()] == [
            "The panel started",
            "The panel ended.",
            "The panel started",
        ]


async def test_the_last_minutes_are_there_by_the_second(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:

        async def look() -> Any:
            found = await api.get("/history?since=-60&step=1&series=panel.slots,panel.queued")
            return found if any(3.0 in one["mean"] for one in found["series"]) else None

        found = await polled(look, "the two slots for chats and the one for embeddings")
        names = [(one["name"], one["source"]) for one in found["series"]]
        assert names == [("panel.queued", ""), ("panel.slots", "")]
        assert found["step"] == 1
        assert all(len(one["mean"]) == len(found["at"]) for one in found["series"])


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?series=gpu.colour", 400, "history.series"),
        ("?since=-31536000&step=10", 400, "history.range"),
        ("?step=0.5", 400, "api.parameters"),
        ("?since=yesterday", 400, "api.parameters"),
        ("/requests?limit=100000", 400, "api.parameters"),
        ("/requests?colour=red", 400, "api.parameters"),
        ("/events?before=-1", 400, "api.parameters"),
    ],
)
async def test_what_cannot_be_answered_is_refused_in_a_sentence(
    tmp_path: Path, query: str, status: int, code: str
) -> None:
    async with live_api(tmp_path) as api:
        await polled(lambda: _written(tmp_path), "the history")
        answer = await api(f"GET /history{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def _written(folder: Path) -> bool:
    return (folder / "history.sqlite").exists() and (folder / "history.sqlite").stat().st_size > 0


async def test_without_days_nothing_is_written_but_the_last_minutes_are_known(tmp_path: Path) -> None:
    async with live_api(tmp_path, settings(("history.days", "0"))) as api:
        await api.panel.chat()
        answer = await api("GET /history/requests")
        assert (answer.status_code, answer.json()["code"]) == (404, "history.none_yet")
        assert {one["name"] for one in (await api.get("/history?since=-60"))["series"]} <= set(NAMES)
    assert not (tmp_path / "history.sqlite").exists()


async def test_a_change_of_the_settings_takes_effect_at_once(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        await api.panel.chat()
        (known,) = await requests(api, 1)
        assert known["client"]
        await api("PATCH /settings", {"history.clients": False})
        await api.panel.chat()
        assert [one["client"] for one in await requests(api, 2)] == ["", known["client"]]
    with reading(tmp_path / "history.sqlite") as reader:
        assert len(reader.requests(RequestsQuestion(0, 1e11)).requests) == 2
