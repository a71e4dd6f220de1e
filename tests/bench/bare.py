"""The least that a proxy on aiohttp does, the reference of `proxy.py`: `bare.py PORT BACKEND_URL`.

aiohttp's server before aiohttp's client, on the panel's loop; no queue, no checks, nothing remembered.
"""

import asyncio
import sys
from collections.abc import Mapping

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web
from multidict import CIMultiDict
from yarl import URL

from ollama_panel.engine.thread import new_loop

HOP_BY_HOP = frozenset({"connection", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"})


def passed(headers: Mapping[str, str]) -> CIMultiDict[str]:
    return CIMultiDict([(name, value) for name, value in headers.items() if name.lower() not in HOP_BY_HOP])


async def serve(port: int, backend: str) -> None:
    client = ClientSession(
        connector=TCPConnector(limit=0),
        timeout=ClientTimeout(total=None),
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
    )

    async def forward(request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read() if request.body_exists else None
        url = URL(backend + request.raw_path, encoded=True)
        async with client.request(
            request.method, url, headers=passed(request.headers), data=body, allow_redirects=False
        ) as reply:
            answer = web.StreamResponse(status=reply.status, reason=reply.reason, headers=passed(reply.headers))
            if "Content-Length" not in reply.headers:
                answer.enable_chunked_encoding()
            await answer.prepare(request)
            async for piece in reply.content.iter_any():
                await answer.write(piece)
            await answer.write_eof()
            return answer

    server = web.Server(forward, handler_cancellation=True, access_log=None)
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", port, backlog=4096)
    async with client, listening:
        await listening.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(serve(int(sys.argv[1]), sys.argv[2]))
