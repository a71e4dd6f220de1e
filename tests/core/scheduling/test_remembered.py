"""What the fleet remembers is what it would find anew, whatever has happened."""

from random import Random
from typing import TypeVar

import pytest

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import FailureKind, Job, LoadOptions, RequestClass, Role, Usage
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.invariants import check_remembered

T = TypeVar("T")
MODELS = tuple(map(ModelName, ("jay:7b", "owl:1b", "wren:30b")))
SERVERS = tuple(map(InstanceId, ("front-1", "front-2", "side-1", "vector-1")))


class Servers:
    """Servers, stores and models that change at random; requests come and go."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.now = 0
        self.number = 0
        self.timer: int | None = None
        self.dispatcher = Dispatcher(Policy(option_profiles=self.some(True, False), fit_context=self.some(True, False)))

    def tell(self, event: say.Event) -> None:
        for action in self.dispatcher.step(event, self.now):
            if isinstance(action, say.SetTimer):
                self.timer = action.at
        state = self.dispatcher.state
        check_remembered(state.fleet, self.now, state.policy.no_instance_grace_us)

    def some(self, *choices: T) -> T:
        return self.random.choice(choices)

    def event(self) -> None:
        """Let something happen."""
        self.some(*[self.server_changes] * 3, *[self.model_changes] * 3, *[self.request_moves] * 5, self.time_passes)()

    def server_changes(self) -> None:
        server = self.some(*SERVERS)
        role = Role.EMBEDDING if server.startswith("vector") else Role.CHAT
        up = say.InstanceUp(
            server,
            PoolName(server[:-2]),
            self.some(role, Role.CHAT),
            "http://x",
            self.some(1, 2, 4),
            models=self.some((), MODELS[:1]),
            context_length=self.some(None, 2048, 8192),
            parallel_known=self.some(True, False),
            store=self.some(None, (), MODELS[1:]),
            own_store=self.some(True, False),
        )
        down, drain = say.InstanceDown(server, self.some(True, False)), say.Draining(server, self.some(True, False))
        self.tell(self.some(up, up, down, drain, say.InstancePlanned(server, up.pool, role)))

    def model_changes(self) -> None:
        server, model = self.some(*SERVERS), self.some(*MODELS)
        loaded = say.Loaded(server, model, self.some(0, 10**9), self.some(None, 1, 3), self.some(None, 512, 4096))
        self.tell(self.some(say.CatalogRead(self.catalog()), loaded, say.Unloaded(server, model)))

    def catalog(self) -> tuple[ModelFacts, ...]:
        """Return some models, created anew with other parameters."""
        context, trained = self.some(None, 0, 1024, 4096), self.some(None, 2048, 40960)
        return tuple(
            ModelFacts(name, size=10**9, num_ctx=context, context_trained=trained, capabilities=("completion",))
            for name in self.random.sample(MODELS, self.some(2, 3))
        )

    def request_moves(self) -> None:
        request = self.some(None, *self.dispatcher.state.in_flight)
        if request is None:
            self.arrive()
            return
        kind = self.some(FailureKind.NOT_FOUND, *FailureKind)
        finished = say.Finished(request, Usage(5, 7), self.some(200, 404))
        self.tell(self.some(say.FirstByte(request), finished, say.Failed(request, kind, sent=False)))

    def arrive(self) -> None:
        self.number += 1
        job = Job(
            RequestId(f"r{self.number}"),
            ClientId("c"),
            RequestClass.INTERACTIVE,
            self.some(Role.CHAT, Role.EMBEDDING),
            self.some(*MODELS),
            self.some("/api/chat", "/v1/chat/completions"),
            stream=True,
            prompt_tokens=10,
            options=LoadOptions(num_ctx=self.some(None, 1024, 6000)),
        )
        self.tell(say.Arrived(job))

    def time_passes(self) -> None:
        end = self.now + self.some(10_000, 2_000_000, 70_000_000)
        while self.timer is not None and self.timer <= end:
            self.now, self.timer = max(self.now, self.timer), None
            self.tell(say.TimerFired())
        self.now = end


@pytest.mark.parametrize("seed", range(20))
def test_what_the_fleet_remembers_is_what_it_would_find_anew(seed: int) -> None:
    servers = Servers(seed)
    for _ in range(400):
        servers.event()
