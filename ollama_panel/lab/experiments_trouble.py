"""Experiments about faults, embeddings, GraphRAG, and the scheduler's own cost."""

from collections.abc import Callable
from time import process_time, thread_time_ns

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.records import Job, RequestClass, Role, Usage
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.lab.conditions import Conditions
from ollama_panel.lab.contenders import Direct, Panel
from ollama_panel.lab.experiments import CHAT, EMBEDDER, Numbers, run, same
from ollama_panel.lab.simulation import Simulation
from ollama_panel.lab.statistics import percentile
from ollama_panel.lab.workload import SECOND, Burst, Chat, Environment, GraphRag
from ollama_panel.sim.machine.work import InstanceOptions, MachineFaults

# Faults

_SAFE = Policy(max_attempts=6)


def _trouble(
    conditions: Conditions, hurt: Callable[[Simulation, Panel], None], faults: MachineFaults | None
) -> Simulation:
    contender = Panel(_SAFE)
    simulation = Simulation(conditions.machine, conditions.models, contender, same(2, 4, 4096), conditions.seed, faults)
    hurt(simulation, contender)
    return simulation.run([Burst(300, CHAT, patience=180 * SECOND, seed=conditions.seed)])


def _kill_and_restart(simulation: Simulation, contender: Panel, at_s: float) -> None:
    def kill() -> None:
        simulation.machine.kill("chat-1", simulation.now)
        contender.tell(say.InstanceDown(InstanceId("chat-1")))
        simulation.later(5 * SECOND, back)

    def back() -> None:
        simulation.machine.add_instance("chat-1", simulation.instances["chat-1"])
        contender.up("chat-1")

    simulation.later(round(at_s * SECOND), kill)


def _crash(simulation: Simulation, _: Panel, at_s: float) -> None:
    simulation.later(round(at_s * SECOND), lambda: simulation.machine.crash_runner("chat-2", CHAT, simulation.now))


def _silent_failures(simulation: Simulation) -> int:
    """Return how many requests failed before their first byte."""
    return sum(bool(planned.failure) and planned.first is None for planned in simulation.requests)


def _twice(contender: Panel, simulation: Simulation) -> int:
    """Return how many answers had too many tokens or never ended, and how many requests the scheduler still holds."""
    too_long = sum(planned.pieces > planned.output for planned in simulation.requests)
    return (
        too_long
        + sum(not planned.ended for planned in simulation.requests)
        + contender.scheduler.queued()
        + contender.scheduler.in_flight()
    )


def trouble(conditions: Conditions) -> Numbers:
    """Kill an instance or a runner under load, refuse the first loads for lack of memory, let a load hang."""
    begin = 8.0 + conditions.seed
    cases: dict[str, tuple[Callable[[Simulation, Panel], None], MachineFaults | None]] = {
        "kill": (lambda simulation, contender: _kill_and_restart(simulation, contender, begin), None),
        "kill while loading": (lambda simulation, contender: _kill_and_restart(simulation, contender, 1.0), None),
        "runner crash": (lambda simulation, contender: _crash(simulation, contender, begin), None),
        "out of memory": (lambda simulation, contender: None, MachineFaults(oom_loads=2)),
        "hang while loading": (lambda simulation, contender: None, MachineFaults(stalled_loads=1)),
    }
    numbers: Numbers = {"failures before the first byte": 0.0, "duplicated or lost": 0.0, "broken off": 0.0}
    for hurt, faults in cases.values():
        simulation = _trouble(conditions, hurt, faults)
        assert isinstance(simulation.contender, Panel)
        numbers["failures before the first byte"] += _silent_failures(simulation)
        numbers["duplicated or lost"] += _twice(simulation.contender, simulation)
        numbers["broken off"] += sum(
            bool(planned.failure) and planned.first is not None for planned in simulation.requests
        )
    return numbers


# Embeddings and GraphRAG


DAY_S = 86_400


def _rag(simulation: Simulation, job: GraphRag) -> float:
    simulation.run([job], DAY_S * SECOND)
    return (job.finished or DAY_S * SECOND) / SECOND


def graphrag(conditions: Conditions) -> Numbers:
    """Run an indexing job: chats, then embeddings; its client gives up after 180 s of silence."""
    chat = InstanceOptions(parallel=8, context_length=4096)
    embedding = InstanceOptions(parallel=1, context_length=2048)
    roles = {"embedding-1": Role.EMBEDDING, "embedding-2": Role.EMBEDDING}
    panel = Simulation(
        conditions.machine,
        conditions.models,
        Panel(roles=roles),
        {"chat-1": chat, "embedding-1": embedding, "embedding-2": embedding},
    )
    direct = Simulation(
        conditions.machine, conditions.models, Direct(), {"ollama": InstanceOptions(parallel=1, context_length=4096)}
    )
    patient = GraphRag(CHAT, EMBEDDER, conditions.seed, patience=None)
    impatient = GraphRag(CHAT, EMBEDDER, conditions.seed)
    lossy = Simulation(
        conditions.machine, conditions.models, Direct(), {"ollama": InstanceOptions(parallel=1, context_length=4096)}
    )
    lossy.run([GraphRag(CHAT, EMBEDDER, conditions.seed)], DAY_S * SECOND)
    quick = _rag(panel, impatient)
    return {
        "job quicker than default Ollama": _rag(direct, patient) / quick,
        "failures": sum(bool(planned.failure) for planned in panel.requests),
        "failures, direct": sum(bool(planned.failure) for planned in lossy.requests),
    }


def _embeddings(conditions: Conditions, instances: int) -> float:
    options = {f"embedding-{number}": InstanceOptions(parallel=1) for number in range(1, instances + 1)}
    roles = dict.fromkeys(options, Role.EMBEDDING)
    simulation = Simulation(conditions.machine, conditions.models, Panel(roles=roles), options, conditions.seed)
    job = GraphRag(EMBEDDER, EMBEDDER, conditions.seed, chunks=400, patience=None)
    simulation.run([_OnlyEmbeddings(job)])
    return max(planned.done or 0 for planned in simulation.requests) / SECOND


class _OnlyEmbeddings:
    """The second phase of a GraphRAG job alone."""

    def __init__(self, job: GraphRag) -> None:
        self._job = job

    def begin(self, environment: Environment) -> None:
        """Start the embeddings."""
        self._job.embed(environment)


def embeddings(conditions: Conditions) -> Numbers:
    """Compute the same embeddings on one, two and four instances."""
    one = _embeddings(conditions, 1)
    return {f"speed-up at {count}": one / _embeddings(conditions, count) for count in (2, 4)}


# The scheduler's own cost


def overhead(conditions: Conditions) -> Numbers:
    """Measure decisions with 10,000 requests in the queue, the replay of a log, and a simulated day."""
    times = decision_times(10_000, 4000)
    contender = Panel()
    contender.keep_log = True
    run(conditions, contender, same(2, 4, 4096), [Burst(200, CHAT, seed=conditions.seed)], None)
    again = Dispatcher(Policy())
    same_actions = all(
        again.step(event, at) == actions for (at, event), actions in zip(contender.log, contender.actions, strict=True)
    )
    began = process_time()
    run(
        conditions,
        Panel(),
        same(1, 4),
        [Chat(f"user-{number}", CHAT, conditions.seed + number) for number in range(4)],
        86_400,
    )
    day = process_time() - began
    return {
        "decision p50 us": percentile(times, 50),
        "decision p99 us": percentile(times, 99),
        "replay identical": float(same_actions),
        "a simulated day s": day,
    }


def decision_times(queued: int, steps: int) -> list[float]:
    """Return the microseconds of `steps` decisions while `queued` requests of 1000 clients for three models wait.

    They are CPU time, so that other programs on the machine do not count.
    """
    scheduler = Dispatcher(Policy(queue_limit=10 * queued))
    models = [ModelName(f"model-{number}") for number in range(3)]
    now, number = 0, 0
    running: list[RequestId] = []
    times: list[float] = []

    def step(event: say.Event) -> None:
        nonlocal now
        now += 100
        began = thread_time_ns()
        actions = scheduler.step(event, now)
        times.append((thread_time_ns() - began) / 1000)
        running.extend(action.id for action in actions if isinstance(action, say.Dispatch))

    def arrive() -> None:
        nonlocal number
        number += 1
        request_class = RequestClass.BATCH if number % 3 else RequestClass.INTERACTIVE
        step(
            say.Arrived(
                Job(
                    RequestId(f"r{number}"),
                    ClientId(f"c{number % 1000}"),
                    request_class,
                    Role.CHAT,
                    models[number % 3],
                    "/api/chat",
                    stream=True,
                    prompt_tokens=100,
                    heartbeat=True,
                )
            )
        )

    for name in ("chat-1", "chat-2"):
        step(say.InstanceUp(InstanceId(name), PoolName("chat"), Role.CHAT, "http://x", 8))
        for model in models:
            step(say.Loaded(InstanceId(name), model))
    for _ in range(queued):
        arrive()
    times.clear()
    while len(times) < steps:
        request = running.pop(0)
        step(say.FirstByte(request))
        step(say.Progressed(request, 5))
        step(say.Finished(request, Usage(100, 50, 10**9, 0, 10**8, 9 * 10**8)))
        arrive()
    return times
