from msgspec.structs import replace

from ollama_panel.core.ids import ClientId, RequestId
from ollama_panel.core.records import Job, Part, RequestClass, Role
from ollama_panel.core.scheduling import messages as say
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


def test_a_request_that_was_sent_in_parts_is_one_request():
    whole = Job(RequestId("big"), ClientId("me"), RequestClass.EMBEDDING, Role.EMBEDDING, EMBEDDER, "/api/embed", False)
    parts = [
        replace(whole, id=RequestId(f"big/{number}"), items=16, part=Part(whole.id, number, 4, 64, 6400, 30_000, 0))
        for number in range(4)
    ]
    again = run(Panel(), [Trace(Step(number, say.Arrived(part)) for number, part in enumerate(parts))])
    assert [(planned.id, len(planned.items), sum(planned.items)) for planned in again.requests] == [("big", 64, 6400)]
