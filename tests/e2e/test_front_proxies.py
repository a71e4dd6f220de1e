"""HAProxy and nginx as exported, before simulated servers: nothing fails, and each request finds its worker."""

import asyncio
import csv
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import msgspec
import pytest

from ollama_panel.core.export import render
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.settings.tree import KeyRule
from ollama_panel.sim.http.server import SimServer
from tests.core.export.proxy.samples import with_coder
from tests.core.export.samples import instances
from tests.fakes.front_proxies import HAPROXY, NGINX, Running, haproxy, nginx
from tests.fakes.ports import free_port
from tests.fakes.waiting import polled
from tests.sim.serving import CHAT, EMBED, LONG, question, server

CODER = "qwen2.5-coder:7b"
CHATS = 40
SLOW = 2
"""Answers without an end must leave this process time for anything else."""
BOTH = [
    pytest.param("haproxy", marks=pytest.mark.skipif(not HAPROXY, reason="haproxy is not installed")),
    pytest.param("nginx", marks=pytest.mark.skipif(not NGINX, reason="nginx is not installed")),
]
of_both = pytest.mark.parametrize("target", BOTH)
of_haproxy = pytest.mark.parametrize("target", BOTH[:1])


class Front:
    """A running proxy: its `url`, and the workers behind it by name."""

    def __init__(self, url: str, workers: dict[str, SimServer], running: Running | None) -> None:
        self.url = url
        self.workers = workers
        self._running = running

    def client(self, number: int = 1) -> httpx.AsyncClient:
        """A client with an address of its own."""
        transport = httpx.AsyncHTTPTransport(
            local_address=f"127.0.0.{number}", limits=httpx.Limits(max_connections=None)
        )
        return httpx.AsyncClient(base_url=self.url, transport=transport, timeout=60, trust_env=False)

    async def counts(self, count: str) -> dict[str, int]:
        """Return a count of the simulation for each worker, of all models."""
        found = dict[str, int]()
        async with httpx.AsyncClient(trust_env=False) as http:
            for name, worker in self.workers.items():
                models = (await http.get(f"{worker.url}/sim/stats")).json()["models"]
                found[name] = sum(model[count] for model in models.values())
        return found

    async def waiting(self) -> int:
        """Return how many chats wait in HAProxy."""
        assert self._running is not None
        rows = csv.DictReader((await self._running.ask("show stat")).lstrip("# ").splitlines())
        return next(int(row["qcur"]) for row in rows if (row["pxname"], row["svname"]) == ("chat", "BACKEND"))

    async def until_waiting(self, number: int) -> None:
        """Return when so many chats wait in HAProxy."""

        async def so() -> bool:
            return await self.waiting() == number

        await polled(so, f"{number} chats to wait")

    async def until(self, count: str, **wanted: int) -> None:
        """Return when workers have these counts."""

        async def so() -> bool:
            counts = await self.counts(count)
            return all(counts[name.replace("_", "-")] == number for name, number in wanted.items())

        await polled(so, f"{count} to be {wanted}")


@asynccontextmanager
async def front(
    target: str, edit: Callable[[str], str] = str, *, speed: float = 100, **proxy: object
) -> AsyncIterator[Front]:
    """Start the export of a target and its workers, so many times as fast as real ones."""
    settings = with_coder(CODER, port=free_port(), **proxy)
    planned = [at_port(instance, free_port()) for instance in instances(settings)]
    export = render(target, settings, planned, version="1.2.3", date="2026-11-30")
    async with AsyncExitStack() as stack:
        workers: dict[str, SimServer] = {
            one.id: server(**one.environment, OLLAMA_SIM_CATALOG=f"{CHAT},{EMBED},{CODER}", OLLAMA_SIM_SPEED=str(speed))
            for one in planned
        }
        for worker in workers.values():
            await stack.enter_async_context(worker)
        text, port = edit(export.text), settings.proxy.port
        running = await stack.enter_async_context(haproxy(text)) if target == "haproxy" else None
        if running is None:
            await stack.enter_async_context(nginx(text, port))
        yield Front(f"http://127.0.0.1:{port}", workers, running)


def at_port(instance: InstanceSpec, port: int) -> InstanceSpec:
    environment = {**instance.environment, "OLLAMA_HOST": f"127.0.0.1:{port}"}
    return msgspec.structs.replace(instance, port=port, environment=environment)


def busy(model: str = CHAT) -> dict[str, Any]:
    """Return a chat whose answer does not end by itself."""
    return question(stream=True, model=model) | {"options": LONG}


@of_both
async def test_all_of_many_chats_at_once_are_answered_by_both_workers(target: str) -> None:
    async with front(target) as it, it.client() as http:
        answers = await asyncio.gather(*(http.post("/api/chat", json=question(str(n))) for n in range(CHATS)))
        assert Counter(answer.status_code for answer in answers) == {200: CHATS}
        served = await it.counts("served")
        assert served["chat-1"] + served["chat-2"] == CHATS
        assert min(served["chat-1"], served["chat-2"]) > 0
        assert max((await it.counts("peak")).values()) <= 4


@of_both
async def test_requests_find_the_workers_that_are_meant_for_them(target: str) -> None:
    chosen = "" if target == "haproxy" else "/code"
    async with front(target) as it, it.client() as http:
        for path, body in {
            "/api/embed": {"model": EMBED, "input": "a"},
            "/v1/embeddings": {"model": EMBED, "input": "a"},
            f"{chosen}/api/chat": question(model=CODER.upper()),
            f"{chosen}/v1/chat/completions": {"messages": [{"role": "user", "content": "a" * 50_000}], "model": CODER},
        }.items():
            assert (await http.post(path, json=body)).status_code == 200, path
        served = await it.counts("served")
        assert (served["embed-1"], served["coder-1"], served["chat-1"], served["chat-2"]) == (2, 2, 0, 0)
        assert (await http.get("/api/tags")).json()["models"]
        assert (await http.get("/")).text == "Ollama is running"
        assert (await http.get("/sim/stats")).json()["config"]["parallel"] == 4, "the first worker"


@of_both
async def test_streams_come_word_by_word(target: str) -> None:
    async with front(target) as it, it.client() as http, http.stream("POST", "/api/chat", json=busy()) as answer:
        lines = answer.aiter_lines()
        assert '"content"' in await anext(lines)
        assert '"content"' in await anext(lines)


@of_both
async def test_a_worker_that_is_gone_is_left_out(target: str) -> None:
    async with front(target) as it, it.client() as http:
        await it.workers["chat-1"].stop()
        answers = [await http.post("/api/chat", json=question(str(number))) for number in range(4)]
        assert [answer.status_code for answer in answers] == [200] * 4
        assert (await http.get("/api/version")).status_code == 200


@of_both
async def test_pages_that_name_this_machine_are_refused(target: str) -> None:
    async with front(target, allowed_hosts=("Box.Example.org",)) as it, it.client() as http:
        for host, status in {
            "localhost:11435": 200,
            "box.example.org": 200,
            "nas.local": 200,
            "192.168.7.9:80": 200,
            "[::1]:11435": 200,
            "evil.example": 403,
            "10.evil.example": 403,
            "box.example.org.evil.example": 403,
        }.items():
            assert (await http.get("/api/version", headers={"Host": host})).status_code == status, host


KEY = "op-0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"


def with_key(text: str) -> str:
    """Put a key where the steps of the export say."""
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    return text.replace("'digest of a new key'", digest).replace('# "~', '"~').replace("KEY", KEY)


@of_both
async def test_it_opens_with_a_key_that_was_put_in_and_to_nobody_before(target: str) -> None:
    shown = ({"Authorization": f"Bearer {KEY}"}, {"X-API-Key": KEY}, {"Authorization": "Bearer KEY"}, {})
    for edit, statuses in ((with_key, [200, 200, 401, 401]), (str, [401] * 4)):
        async with front(target, edit, require_key=KeyRule.ALWAYS) as it, it.client() as http:
            found = [await http.post("/api/chat", json=question(), headers=headers) for headers in shown]
            assert [answer.status_code for answer in found] == statuses


@of_both
async def test_a_store_that_clients_may_not_change_is_closed_by_whatever_name(target: str) -> None:
    async with front(target, management=False) as it, it.client() as http:
        for path in ("/api/copy", "/api/cop%79", "/api/blobs/sha256:0", "/api/user/keys/a"):
            assert (await http.post(path, json={"source": CHAT, "destination": "b"})).status_code == 403, path
        assert (await http.post("/api/show", json={"model": CHAT})).status_code == 200
    async with front(target) as it, it.client() as http:
        assert (await http.post("/api/copy", json={"source": CHAT, "destination": "b"})).status_code == 200


@of_both
async def test_a_long_body_is_refused_before_it_comes(target: str) -> None:
    async with front(target, max_body_mib=1) as it, it.client() as http:
        reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(it.url).port)
        writer.write(b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048577\r\n\r\n")
        assert b" 413 " in await reader.readline()
        writer.close()
        assert (await http.post("/api/chat", json=question("a" * 900_000))).status_code == 200


async def read(http: httpx.AsyncClient) -> None:
    """Read an answer that does not end."""
    async with http.stream("POST", "/api/chat", json=busy()) as answer:
        async for _ in answer.aiter_lines():
            pass


@of_haproxy
async def test_what_exceeds_the_slots_waits_in_haproxy_and_leaves_with_its_client(target: str) -> None:
    async with front(target, speed=SLOW) as it, it.client() as http, asyncio.TaskGroup() as tasks:
        holders = [tasks.create_task(read(http)) for _ in range(8)]
        await it.until("now", chat_1=4, chat_2=4)
        others = [tasks.create_task(read(http)) for _ in range(3)]
        await it.until_waiting(3)
        assert (await http.get("/api/tags")).status_code == 200, "what needs no slot does not wait"
        for other in others:
            other.cancel()
        await it.until_waiting(0)
        for holder in holders:
            holder.cancel()
        await it.until("now", chat_1=0, chat_2=0)
        assert sum((await it.counts("cancelled")).values()) == 8, "who waited never reached a worker"


@of_haproxy
async def test_who_asks_for_little_is_served_before_the_last_of_who_asks_for_much(target: str) -> None:
    async with (
        front(target, speed=SLOW) as it,
        it.client(1) as hog,
        it.client(2) as light,
        asyncio.TaskGroup() as tasks,
    ):
        holders = [tasks.create_task(read(hog)) for _ in range(8)]
        await it.until("now", chat_1=4, chat_2=4)
        ended = list[str]()

        async def ask(name: str, http: httpx.AsyncClient) -> None:
            assert (await http.post("/api/chat", json=question(name))).status_code == 200
            ended.append(name)

        many = [tasks.create_task(ask("hog", hog)) for _ in range(CHATS)]
        await it.until_waiting(CHATS)
        few = tasks.create_task(ask("light", light))
        await it.until_waiting(CHATS + 1)
        for holder in holders:
            holder.cancel()
        await asyncio.gather(*many, few)
        assert ended.index("light") < CHATS // 2


@of_haproxy
async def test_a_full_queue_and_no_worker_are_told_with_when_to_come_again(target: str) -> None:
    async with front(target, speed=SLOW, queue_limit=1) as it, it.client() as http, asyncio.TaskGroup() as tasks:
        holders = [tasks.create_task(read(http)) for _ in range(8)]
        await it.until("now", chat_1=4, chat_2=4)
        holders.append(tasks.create_task(read(http)))
        await it.until_waiting(1)
        refused = await http.post("/api/chat", json=question())
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
        assert refused.json() == {"error": "No Ollama server took the request: all are busy, or none runs."}
        for holder in holders:
            holder.cancel()
