"""What happens to a panel on bad days, one function each: `await attack(target)` attacks once.

`size` scales an attack: 1 in the tests, more in a long run.
"""

import asyncio
import json
import os
import shutil
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import httpx

from tests.chaos.questions import CHAT, EMBEDDING
from tests.chaos.target import DESCRIPTORS, QUEUE_LIMIT, Target
from tests.chaos.traffic import Tally
from tests.fakes.waiting import deadline

Run: TypeAlias = Callable[[Target, int], Awaitable[None]]

ATTACKS: list["Attack"] = []


@dataclass(frozen=True)
class Attack:
    """An attack. `breaks_streams`: those that had begun at a killed instance are cut, as nobody can repeat them.

    `slow`: it takes half a minute or more, and so is left to the long run.
    """

    name: str
    run: Run
    breaks_streams: bool = False
    slow: bool = False

    def faults(self, tally: Tally) -> list[str]:
        """Return what the traffic should have got; a machine that stood still is late by nature."""
        late = [] if self.slow else tally.late
        return [*tally.lost, *tally.wrong, *late, *([] if self.breaks_streams else tally.cut)]


def attack(*, breaks_streams: bool = False, slow: bool = False) -> Callable[[Run], Run]:
    """Add a function to the table."""

    def add(run: Run) -> Run:
        ATTACKS.append(Attack(run.__name__, run, breaks_streams, slow))
        return run

    return add


@attack(breaks_streams=True)
async def more_idle_connections_than_descriptors(target: Target, size: int) -> None:
    """Hold more connections than the panel may have open; a worker that is killed meanwhile is started again."""
    with idle_connections(target, DESCRIPTORS + 100 * size):
        await target.kill_worker()
        await target.ready()
        await target.traffic.answered(30)


@attack()
async def an_address_that_nobody_can_listen_on(target: Target, size: int) -> None:
    """Write hosts into the settings file that raise in different places."""
    for host in ("192.168..5", "a" * 70, "nobody.invalid", "300.1.1.1", "192.0.2.1", "[::1", "a b")[: 3 + 4 * size]:
        await target.rewrite_settings(lambda settings, host=host: settings["proxy"].update(host=host))
        await target.traffic.answered(10)
        code, _ = await target.panel.command("settings", "set", "proxy.host", host)
        assert code == 1 or host in ("nobody.invalid", "192.0.2.1"), host
    await target.restore_settings()


@attack()
async def many_connections_at_once(target: Target, size: int) -> None:
    """Connect from many clients in the same moment; each gets an answer."""
    limit = asyncio.Semaphore(4_000)  # of the tests' own descriptors

    async def visit() -> int:
        async with limit:
            reader, writer = await asyncio.open_connection(*target.address)
            writer.write(b"GET /api/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            status = (await reader.read()).split(b" ", 2)[1:2]
            writer.close()
            return int(status[0]) if status else 0

    async with deadline("every connection to be answered"):
        statuses = await asyncio.gather(*(visit() for _ in range(1_500 * size)))
    assert set(statuses) == {200}, {status: statuses.count(status) for status in statuses}


@attack()
async def a_hog_of_many_names_fills_the_queue(target: Target, size: int) -> None:
    """Send far more than the queue holds, under a new client id each; nobody else is refused."""

    async def grab(client: httpx.AsyncClient, number: int) -> int:
        body = {"model": CHAT, "messages": [{"role": "user", "content": f"hog {number}"}], "stream": False}
        return (await client.post("/api/chat", json=body, headers={"X-Client-ID": f"hog-{number}"})).status_code

    async with target.stranger() as client, deadline("the hog's requests to end"):
        statuses = await asyncio.gather(*(grab(client, number) for number in range(3 * QUEUE_LIMIT * size)))
    assert set(statuses) <= {200, 503}
    assert 503 in statuses


@attack()
async def clients_that_do_not_read_their_answers(target: Target, size: int) -> None:
    """Ask for megabytes and read nothing: the slots become free all the same."""
    texts = [f"text {number}" for number in range(1_500)]
    body = json.dumps({"model": EMBEDDING, "input": texts}).encode()
    with ExitStack() as stack:
        for _ in range(4 * size):
            sending = stack.enter_context(target.connection(receive_bytes=4_096))
            sending.sendall(target.head("POST", "/api/embed", len(body), client="deaf") + body)
        await target.panel.until(lambda status: any(one["client"] == "deaf" for one in status["requests"]))
        await target.no_request_of("deaf")
        await target.traffic.answered(20)


@attack()
async def bodies_that_stop_before_their_end(target: Target, size: int) -> None:
    """Send all but the end of large bodies, and wait."""
    part = b" " * 7_900_000
    with ExitStack() as stack:
        for _ in range(16 * size):
            sending = stack.enter_context(target.connection())
            await target.in_thread(sending.sendall, target.head("POST", "/api/chat", 8_000_000) + part)
        await target.traffic.answered(30)


@attack()
async def a_temporary_folder_that_is_gone(target: Target, size: int) -> None:
    """Send a body that is too large for memory while its place is gone: refused, and the next one succeeds."""
    body = {"model": CHAT, "messages": [{"role": "user", "content": "x"}], "stream": False, "pad": "x" * 9_000_000}
    async with target.stranger() as client:
        assert (await client.post("/api/chat", json=body)).status_code == 200
        shutil.rmtree(target.temporary_folder)
        refused = await client.post("/api/chat", json=body)
        target.temporary_folder.mkdir()
        assert (await client.post("/api/chat", json=body)).status_code == 200
    assert refused.status_code == 507, refused
    assert "Retry-After" in refused.headers
    assert refused.json()["error"].endswith(".")
    await target.traffic.answered(10)


@attack()
async def commands_that_write_settings_at_once(target: Target, size: int) -> None:
    """Add keys and change settings side by side: nothing that was confirmed is lost."""
    names = [f"key-{target.number()}" for _ in range(5 * size)]
    changes = [("scheduling.dwell_s", "9"), ("proxy.body_timeout_s", "111"), ("window.theme", "dark")]
    ended = await asyncio.gather(
        *(target.panel.command("keys", "add", name) for name in names),
        *(target.panel.command("settings", "set", key, value) for key, value in changes),
    )
    assert [code for code, _ in ended] == [0] * len(ended)
    _, kept = await target.panel.command("keys", "list")
    assert set(names) <= set(kept.split())
    for key, value in changes:
        assert (await target.panel.command("settings", "get", key))[1].strip().startswith(value), key
    await target.traffic.answered(10)


@attack()
async def names_and_origins_that_look_right(target: Target, size: int) -> None:
    """Call the panel by look-alike hosts and from look-alike pages, and name a pool with the end of a line."""
    hosts = (
        "localhost.evil.example",
        "[::1]evil",
        "x@localhost",
        "evil.example",
        f"{socket.gethostname()}.evil.example",
    )
    origins = (
        "http://evil.example",
        "http://localhost.evil.example",
        "http://x@evil.example",
        "null",
        "https://[::1]x",
    )
    async with target.stranger() as client:
        for host in hosts:
            assert (await client.get("/api/tags", headers={"Host": host})).status_code == 403, host
        for origin in origins:
            assert (await client.get("/api/tags", headers={"Origin": origin})).status_code == 403, origin
    await target.rewrite_settings(lambda settings: settings["pools"][0].update(name="chat\n"))
    await target.traffic.answered(10)
    await target.restore_settings()
    await target.ready()


@attack()
async def newcomers_beside_many_open_connections(target: Target, size: int) -> None:
    """Keep connections open, and let new clients come one after another."""
    with idle_connections(target, 200):
        for _ in range(100 * size):
            with target.connection() as visitor:
                visitor.sendall(b"GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert b"200 OK" in await target.in_thread(visitor.recv, 1_000)
        await target.traffic.answered(10)


@attack()
async def the_state_folder_is_deleted(target: Target, size: int) -> None:
    """Delete the folder: requests go on, a second panel is refused, and what commands need comes back."""
    shutil.rmtree(target.panel.state_dir)
    code, _ = await target.panel.command("serve", "--demo", "--listen", "127.0.0.1:0")
    assert code == 1
    await target.until(lambda: (target.panel.state_dir / "panel.json").exists())
    assert (await target.panel.command("status"))[0] == 0
    await target.traffic.answered(20)
    await target.restore_settings()
    await target.ready()


@attack(breaks_streams=True, slow=True)
async def a_worker_that_stands_still(target: Target, size: int) -> None:
    """Stop a worker's process: what waits goes to another or to its successor."""
    pid = await target.worker()
    os.kill(pid, signal.SIGSTOP)
    await target.panel.until(lambda status: all(one["pid"] != pid for one in status["instances"]))
    await target.ready()
    await target.traffic.answered(20)


@attack(breaks_streams=True, slow=True)
async def a_machine_that_sleeps(target: Target, size: int) -> None:
    """Stop the panel and its workers for longer than their time-outs: nothing is restarted when they wake."""
    before = await target.panel.status()
    pids = [target.panel.process.pid, *(one["pid"] for one in before["instances"])]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(40)
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
    await target.traffic.answered(20)
    after = await target.panel.status()
    assert [one["pid"] for one in after["instances"]] == pids[1:]


@attack(breaks_streams=True)
async def workers_that_are_killed(target: Target, size: int) -> None:
    """Kill one worker after another."""
    for _ in range(2 * size):
        await target.kill_worker()
        await target.ready()
        await target.traffic.answered(10)


@attack(breaks_streams=True)
async def a_program_that_is_replaced(target: Target, size: int) -> None:
    """Remove the Ollama program, put another in its place, and kill a worker: the next start takes the new one."""
    program = target.program.read_text()
    target.program.unlink()
    await target.kill_worker()
    await target.panel.until(lambda status: any(one["detail"] for one in status["instances"]))
    target.write_program(program)
    await target.ready()
    await target.traffic.answered(20)


@attack()
async def settings_that_are_rewritten_all_the_time(target: Target, size: int) -> None:
    """Write settings, half of a file, garbage and nothing, one after another."""
    whole = target.settings_file.read_text()
    for number in range(10 * size):
        for text in (whole[: 40 + number], "", "[1, 2", '{"proxy": {"port": "a"}}', "\x00\xff", whole):
            target.settings_file.write_text(text)
            await target.traffic.answered(1)
    await target.restore_settings()
    await target.ready()


@attack()
async def a_slip_in_the_settings(target: Target, size: int) -> None:
    """Write a port that is none into the settings file, as if somebody had begun to edit it, and leave it there."""
    target.settings_file.write_text('{"proxy": {"port": "a"}}')
    await target.panel.until(lambda status: any(one["where"] == "proxy.port" for one in status["problems"]))
    await target.traffic.answered(20)
    await target.restore_settings()
    await target.ready()


@attack()
async def clients_that_leave(target: Target, size: int) -> None:
    """Leave while waiting, and in the middle of an answer: no slot stays taken."""
    body = {"model": CHAT, "messages": [{"role": "user", "content": "leaving"}], "options": {"num_predict": 5_000}}
    content = json.dumps(body).encode()
    for _ in range(10 * size):
        with target.connection() as visitor:
            visitor.sendall(target.head("POST", "/api/chat", len(content), client="leaver") + content)
            await target.in_thread(visitor.recv, 100)
    await target.no_request_of("leaver")
    await target.traffic.answered(10)


@contextmanager
def idle_connections(target: Target, count: int) -> Iterator[None]:
    """Hold `count` connections that send nothing, as far as the system lets them in."""
    with ExitStack() as stack:
        for _ in range(count):
            idle = stack.enter_context(socket.socket())
            idle.setblocking(False)
            idle.connect_ex(target.address)
        yield
