"""What breaks inside the machine, on purpose."""

import msgspec

from ollama_panel.sim.machine.runner import DIED, STOPPED
from ollama_panel.sim.machine.work import Done, Failed, InstanceOptions, MachineFaults, Tokens
from tests.sim.machine.worlds import CHAT, OTHER, SECOND, machine, only, run, work


def test_a_runner_that_dies_fails_what_it_had_and_the_next_request_loads_again() -> None:
    world = machine(parallel=1, every_token=True)
    world.submit("a", work("r0", output=500), 0)
    world.submit("a", work("r1"), 0)
    run(world, 4 * SECOND)
    world.crash_runner("a", CHAT, 4 * SECOND)
    world.submit("a", work("r2"), 4 * SECOND)

    events = run(world)

    assert [(event.id, event.message, event.sent) for event in only(Failed, events)] == [
        ("r0", DIED, True),
        ("r1", STOPPED, False),
    ]
    assert [event.id for event in only(Done, events)] == ["r2"]
    assert world.gpu.used == 0


def test_a_runner_can_be_told_to_die_after_so_many_tokens() -> None:
    world = machine(every_token=True, faults=MachineFaults(runner_dies_after=7))
    for name in ("r0", "r1"):
        world.submit("a", work(name), 0)

    events = run(world)

    assert sum(event.count for event in only(Tokens, events) if event.id == "r0") == 7
    assert only(Failed, events)[0].id == "r0"


def test_a_stalled_gpu_says_nothing_more() -> None:
    world = machine(every_token=True, faults=MachineFaults(stall_after=1))
    world.submit("a", work("r0"), 0)
    world.submit("a", work("r1"), 0)

    assert only(Done, run(world)) == []


def test_a_load_that_never_ends_times_out() -> None:
    world = machine(load_timeout_us=60 * SECOND, faults=MachineFaults(stalled_loads=1))
    world.submit("a", work("r0"), 0)

    (failed,) = only(Failed, run(world))

    assert failed.at == 60 * SECOND
    assert failed.message.startswith("timed out waiting for llama-server to start")


def test_a_killed_server_cuts_its_requests_and_can_be_started_again() -> None:
    world = machine(parallel=2)
    for number in range(4):
        world.submit("a", work(f"r{number}", output=500), 0)
    run(world, 4 * SECOND)
    world.kill("a", 4 * SECOND)
    cut = only(Failed, world.advance(4 * SECOND))
    world.add_instance("a", InstanceOptions(context_length=4096))
    world.submit("a", work("new"), 5 * SECOND)

    events = run(world)

    assert {(event.id, event.status) for event in cut} == {(f"r{number}", 0) for number in range(4)}
    assert [event.id for event in only(Done, events)] == ["new"]
    assert world.gpu.used == 0


def test_the_same_inputs_give_the_same_story() -> None:
    stories = []
    for _ in range(2):
        world = machine(parallel=2, max_loaded=1)
        for number in range(20):
            world.submit("a", work(f"r{number}", (CHAT, OTHER)[number % 3 == 0]), number * SECOND)
        stories.append(msgspec.json.encode(run(world)))

    assert stories[0] == stories[1]


def test_a_hot_gpu_is_slow_from_then_on() -> None:
    world = machine(every_token=True)
    world.submit("a", work("r", output=200), 0)
    run(world, 4 * SECOND)
    world.slow_down(3.0, 4 * SECOND)

    times = [event.at for event in only(Tokens, run(world))]

    assert 2.9 < (times[-1] - times[-2]) / 7_000 < 3.2
