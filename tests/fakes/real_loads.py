"""Loads of models by a real Ollama, and what they took according to its log."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Condition

import httpx

from ollama_panel.core.ollama.devices import Devices
from ollama_panel.core.ollama.load_measurement import Server, measured
from ollama_panel.core.ollama.measured_load import MeasuredLoad
from ollama_panel.core.ollama.memory import RunnerConfig
from ollama_panel.core.ollama.models import ModelFacts, canonical
from ollama_panel.core.ollama.runners import Runner, RunnerRegistry
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import Configured
from ollama_panel.engine.instances import probe
from tests.fakes.ollama_process import serving

_LOAD_S = 120


class Loader:
    """A server that loads models as asked; `config` is what it runs with, `version` what it is."""

    def __init__(self, config: RunnerConfig) -> None:
        self.config = config
        self._known = Condition()
        self._registry = RunnerRegistry()
        self._devices = Devices()
        self._environment: dict[str, str] = {}
        self._address = ""

    def heard(self, line: str) -> None:
        """Take a line of its log."""
        fact = parse(line)
        if isinstance(fact, Configured):
            self._environment = fact.environment
        if fact is not None:
            with self._known:
                self._registry, self._devices = self._registry.after(fact), self._devices.after(fact)
                self._known.notify_all()

    def connect(self, address: str) -> None:
        """Use the server at HOST:PORT."""
        self._address = f"http://{address}"

    def load(self, model: str, context: int) -> tuple[ModelFacts, MeasuredLoad | None]:
        """Load a model with a context for each slot, and return its facts and what that took."""
        return asyncio.run(self._load(model, context))

    async def _load(self, model: str, context: int) -> tuple[ModelFacts, MeasuredLoad | None]:
        async with httpx.AsyncClient(timeout=_LOAD_S, trust_env=False) as client:
            facts = next(one for one in await probe.catalog(client, self._address) if one.name == canonical(model))
            options = {"num_ctx": context, "num_thread": 1, "num_predict": 1}
            body = {"model": model, "prompt": "la", "input": "la", "stream": False, "options": options}
            path = "embed" if facts.architecture == "bert" else "generate"
            (await client.post(f"{self._address}/api/{path}", json=body)).raise_for_status()
            entries = await probe.loaded(client, self._address)
            version = await probe.version(client, self._address)
        entry = next(one for one in entries if one.digest == facts.digest)
        runner = await asyncio.to_thread(self._loaded, facts.blob, context)
        server = Server(version, self._devices.identity, self._devices.on_gpu is True, self._environment)
        return facts, measured(facts, entry, runner, server)

    def _loaded(self, blob: str, context: int) -> Runner:
        def found() -> Runner | None:
            runner = self._registry.runners.get(blob)
            asked = runner is not None and runner.loaded and runner.context == context * (runner.parallel or 1)
            return runner if asked else None

        with self._known:
            runner = self._known.wait_for(found, _LOAD_S)
        assert runner is not None
        return runner


@contextmanager
def loading(program: Path, environment: Mapping[str, str], config: RunnerConfig) -> Iterator[Loader]:
    """Run a server with `config`; the value loads models there."""
    variables = {"OLLAMA_NUM_PARALLEL": str(config.parallel), "OLLAMA_KV_CACHE_TYPE": config.cache_type}
    if config.flash_attention is not None:
        variables["OLLAMA_FLASH_ATTENTION"] = str(int(config.flash_attention))
    loader = Loader(config)
    with serving(program, {**environment, **variables, "LLAMA_ARG_THREADS": "1"}, loader.heard) as address:
        loader.connect(address)
        yield loader
