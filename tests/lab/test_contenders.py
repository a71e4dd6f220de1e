import pytest

from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.messages import Policy
from ollama_panel.lab.contenders import Direct, Panel, PlainQueue
from ollama_panel.lab.experiments import CHAT, EMBEDDER, failed, makespan, same
from ollama_panel.lab.simulation import Arena
from ollama_panel.lab.workload import SECOND, Burst, GraphRag
from ollama_panel.sim.machine.catalog import KNOWN
from ollama_panel.sim.machine.service_time import PROFILES
from ollama_panel.sim.machine.work import InstanceOptions


def arena(front, instances=None) -> Arena:
    return Arena(PROFILES["rtx-4090"], KNOWN, front, instances or same(1, 4, 4096))


@pytest.mark.parametrize("front", [Direct, lambda: PlainQueue(4), Panel], ids=["direct", "queue", "panel"])
def test_every_front_serves_a_small_burst(front):
    done = arena(front()).run([Burst(20, CHAT)])
    assert failed(done) == 0
    assert all(ask.pieces == ask.output or ask.pieces for ask in done.asks)
    assert all(ask.done >= ask.first >= ask.arrived for ask in done.asks)


def test_impatient_clients_leave_a_server_but_not_the_panel():
    clients = [Burst(200, CHAT, patience=10 * SECOND)]
    assert failed(arena(Direct(), same(1, 1, 4096)).run(clients)) > 100
    panel = arena(Panel(Policy(heartbeat_after_us=5 * SECOND)))
    assert failed(panel.run(clients)) == 0
    assert panel.heartbeats > 200


def test_a_queue_and_the_panel_never_overfill_a_server():
    for front in (PlainQueue(2), Panel()):
        done = arena(front, same(2, 2, 4096)).run([Burst(30, CHAT)])
        peaks = [instance.count(CHAT)["peak"] for instance in done.machine.instances.values()]
        assert peaks == [2, 2]


def test_the_panel_is_as_quick_as_the_server_alone():
    clients = [Burst(100, CHAT)]
    alone = makespan(arena(Direct()).run(clients))
    assert makespan(arena(Panel()).run(clients)) == pytest.approx(alone, rel=0.01)


def test_embeddings_go_to_their_own_instances():
    instances = {"chat-1": InstanceOptions(parallel=4, context_length=4096), "embedding-1": InstanceOptions(parallel=4)}
    front = Panel(roles={"embedding-1": Role.EMBEDDING})
    done = arena(front, instances).run([GraphRag(CHAT, EMBEDDER, 1, chunks=20)])
    assert failed(done) == 0
    assert done.machine.instances["chat-1"].count(EMBEDDER)["loads"] == 0
    assert done.machine.instances["embedding-1"].count(EMBEDDER)["peak"] == 1


def test_a_run_repeats_exactly():
    def times() -> list[int]:
        return [ask.done for ask in arena(Panel()).run([Burst(50, CHAT)]).asks]

    assert times() == times()
