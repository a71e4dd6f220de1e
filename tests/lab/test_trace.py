from ollama_panel.core.scheduling.event_log import Step
from ollama_panel.lab.contenders import Direct, Panel
from ollama_panel.lab.experiments import CHAT, EMBEDDER, failed, same
from ollama_panel.lab.simulation import Simulation
from ollama_panel.lab.trace import Trace
from ollama_panel.lab.workload import SECOND, Chat, GraphRag
from ollama_panel.sim.machine.catalog import KNOWN
from ollama_panel.sim.machine.service_time import PROFILES


def run(contender, clients, until_s=600) -> Simulation:
    return Simulation(PROFILES["rtx-4090"], KNOWN, contender, same(1, 4, 4096)).run(clients, until_s * SECOND)


def recorded(client) -> tuple[Simulation, list[Step]]:
    contender = Panel()
    contender.keep_log = True
    simulation = run(contender, [client])
    return simulation, [Step(at, event) for at, event in contender.log]


def test_a_trace_sends_the_same_requests_at_the_same_times():
    first, steps = recorded(Chat("ui", CHAT, 1))
    again = run(Panel(), [Trace(steps)])
    shift = first.requests[0].arrived
    assert [planned.id for planned in again.requests] == [planned.id for planned in first.requests]
    assert [planned.arrived + shift for planned in again.requests] == [planned.arrived for planned in first.requests]
    done = [planned.id for planned in first.requests if planned.done]
    assert [(planned.tokens, planned.output) for planned in again.requests if planned.id in done] == [
        (planned.tokens, planned.output) for planned in first.requests if planned.id in done
    ]


def test_a_trace_can_be_sent_to_another_contender():
    _, steps = recorded(GraphRag(CHAT, EMBEDDER, 1, chunks=20))
    direct = run(Direct(), [Trace(steps)])
    assert len(direct.requests) == 40
    assert failed(direct) == 0
    assert all(planned.items for planned in direct.requests if planned.model == EMBEDDER)


def test_an_empty_log_is_no_traffic():
    assert run(Direct(), [Trace([])]).requests == []
