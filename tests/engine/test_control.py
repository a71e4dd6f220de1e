"""The panel's HTTP API on a running engine: settings, pools, instances, requests and keys."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.panel_api import NewKey
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Scope
from ollama_panel.core.snapshot import RequestState
from ollama_panel.engine import configfile
from ollama_panel.engine.host.discovery import home
from ollama_panel.engine.overrides import Overrides
from ollama_panel.proxy.credentials import find_key
from tests.fakes.api_client import ApiClient, live_api
from tests.fakes.live_engine import CHAT, answers, chat_pool, live, settings


def codes(notices: list[Any]) -> list[str]:
    return [one["code"] for one in notices]


# Settings


async def test_settings_are_shown_with_a_tag_and_changed_by_their_keys(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        shown = await api("GET /settings")
        assert shown.json()["settings"]["pools"][0]["parallel"] == 2
        changes = {"pools.chat.parallel": 4, "pools.chat.environment.OLLAMA_KEEP_ALIVE": "1h", "scheduling.dwell_s": 3}
        changed = await api("PATCH /settings?wait=true", changes, If_Match=shown.headers["ETag"])
        assert changed.status_code == 200, changed.text
        pool = changed.json()["settings"]["pools"][0]
        assert (pool["parallel"], pool["environment"]) == (4, {"OLLAMA_KEEP_ALIVE": "1h"})
        assert codes(changed.json()["effects"]) == ["plan.restart_one", "plan.live"]
        assert "chat-1" in changed.json()["effects"][0]["text"]
        assert (await api.get("/instances/chat-1"))["parallel"] == 4
        again = await api("GET /settings")
        assert again.headers["ETag"] == changed.headers["ETag"] != shown.headers["ETag"]
        assert configfile.look(api.panel.paths.settings).settings.pools[0].parallel == 4


async def test_a_change_of_what_somebody_else_has_changed_is_refused(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        tag = (await api("GET /settings")).headers["ETag"]
        configfile.change(api.panel.paths.settings, lambda now: codec.set(now, "proxy.queue_limit", "7"))
        late = await api("PATCH /settings", {"pools.chat.parallel": 4}, If_Match=tag)
        assert (late.status_code, late.json()["code"]) == (412, "api.changed_meanwhile")
        assert (await api("PATCH /settings", {"pools.chat.parallel": 4})).status_code == 200
        united = (await api.get("/settings"))["settings"]
        assert (united["proxy"]["queue_limit"], united["pools"][0]["parallel"]) == (7, 4)


async def test_one_wrong_value_changes_nothing(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        before = api.panel.paths.settings.read_bytes()
        refused = await api("PATCH /settings", {"pools.chat.workers": 2, "pools.chat.parallel": 65})
        assert refused.status_code == 400
        assert refused.json() == {
            "error": 'pools.chat.parallel must be a whole number from 1 to 64, not "65".',
            "code": "setting.refused",
        }
        assert api.panel.paths.settings.read_bytes() == before


async def test_a_dry_run_tells_the_effects_and_does_nothing(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        before = api.panel.paths.settings.read_bytes()
        planned = (await api("PATCH /settings?dry_run=true", {"pools.chat.workers": 2})).json()
        assert codes(planned["effects"]) == ["plan.start"]
        assert planned["settings"]["pools"][0]["workers"] == 2
        assert (await api("PATCH /settings?dry_run=true", {"pools.chat.workers": 99})).status_code == 400
        assert api.panel.paths.settings.read_bytes() == before
        assert len((await api.get("/instances"))["instances"]) == 2


async def test_the_effects_are_those_for_workers_with_what_they_inherit(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        await api("PATCH /settings?wait=true", {"ollama.models_dir": "~/models"})
        same = (await api("PATCH /settings?dry_run=true", {"ollama.models_dir": "$HOME/models"})).json()
        assert codes(same["effects"]) == ["plan.saved"]
        other = (await api("PATCH /settings?dry_run=true", {"ollama.models_dir": "~/others"})).json()
        assert codes(other["effects"]) == ["plan.restart"]
        assert f"{home()}/others" in other["effects"][0]["text"]


async def test_an_unknown_variable_is_taken_and_told(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        first, second = (f"pools.chat.environment.OLLAMA_NEW_{number}" for number in "12")
        for query in ("?dry_run=true", ""):
            told = (await api(f"PATCH /settings{query}", {first: "4"})).json()
            assert codes([one["notice"] for one in told["problems"]]) == ["environment.unknown"]
        told = (await api("PATCH /settings", {second: "4"})).json()
        assert [one["notice"]["values"]["name"] for one in told["problems"]] == ["OLLAMA_NEW_2"]


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
async def test_a_variable_that_never_existed_is_refused(tmp_path: Path, query: str) -> None:
    async with live_api(tmp_path) as api:
        refused = await api(f"PATCH /settings{query}", {"pools.chat.environment.OLLAMA_MAX_WORKERS": "4"})
        assert (refused.status_code, refused.json()["code"]) == (400, "environment.never_existed")


async def test_secrets_are_neither_shown_nor_overwritten_by_what_is_shown_instead(tmp_path: Path) -> None:
    wanted = settings(("pools.chat.environment.HF_TOKEN", "canary-1"), pools=chat_pool())
    async with live_api(tmp_path, wanted) as api:
        shown = await api("GET /settings")
        assert "canary" not in shown.text + (await api("GET /pools")).text
        pool = shown.json()["settings"]["pools"][0]
        for change in ({"pools": [pool]}, {"pools.chat": pool}, {"pools.chat.environment": pool["environment"]}):
            refused = await api("PATCH /settings", change)
            assert (refused.status_code, refused.json()["code"]) == (400, "setting.hidden")
        assert (await api("PATCH /pools/chat", {"environment": pool["environment"]})).status_code == 400
        changed = await api("PATCH /pools/chat", {"environment.OLLAMA_KEEP_ALIVE": "1h"})
        assert changed.json()["pool"]["environment"] == {"HF_TOKEN": "(hidden)", "OLLAMA_KEEP_ALIVE": "1h"}
        assert configfile.look(api.panel.paths.settings).settings.pools[0].environment["HF_TOKEN"] == "canary-1"


async def test_a_value_that_no_instance_runs_with_is_saved_and_told(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        got = await api("PATCH /pools/chat?wait=true", {"environment.OLLAMA_SIM_FAULTS": "die-at-once"})
        assert (got.status_code, got.json()["code"]) == (409, "rollout.failed")


async def test_a_change_goes_on_if_its_client_leaves(tmp_path: Path) -> None:
    wanted = settings(("ollama.twin", "off"), pools=chat_pool())
    async with live_api(tmp_path, wanted) as api, asyncio.TaskGroup() as group:
        chat = group.create_task(api.panel.chat(tokens=100))
        await api.panel.until(lambda one: one.pools[0].in_flight)
        waiting = group.create_task(api("PATCH /pools/chat?wait=true", {"parallel": 4}))
        await api.panel.until(lambda one: one.instances[0].draining)
        waiting.cancel()
        await api.panel.until(lambda one: one.instances[0].parallel == 4 and answers(one.instances[0]))
        assert (await chat).status_code == 200


# Pools


async def test_a_pool_is_made_changed_renamed_and_removed(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        made = await api("POST /pools?wait=true", {"name": "more", "role": "code", "parallel": 3})
        assert (made.status_code, codes(made.json()["effects"])) == (201, ["plan.start"])
        assert (made.json()["pool"]["slots"], made.json()["pool"]["context_length"]) == (3, 4096)
        assert (await api("POST /pools", {"name": "more"})).json()["code"] == "pool.exists"
        changed = await api("PATCH /pools/more?wait=true", {"parallel": None, "models": ["qwen3:8b"]})
        assert (changed.json()["pool"]["parallel"], changed.json()["pool"]["models"]) == (2, ["qwen3:8b"])
        assert changed.headers["ETag"] == (await api("GET /pools/more")).headers["ETag"]
        renamed = await api("PATCH /pools/more?wait=true", {"name": "coder", "workers": 2})
        assert (renamed.json()["pool"]["name"], renamed.json()["pool"]["workers"]) == ("coder", 2)
        assert [pool["name"] for pool in (await api.get("/pools"))["pools"]] == ["chat", "embedding", "coder"]
        removed = await api("DELETE /pools/coder?wait=true")
        assert codes(removed.json()["effects"]) == ["plan.stop"]
        assert (await api("GET /pools/coder")).status_code == 404
        assert {one["pool"] for one in (await api.get("/instances"))["instances"]} == {"chat", "embedding"}


async def test_the_last_pool_cannot_be_removed(tmp_path: Path) -> None:
    async with live_api(tmp_path, settings(pools=chat_pool())) as api:
        refused = await api("DELETE /pools/chat")
        assert (refused.status_code, refused.json()["code"]) == (400, "setting.refused")


# Instances


async def test_an_instance_is_stopped_started_and_restarted(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        stopped = await api("POST /instances/chat-1/stop?wait=true")
        assert (stopped.status_code, stopped.json()["phase"]) == (200, "stopped")
        started = await api("POST /instances/chat-1/start?wait=true")
        assert (started.status_code, started.json()["phase"]) == (200, "ready")
        pid = started.json()["pid"]
        restarted = await api("POST /instances/chat-1/restart?wait=true")
        assert restarted.json()["phase"] == "ready"
        assert restarted.json()["pid"] != pid
        assert (await api("POST /instances/chat-9/start")).status_code == 404


async def test_a_command_that_nobody_waits_for_has_begun_when_it_is_answered(tmp_path: Path) -> None:
    wanted = settings(("ollama.twin", "off"), pools=chat_pool())
    async with live_api(tmp_path, wanted) as api, asyncio.TaskGroup() as group:
        chat = group.create_task(api.panel.chat(tokens=100))
        await api.panel.until(lambda one: one.pools[0].in_flight)
        begun = await api("POST /instances/chat-1/stop")
        assert (begun.status_code, begun.json()["draining"]) == (202, True)
        assert (await chat).status_code == 200
        await api.panel.until(lambda one: one.instances[0].phase is Phase.STOPPED)


async def test_a_command_that_is_told_again_before_it_is_done_is_done_once(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        answers = await asyncio.gather(*(api("POST /instances/chat-1/restart?wait=true") for _ in range(20)))
        assert len({answer.json()["pid"] for answer in answers}) == 1
        assert {(answer.status_code, answer.json()["phase"]) for answer in answers} == {(200, "ready")}
        again = await api("POST /instances/chat-1/restart?wait=true")
        assert again.json()["pid"] != answers[0].json()["pid"]


async def test_an_adopted_server_is_shown_and_told_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with live(tmp_path / "other", settings(pools=chat_pool())) as other:
        monkeypatch.setenv("OLLAMA_HOST", (await other.ready()).instances[0].url)
        monkeypatch.setenv("OLLAMA_SIM_CATALOG", "gemma3:4b")
        program = tmp_path / "ollama"
        program.write_text("#!/bin/sh\nexit 1\n")
        program.chmod(0o700)
        wanted = settings(("ollama.adopt", "on"), ("ollama.binary", str(program)), pools=chat_pool())
        async with live(tmp_path / "ours", wanted, Overrides(port=0), simulated=str(program)) as ours:
            snapshot = await ours.until(lambda one: [record for record in one.instances if not record.managed])
            (name,) = (one.id for one in snapshot.instances if not one.managed)
            api = ApiClient(ours)
            assert (await api.get(f"/instances/{name}"))["managed"] is False
            for command in ("start", "stop", "restart"):
                refused = await api(f"POST /instances/{name}/{command}")
                assert (refused.status_code, refused.json()["code"]) == (409, "instance.not_ours")


async def test_the_log_of_an_instance_is_read_on_from_a_number(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        first = await api.get("/instances/chat-1/logs")
        assert first["last"] == len(first["lines"]) > 3
        for before in (2, 0):
            rest = await api.get(f"/instances/chat-1/logs?after={first['last'] - before}")
            whole = await api.get("/instances/chat-1/logs")  # its server may have said more meanwhile
            assert rest["lines"] == whole["lines"][first["last"] - before : rest["last"]]
            assert len(rest["lines"]) == rest["last"] - first["last"] + before >= before


async def test_a_number_of_a_log_of_an_earlier_run_is_read_from_the_start(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        first = await api.get("/instances/chat-1/logs")
        again = await api.get(f"/instances/chat-1/logs?after={first['last'] + 1000}")
        assert again["lines"][: first["last"]] == first["lines"]
        assert again["last"] == len(again["lines"])  # its server may have said more meanwhile


# Requests


async def test_requests_are_listed_by_state_and_cancelled(tmp_path: Path) -> None:
    async with live_api(tmp_path, settings(pools=chat_pool(parallel=1))) as api, asyncio.TaskGroup() as group:
        running = group.create_task(api.panel.chat(tokens=100_000))
        await api.panel.until(lambda one: one.pools[0].in_flight)
        waiting = group.create_task(api.panel.chat())
        await api.panel.until(lambda one: one.pools[0].queued)
        states = [one["state"] for one in (await api.get("/requests"))["requests"]]
        assert states[1:] == ["waiting"]
        (found,) = (await api.get("/requests?state=waiting,done"))["requests"]
        assert found["model"] == CHAT
        assert "text" in found["why"]
        cancelled = await api(f"DELETE /requests/{found['id']}")
        assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
        assert (await waiting).status_code == 499
        again = await api(f"DELETE /requests/{found['id']}")
        assert (again.status_code, again.json()["code"]) == (409, "request.ended")
        (first,) = (await api.get("/requests?state=running,loading&limit=1"))["requests"]
        assert (await api(f"DELETE /requests/{first['id']}")).json()["state"] == "cancelled"
        assert (await running).status_code == 499
        assert (await api(f"GET /requests/{first['id']}")).json()["state"] == "cancelled"
        assert (await api("GET /requests/none%2Fsuch")).status_code == 404
        assert {one.state for one in api.panel.snapshot.finished} <= set(RequestState)


async def test_a_waiting_request_is_moved_to_the_front_and_back(tmp_path: Path) -> None:
    async with live_api(tmp_path, settings(pools=chat_pool(parallel=1))) as api, asyncio.TaskGroup() as group:
        running = group.create_task(api.panel.chat(tokens=100_000))
        await api.panel.until(lambda one: one.pools[0].in_flight)
        waiting = [group.create_task(api.panel.chat()) for _ in range(3)]
        await api.panel.until(lambda one: one.pools[0].queued == 3)
        first, *_, last = (await api.get("/requests?state=waiting"))["requests"]
        await api(f"POST /requests/{last['id']}/front")
        await api.panel.until(lambda one: [each.moved for each in one.requests] == [False, True, False, False])
        assert (await api.get("/requests?state=waiting"))["requests"][0]["id"] == last["id"]
        assert (await api(f"DELETE /requests/{last['id']}/front")).status_code == 200
        found = (await api.get("/requests?state=waiting"))["requests"]
        assert (found[0]["id"], found[0]["moved"]) == (first["id"], False)
        (busy,) = (await api.get("/requests?state=running,loading"))["requests"]
        refused = await api(f"POST /requests/{busy['id']}/front")
        assert (refused.status_code, refused.json()["code"]) == (409, "request.not_waiting")
        await api(f"DELETE /requests/{busy['id']}")
        await asyncio.gather(running, *waiting)


# Changes


async def test_the_last_change_is_told_and_taken_back(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        refused = await api("POST /settings/undo")
        assert (refused.status_code, refused.json()["code"]) == (409, "change.none_to_undo")
        await api("PATCH /settings", {"scheduling.classes.rag.py": "batch", "scheduling.limits.rag.py": 2})
        snapshot = await api.panel.until(lambda one: one.last_change)
        assert snapshot.last_change is not None
        assert [one.code for one in snapshot.last_change.applied] == ["changed.named", "changed.named"]
        await api("PATCH /settings", {"scheduling.dwell_s": 3})
        undone = await api("POST /settings/undo")
        assert undone.status_code == 200
        kept = configfile.look(api.panel.paths.settings).settings.scheduling
        assert (kept.dwell_s, kept.classes, kept.limits) == (8.0, {"rag.py": RequestClass.BATCH}, {"rag.py": 2})
        snapshot = await api.panel.until(lambda one: one.last_change and one.last_change.undoes)
        assert [one.request_class for one in snapshot.classes][-1] is RequestClass.BATCH


async def test_a_change_in_the_file_is_the_last_one_too(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        wanted = codec.set(configfile.look(api.panel.paths.settings).settings, "scheduling.dwell_s", "3")
        configfile.write(api.panel.paths.settings, wanted)
        await api.panel.engine.reload_settings()
        assert (await api.panel.until(lambda one: one.last_change)).settings.scheduling.dwell_s == 3.0
        assert (await api("POST /settings/undo")).status_code == 200
        assert configfile.look(api.panel.paths.settings).settings.scheduling.dwell_s == 8.0


# Keys


async def test_the_window_makes_a_key_and_takes_it_away_again(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        control = api.panel.engine.control
        key = await control.make_key(NewKey("editor", RequestClass.BATCH, (Scope.USE,)))
        (kept,) = configfile.look(api.panel.paths.settings).settings.proxy.api_keys
        assert (kept.name, kept.request_class, kept.scopes) == ("editor", RequestClass.BATCH, (Scope.USE,))
        assert find_key(key, (kept,)) == kept
        with pytest.raises(PanelError, match="There is a key"):
            await control.make_key(NewKey("editor"))
        await control.remove_key("editor")
        assert configfile.look(api.panel.paths.settings).settings.proxy.api_keys == ()
        with pytest.raises(PanelError, match="there is none at all"):
            await control.remove_key("editor")


async def test_a_key_is_shown_once_and_opens_its_scopes_at_once(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        see = await api.key_with("see")
        assert see.key not in (await api("GET /keys")).text + (await api("GET /settings")).text
        assert await api.get("/keys") == {"keys": [{"name": "see", "request_class": None, "scopes": ["see"]}]}
        assert (await see("GET /pools")).status_code == 200
        refused = await see("POST /pools", {"name": "more"})
        assert (refused.status_code, refused.json()["code"]) == (403, "access.scope")
        assert refused.headers["WWW-Authenticate"].endswith('error="insufficient_scope"')
        assert (await api("POST /keys", {"name": "see"})).json()["code"] == "keys.exists"
        assert (await api("DELETE /keys/see")).json() == {"status": "removed"}
        assert (await see("GET /pools")).status_code == 401
        assert (await api("DELETE /keys/see")).status_code == 404


async def test_a_key_whose_name_has_any_letters_is_removed_by_it(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        assert (await api("POST /keys", {"name": "a/b ?#%ü", "request_class": "batch"})).status_code == 201
        assert (await api("DELETE /keys/a%2Fb%20%3F%23%25%C3%BC")).status_code == 200


@pytest.mark.parametrize(
    ("scopes", "opened"),
    [
        (("use",), {"models"}),
        (("see",), {"see"}),
        (("control",), {"see", "control"}),
        (("use", "see"), {"models", "see"}),
        (("use", "control"), {"models", "see", "control"}),
    ],
)
async def test_each_scope_opens_its_own(tmp_path: Path, scopes: tuple[str, ...], opened: set[str]) -> None:
    async with live_api(tmp_path) as owner:
        api = await owner.key_with(*scopes)
        await owner("PATCH /settings", {"proxy.require_key": "always"})
        url = owner.panel.snapshot.proxy.url
        found = {
            "models": [await owner.panel.client.get(f"{url}/api/tags", headers=api.shown())],
            "see": [
                await owner.panel.client.get(f"{url}/panel/{path}", headers=api.shown())
                for path in ("status", "metrics", "v1/status", "v1/requests")
            ],
            "control": [
                await owner.panel.client.post(f"{url}/panel/reload", headers=api.shown()),
                await api("GET /keys"),
                await api("PATCH /settings", {}),
            ],
        }
        for name, answers_ in found.items():
            assert {one.status_code for one in answers_} == ({200} if name in opened else {403})


async def test_the_apis_changes_are_in_the_file_that_commands_read(tmp_path: Path) -> None:
    async with live(tmp_path) as panel:
        await panel.ready()
        await ApiClient(panel)("POST /keys", {"name": "laptop", "scopes": ["see"]})
        (entry,) = json.loads(panel.paths.settings.read_text())["proxy"]["api_keys"]
        assert (entry["name"], entry["scopes"]) == ("laptop", ["see"])
