"""What a tuning measures with; `engine.tuning.load_bench` is the one that sends requests."""

from collections.abc import Callable, Sequence
from typing import Protocol

from ollama_panel.core.notices import Notice
from ollama_panel.core.tuning.trial import Candidate, Measurement
from ollama_panel.core.tuning.wave import Wave


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

    def measurement(self, waves: Sequence[Wave]) -> Measurement:
        """Return what the waves of one candidate have measured together, with what has disturbed them."""
        ...

    def conditions(self) -> tuple[Notice, ...]:
        """Return what would disturb a measurement now."""
        ...
