"""The operations of the panel's API that are about exports."""

import json
from typing import Any

import msgspec

from ollama_panel.core.applying.record import Action, ActionKind, ApplyStage
from ollama_panel.core.notices import notice
from ollama_panel.core.takeover import StepState
from tests.proxy.conftest import OWN_SECRET, ProxyHarness

EXPORTS = "/panel/v1/exports"
OWNER = f"Authorization: Bearer {OWN_SECRET}"


async def ask(harness: ProxyHarness, request: str, *more: str) -> tuple[int, Any]:
    got = await harness.ask(request, OWNER, *more)
    return got.status, json.loads(got.body)


async def test_the_targets_say_whether_the_panel_can_put_them_into_force(harness: ProxyHarness) -> None:
    status, answer = await ask(harness, f"GET {EXPORTS}")
    found = {one["id"]: one["can_apply"] for one in answer["targets"]}
    assert (status, found["systemd"], found["json"]) == (200, True, False)


async def test_an_export_has_its_files_with_their_places(harness: ProxyHarness) -> None:
    status, answer = await ask(harness, f"GET {EXPORTS}/systemd?pool=chat&of_user=true")
    assert (status, answer["files"][0]["name"]) == (200, "zz.conf")
    assert harness.panel.exports.calls == [("made", ("chat",), True)]
    assert (await ask(harness, f"GET {EXPORTS}/of-tomorrow"))[0] == 404


async def test_it_is_planned_put_into_force_proven_and_undone(harness: ProxyHarness) -> None:
    exports = harness.panel.exports
    status, plan = await ask(harness, f"GET {EXPORTS}/systemd/plan")
    assert (status, plan["applying"]["stage"], plan["todo"]) == (200, "planned", [])
    exports.answer = msgspec.structs.replace(exports.answer, stage=ApplyStage.APPLIED)
    status, done = await ask(harness, f"POST {EXPORTS}/systemd/apply?plan=1&now=true", "Content-Length: 0")
    assert (status, done["told"]["text"]) == (200, "systemd is in force on this machine: 0 values are proven.")
    assert exports.calls[-1] == ("apply", "", "1", True, False), "nobody is asked for a password from afar"
    assert (await ask(harness, f"GET {EXPORTS}/systemd/verify"))[0] == 200
    assert (await ask(harness, f"POST {EXPORTS}/systemd/undo?dry_run=true", "Content-Length: 0"))[0] == 200
    assert exports.calls[-1] == ("plan_undo", "", "systemd")
    assert (await ask(harness, f"POST {EXPORTS}/systemd/undo", "Content-Length: 0"))[0] == 200
    assert exports.calls[-1] == ("undo", "", "systemd", False, False)


async def test_commands_that_need_an_administrator_are_for_somebody_to_type(harness: ProxyHarness) -> None:
    exports, command = harness.panel.exports, "sudo systemctl daemon-reload"
    action = Action(ActionKind.RELOAD, notice("apply.reload"), (command,), root=True, state=StepState.WAITING)
    exports.answer = msgspec.structs.replace(exports.answer, stage=ApplyStage.WRITING, actions=(action,))
    status, answer = await ask(harness, f"POST {EXPORTS}/systemd/apply", "Content-Length: 0")
    assert (status, answer["todo"]) == (202, [command])


async def test_another_machine_is_nothing_that_the_api_takes(harness: ProxyHarness) -> None:
    status, answer = await ask(harness, f"POST {EXPORTS}/systemd/apply?host=ann@box", "Content-Length: 0")
    assert status == 400, answer
