"""A recorded log as a workload: the same requests at the same times, with their lengths and hashes but no content.

It shows what another policy, or Ollama itself, would have done with a user's own traffic.
"""

from collections.abc import Iterable
from functools import partial

from ollama_panel.core.records import Job
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.event_log import Step
from ollama_panel.lab.workload import Environment, PlannedRequest, identity
from ollama_panel.sim.machine.work import Segment

UNKNOWN_OUTPUT = 200
"""The number of tokens of an answer that never ended, of which the log has no count."""


class Trace:
    """A client that sends the requests of a log at their times, counted from the first arrival."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._jobs: list[tuple[int, Job]] = []
        self._outputs: dict[str, int] = {}
        for step in steps:
            if isinstance(step.event, say.Arrived):
                if not step.event.job.follows:
                    self._jobs.append((step.at, step.event.job.whole))
            elif isinstance(step.event, say.Finished) and step.event.usage.output_tokens is not None:
                self._outputs[step.event.id] = step.event.usage.output_tokens

    def begin(self, environment: Environment) -> None:
        """Schedule all arrivals."""
        origin = self._jobs[0][0] if self._jobs else 0
        for at, job in self._jobs:
            planned = self._planned(job)
            environment.later(at - origin, partial(environment.send, planned))

    def _planned(self, job: Job) -> PlannedRequest:
        output = max(1, self._outputs.get(job.id, UNKNOWN_OUTPUT))
        items = (
            (max(1, job.prompt_tokens // job.items),) * job.items if job.path.endswith(("embed", "embeddings")) else ()
        )
        return PlannedRequest(
            job.id,
            job.client,
            job.request_class,
            job.model,
            () if items else _prompt(job),
            output,
            items=items,
            options=job.options,
            turns=job.turns,
        )


def _prompt(job: Job) -> tuple[Segment, ...]:
    """Split the prompt into messages of equal length: the log has only their hashes and the length of the whole."""
    names = job.turns or (identity(job.id),)
    each, rest = divmod(max(len(names), job.prompt_tokens), len(names))
    return tuple((name, each + (rest if number == 0 else 0)) for number, name in enumerate(names))
