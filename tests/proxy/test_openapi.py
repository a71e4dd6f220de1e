"""The OpenAPI document of the panel's own API."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ollama_panel.proxy.panel_api.call import STATUSES
from ollama_panel.proxy.panel_api.openapi import document
from ollama_panel.proxy.panel_api.routes import OPERATIONS
from tests.proxy.conftest import ProxyHarness

DOCUMENT = document(OPERATIONS)
SCHEMAS = DOCUMENT["components"]["schemas"]


def references(node: Any) -> Iterator[str]:
    """Yield all references below a node."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for one in node.values():
            yield from references(one)
    elif isinstance(node, list):
        for one in node:
            yield from references(one)


async def test_the_document_is_answered_to_whoever_may_read_the_status(harness: ProxyHarness) -> None:
    got = await harness.ask("GET /panel/v1/openapi.json")
    assert got.json == json.loads(json.dumps(DOCUMENT))


def test_every_reference_leads_to_a_schema_and_every_schema_is_referred_to() -> None:
    found = set(references(DOCUMENT))
    assert {f"#/components/schemas/{name}" for name in SCHEMAS} == found


def test_it_has_every_operation_with_an_id_of_its_own() -> None:
    listed = [one for methods in DOCUMENT["paths"].values() for one in methods.values()]
    assert len({one["operationId"] for one in listed}) == len(listed) == len(OPERATIONS)


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_an_operation_tells_what_its_key_needs_and_what_it_answers(one: Any) -> None:
    shown = DOCUMENT["paths"][one.path][one.method.lower()]
    assert shown.get("x-scope") == (one.scope and one.scope.value)
    assert ({} in shown.get("security", [{}])) is not one.strict
    assert {int(status) for status in shown["responses"]} >= set(one.answers) | set(one.errors)
    assert ("requestBody" in shown) is (one.body is not None)


def test_a_notice_has_its_text() -> None:
    assert SCHEMAS["Notice"]["properties"]["text"]["type"] == "string"


def test_a_status_that_an_error_has_is_one_of_some_operation() -> None:
    listed = {
        int(status) for methods in DOCUMENT["paths"].values() for one in methods.values() for status in one["responses"]
    }
    assert set(STATUSES.values()) <= listed
