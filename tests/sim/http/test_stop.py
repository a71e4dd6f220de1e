"""A server that stops closes every connection, also one that it has just accepted."""

import asyncio
import gc
import socket
import warnings

import pytest

from ollama_panel.sim.http.server import SimServer
from ollama_panel.sim.options import options_of


@pytest.mark.parametrize("turns", range(6))
async def test_no_connection_is_left_open_however_late_it_came(turns: int) -> None:
    server = SimServer(options_of({"OLLAMA_HOST": "127.0.0.1:0"}))
    await server.start()
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))):
        for _ in range(turns):
            await asyncio.sleep(0)
        with warnings.catch_warnings(record=True) as left_open:
            warnings.simplefilter("always")
            await server.stop()
            for _ in range(6):
                await asyncio.sleep(0)
            gc.collect()
    assert [str(one.message) for one in left_open] == []
