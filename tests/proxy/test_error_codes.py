"""README.md lists the codes of the panel's errors, with their status."""

import re
from pathlib import Path

import pytest

from ollama_panel.core.notices.templates_requests import ERROR
from ollama_panel.core.ollama.api import OPENAI_CODES, REFUSAL_STATUS
from ollama_panel.core.records import RefusalReason
from tests.fakes.upstream import CHAT, reply
from tests.proxy.conftest import ProxyHarness

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (`[a-z_]+\..+?) \| (\d.*?) \|", README, re.MULTILINE))
CODES = {code: status for codes, status in ROWS.items() for code in re.findall(r"`([\w.…]+)`", codes)}
CODES_OF_OTHERS = {"models.no_room", "models.no_place"}
"""What clients may get, too, although it is said first to whoever loads a model."""
NOT_FOR_CLIENTS = {"request.id_in_use": "the proxy gives the second request another id"}


def row_of(code: str) -> str | None:
    """Return the row that documents a code, by its name or by its area."""
    area = f"{code.partition('.')[0]}.…"
    return next((one for one in (code, area) if one in CODES), None)


@pytest.mark.parametrize("code", CODES_OF_OTHERS | ERROR.keys() - NOT_FOR_CLIENTS.keys())
def test_every_code_that_a_client_may_get_is_documented(code: str) -> None:
    assert row_of(code)


@pytest.mark.parametrize("row", CODES)
def test_every_documented_code_exists(row: str) -> None:
    assert any(row_of(code) == row for code in ERROR.keys() | CODES_OF_OTHERS)


@pytest.mark.parametrize("code", OPENAI_CODES)
def test_a_code_that_openai_has_another_for_is_documented_with_it(code: str) -> None:
    assert f"`{OPENAI_CODES[code]}`" in README


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (RefusalReason.QUEUE_FULL, "queue.full"),
        (RefusalReason.QUEUE_TIMEOUT, "queue.timeout"),
        (RefusalReason.NO_INSTANCE, "request.no_instance"),
        (RefusalReason.FAILED, "request.failed"),
        (RefusalReason.CANCELLED, "request.cancelled"),
        (RefusalReason.CONTEXT, "context.too_long"),
    ],
)
def test_a_refusal_has_the_documented_status(reason: RefusalReason, code: str) -> None:
    assert CODES[code] == str(REFUSAL_STATUS[reason])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/chat", b'{"error":"busy","code":"x"}'),
        ("/v1/chat/completions", b'{"error":{"message":"no","type":"invalid_request_error","param":null,"code":null}}'),
        ("/v1/messages", b'{"type":"error","error":{"type":"invalid_request_error","message":"no"}}'),
    ],
)
async def test_an_error_of_ollama_passes_unchanged(harness: ProxyHarness, path: str, body: bytes) -> None:
    harness.upstream.script = reply(body, "400 Bad Request")
    async with harness.client() as client:
        got = await client.exchange("POST", path, CHAT)
    assert (got.status, got.body) == (400, body)
