"""The operations of the panel's API that are about imports."""

import json
from typing import Any

from tests.fakes.panel_imports import DROP_IN
from tests.fakes.rawclient import RawResponse
from tests.proxy.conftest import OWN_SECRET, ProxyHarness

IMPORTS = "/panel/v1/imports"
OWNER = f"Authorization: Bearer {OWN_SECRET}"


async def ask(harness: ProxyHarness, request: str, body: object = None) -> tuple[int, Any]:
    got = await send(harness, request, b"" if body is None else json.dumps(body).encode(), OWNER)
    return got.status, json.loads(got.body)


async def send(harness: ProxyHarness, request: str, content: bytes, *headers: str) -> RawResponse:
    head = [f"{request} HTTP/1.1", "Host: localhost", f"Content-Length: {len(content)}", *headers]
    async with harness.client() as client:
        await client.send("\r\n".join([*head, "Content-Type: application/json", "", ""]).encode() + content)
        return await client.get()


async def test_an_import_is_previewed_with_files_and_lines(harness: ProxyHarness) -> None:
    status, plan = await ask(harness, f"POST {IMPORTS}/plan", {"what": "ollama"})
    assert (status, plan["sources"][0]["path"]) == (200, DROP_IN)
    (taken,) = plan["taken"]
    assert taken["told"]["text"] == "OLLAMA_NUM_PARALLEL=4 becomes Parallel of the pool chat."
    assert (taken["places"][0]["path"], taken["places"][0]["line"]) == (DROP_IN, 2)


async def test_it_is_put_into_force_and_undone_once(harness: ProxyHarness) -> None:
    wanted = {"what": "ollama", "accept": ["network"], "plan": "made-up"}
    status, done = await ask(harness, f"POST {IMPORTS}", wanted)
    assert (status, done["plan"]["id"]) == (200, "made-up")
    assert [one.value for one in harness.panel.imports.requests[-1].accept] == ["network"]
    status, last = await ask(harness, f"GET {IMPORTS}")
    assert (status, last["sources"]) == (200, [DROP_IN])
    assert (await ask(harness, f"POST {IMPORTS}/undo"))[0] == 200
    status, refused = await ask(harness, f"POST {IMPORTS}/undo")
    assert (status, refused["code"]) == (409, "import.none_to_undo")


async def test_sources_may_be_sent_by_who_has_read_them(harness: ProxyHarness) -> None:
    source = {"kind": "environment_file", "files": [{"path": ".env", "text": "OLLAMA_DEBUG=1\n"}]}
    status, _ = await ask(harness, f"POST {IMPORTS}/plan", {"sources": [source]})
    assert (status, harness.panel.imports.requests[-1].sources[0].path) == (200, ".env")


async def test_what_is_not_there_or_has_changed_is_refused(harness: ProxyHarness) -> None:
    assert (await ask(harness, f"POST {IMPORTS}/plan", {"what": "olama"}))[0] == 404
    status, refused = await ask(harness, f"POST {IMPORTS}", {"what": "ollama", "plan": "of yesterday"})
    assert (status, refused["code"]) == (409, "import.changed")
    assert (await ask(harness, f"POST {IMPORTS}/plan", {"path": "x"}))[0] == 400


async def test_a_preview_reads_files_so_it_needs_the_key_of_a_change(harness: ProxyHarness) -> None:
    got = await send(harness, f"POST {IMPORTS}/plan", b"{}")
    assert got.status == 401
