"""Real programs that talk to a real server past a running panel, and through it: who they are, as the panel tells."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from ollama_panel.core.panel_api import V1
from tests.e2e.test_found_servers import start
from tests.fakes.ollama_program import allow_links, environment, make_ollama
from tests.fakes.panel_process import PanelProcess
from tests.fakes.ports import free_port
from tests.fakes.waiting import polled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it starts the server by a shell")

ASKS = """
import http.client, json, sys
client = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=60)
body = {"model": "llama3.1:8b", "messages": [], "stream": False, "options": {"num_predict": 1}}
for _ in sys.stdin:
    client.request("POST", "/api/chat", json.dumps(body), {"Content-Type": "application/json"})
    print(client.getresponse().read() and "answered", flush=True)
"""

STAYS = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))):
    for _ in sys.stdin:
        print("answered", flush=True)
"""


class Program:
    """A script that keeps its connection open, and answers whenever it is told to."""

    def __init__(self, script: Path, code: str, port: int, stack: ExitStack) -> None:
        script.write_text(code)
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
        )
        stack.callback(self.end)

    def ask(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == b"answered\n"

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.communicate(timeout=60)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as entered:
        yield entered


async def clients(panel: PanelProcess) -> dict[str, Any]:
    key = {"Authorization": f"Bearer {panel.secret()}"}
    shown = await panel.client.get(f"{V1}/clients?refresh=true", headers=key)
    assert shown.status_code == 200, shown.text
    found: dict[str, Any] = shown.json()
    return found


async def test_who_comes_through_the_panel_and_who_goes_past_it_is_told(tmp_path: Path, stack: ExitStack) -> None:
    ollama = make_ollama(tmp_path / "ollama")
    address = f"127.0.0.1:{free_port()}"
    start(stack, [str(ollama), "serve"], tmp_path, OLLAMA_HOST=address)
    settings = {
        "version": 2,
        "ollama": {"adopt": False, "first_port": free_port()},
        "pools": [{"name": "chat", "role": "chat", "workers": 1}],
    }
    allow_links(tmp_path / "state")
    async with PanelProcess(tmp_path / "state", settings, ["--ollama", str(ollama)]) as panel:
        await panel.ready()
        through = Program(tmp_path / "chat_bot.py", ASKS, int(panel.url.rpartition(":")[2]), stack)
        past = Program(tmp_path / "rag_indexer.py", STAYS, int(address.rpartition(":")[2]), stack)

        async def seen() -> dict[str, Any] | None:
            through.ask()
            past.ask()
            found = await clients(panel)
            names = {one["name"] for one in found["bypassing"] or () if one["url"].endswith(address)}
            told = any(one["process"] and one["paths"] for one in found["clients"])
            return found if "rag_indexer.py" in names and told else None

        found = await polled(seen, "both programs")
        (chat,) = (one for one in found["clients"] if one["process"])
        assert (chat["name"], chat["process"]["pid"], chat["paths"]) == (
            "chat_bot.py",
            through.process.pid,
            ["/api/chat"],
        )
        (rag,) = (one for one in found["bypassing"] if one["url"].endswith(address))
        assert (rag["pid"], rag["origin"], rag["connections"]) == (past.process.pid, "program", 1)
        code, told = await panel.command("clients")
        assert code == 0
        assert f"rag_indexer.py (process {past.process.pid})" in told
        assert "rag_indexer.py" in (await panel.command("status"))[1], "an alert says so"
        past.end()

        async def gone() -> bool:
            bypassing = (await clients(panel))["bypassing"]
            return all(not one["connections"] for one in bypassing if one["url"].endswith(address))

        await polled(gone, "the connection to be gone")
