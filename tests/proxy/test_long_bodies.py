"""Reading and rewriting long bodies: neither copies them, and millions of fields take no memory."""

import json
import mmap
import tracemalloc
from pathlib import Path

import pytest

from ollama_panel.core.ollama.api import classify
from ollama_panel.core.records import LoadOptions
from ollama_panel.proxy.request_fields import read_fields
from ollama_panel.proxy.request_rewrite import rewrite

LONG = 10_000_000


@pytest.mark.parametrize("broken", ["", "\\ud800"], ids=["strict", "tolerant"])
@pytest.mark.parametrize(
    "body",
    [
        '{"model":"m","messages":[{"content":"%s","images":["LONG"]}],"options":{"num_ctx":9}}',
        '{"model":"m","prompt":"%sLONG"}',
        '{"model":"m","options":{"num_ctx":9,"stop":"%sLONG"}}',
        '{"model":"m","LONG":"%s"}',
        '{"model":"m","keep_alive":"%sLONG"}',
        '{"model":"%sLONG"}',
        '{"model":"m","options":{"num_ctx":9}%s,"BLANKS',
    ],
)
def test_a_long_body_is_neither_copied_when_it_is_read_nor_when_it_is_rewritten(
    body: str, broken: str, tmp_path: Path
) -> None:
    text = (
        (body % broken)
        .replace("LONG", "x" * LONG)
        .replace("BLANKS", 'prompt":' + " " * LONG + '"x"' + " " * LONG + "}")
    )
    with (tmp_path / "body").open("w+b") as file:
        file.write(text.encode())
        file.flush()
        view = mmap.mmap(file.fileno(), len(text), access=mmap.ACCESS_READ)
        tracemalloc.start()
        fields = read_fields(view, classify("POST", "/api/chat"), "application/json", "")
        pieces = rewrite(view, LoadOptions(num_ctx=8192), "5m")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 1_000_000
    assert fields.model == ("" if body.startswith('{"model":"%s') else "m")
    assert len(pieces) < 20


@pytest.mark.parametrize(
    "place", ['{"model":"m",%s}', '{"model":"m","options":{%s}}', '{"model":"m","prompt":"x","a":{%s}}']
)
def test_millions_of_fields_take_no_memory(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ollama_panel.proxy.tolerant_json.MAX_JSON_TOKENS", 1000)  # tracing makes it slow
    body = (place % ",".join(f'"{number}":1' for number in range(200_000))).encode()
    tracemalloc.start()
    fields = read_fields(body, classify("POST", "/api/generate"), "application/json", "")
    pieces = rewrite(body, LoadOptions(num_ctx=8192), "5m")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert fields.model == "m"
    assert most < 1_000_000
    assert b"".join(pieces).endswith(b":1" + b"}" * place.count("}"))


def test_a_text_with_many_commas_has_its_options_replaced_all_the_same() -> None:
    body = json.dumps({"model": "m", "prompt": "a," * 50_000, "options": {"num_ctx": 9, "seed": 1}}).encode()
    fields = read_fields(body, classify("POST", "/api/generate"), "application/json", "")
    assert (fields.model, fields.options.num_ctx) == ("m", 9)
    found = json.loads(b"".join(rewrite(body, LoadOptions(num_ctx=8192), "5m")))
    assert found["options"] == {"num_ctx": 8192, "seed": 1}
    assert found["keep_alive"] == "5m"
