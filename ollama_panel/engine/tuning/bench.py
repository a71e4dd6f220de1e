"""What a tuning measures with: the same requests for each candidate, by `engine.tuning.load`."""

from collections.abc import Callable, Sequence
from typing import Protocol

import aiohttp
import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import Notice
from ollama_panel.core.tuning import wave as waves
from ollama_panel.core.tuning.prompts import Writer
from ollama_panel.core.tuning.trial import Candidate, Measurement
from ollama_panel.core.tuning.wave import Wave, pooled
from ollama_panel.core.tuning.workload import Workload
from ollama_panel.engine.gather import gather
from ollama_panel.engine.tuning.load import calibrated, measure, new_session


class Bench(Protocol):
    """Measures one task. Whatever is cancelled closes its connections; what fails raises PanelError."""

    async def load(self, urls: Sequence[str], candidate: Candidate) -> None:
        """Let every worker load the model as the candidate wants it."""
        ...

    async def wave(
        self, urls: Sequence[str], candidate: Candidate, *, longer: bool, on_progress: Callable[[Wave], None]
    ) -> Wave:
        """Let `candidate.parallel` clients send to each worker until it is known what that gives."""
        ...

    def measurement(self, seen: Sequence[Wave]) -> Measurement:
        """Return what the waves of one candidate have measured together, with what has disturbed them."""
        ...

    def conditions(self) -> tuple[Notice, ...]:
        """Return what would disturb a measurement now."""
        ...

    async def close(self) -> None:
        """Close all connections; nothing is measured any more."""
        ...


class LoadBench:
    """Sends the requests of a workload to a model; `name` is that of the tuning, different for each."""

    def __init__(self, model: ModelName, workload: Workload, name: str) -> None:
        self._writer = Writer(model, workload, name)
        self._name = name
        self._waves = 0
        self._open: aiohttp.ClientSession | None = None

    async def load(self, urls: Sequence[str], candidate: Candidate) -> None:
        """Load the model at every worker, by short requests that tell how it counts, too."""
        self._waves += 1
        options = {"num_batch": candidate.batch} if candidate.batch else {}
        unique = f"{self._name} {self._waves}"
        self._writer = writer = msgspec.structs.replace(self._writer, unique=unique, options=options)
        found = await gather(calibrated(self._session, url, writer) for url in urls)
        self._writer = msgspec.structs.replace(writer, calibration=found[0])

    async def wave(
        self, urls: Sequence[str], candidate: Candidate, *, longer: bool, on_progress: Callable[[Wave], None]
    ) -> Wave:
        """Measure; see `Bench`."""
        writer, clients = self._writer, candidate.parallel
        return await measure(self._session, urls, writer, clients, longer=longer, on_progress=on_progress)

    def measurement(self, seen: Sequence[Wave]) -> Measurement:
        """Return what was measured; see `Bench`."""
        return waves.measurement(pooled(seen))

    def conditions(self) -> tuple[Notice, ...]:
        """Return nothing: no sensor is known here."""
        return ()

    async def close(self) -> None:
        """Close the connections."""
        if self._open is not None:
            await self._open.close()

    @property
    def _session(self) -> aiohttp.ClientSession:
        if self._open is None:
            self._open = new_session()
        return self._open
