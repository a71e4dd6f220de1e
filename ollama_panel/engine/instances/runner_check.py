"""The check of an instance's runners: the server answers for itself although a runner of its models is stopped."""

import contextlib
from collections.abc import Sequence

import httpx

from ollama_panel.core.ollama.runner_silence import Silence
from ollama_panel.engine.gather import gather
from ollama_panel.engine.host.processes import UNREADABLE
from ollama_panel.engine.instances.probe import RunnerProcess

_TIMEOUT = httpx.Timeout(2.0, pool=None)
"""Seconds. Twice that and a second between make five, well below the 15 in which a frozen runner is to be noticed."""


class RunnerCheck:
    """Asks runners for their health; keeps who has missed how often. A runner that is gone is forgotten."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._silences: dict[tuple[int, int], Silence] = {}

    @property
    def doubtful(self) -> bool:
        """Whether one did not answer at the last check, so that the next should be soon."""
        return bool(self._silences)

    async def run(self, runners: Sequence[RunnerProcess]) -> frozenset[str]:
        """Return the blobs of the models whose runners do not work any more. Takes 2 s if one does not answer."""
        answers = await gather(self._answers(one) for one in runners)
        missed = [one for one, answered in zip(runners, answers, strict=True) if not answered]
        before = self._silences
        self._silences = {
            _key(one): before.get(_key(one), Silence()).missed(_busy_s(one))
            for one in missed
            if one.process.is_running()
        }
        return frozenset(one.blob for one in missed if self._silences.get(_key(one), Silence()).is_certain)

    async def _answers(self, runner: RunnerProcess) -> bool:
        """Return whether a runner answers, be it that it loads. One that ends does not listen, and is not silent."""
        try:
            await self._client.get(f"http://127.0.0.1:{runner.port}/health", timeout=_TIMEOUT)
        except httpx.TimeoutException:
            return False
        except httpx.HTTPError:
            return True
        return True


def _key(runner: RunnerProcess) -> tuple[int, int]:
    return runner.process.pid, runner.port


def _busy_s(runner: RunnerProcess) -> float | None:
    """Return the processor time that a runner has used; None if it cannot be read."""
    with contextlib.suppress(*UNREADABLE):
        times = runner.process.cpu_times()
        return float(times.user + times.system)
    return None
