import pytest

from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.lab.contenders import Direct, Panel, PlainQueue
from ollama_panel.lab.experiments import CHAT, EMBEDDER, failed, makespan, same
from ollama_panel.lab.simulation import Simulation
from ollama_panel.lab.workload import SECOND, Burst, GraphRag
from ollama_panel.sim.machine.catalog import KNOWN
from ollama_panel.sim.machine.service_time import PROFILES
from ollama_panel.sim.machine.work import InstanceOptions


def simulation(contender, instances=None) -> Simulation:
    return Simulation(PROFILES["rtx-4090"], KNOWN, contender, instances or same(1, 4, 4096))


@pytest.mark.parametrize("contender", [Direct, lambda: PlainQueue(4), Panel], ids=["direct", "queue", "panel"])
def test_every_contender_serves_a_small_burst(contender):
    done = simulation(contender()).run([Burst(20, CHAT)])
    assert failed(done) == 0
    assert all(planned.pieces == planned.output or planned.pieces for planned in done.requests)
    assert all(planned.done >= planned.first >= planned.arrived for planned in done.requests)


def test_impatient_clients_leave_a_server_but_not_the_panel():
    clients = [Burst(200, CHAT, patience=10 * SECOND)]
    assert failed(simulation(Direct(), same(1, 1, 4096)).run(clients)) > 100
    panel = simulation(Panel(Policy(heartbeat_after_us=5 * SECOND)))
    assert failed(panel.run(clients)) == 0
    assert panel.heartbeats > 200


def test_a_queue_and_the_panel_never_overfill_a_server():
    for contender in (PlainQueue(2), Panel()):
        done = simulation(contender, same(2, 2, 4096)).run([Burst(30, CHAT)])
        peaks = [instance.count(CHAT)["peak"] for instance in done.machine.instances.values()]
        assert peaks == [2, 2]


def test_the_panel_is_as_quick_as_the_server_alone():
    clients = [Burst(100, CHAT)]
    alone = makespan(simulation(Direct()).run(clients))
    assert makespan(simulation(Panel()).run(clients)) == pytest.approx(alone, rel=0.01)


def test_embeddings_go_to_their_own_instances():
    instances = {"chat-1": InstanceOptions(parallel=4, context_length=4096), "embedding-1": InstanceOptions(parallel=4)}
    contender = Panel(roles={"embedding-1": Role.EMBEDDING})
    done = simulation(contender, instances).run([GraphRag(CHAT, EMBEDDER, 1, chunks=20)])
    assert failed(done) == 0
    assert done.machine.instances["chat-1"].count(EMBEDDER)["loads"] == 0
    assert done.machine.instances["embedding-1"].count(EMBEDDER)["peak"] == 1


def test_a_run_repeats_exactly():
    def times() -> list[int]:
        return [planned.done for planned in simulation(Panel()).run([Burst(50, CHAT)]).requests]

    assert times() == times()
