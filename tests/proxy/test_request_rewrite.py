import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.records import LoadOptions
from ollama_panel.proxy.body_storage import BodyStore, SpooledBody, in_parts
from ollama_panel.proxy.request_rewrite import rewrite
from tests.proxy.test_fuzz import JSON_BODIES


def rewritten(body: bytes, options: LoadOptions | None = None, keep_alive: str | None = None) -> bytes:
    return b"".join(rewrite(body, options, keep_alive))


def test_load_options_are_replaced_and_all_else_stays_byte_for_byte() -> None:
    body = b'{"model":"a", "options": {"num_ctx":1024,"seed": 1.50,"num_gpu":3}, "messages":[ {"a" : 1e5} ]}'
    assert rewritten(body, LoadOptions(num_ctx=4096), "5m") == (
        b'{"model":"a","messages":[ {"a" : 1e5} ],"options":{"seed":1.50,"num_ctx":4096},"keep_alive":"5m"}'
    )


@pytest.mark.parametrize("body", [b"[]", b"", b'{"model":"a"', b'"x"'])
def test_what_is_no_object_stays(body: bytes) -> None:
    assert rewritten(body, LoadOptions(num_ctx=4096), "5m") == body


def test_nothing_is_read_if_nothing_is_replaced() -> None:
    assert rewritten(b'{ "options":{"num_ctx":1}') == b'{ "options":{"num_ctx":1}'


@pytest.mark.parametrize("name", ["options", "Options", "OPTIONS", "optionS"])
def test_keys_match_in_any_case_as_in_ollama(name: str) -> None:
    body = json.dumps({"model": "a", name: {"num_ctx": 1024, "seed": 7}, "Keep_Alive": 0}).encode()
    found = json.loads(rewritten(body, LoadOptions(num_ctx=4096), "5m"))
    assert found == {"model": "a", "options": {"seed": 7, "num_ctx": 4096}, "keep_alive": "5m"}


@pytest.mark.parametrize(
    ("given_", "sent"),
    [
        ({"num_ctx": "8192"}, {"num_ctx": "8192"}),
        ({"num_ctx": "8192", "num_gpu": 3}, {"num_ctx": "8192"}),
        ({"num_ctx": [8192]}, {"num_ctx": [8192]}),
        ({"num_ctx": True}, {"num_ctx": True}),
        ({"num_gpu": "all"}, {"num_gpu": "all", "num_ctx": 4096}),
        ({"use_mmap": 1}, {"use_mmap": 1, "num_ctx": 4096}),
        ({"num_ctx": None}, {"num_ctx": 4096}),
        ({"num_ctx": 8192.9}, {"num_ctx": 4096}),
        ({"num_ctx": -1}, {"num_ctx": 4096}),
        ({"use_mmap": False}, {"num_ctx": 4096}),
    ],
)
def test_an_option_that_ollama_refuses_reaches_it(given_: object, sent: object) -> None:
    body = json.dumps({"model": "a", "options": given_}).encode()
    assert json.loads(rewritten(body, LoadOptions(num_ctx=4096)))["options"] == sent


@pytest.mark.parametrize("wanted", [None, LoadOptions(num_ctx=16_384)])
@pytest.mark.parametrize("names", [("options", "options"), ("Options", "options"), ("OPTIONS", "OPTIONS")])
def test_repeated_options_stay_united_as_in_ollama(names, wanted):
    first, second = names
    body = f'{{"{first}":{{"num_ctx":8192,"seed":7}},"model":"a","{second}":{{"top_k":1}}}}'.encode()
    united = {}
    for name, value in json.loads(rewritten(body, wanted, "5m"), object_pairs_hook=list):
        united |= dict(value) if name.lower() == "options" else {}
    assert united == {"num_ctx": wanted.num_ctx if wanted else 8192, "seed": 7, "top_k": 1}


HALF_EMOJI = b'{"model":"a","prompt":"\\ud83d","Options" : {"num_ctx":1024,"seed":7} ,"stream":false}'
INVALID_UTF8 = b'{"model":"a","prompt":"caf\xe9","options":{"num_ctx":1024,"seed":7},"stream":false} trailing'


@pytest.mark.parametrize("body", [HALF_EMOJI, INVALID_UTF8])
def test_a_body_that_only_ollama_can_read_is_rewritten_too(body: bytes) -> None:
    changed = rewritten(body, LoadOptions(num_ctx=4096), "5m")
    assert b'{"seed":7,"num_ctx":4096}' in changed
    assert changed.startswith(b'{"keep_alive":"5m","model":"a","prompt":')
    assert b"1024" not in changed
    assert changed.endswith(body[body.index(b',"stream"') :])


def test_a_body_that_only_ollama_can_read_gets_fields_that_it_lacks() -> None:
    assert rewritten(b'{"a":"\xe9"} ,', LoadOptions(num_ctx=9)) == b'{"options":{"num_ctx":9},"a":"\xe9"} ,'
    assert rewritten(b'{} "\xe9"', None, "5m") == b'{"keep_alive":"5m"} "\xe9"'


@given(JSON_BODIES, st.integers(4, 1 << 20), st.booleans())
def test_any_body_keeps_everything_else(document: dict[str, object], num_ctx: int, spoiled: bool) -> None:
    tail = b' "\xff"' if spoiled else b""  # a strict parser refuses what follows the object
    found = rewritten(json.dumps(document).encode() + tail, LoadOptions(num_ctx=num_ctx), "7s")
    changed, _ = json.JSONDecoder().raw_decode(found.decode("utf-8", "replace"))
    rest = {key: value for key, value in changed.items() if key.lower() not in ("options", "keep_alive")}
    assert rest == {key: value for key, value in document.items() if key.lower() not in ("options", "keep_alive")}
    assert changed["keep_alive"] == "7s"


def test_a_long_body_on_disk_is_rewritten_without_being_loaded(tmp_path) -> None:
    picture = b"A" * 9_000_000
    (tmp_path / "body").write_bytes(b'{"images":["' + picture + b'"],"options":{"num_ctx":1024}}')
    body = SpooledBody((tmp_path / "body").open("rb"), (tmp_path / "body").stat().st_size, BodyStore())
    pieces = rewrite(body.view(), LoadOptions(), None)
    assert sum(len(piece) for piece in pieces if isinstance(piece, bytes)) < 100

    async def sent() -> bytes:
        return b"".join([part async for part in in_parts(pieces)])

    assert asyncio.run(sent()) == b'{"images":["' + picture + b'"],"options":{}}'
    body.close()
