"""`/panel/v1/machine`: this computer, and what runs on it."""

import msgspec

from ollama_panel.core.panel_api import Machine
from ollama_panel.core.replacements import ServerCommand
from ollama_panel.proxy.panel_api.call import Call, Handler
from ollama_panel.proxy.response import Response

COMMANDS = {
    ServerCommand.USE: "Use a found server beside the workers",
    ServerCommand.LEAVE: "Leave a found server alone",
    ServerCommand.REPLACE: "Let the workers take the place of a found server; 202: once the user has stopped it",
    ServerCommand.GIVE_BACK: "Give a replaced server its place back; 202: the user is to start it",
}


class MachineQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to look at the machine; `refresh`: look for servers now, and not only once a minute."""

    refresh: bool = False


class ServerQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to command a found server; `dry_run`: only say what replacing it would do."""

    dry_run: bool = False


def commanding(command: ServerCommand) -> Handler:
    """Return the handler of a command for a found server."""

    async def act(call: Call) -> Response:
        dry_run = command is ServerCommand.REPLACE and call.query(ServerQuery).dry_run
        answer = await call.panel.act_on_server(call.names[0], command, dry_run=dry_run)
        return await call.answer(answer, 202 if answer.todo and not dry_run else 200)

    return act


async def show(call: Call) -> Response:
    """Answer with the machine."""
    if call.query(MachineQuery).refresh:
        await call.panel.refresh_servers()
    return await call.answer(Machine.of(await call.panel.snapshot()))
