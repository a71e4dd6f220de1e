"""Experiments about the limit of requests at once: SLOs that are kept, against other controllers, and adjustment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from typing_extensions import override

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.scheduling.curve import Curve, CurvePoint
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.slo import Slo, SloController
from ollama_panel.lab.conditions import Conditions
from ollama_panel.lab.contenders import Panel
from ollama_panel.lab.controllers import CONTROLLERS
from ollama_panel.lab.experiments import CHAT, Numbers, same
from ollama_panel.lab.simulation import Simulation
from ollama_panel.lab.statistics import mean, percentile
from ollama_panel.lab.workload import SECOND, Client, Environment, Flood, PlannedRequest

POOL = PoolName("chat")
END_S = 1800
SLOTS = 32
FIXED = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
SHOCK = 1.6
SETTLED_S = 120


class Controlled(Panel):
    """The panel with another controller of the SLO."""

    def __init__(self, policy: Policy, controller: Callable[[], SloController]) -> None:
        super().__init__(policy)
        self._controller = controller

    @override
    def arrived(self, planned: PlannedRequest) -> None:
        """Put the other controller in the place of the panel's own, once that is there."""
        super().arrived(planned)
        for copy in self.scheduler.state.fleet.copies():
            if type(copy.limiter.controller) is SloController:
                copy.limiter.controller = self._controller()


def _pace(planned: PlannedRequest) -> float:
    return planned.output_us / 1e6 / max(1, planned.output - 1)


def _shocked(conditions: Conditions, slots: int, outstanding: int, panel: Panel) -> Simulation:
    """Keep `outstanding` long-tailed requests in flight; in the second half, steps take 1.6 times as long."""
    simulation = Simulation(conditions.machine, conditions.models, panel, same(1, slots, 2048, cache=0))
    simulation.later(END_S * SECOND // 2, lambda: simulation.machine.slow_down(SHOCK, simulation.now))
    flood = Flood("load", CHAT, conditions.seed, outstanding, shared=40, heavy_tail=True)
    return simulation.run([flood], END_S * SECOND)


def _settled(simulation: Simulation) -> list[PlannedRequest]:
    return _between(simulation, SETTLED_S, END_S)


def _between(simulation: Simulation, start_s: float, end_s: float) -> list[PlannedRequest]:
    """Return the requests that were answered between two times."""
    return [one for one in simulation.requests if one.done is not None and start_s < one.done / SECOND <= end_s]


def _rate(simulation: Simulation) -> float:
    return sum(planned.output for planned in simulation.requests if planned.done is not None) / END_S


def _promise(conditions: Conditions, factor: float) -> Numbers:
    alone = _shocked(conditions, 1, 1, Panel())
    promise = factor * percentile(map(_pace, _settled(alone)), 50)
    best = 0.0
    for slots in FIXED:
        fixed = _shocked(conditions, slots, 2 * slots, Panel())
        if percentile(map(_pace, _settled(fixed)), 95) <= promise:
            best = max(best, _rate(fixed))
    policy = Policy(slos={POOL: Slo(token_us=promise * 1e6)})
    simulation = _shocked(conditions, SLOTS, 2 * SLOTS, Panel(policy))
    requests = _settled(simulation)
    numbers = {
        "promises kept": mean(_pace(planned) <= promise for planned in requests),
        "throughput over the best fixed": _rate(simulation) / best,
        "recovery s": _recovery(requests, promise),
    }
    for name, controller in CONTROLLERS.items():
        other = _shocked(conditions, SLOTS, 2 * SLOTS, Controlled(policy, controller))
        numbers[f"promises kept, {name}"] = mean(_pace(planned) <= promise for planned in _settled(other))
        numbers[f"throughput over the best fixed, {name}"] = _rate(other) / best
    return numbers


def _recovery(requests: list[PlannedRequest], promise: float) -> float:
    """Return the seconds from the slow-down to the first of ten successive answers of which nine keep the promise."""
    shock = END_S * SECOND // 2
    after = sorted(
        (planned for planned in requests if (planned.first or 0) > shock), key=lambda planned: planned.first or 0
    )
    for planned, window in ((after[at], after[at : at + 10]) for at in range(max(0, len(after) - 10))):
        if mean(_pace(one) <= promise for one in window) >= 0.9:
            return ((planned.first or 0) - shock) / SECOND
    return float(END_S)


def promise_tight(conditions: Conditions) -> Numbers:
    """Promise three times the time per token of an idle machine."""
    return _promise(conditions, 3.0)


def promise_loose(conditions: Conditions) -> Numbers:
    """Promise six times the time per token of an idle machine."""
    return _promise(conditions, 6.0)


# The adjusted limit

STEP_S = 120
STEP_END_S = 900
CLIENTS = 16
TIERS = (1, 2, 4, 8, 16, 32)
SETTLES_S = 60
STEADY_S = 300
"""Seconds after the step: changes of the limit from then on are counted."""


@dataclass
class Later:
    """A client that begins later."""

    client: Client
    delay: int

    def begin(self, environment: Environment) -> None:
        """Wait, and begin then."""
        environment.later(self.delay, lambda: self.client.begin(environment))


class Watched(Panel):
    """The panel; `limits` are the limits of its only model each time that it has changed, with the time in seconds."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self.limits: list[tuple[float, int | None]] = [(0.0, None)]

    @override
    def arrived(self, planned: PlannedRequest) -> None:
        """Look at the limit whenever a request comes, which in a closed loop is whenever one has ended."""
        super().arrived(planned)
        for copy in self.scheduler.state.fleet.copies():
            if copy.limiter.cap != self.limits[-1][1]:
                self.limits.append((self.simulation.now / SECOND, copy.limiter.cap))


def _stepped(conditions: Conditions, slots: int, panel: Panel) -> Simulation:
    """Let one client send requests, and sixteen after two minutes."""
    simulation = Simulation(conditions.machine, conditions.models, panel, same(1, slots, 2048, cache=0))
    first = Flood("one", CHAT, conditions.seed, 1, shared=40, heavy_tail=True)
    others = Flood("others", CHAT, conditions.seed + 100, CLIENTS - 1, shared=40, heavy_tail=True)
    clients: Sequence[Client] = (first, Later(others, STEP_S * SECOND))
    return simulation.run(clients, STEP_END_S * SECOND)


def _after_step(simulation: Simulation) -> float:
    """Return the tokens per second from a minute after the step on."""
    found = _between(simulation, STEP_S + SETTLES_S, STEP_END_S)
    return sum(planned.output for planned in found) / (STEP_END_S - STEP_S - SETTLES_S)


def load_step(conditions: Conditions) -> Numbers:
    """Raise the load from 1 to 16 clients, and adjust the limit by measuring, and by the curve of a tuning."""
    fixed = {slots: _after_step(_stepped(conditions, slots, Panel())) for slots in TIERS}
    points = tuple(CurvePoint(slots, rate, 1e6 * slots / rate) for slots, rate in fixed.items())
    curve = Curve(POOL, ModelName(CHAT), points)
    numbers: Numbers = {}
    for name, curves in (("", ()), (", by a curve", (curve,))):
        panel = Watched(Policy(adjust_slots=True, curves=curves))
        simulation = _stepped(conditions, SLOTS, panel)
        steady = [limit for at, limit in panel.limits if at > STEP_S + STEADY_S]
        numbers[f"share of the best fixed{name}"] = _after_step(simulation) / max(fixed.values())
        numbers[f"changes in steady state{name}"] = len(steady)
        numbers[f"limit at the end{name}"] = panel.limits[-1][1] or SLOTS
    return numbers
