"""The supervisor with health checks that fail now and then."""

import asyncio
from pathlib import Path

import httpx

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.engine.clock import seconds
from ollama_panel.engine.instances.orphans import ChildRegistry
from ollama_panel.engine.instances.supervisor import Adopted, ProbeRate, Supervisor
from tests.fakes.waiting import deadline

URL = "http://127.0.0.1:1"


class FailsEveryOther:
    """A server that answers every other question for its version with an error; `asked` is set after ten."""

    def __init__(self) -> None:
        self.versions = 0
        self.asked = asyncio.Event()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/api/version":
            return httpx.Response(200, json={"models": []})
        self.versions += 1
        if self.versions == 10:
            self.asked.set()
        return httpx.Response(200, json={"version": "0.32.0"}) if self.versions % 2 else httpx.Response(500)


async def test_only_checks_that_fail_in_a_row_mean_that_an_instance_is_down(tmp_path: Path) -> None:
    server, phases = FailsEveryOther(), list[Phase]()
    async with httpx.AsyncClient(transport=httpx.MockTransport(server)) as client, asyncio.TaskGroup() as group:
        supervisor = Supervisor(
            Adopted(InstanceId("adopted-1"), 1, URL),
            lambda record: phases.append(record.phase),
            client=client,
            clock=seconds,
            environment={},
            children=ChildRegistry(tmp_path / "children.json"),
            probe_rate=ProbeRate(starting_s=0.01, ready_s=0.01),
        )
        running = group.create_task(supervisor.run())
        supervisor.ensure_running()
        async with deadline(lambda: f"ten checks, but there were {server.versions}"):
            await server.asked.wait()
        running.cancel()
    assert phases[-1] is Phase.READY
    assert Phase.BACKOFF not in phases
