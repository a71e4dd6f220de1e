"""One simulated server over HTTP: semantics that a client sees."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import zstandard

from ollama_panel.sim.machine.instance import BUSY
from ollama_panel.sim.machine.runner import DIED
from tests.sim.serving import CHAT, EMBED, LONG, client, question, server, stats


async def test_a_burst_is_served_whole_by_one_load_and_never_more_at_once_than_asked_for() -> None:
    async with server(OLLAMA_NUM_PARALLEL="4") as url, client(url) as http:
        answers = await asyncio.gather(
            *(http.post("/api/chat", json=question(f"{number}", stream=number % 2 == 0)) for number in range(200))
        )
        seen = await stats(http)

    assert {answer.status_code for answer in answers} == {200}
    assert (seen["peak"], seen["now"], seen["loads"], seen["served"], seen["failed"]) == (4, 0, 1, 200, 0)


async def test_the_same_request_has_the_same_answer_streamed_or_not() -> None:
    async with server() as url, client(url) as http:
        whole = (await http.post("/api/chat", json=question(tokens=40))).json()["message"]["content"]
        lines = (await http.post("/api/chat", json=question(tokens=40, stream=True))).text.splitlines()

    assert "".join(json.loads(line)["message"]["content"] for line in lines) == whole
    assert len(lines) == 41


async def test_a_slot_is_free_as_soon_as_the_client_of_a_stream_is_gone() -> None:
    async with server(OLLAMA_NUM_PARALLEL="1") as url, client(url) as http:
        async with http.stream("POST", "/api/chat", json=question(stream=True) | {"options": LONG}) as answer:
            lines = answer.aiter_lines()
            await anext(lines)
        after = await http.post("/api/chat", json=question("next"))
        seen = await stats(http)

    assert after.status_code == 200
    assert (seen["cancelled"], seen["served"], seen["peak"]) == (1, 1, 1)


@pytest.mark.parametrize("path", ["/api/chat", "/v1/chat/completions"])
async def test_a_slot_is_free_when_a_client_goes_before_any_answer(path: str) -> None:
    async with server(OLLAMA_NUM_PARALLEL="1") as url, client(url) as http:
        async with http.stream("POST", "/api/chat", json=question(stream=True) | {"options": LONG}) as first:
            lines = first.aiter_lines()
            await anext(lines)
            waiting = asyncio.ensure_future(http.post(path, json=question("waits")))  # noqa: TID251
            while (await stats(http))["waiting"] == 0:
                pass
            waiting.cancel()
            await asyncio.wait([waiting])
            while (await stats(http))["waiting"] == 1:
                pass
        after = await http.post("/api/chat", json=question("next"))
        seen = await stats(http)

    assert after.status_code == 200
    assert (seen["cancelled"], seen["served"]) == (2, 1)


async def test_only_waits_for_a_load_are_refused() -> None:
    async with server(OLLAMA_MAX_QUEUE="1") as url, client(url) as http:
        cold = await asyncio.gather(*(http.post("/api/chat", json=question(f"{number}")) for number in range(6)))
        warm = await asyncio.gather(*(http.post("/api/chat", json=question(f"{number}")) for number in range(20)))

    assert sorted(answer.status_code for answer in cold) == [200, 200, 503, 503, 503, 503]
    assert {answer.json()["error"] for answer in cold if answer.status_code == 503} == {BUSY}
    assert {answer.status_code for answer in warm} == {200}


async def test_a_dying_runner_ends_a_stream_with_an_error_line_and_the_next_request_loads_again() -> None:
    async with server(OLLAMA_SIM_FAULTS="runner-dies-after=3") as url, client(url) as http:
        broken = await http.post("/api/chat", json=question(stream=True))
        after = await http.post("/api/chat", json=question())
        seen = await stats(http)

    assert broken.status_code == 200
    assert [json.loads(line).get("error") for line in broken.text.splitlines()] == [None, None, None, DIED]
    assert after.status_code == 200
    assert (seen["loads"], seen["failed"]) == (2, 1)


async def test_a_dying_runner_ends_an_openai_stream_without_done() -> None:
    async with server(OLLAMA_SIM_FAULTS="runner-dies-after=2") as url, client(url) as http:
        ask = {"model": CHAT, "messages": [{"role": "user", "content": "hi"}], "max_tokens": 9, "stream": True}
        broken = await http.post("/v1/chat/completions", json=ask)

    assert broken.text.count("data: ") == 3
    assert "[DONE]" not in broken.text


async def test_a_dying_runner_is_a_500_for_who_waits_for_the_whole_answer() -> None:
    async with server(OLLAMA_SIM_FAULTS="runner-dies-after=3") as url, client(url) as http:
        broken = await http.post("/api/chat", json=question())

    assert (broken.status_code, broken.json()["error"]) == (500, DIED)


async def test_a_load_without_memory_is_a_500_in_the_dialect_of_the_path() -> None:
    async with server(OLLAMA_SIM_FAULTS="oom-on-load=2") as url, client(url) as http:
        native = await http.post("/api/generate", json={"model": CHAT, "prompt": "x"})
        openai = await http.post("/v1/completions", json={"model": CHAT, "prompt": "x"})

    assert (native.status_code, openai.status_code) == (500, 500)
    assert "insufficient memory" in native.json()["error"]
    assert openai.json()["error"]["type"] == "api_error"


async def test_stopping_cuts_streams_where_they_are() -> None:
    running = server(OLLAMA_NUM_PARALLEL="1")
    async with (
        running as url,
        client(url) as http,
        http.stream("POST", "/api/chat", json=question(stream=True) | {"options": LONG}) as answer,
    ):
        lines = answer.aiter_lines()
        await anext(lines)
        await running.stop()
        with pytest.raises(httpx.RemoteProtocolError):
            _ = [line async for line in lines]


async def test_stopping_with_a_stream_in_flight_leaves_the_gpu(tmp_path: Path) -> None:
    running = server(OLLAMA_SIM_GPU=str(tmp_path))
    async with (
        running as url,
        client(url) as http,
        http.stream("POST", "/api/chat", json=question(stream=True) | {"options": LONG}) as answer,
    ):
        lines = answer.aiter_lines()
        await anext(lines)
        await running.stop()

    assert list_of(tmp_path) == []


async def test_a_hanging_server_answers_nobody_any_more() -> None:
    running = server(OLLAMA_SIM_FAULTS="hang-after=1")
    async with running as url, client(url) as http:
        first = await http.post("/api/chat", json=question())
        health = asyncio.ensure_future(http.get("/api/version"))  # noqa: TID251
        await running.hung.wait()
        await running.stop()
        with pytest.raises(httpx.HTTPError):
            await health

    assert first.status_code == 200


async def test_keep_alive_is_wall_time_and_0_unloads() -> None:
    async with server() as url, client(url) as http:
        await http.post("/api/generate", json={"model": CHAT, "keep_alive": -1})
        forever = (await http.get("/api/ps")).json()["models"][0]["expires_at"]
        await http.post("/api/generate", json={"model": CHAT, "keep_alive": 0})
        empty = (await http.get("/api/ps")).json()["models"]

    assert forever > "2300"
    assert empty == []


async def test_an_empty_request_unloads_a_model_that_answers_none() -> None:
    """`server/routes.go` unloads before it asks what the model can do (v0.32)."""
    async with server() as url, client(url) as http:
        await http.post("/api/embed", json={"model": "nomic-embed-text", "input": "a"})
        loaded = (await http.get("/api/ps")).json()["models"]
        answer = await http.post("/api/generate", json={"model": "nomic-embed-text", "keep_alive": 0, "stream": False})
        empty = (await http.get("/api/ps")).json()["models"]

    assert len(loaded) == 1
    assert (answer.status_code, answer.json()["done_reason"], empty) == (200, "unload", [])


async def test_a_keep_alive_of_an_hour_is_an_hour_of_the_client_however_fast_the_machine_runs() -> None:
    async with server() as url, client(url) as http:
        await http.post("/api/generate", json={"model": CHAT, "keep_alive": "1h"})
        expires = datetime.fromisoformat((await http.get("/api/ps")).json()["models"][0]["expires_at"])

    assert timedelta(minutes=50) < expires - datetime.now(UTC) <= timedelta(hours=1)


async def test_embeddings_are_unit_vectors_that_depend_on_the_text_alone() -> None:
    async with server() as url, client(url) as http:
        many = (await http.post("/api/embed", json={"model": EMBED, "input": ["a", "b", "a"]})).json()["embeddings"]
        short = (await http.post("/api/embed", json={"model": EMBED, "input": "a", "dimensions": 8})).json()[
            "embeddings"
        ]
        old = (await http.post("/api/embeddings", json={"model": EMBED, "prompt": "b"})).json()["embedding"]

    assert many[0] == many[2] != many[1]
    assert many[1] == old
    assert len(many[0]) == 768
    assert [round(sum(value**2 for value in vector), 6) for vector in (*many, *short)] == [1, 1, 1, 1]


async def test_tools_are_called_for_a_user_and_their_results_are_talked_about() -> None:
    tool = {
        "type": "function",
        "function": {
            "name": "get_weather",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}},
        },
    }
    async with server() as url, client(url) as http:
        asked = (await http.post("/api/chat", json=question(tools=[tool]))).json()["message"]
        result = {"role": "tool", "content": "sunny"}
        told = {
            "model": CHAT,
            "messages": [{"role": "user", "content": "hello"}, asked, result],
            "tools": [tool],
            "stream": False,
        }
        answer = (await http.post("/api/chat", json=told)).json()["message"]

    call = asked["tool_calls"][0]["function"]
    assert call["name"] == "get_weather"
    assert {key: type(value) for key, value in call["arguments"].items()} == {"city": str, "days": int}
    assert answer["content"]
    assert "tool_calls" not in answer


async def test_structured_output_follows_the_schema() -> None:
    schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "age": {"type": "integer"},
            "tags": {"type": "array", "items": {"enum": ["x"]}},
        },
    }
    async with server() as url, client(url) as http:
        answer = await http.post("/api/chat", json=question(tokens=-1, format=schema))

    found = json.loads(answer.json()["message"]["content"])
    assert isinstance(found["name"], str)
    assert isinstance(found["age"], int)
    assert found["tags"] == ["x"]


async def test_thinking_comes_in_its_own_field() -> None:
    async with server(OLLAMA_SIM_CATALOG="gpt-oss:20b,tiny") as url, client(url) as http:
        thought = (await http.post("/api/chat", json=question(model="gpt-oss:20b", tokens=30, think=True))).json()[
            "message"
        ]
        plain = (await http.post("/api/chat", json=question(model="gpt-oss:20b", tokens=30, think=False))).json()[
            "message"
        ]
        refused = await http.post("/api/chat", json=question(model="tiny", think=True))

    assert thought["thinking"]
    assert "thinking" not in plain
    assert (refused.status_code, refused.json()["error"]) == (400, '"tiny" does not support thinking')


async def test_a_cloud_model_uses_no_slot_and_none_is_answered_when_the_cloud_is_off() -> None:
    name = "gpt-oss:120b-cloud"
    async with server(OLLAMA_SIM_CATALOG="all") as url, client(url) as http:
        answer = await http.post("/api/chat", json=question(model=name))
        loaded = (await http.get("/api/ps")).json()["models"]
        listed = {model["name"]: model for model in (await http.get("/api/tags")).json()["models"]}
    async with server(OLLAMA_SIM_CATALOG="all", OLLAMA_NO_CLOUD="1") as url, client(url) as http:
        refused = await http.post("/api/chat", json=question(model=name))

    assert answer.status_code == 200
    assert loaded == []
    assert listed[name]["remote_host"] == "https://ollama.com:443"
    assert refused.status_code == 403


async def test_a_compressed_body_is_understood_on_v1() -> None:
    ask = {"model": CHAT, "messages": [{"role": "user", "content": "hi"}], "max_tokens": 3}
    raw = zstandard.compress(json.dumps(ask).encode())
    async with server() as url, client(url) as http:
        good = await http.post("/v1/chat/completions", content=raw, headers={"Content-Encoding": "zstd"})
        bad = await http.post("/v1/chat/completions", content=b"no", headers={"Content-Encoding": "zstd"})

    assert good.json()["usage"]["completion_tokens"] == 3
    assert bad.status_code == 400


async def test_a_model_can_be_pulled_copied_created_and_deleted() -> None:
    async with server() as url, client(url) as http:
        pulled = (await http.post("/api/pull", json={"model": "qwen2.5:7b"})).text.splitlines()
        missing = (await http.post("/api/pull", json={"model": "nobody", "stream": False})).json()
        await http.post("/api/copy", json={"source": CHAT, "destination": "mine"})
        made = await http.post("/api/create", json={"model": "small-ctx", "from": CHAT, "parameters": {"num_ctx": 512}})
        answer = await http.post("/api/chat", json=question(model="small-ctx"))
        context = (await http.get("/api/ps")).json()["models"][0]["context_length"]
        gone = await http.request("DELETE", "/api/delete", json={"model": "mine"})
        names = {model["name"] for model in (await http.get("/api/tags")).json()["models"]}

    assert json.loads(pulled[-1]) == {"status": "success"}
    assert missing == {"error": "pull model manifest: file does not exist"}
    assert made.text.splitlines()[-1] == '{"status":"success"}'
    assert (answer.status_code, context, gone.status_code) == (200, 512, 200)
    assert names == {CHAT, "nomic-embed-text:latest", "qwen2.5:7b", "small-ctx:latest"}


async def test_a_blob_is_checked_against_its_digest_and_known_afterwards() -> None:
    digest = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    async with server() as url, client(url) as http:
        codes = [
            (await http.head(f"/api/blobs/{digest}")).status_code,
            (await http.post(f"/api/blobs/{digest}", content=b"hello")).status_code,
            (await http.head(f"/api/blobs/{digest}")).status_code,
            (await http.post(f"/api/blobs/{digest}", content=b"hello")).status_code,
        ]

    assert codes == [404, 201, 200, 200]


async def test_two_servers_on_one_gpu_see_each_other_and_a_dead_one_is_forgotten(tmp_path: Path) -> None:
    async with server(OLLAMA_SIM_GPU=str(tmp_path)) as first, client(first) as one:
        async with server(OLLAMA_SIM_GPU=str(tmp_path)) as second, client(second) as two:
            await two.post("/api/generate", json={"model": CHAT})
            async with two.stream("POST", "/api/chat", json=question(stream=True) | {"options": LONG}) as answer:
                lines = answer.aiter_lines()
                await anext(lines)
                seen = (await one.get("/sim/stats")).json()["gpu"]
                used = (await two.get("/sim/stats")).json()["gpu"]["used"]
        leave_behind(tmp_path)
        after = (await one.get("/sim/stats")).json()["gpu"]
        left = list_of(tmp_path)
    assert (seen["foreign_busy"], seen["foreign_used"]) == (1, used)
    assert (after["foreign_busy"], after["foreign_used"]) == (0, 0)
    assert len(left) == 1


def leave_behind(folder: Path) -> None:
    """What a killed process leaves: its file, busy for ever."""
    (folder / "999999999-1.gpu").write_bytes(bytes([1] * 16))


def list_of(folder: Path) -> list[Path]:
    return list(folder.glob("*.gpu"))


async def test_what_was_taken_is_said_and_what_is_unknown_is_refused_in_a_sentence() -> None:
    async with server() as url:
        with pytest.raises(OSError, match="in use"):
            await server(OLLAMA_HOST=url).start()
    for variable, value in (("SPEED", "fast"), ("PROFILE", "abacus"), ("CATALOG", "nobody"), ("FAULTS", "rain")):
        with pytest.raises(ValueError, match=r"^The .*\.$"):
            server(**{"OLLAMA_SIM_" + variable: value})
