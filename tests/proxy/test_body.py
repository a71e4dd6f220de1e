"""The pace of bodies, and what they may take of memory and disk while they arrive, wait and are sent."""

import json
import logging
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import pytest

from ollama_panel.proxy.body_storage import LARGE_BYTES, RETRY_AFTER_S, SMALL_BYTES
from tests.fakes.rawclient import RawClient
from tests.fakes.upstream import chat_lines, stream
from tests.fakes.waiting import deadline
from tests.proxy.conftest import ProxyHarness

MIB = 1 << 20
GOOD = stream(chat_lines(2))
DIALECTS = {
    "/api/chat": ("error",),
    "/v1/chat/completions": ("error", "message"),
    "/v1/messages": ("error", "message"),
}


def chat(size: int) -> bytes:
    """Return the body of a chat with about `size` bytes."""
    return json.dumps({"model": "llama3", "stream": False, "messages": [{"content": "x" * size}]}).encode()


def part_of(body: bytes, size: int, path: str = "/api/chat") -> bytes:
    """Return a request with the first `size` bytes of its body."""
    return b"POST %b HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b" % (
        path.encode(),
        len(body),
        body[:size],
    )


# The pace


@pytest.mark.parametrize("path", ["/api/chat", "/api/blobs/sha256:1"])
@pytest.mark.parametrize("parts", [1, 20])
async def test_a_fast_beginning_saves_up_no_time(harness: ProxyHarness, parts: int, path: str) -> None:
    harness.configure(body_timeout_s=120)
    async with harness.client() as client:
        await client.send(part_of(chat(8 * MIB), 0, path))
        for _ in range(parts):
            await client.send(b"x" * 65_536)
            await harness.input_read()
        await harness.later(121)
        assert (await client.get()).status == 408


async def test_a_body_may_take_long_if_each_part_of_it_comes_in_time(harness: ProxyHarness) -> None:
    harness.configure(body_timeout_s=120)
    harness.upstream.script = GOOD
    body = chat(10 * 65_536)
    async with harness.client() as client:
        await client.send(part_of(body, 0))
        for start in range(0, len(body), 65_536):
            await harness.later(100)
            await client.send(body[start : start + 65_536])
        assert (await client.get()).status == 200
    assert harness.upstream.requests[0].body == body


# Memory


def held(harness: ProxyHarness) -> int:
    return harness.bodies.in_memory + harness.bodies.on_disk


async def stalled(harness: ProxyHarness, stack: AsyncExitStack, bodies: list[bytes], left: int = 1) -> list[RawClient]:
    """Send all bodies but for the last bytes of each, one after another."""
    clients = [await stack.enter_async_context(harness.client()) for _ in bodies]
    for client, body in zip(clients, bodies, strict=True):
        whole = held(harness) + len(body) - left
        await client.send(part_of(body, len(body) - left))
        async with deadline(lambda whole=whole: f"{whole} bytes to arrive, but there are {held(harness)}"):
            while held(harness) < whole:
                await harness.input_read()
    return clients


async def test_bodies_that_stall_are_bounded_together_and_arrive_whole_in_the_end(harness: ProxyHarness) -> None:
    harness.bodies.memory_bytes = 2 * MIB
    harness.upstream.script = GOOD
    bodies = [chat(500_000 + number) for number in range(12)]
    async with AsyncExitStack() as stack:
        clients = await stalled(harness, stack, bodies)
        assert 0 < harness.bodies.in_memory <= MIB
        assert held(harness) == sum(map(len, bodies)) - len(bodies)
        for client, body in zip(clients, bodies, strict=True):
            await client.send(body[-1:])
            assert (await client.get()).status == 200
    assert [request.body for request in harness.upstream.requests] == bodies
    await harness.wait_all_ended()
    assert (harness.bodies.in_memory, harness.bodies.on_disk) == (0, 0)


async def test_bodies_that_wait_count_with_those_that_arrive(harness: ProxyHarness) -> None:
    harness.bodies.memory_bytes = 2 * MIB
    harness.gate.set_slots(0)
    harness.upstream.script = GOOD
    bodies = [chat(900_000), chat(900_000)]
    async with AsyncExitStack() as stack:
        clients = await stalled(harness, stack, bodies, left=0)
        await harness.gate.until(lambda: len(harness.gate.waiting) == 2)
        assert 0 < harness.bodies.in_memory <= MIB
        assert harness.bodies.on_disk > 0
        harness.gate.set_slots(2)
        assert [(await client.get()).status for client in clients] == [200, 200]
    assert sorted(request.body for request in harness.upstream.requests) == bodies


async def test_long_bodies_leave_room_in_memory_for_short_ones(harness: ProxyHarness) -> None:
    harness.bodies.memory_bytes = MIB
    async with AsyncExitStack() as stack:
        await stalled(harness, stack, [chat(400_000)] * 4)
        long = harness.bodies.on_disk
        await stalled(harness, stack, [chat(SMALL_BYTES // 2)] * 4)
        assert harness.bodies.on_disk == long


@pytest.mark.parametrize("size", [100, 100_000])
async def test_without_any_memory_left_every_body_is_spooled(harness: ProxyHarness, size: int) -> None:
    harness.bodies.memory_bytes = 0
    harness.upstream.script = GOOD
    async with harness.client() as client:
        assert (await client.exchange("POST", "/api/chat", chat(size))).status == 200
    assert harness.upstream.requests[0].body == chat(size)


async def test_a_body_of_many_tiny_pieces_takes_no_more_than_its_length(harness: ProxyHarness) -> None:
    harness.upstream.script = GOOD
    body = chat(100)
    async with harness.client() as client:
        await client.send(part_of(body, 0))
        for start in range(len(body)):
            await client.send(body[start : start + 1])
            await harness.input_read()
        assert (await client.get()).status == 200
    assert harness.upstream.requests[0].body == body


async def test_a_client_that_leaves_gives_back_what_its_body_took(harness: ProxyHarness) -> None:
    harness.bodies.memory_bytes = MIB
    async with AsyncExitStack() as stack:
        clients = await stalled(harness, stack, [chat(400_000), chat(3 * MIB)])
        for client in clients:
            client.abort()
        await harness.wait_idle()
    assert (harness.bodies.in_memory, harness.bodies.on_disk) == (0, 0)


# Disk


@pytest.mark.parametrize("path", DIALECTS)
async def test_a_body_without_room_on_disk_is_refused_until_there_is_some(harness: ProxyHarness, path: str) -> None:
    harness.configure(max_body_mib=1)
    harness.bodies.memory_bytes, harness.bodies.disk_bytes = 0, MIB
    harness.upstream.script = GOOD
    async with AsyncExitStack() as stack, harness.client() as second:
        first = (await stalled(harness, stack, [chat(900_000)]))[0]
        got = await second.exchange("POST", path, chat(300_000))
        assert got.status == 503
        assert said(got.json, path) == (
            "The panel holds 879 KiB of other request bodies and has no room for more. Try again later, or send "
            "shorter requests."
        )
        assert got.header("Retry-After") == str(RETRY_AFTER_S)
        first.abort()
        await harness.wait_idle()
    async with harness.client() as client:
        assert (await client.exchange("POST", "/api/chat", chat(300_000))).status == 200


def said(answer: dict[str, object], path: str) -> object:
    found: object = answer
    for key in DIALECTS[path]:
        assert isinstance(found, dict)
        found = found[key]
    return found


async def test_the_longest_body_that_is_allowed_has_room_alone(harness: ProxyHarness) -> None:
    harness.configure(max_body_mib=2)
    harness.bodies.memory_bytes = harness.bodies.disk_bytes = 0
    harness.upstream.script = GOOD
    async with harness.client() as client:
        assert (await client.exchange("POST", "/api/chat", chat(MIB))).status == 200


@contextmanager
def limited(which: int, soft: int) -> Iterator[None]:
    """Set a limit of this process for a while."""
    before = resource.getrlimit(which)
    resource.setrlimit(which, (soft, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(which, before)


@pytest.fixture
def no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    return "No such file or directory"


@pytest.fixture
def file_too_large() -> Iterator[str]:
    with limited(resource.RLIMIT_FSIZE, MIB):
        yield "File too large"


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file system of 1 MiB for temporary files."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a file system")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.fixture
def full(small_disk: Path) -> str:
    return "No space left on device"


@pytest.fixture
def read_only(small_disk: Path) -> str:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    return "Read-only file system"


@pytest.mark.parametrize("obstacle", ["no_folder", "file_too_large", "full", "read_only"])
@pytest.mark.parametrize("path", DIALECTS)
async def test_a_body_that_cannot_be_written_is_answered_and_the_panel_goes_on(
    harness: ProxyHarness, path: str, obstacle: str, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    why = request.getfixturevalue(obstacle)
    harness.bodies.memory_bytes = SMALL_BYTES
    harness.upstream.script = GOOD
    async with harness.client() as other:
        for _ in range(2):
            assert await refused(harness, path) == (
                f'The panel cannot keep the request body in its temporary folder: "{why}". Try again later, or make '
                "room there (TMPDIR)."
            )
        assert (await other.exchange("POST", "/api/chat", chat(1000))).status == 200
    assert (harness.bodies.in_memory, harness.bodies.on_disk) == (0, 0)
    ours = [record for record in caplog.records if record.name.startswith("ollama_panel")]
    assert [(record.levelno, record.exc_info) for record in ours] == [(logging.WARNING, None)], "it is said once"


async def refused(harness: ProxyHarness, path: str) -> object:
    """Send a body that is too long for memory; return what the panel says."""
    async with harness.client() as client:
        body = chat(3 * MIB)
        await client.send(part_of(body, len(body), path))
        got = await client.get()
    assert got.status == 507
    assert got.header("Retry-After") == str(RETRY_AFTER_S)
    return said(got.json, path)


async def test_a_body_that_finds_no_descriptor_is_answered(harness: ProxyHarness) -> None:
    harness.bodies.memory_bytes = 0
    async with harness.client() as client:
        await harness.input_read()
        with limited(resource.RLIMIT_NOFILE, 3):
            await client.send_request("POST", "/api/chat", chat(1000))
            got = await client.get()
    assert got.status == 507
    assert "Too many open files" in str(got.json["error"])


async def test_a_spooled_body_is_nowhere_to_be_seen(
    harness: ProxyHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    async with AsyncExitStack() as stack:
        await stalled(harness, stack, [chat(LARGE_BYTES)])
        assert harness.bodies.on_disk > LARGE_BYTES
        assert not list_of(tmp_path)


def list_of(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]
