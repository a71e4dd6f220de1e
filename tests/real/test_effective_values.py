"""What the panel says to be in force for three models of a real Ollama equals log and command lines of the runners."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import httpx
import psutil
import pytest

from tests.fakes.ollama_process import logging_to, serving
from tests.fakes.panel_process import PanelProcess
from tests.fakes.ports import free_port
from tests.fakes.waiting import polled
from tests.real.conftest import CHAT, EMBEDDING, LONG

pytestmark = pytest.mark.timeout(300)

MODELS = (CHAT, LONG, EMBEDDING)
SLOTS, CONTEXT = 2, 4096
MIB = 1024**2

_START = re.compile(r'msg="starting (?:llama-server|llama server|runner)" cmd=.*--model')
_OPTIONS = {"-np": "slots", "--parallel": "slots", "-c": "tokens", "--ctx-size": "tokens", "--threads": "threads"}
_BUFFER = re.compile(r"(model|KV|compute) buffer size = +([\d.]+) MiB")
_SLOT_CONTEXT = re.compile(r"n_ctx_(?:per_)?seq += (\d+)")
_FLASH = re.compile(r"flash_attn += (0|1|enabled|disabled)|Flash Attention (?:was auto, set to )?(enabled|disabled)")
_THREADS = re.compile(r"system_info: n_threads = (\d+)|NumThreads:(\d+)|--threads (\d+)")
_PROMPT_CACHE = re.compile(r"prompt cache is enabled, size limit: (\d+) MiB")
_TYPE = re.compile(r"K \((\w+)\):")

Values = Mapping[str, Mapping[str, Any]]


def settings(store: dict[str, str], *, workers: int) -> dict[str, object]:
    """Without workers, the server that runs already is adopted."""
    chat = {"name": "chat", "role": "chat", "workers": workers, "parallel": SLOTS, "context_length": CONTEXT}
    ollama = {"adopt": not workers, "models_dir": store["OLLAMA_MODELS"]}
    return {"version": 1, "ollama": ollama, "pools": [chat | {"environment": {"LLAMA_ARG_THREADS": "1"}}]}


async def load(url: str) -> None:
    """Load the models straight at a server, with one thread also where only a request can ask for that."""
    async with httpx.AsyncClient(base_url=url, timeout=120, trust_env=False) as client:
        for model in MODELS:
            body = {"model": model, "options": {"num_thread": 1}, "keep_alive": "1h"}
            path, more = ("/api/embed", {"input": "la"}) if model == EMBEDDING else ("/api/generate", {"stream": False})
            (await client.post(path, json=body | more)).raise_for_status()


async def loaded(panel: PanelProcess, managed: bool) -> tuple[dict[str, Any], dict[str, Values]]:
    """Return the record of an instance with all models, and their values by model and name."""
    status = await panel.until(
        lambda status: any(
            one["managed"] is managed and {model["name"] for model in one["models"]} == {*MODELS}
            for one in status["instances"]
        )
    )
    record = next(one for one in status["instances"] if one["managed"] is managed)
    return record, {model["name"]: {one["name"]: one for one in model["values"]} for model in record["models"]}


def command_lines(pid: int) -> dict[str, dict[str, int]]:
    """Return the numbers in the runners' command lines, by blob."""
    found = {}
    for child in psutil.Process(pid).children(recursive=True):
        words = child.cmdline()
        if "--model" in words:
            pairs = dict(pairwise(words))
            found[pairs["--model"]] = {_OPTIONS[key]: int(value) for key, value in pairs.items() if key in _OPTIONS}
    return found


def sections(lines: list[str]) -> dict[str, str]:
    """Return what the log says from the start of each runner to the next, by blob."""
    found, blob = dict[str, str](), ""
    for line in lines:
        if _START.search(line):
            blob = line.split("--model ")[1].split()[0].rstrip('"')
            found[blob] = ""
        if blob:
            found[blob] += line + "\n"
    return found


async def blobs(url: str) -> dict[str, str]:
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as client:
        answers = {model: (await client.post("/api/show", json={"model": model})).json() for model in MODELS}
    return {model: re.findall(r"^FROM (\S+)$", one["modelfile"], re.MULTILINE)[0] for model, one in answers.items()}


def buffers(section: str, kind: str) -> float:
    return sum(float(size) for what, size in _BUFFER.findall(section) if what == kind)


def last(pattern: re.Pattern[str], section: str) -> str | None:
    found = [next(filter(None, one.groups()), None) for one in pattern.finditer(section)]
    return found[-1] if found else None


def check(values: Values, section: str, command: Mapping[str, int], *, embedding: bool) -> None:
    effective = {name: one["effective"] for name, one in values.items()}
    if command:
        assert effective["parallel"] == command["slots"]
        assert effective["context"] == command["tokens"] // command["slots"]
    assert effective["parallel"] == (1 if embedding else SLOTS)
    assert values["parallel"]["wanted"] == SLOTS
    assert bool(values["parallel"]["why_not"]) is embedding
    told = last(_SLOT_CONTEXT, section)
    assert told is None or effective["context"] == int(told)
    if not embedding:
        assert effective["kv_type"] == last(_TYPE, section)
        assert effective["kv_bytes"] == pytest.approx(buffers(section, "KV") * MIB, abs=MIB / 50)
    flash = last(_FLASH, section)
    assert flash is None or effective["flash_attention"] == ("on" if flash in ("1", "enabled") else "off")
    named = buffers(section, "model")  # Ollama's own engine lists sizes by itself
    assert not named or effective["weights"] == pytest.approx(named * MIB, abs=MIB / 20)
    scratch = buffers(section, "compute")
    assert not scratch or effective["compute"] == pytest.approx(scratch * MIB, abs=MIB / 20)
    assert effective["threads"] == int(last(_THREADS, section) or 0)
    cache = last(_PROMPT_CACHE, section)
    assert effective["prompt_cache"] == (int(cache) * MIB if cache else None)
    unknown = {name for name, one in values.items() if one["effective"] is None}
    assert unknown <= {"prompt_cache", *(("kv_type", "compute") if embedding else ())}  # up to 0.9 it names none
    assert all(values[name]["why_not"] for name in unknown)


async def test_the_values_of_a_worker_equal_its_log_and_command_lines(tmp_path, ollama, store):
    arguments = ("--ollama", str(ollama))
    async with PanelProcess(
        tmp_path / "state", settings(store, workers=1), arguments, {"HOME": store["HOME"]}
    ) as panel:
        await panel.ready()
        (instance,) = await panel.instances("chat")
        await load(instance["url"])
        record, found = await loaded(panel, managed=True)
        _, log = await panel.command("logs", "-n", "5000", "chat-1")
        at, told, commands = await blobs(record["url"]), sections(log.splitlines()), command_lines(record["pid"])
        for model in MODELS:
            check(found[model], told[at[model]], commands[at[model]], embedding=model == EMBEDDING)


async def test_without_its_log_the_values_of_an_adopted_server_equal_the_command_lines(tmp_path, ollama, store):
    environment = store | {"OLLAMA_NUM_PARALLEL": str(SLOTS), "OLLAMA_CONTEXT_LENGTH": str(CONTEXT)}
    with serving(ollama, environment | {"LLAMA_ARG_THREADS": "1"}) as address:
        await load(f"http://{address}")
        own, arguments = {"HOME": store["HOME"], "OLLAMA_HOST": address}, ("--ollama", str(ollama))
        async with PanelProcess(tmp_path / "state", settings(store, workers=0), arguments, own) as panel:
            record, found = await loaded(panel, managed=False)
            at, commands = await blobs(record["url"]), command_lines(record["pid"])
            for model in MODELS:
                command, values = commands[at[model]], found[model]
                if command:
                    assert values["parallel"]["effective"] == command["slots"]
                    assert values["context"]["effective"] == command["tokens"] // command["slots"]
                    assert values["parallel"]["source"] == "command"
                assert values["layers"]["effective"] == 0
                assert values["weights"]["why_not"]["code"] == "value.log_unread"


async def test_the_log_of_an_adopted_server_is_read_where_it_is_a_file(tmp_path, ollama, store):
    address, log = f"127.0.0.1:{free_port()}", tmp_path / "ollama.log"
    own = {"OLLAMA_HOST": address, "OLLAMA_NUM_PARALLEL": str(SLOTS), "OLLAMA_CONTEXT_LENGTH": str(CONTEXT)}
    with logging_to(ollama, store | own | {"LLAMA_ARG_THREADS": "1"}, log):
        await polled(lambda: answers(f"http://{address}"), lambda: f"the server, which said: {log.read_text()}")
        await load(f"http://{address}")
        own, arguments = {"HOME": store["HOME"], "OLLAMA_HOST": address}, ("--ollama", str(ollama))
        async with PanelProcess(tmp_path / "state", settings(store, workers=0), arguments, own) as panel:
            await panel.until(lambda status: any(map(told_by_the_log, status["instances"])))
            record, found = await loaded(panel, managed=False)
            at, commands = await blobs(record["url"]), command_lines(record["pid"])
            told = sections(log.read_text().splitlines())
            for model in MODELS:
                check(found[model], told[at[model]], commands[at[model]], embedding=model == EMBEDDING)


async def answers(url: str) -> bool:
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            return (await client.get(f"{url}/api/version")).is_success
        except httpx.HTTPError:
            return False


def told_by_the_log(record: Mapping[str, Any]) -> bool:
    return bool(record["models"]) and all(
        {one["name"]: one["source"] for one in model["values"]}["weights"] == "log" for model in record["models"]
    )
