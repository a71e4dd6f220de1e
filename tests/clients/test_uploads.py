"""After an upload that is answered before its end, the connection is not reused."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.fakes.rawclient import RawClient
from tests.fakes.small_panel import SmallPanel, Worker

SIZE = 50_000_000


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """Both loops: what they do with a closed connection differs."""
    return "asyncio", {"use_uvloop": request.param}


class EarlyResponder:
    """An instance that answers an upload as soon as it has its head, as Ollama does for a file that it has.

    `hangs_up`: it closes the connection at once, as Ollama 0.9 does, and says so by `gone`.
    """

    def __init__(self) -> None:
        self.after_uploads: list[bytes] = []
        self.hangs_up = False
        self.gone = asyncio.Event()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                if head.startswith(b"POST /api/blobs/") and self.hangs_up:
                    writer.transport.abort()
                    self.gone.set()
                    return
                if head.startswith(b"POST /api/blobs/"):
                    self.after_uploads.append(await reader.read())
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@pytest.fixture
async def early_responder() -> AsyncIterator[tuple[EarlyResponder, str]]:
    instance = EarlyResponder()
    server = await asyncio.start_server(instance.connected, "127.0.0.1", 0)
    async with server:
        yield instance, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def keep_sending(client: RawClient, piece: bytes) -> None:
    try:
        for _ in range(SIZE // len(piece)):
            await client.send(piece)
    except ConnectionError:
        return  # the panel has its answer and wants no more


async def upload(port: int, framing: str, piece: bytes) -> None:
    client = await RawClient.connect(port)
    await client.send_request("POST", "/api/blobs/sha256:" + "0" * 64, None, framing)
    async with asyncio.TaskGroup() as group:
        sending = group.create_task(keep_sending(client, piece))
        assert (await client.get()).status == 200
        sending.cancel()
    client.abort()


@pytest.mark.parametrize(
    ("framing", "piece"),
    [(f"Content-Length: {SIZE}", b"x" * 10_000), ("Transfer-Encoding: chunked", b"2710\r\n" + b"x" * 10_000 + b"\r\n")],
    ids=["length", "chunked"],
)
async def test_the_rest_of_an_upload_is_never_followed_by_a_request(
    framing: str, piece: bytes, early_responder: tuple[EarlyResponder, str]
) -> None:
    instance, url = early_responder
    async with SmallPanel(Worker(url)) as panel:
        port = int(panel.url.rpartition(":")[2])
        await upload(port, framing, piece)
        other = await RawClient.connect(port)
        assert (await other.exchange("GET", "/api/version")).status == 200
        await other.close()
    assert all(b"GET" not in rest for rest in instance.after_uploads)


@pytest.mark.parametrize(
    "framing", [f"Content-Length: {SIZE}", "Transfer-Encoding: chunked"], ids=["length", "chunked"]
)
async def test_an_upload_whose_instance_answers_and_hangs_up_is_answered_all_the_same(
    framing: str, early_responder: tuple[EarlyResponder, str]
) -> None:
    instance, url = early_responder
    instance.hangs_up = True
    async with SmallPanel(Worker(url)) as panel:
        client = await RawClient.connect(int(panel.url.rpartition(":")[2]))
        await client.send_request("POST", "/api/blobs/sha256:" + "0" * 64, None, framing)
        await instance.gone.wait()
        await client.send(b"1\r\nx\r\n" if "chunked" in framing else b"x")
        assert (await client.get()).status == 200
        client.abort()


@pytest.mark.parametrize("hangs_up", [False, True], ids=["stays", "hangs up"])
@pytest.mark.parametrize(
    "framing", [f"Content-Length: {SIZE}", "Transfer-Encoding: chunked"], ids=["length", "chunked"]
)
async def test_a_client_that_stalls_in_its_upload_learns_of_the_answer_at_once(
    framing: str, hangs_up: bool, early_responder: tuple[EarlyResponder, str]
) -> None:
    instance, url = early_responder
    instance.hangs_up = hangs_up
    async with SmallPanel(Worker(url)) as panel:
        client = await RawClient.connect(int(panel.url.rpartition(":")[2]))
        await client.send_request("POST", "/api/blobs/sha256:" + "0" * 64, None, framing)
        assert (await client.get()).status == 200
        client.abort()
