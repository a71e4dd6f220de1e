"""The OpenAPI document against a running panel: every answer is one that the document describes.

Few calls of each operation, the same in each run; `PANEL_FUZZ=300` makes more of them.
"""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.fakes.panel_process import PanelProcess
from tests.fakes.waiting import DEADLINE_S

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis, of the dev dependencies, is not installed")

NOBODYS = "none"
"""The name of no server: what really runs on this machine must not be replaced, left or moved by a test."""
TOUCHES_SERVERS = ("/panel/v1/machine/servers/", "/panel/v1/take-over", "/panel/v1/doctor/")
NAMES = {
    "/panel/v1/pools/{name}": "spare",
    "/panel/v1/keys/{name}": "mine",
    "/panel/v1/profiles/{name}": "night",
    "/panel/v1/requests/": "r1",
    "/panel/v1/exports/": "json",
    "/panel/v1/doctor/findings/": NOBODYS,
    "/panel/v1/doctor/mended/": NOBODYS,
    "/panel/v1/instances/": "chat-1",
    "/panel/v1/machine/servers/": NOBODYS,
}
KEEP = {"kind": "process", "files": [{"path": "process 1", "text": "OLLAMA_KEEP_ALIVE=7m\n"}]}
BODIES = {
    "POST /panel/v1/imports": {"sources": [KEEP]},
    "POST /panel/v1/imports/plan": {"sources": [KEEP]},
    "POST /panel/v1/pools": {"name": "more", "workers": 0},
    "PATCH /panel/v1/pools/{name}": {"parallel": 3},
    "POST /panel/v1/tuning": {"pool": "chat", "model": "llama3.1:8b"},
    "PUT /panel/v1/profiles/{name}": {"pool": "chat"},
    "PATCH /panel/v1/settings": {"scheduling.dwell_s": 3, "pools.chat.environment.OLLAMA_NEW_VARIABLE": "4"},
}
ENDLESS = ("/panel/v1/events",)
STATE = {"version": 2, "ollama": {"adopt": False}}
CALLS = int(os.environ.get("PANEL_FUZZ", "6"))
CHAT = {"model": "llama3.1:8b", "messages": [{"role": "user", "content": "Hello"}], "options": {"num_predict": 4}}


def owner(panel: PanelProcess) -> dict[str, str]:
    return {"Authorization": "Bearer " + json.loads((panel.state_dir / "panel.json").read_text())["secret"]}


def called(operation: Any, adapt: Callable[[Any, int], None], url: str, headers: dict[str, str]) -> Counter[int]:
    """Call an operation with generated parameters and bodies, and check each answer; return the statuses."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
    ]
    statuses = Counter[int]()

    @given(case=operation.as_strategy())
    @settings(
        max_examples=CALLS,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def call(case: Any) -> None:
        adapt(case, statuses.total())
        answer = case.call(base_url=url, headers=headers, timeout=DEADLINE_S)
        statuses[answer.status_code] += 1
        case.validate_response(answer, headers=headers, checks=checks)

    call()
    return statuses


def use_what_exists(case: Any, number: int) -> None:
    """Ask for what there is in every other call; never for a log without an end, nor to wait for what takes long."""
    for name in ("follow", "wait"):
        case.query.pop(name, None)
    if case.path.startswith(TOUCHES_SERVERS):
        case.path_parameters = dict.fromkeys(case.path_parameters, NOBODYS)
        if case.path == "/panel/v1/take-over":
            case.query["server"] = NOBODYS
    if (case.method, case.path) == ("POST", "/panel/v1/tuning"):
        case.query["dry_run"] = True  # what it does for minutes has tests of its own
    if number % 2:
        case.headers.pop("If-Match", None)
        if case.path.startswith("/panel/v1/exports/"):
            case.query.clear()  # of pools and profiles that there are not
        names = [name for path, name in NAMES.items() if case.path.startswith(path)]
        case.path_parameters = dict.fromkeys(case.path_parameters, *names)
        if "model" in case.path_parameters:
            case.path_parameters["model"] = CHAT["model"]
        case.body = BODIES.get(f"{case.method} {case.path}", case.body)


def operations(url: str) -> list[Any]:
    document = httpx.get(f"{url}/panel/v1/openapi.json", timeout=60, trust_env=False).json()
    every = (found.ok() for found in schemathesis.openapi.from_dict(document).get_all_operations())
    return [one for one in every if one.path not in ENDLESS]


@pytest.mark.timeout(600)  # hundreds of requests, one after the other
async def test_every_answer_is_one_that_the_document_describes(tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state", STATE) as panel:
        await panel.ready()
        assert (await panel.status())["demo"], "a simulation moves no server"
        headers = owner(panel)
        (await panel.client.post("/panel/v1/keys", json={"name": "mine"}, headers=headers)).raise_for_status()
        night = await panel.client.put("/panel/v1/profiles/night", json={"pool": "chat"}, headers=headers)
        night.raise_for_status()
        spare = {"name": "spare", "role": "code"}
        (await panel.client.post("/panel/v1/pools?wait=true", json=spare, headers=headers)).raise_for_status()
        (await panel.client.post("/api/chat", json=CHAT, headers={"X-Request-ID": "r1"})).raise_for_status()

        def call_all() -> dict[str, Counter[int]]:
            return {one.label: called(one, use_what_exists, panel.url, headers) for one in operations(panel.url)}

        found = await asyncio.to_thread(call_all)
    assert len(found) > 20
    assert {label for label, statuses in found.items() if not any(status < 300 for status in statuses)} == {
        "DELETE /panel/v1/requests/{id}",  # which has ended
        "POST /panel/v1/requests/{id}/front",
        "DELETE /panel/v1/requests/{id}/front",
        *(
            f"POST /panel/v1/machine/servers/{{id}}/{act}" for act in ("use", "leave", "replace", "give-back")
        ),  # see NOBODYS
        "POST /panel/v1/take-over",
        "POST /panel/v1/take-over/undo",  # there is none
        "GET /panel/v1/exports/{target}",  # not of a simulated Ollama
        *(f"GET /panel/v1/exports/{{target}}/{act}" for act in ("plan", "verify")),
        *(f"POST /panel/v1/exports/{{target}}/{act}" for act in ("apply", "undo")),
        *(f"GET /panel/v1/doctor/{what}/{{id}}/plan" for what in ("findings", "mended")),  # see NOBODYS
        "POST /panel/v1/doctor/findings/{id}/fix",
        *(f"{method} /panel/v1/doctor/findings/{{id}}/ignore" for method in ("PUT", "DELETE")),
        "POST /panel/v1/doctor/mended/{id}/undo",
        *(f"POST /panel/v1/tuning/{act}" for act in ("pause", "resume", "cancel")),  # neither
        "GET /panel/v1/tunings/{id}",
        "POST /panel/v1/tunings/{id}/apply",
    }


async def test_without_a_key_every_answer_is_a_refusal_that_the_document_describes(tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state", STATE | {"proxy": {"require_key": "always"}}) as panel:
        stranger = {"Authorization": "Bearer nothing"}
        document = (await panel.client.get("/panel/v1/openapi.json", headers=stranger)).json()
        assert document["code"] == "access.key_needed"
        listed = (await panel.client.get("/panel/v1/openapi.json", headers=owner(panel))).json()["paths"]
        for path, methods in listed.items():
            for method, operation in methods.items():
                answer = await panel.client.request(method, path, headers=stranger)
                assert answer.status_code == (401 if operation.get("security") else 200), path
