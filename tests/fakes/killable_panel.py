"""A process with one supervised instance, to be killed by a test: `killable_panel.py CHILDREN PORT COMMAND...`.

Prints the instance's process id once it is ready, then supervises it for ever.
"""
# ruff: noqa: T201 (its output is its interface)

import asyncio
import os
import sys
from pathlib import Path

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.records import Role
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.clock import seconds
from ollama_panel.engine.instances.orphans import ChildRegistry
from ollama_panel.engine.instances.probe import new_client
from ollama_panel.engine.instances.supervisor import Supervisor


def report(status: InstanceRecord) -> None:
    if status.phase is Phase.READY:
        print(status.pid, flush=True)


async def main(children_file: str, port: str, *command: str) -> None:
    environment = {"OLLAMA_HOST": f"127.0.0.1:{port}"}
    spec = InstanceSpec(
        InstanceId("chat-1"), 1, PoolName("chat"), Role.CHAT, command, "127.0.0.1", int(port), environment
    )
    async with new_client() as client:
        children = ChildRegistry(Path(children_file))
        supervisor = Supervisor(spec, report, client=client, clock=seconds, environment=os.environ, children=children)
        supervisor.ensure_running()
        await supervisor.run()


asyncio.run(main(*sys.argv[1:]))
