"""The batch that all slots share, the GPU that all instances share, and the prompt caches."""

from itertools import pairwise

from ollama_panel.sim.machine.service_time import GIB
from ollama_panel.sim.machine.work import Done, InstanceOptions, Started, Tokens, Work
from tests.sim.machine.worlds import CHAT, SECOND, machine, only, run, work


def test_a_batch_is_faster_than_one_after_the_other_and_each_in_it_is_slower() -> None:
    alone, together = machine(parallel=1), machine(parallel=8)
    for world in (alone, together):
        for number in range(8):
            world.submit("a", work(f"r{number}", output=200), 0)

    first, second = (only(Done, run(world)) for world in (alone, together))

    assert second[-1].at < first[-1].at / 2
    assert second[0].counters.output_us > first[0].counters.output_us


def test_two_instances_on_one_gpu_share_its_time() -> None:
    world = machine()
    world.add_instance("b", InstanceOptions(context_length=4096))
    for name in ("a", "b"):
        world.submit(name, work(name, output=500), 0)
    shared = only(Done, run(world))[0].counters.output_us

    world = machine()
    world.submit("a", work("a", output=500), 0)
    own = only(Done, run(world))[0].counters.output_us

    assert 1.6 * own < shared < 2.1 * own


def test_runners_of_other_processes_count_as_well() -> None:
    world = machine(every_token=True)
    world.submit("a", work("r", output=300), 0)
    run(world, 4 * SECOND)
    before = world.now
    world.set_foreign(3, 2 * GIB, before)

    events = run(world, before + SECOND)
    gaps = [after.at - before.at for before, after in pairwise(only(Tokens, events))]

    assert gaps[-1] > 3.5 * 7_000
    assert world.gpu.free_bytes() + world.gpu.used + 2 * GIB == world.gpu.profile.gpu_bytes


def test_leaps_and_single_tokens_tell_the_same_story() -> None:
    ends = []
    for every_token in (False, True):
        world = machine(parallel=3, every_token=every_token)
        for number in range(10):
            world.submit("a", work(f"r{number}", prompt=300 + number, output=50 + 7 * number), number * 200_000)
        ends.append({event.id: event.at for event in only(Done, run(world))})

    leaps, singles = ends
    assert leaps.keys() == singles.keys()
    assert all(abs(leaps[name] - singles[name]) < 2_000 for name in leaps)


def test_a_prefill_of_another_client_delays_my_tokens() -> None:
    world = machine(parallel=2, every_token=True)
    world.submit("a", work("mine", output=200), 0)
    run(world, 4 * SECOND)
    world.submit("a", work("theirs", prompt=4000), 4 * SECOND)

    mine = [event.at for event in only(Tokens, run(world)) if event.id == "mine"]
    gaps = [after - before for before, after in pairwise(mine)]

    assert max(gaps) > 3 * min(gaps)


def test_every_request_counts_its_tokens_and_its_parts_are_no_longer_than_the_whole() -> None:
    world = machine(parallel=2)
    for number in range(6):
        world.submit("a", work(f"r{number}", prompt=123, output=45), 0)

    for done in only(Done, run(world)):
        counters = done.counters
        assert (counters.prompt_tokens, counters.output_tokens) == (123, 45)
        assert counters.load_us + counters.prompt_us + counters.output_us <= counters.total_us


def test_the_next_turn_of_a_conversation_finds_its_past_in_the_slot() -> None:
    world = machine()
    first = Work("t1", CHAT, prompt=((1, 500),), output_tokens=50, reply=((2, 50),))
    world.submit("a", first, 0)
    run(world, 10 * SECOND)
    world.submit("a", Work("t2", CHAT, prompt=((1, 500), (2, 50), (3, 30)), output_tokens=10), 10 * SECOND)

    events = run(world)

    assert only(Started, events)[0].cached == 550
    assert only(Done, events)[0].counters.prompt_tokens == 580


def test_a_conversation_comes_back_from_the_host_cache_unless_that_is_off() -> None:
    cached = []
    for cache_bytes in (8 * GIB, 0):
        world = machine(parallel=1, cache_bytes=cache_bytes)
        for number in range(3):
            world.submit("a", Work(f"c{number}", CHAT, prompt=((number, 800),), output_tokens=5), 0)
        run(world, 20 * SECOND)
        world.submit("a", Work("again", CHAT, prompt=((0, 800), (9, 10)), output_tokens=5), 20 * SECOND)
        cached.append(only(Started, run(world))[0].cached)

    assert cached == [800, 0]
