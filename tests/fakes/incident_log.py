"""A server's log as tests write it, and the incidents that its lines make."""

from collections.abc import Iterable

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.incident import Incident, Kind
from ollama_panel.core.ollama.incidents import Incidents
from ollama_panel.core.ollama.lost_cards import Cards
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.ollama.serverlog import parse

CARD = 'msg="inference compute" library=CUDA name=CUDA0 description="RTX 3080 Ti" total="12.0 GiB"'
START = 'msg="server config" env="map[OLLAMA_CONTEXT_LENGTH:8192 OLLAMA_HOST:x]"'
LOAD = 'msg="starting llama-server" cmd="/x/llama-server --model {} -c 8192 -np 2"'
LOADED = 'msg="llama-server started in 2.00 seconds"'
EVICTED = 'msg="llama-server model predicted to exceed available memory, evicting" predicted="9.0 GiB"'


class Log:
    """A server's log. Each line comes a second after the one before."""

    def __init__(self, cards: Cards | None = None) -> None:
        self.incidents = Incidents(cards)
        self.now = 1000.0

    def say(self, *lines: str, later: float = 0.0) -> list[Kind]:
        """Return what is wrong after these lines, and after a time without any."""
        for line in lines:
            self.now += 1
            fact = parse(line)
            assert fact is not None, line
            self.incidents.heard(fact, self.now)
        self.now += later
        return [one.kind for one in self.active]

    @property
    def active(self) -> tuple[Incident, ...]:
        return self.incidents.active(self.now)

    @property
    def one(self) -> Incident:
        (found,) = self.active
        return found


def load(model: str, *lines: str) -> Iterable[str]:
    return (LOAD.format(model), *lines, LOADED)


def loaded(name: str, size_vram: int = 100, parallel: int = 1) -> LoadedModel:
    return LoadedModel(ModelName(name), 100, size_vram, 4096, parallel, ParallelSource.OLLAMA)


def observe(log: Log, *models: LoadedModel, wanted: int = 4, gpu: bool = True, blob: str = "/a") -> list[Kind]:
    facts = [ModelFacts(ModelName("a:latest"), blob=blob)]
    log.incidents.observed(models, facts, wanted, gpu=gpu, now=log.now)
    return log.say()
