from ollama_panel.core.scheduling.event_log import Step
from ollama_panel.lab.contenders import Direct, Panel
from ollama_panel.lab.experiments import CHAT, EMBEDDER, failed, same
from ollama_panel.lab.simulation import Arena
from ollama_panel.lab.trace import Trace
from ollama_panel.lab.workload import SECOND, Chat, GraphRag
from ollama_panel.sim.machine.catalog import KNOWN
from ollama_panel.sim.machine.service_time import PROFILES


def run(front, clients, until_s=600) -> Arena:
    return Arena(PROFILES["rtx-4090"], KNOWN, front, same(1, 4, 4096)).run(clients, until_s * SECOND)


def recorded(client) -> tuple[Arena, list[Step]]:
    front = Panel()
    front.keep_log = True
    arena = run(front, [client])
    return arena, [Step(at, event) for at, event in front.log]


def test_a_trace_sends_the_same_requests_at_the_same_times():
    first, steps = recorded(Chat("ui", CHAT, 1))
    again = run(Panel(), [Trace(steps)])
    shift = first.asks[0].arrived
    assert [ask.id for ask in again.asks] == [ask.id for ask in first.asks]
    assert [ask.arrived + shift for ask in again.asks] == [ask.arrived for ask in first.asks]
    done = [ask.id for ask in first.asks if ask.done]
    assert [(ask.tokens, ask.output) for ask in again.asks if ask.id in done] == [
        (ask.tokens, ask.output) for ask in first.asks if ask.id in done
    ]


def test_a_trace_can_be_put_before_another_front():
    _, steps = recorded(GraphRag(CHAT, EMBEDDER, 1, chunks=20))
    direct = run(Direct(), [Trace(steps)])
    assert len(direct.asks) == 40
    assert failed(direct) == 0
    assert all(ask.items for ask in direct.asks if ask.model == EMBEDDER)


def test_an_empty_log_is_no_traffic():
    assert run(Direct(), [Trace([])]).asks == []
