"""`GET /panel/v1/environment`: the variables and presets for the installed Ollama."""

from tests.proxy.conftest import OWN_SECRET, ProxyHarness

OWNER = f"Authorization: Bearer {OWN_SECRET}"


async def test_variables_and_presets_are_told_for_the_installed_version(harness: ProxyHarness) -> None:
    await harness.panel.show(ollama_version="0.24.0")
    async with harness.client() as client:
        await client.send(f"GET /panel/v1/environment HTTP/1.1\r\nHost: localhost\r\n{OWNER}\r\n\r\n".encode())
        got = await client.get()
    assert got.status == 200
    assert got.json["ollama_version"] == "0.24.0"
    variables = {one["name"]: one for one in got.json["variables"]}
    assert variables["LLAMA_ARG_FIT"]["unread"]["text"] == "only Ollama 0.30.0 and later reads it"
    cache = variables["OLLAMA_KV_CACHE_TYPE"]
    assert (cache["kind"], cache["default"], cache["since"], cache["until"]) == ("choice", "f16", "0.5.0", "")
    assert (cache["restarts"], cache["reads"], cache["unread"]) == ("instance", "load", None)
    presets = {one["id"]: one for one in got.json["presets"]}
    assert presets["kv-q8_0"]["variables"] == {"OLLAMA_KV_CACHE_TYPE": "q8_0", "OLLAMA_FLASH_ATTENTION": "1"}
    assert presets["kv-q8_0"]["source"].startswith("Ollama docs/faq.mdx; llama.cpp ggml-common.h")
    assert "(hidden)" not in got.body.decode()
