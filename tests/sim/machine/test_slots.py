"""Who gets a slot, who waits, who is refused: Ollama's scheduler in virtual time."""

from ollama_panel.sim.machine.instance import BUSY
from ollama_panel.sim.machine.work import Done, Failed, Kind, Left, Loaded, Loading, Started, Unloaded, Work
from tests.sim.machine.worlds import CHAT, EMBED, SECOND, busiest, kinds, machine, only, run, work


def test_five_requests_for_a_cold_model_are_all_served_by_one_load() -> None:
    world = machine(parallel=2)
    for number in range(5):
        world.submit("a", work(f"r{number}"), 0)

    events = run(world)

    assert len(only(Done, events)) == 5
    assert len(only(Loading, events)) == len(only(Loaded, events)) == 1
    assert busiest(events) == 2
    assert world.instances["a"].counts[CHAT]["peak"] == 2


def test_the_wait_for_a_slot_of_a_loaded_model_has_no_limit() -> None:
    world = machine(parallel=1, max_queue=3)
    world.submit("a", work("first"), 0)
    run(world, 10 * SECOND)
    for number in range(50):
        world.submit("a", work(f"r{number}"), 10 * SECOND)

    assert len(only(Done, run(world))) == 50


def test_only_a_wait_for_a_load_is_refused_when_the_queue_is_full() -> None:
    world = machine(max_queue=1, max_loaded=1)
    for number in range(6):
        world.submit("a", work(f"r{number}"), 0)

    events = run(world)

    assert [(event.status, event.message) for event in only(Failed, events)] == [(503, BUSY)] * 4
    assert len(only(Done, events)) == 2


def test_loads_are_serial_and_a_request_for_a_loaded_model_does_not_wait_for_them() -> None:
    world = machine()
    world.submit("a", work("warm", keep_alive_us=-1), 0)
    run(world, 10 * SECOND)
    for name, model in (("other", "llama3.2:3b"), ("third", EMBED), ("hot", CHAT)):
        world.submit("a", work(name, model), 10 * SECOND)

    events = run(world, 20 * SECOND)
    order = [event.id for event in events if isinstance(event, Started)]
    loading = [type(event).__name__ for event in events if isinstance(event, Loading | Loaded)]

    assert order[0] == "hot"
    assert loading == ["Loading", "Loaded", "Loading", "Loaded"]


def test_an_embedding_model_has_one_slot_whatever_was_asked_for() -> None:
    world = machine(parallel=4)
    for number in range(3):
        world.submit("a", Work(f"e{number}", EMBED, Kind.EMBED, items=(20, 30)), 0)

    events = run(world)

    assert [event.parallel for event in only(Loading, events)] == [1]
    assert busiest(events) == 1
    assert [event.counters.prompt_tokens for event in only(Done, events)] == [50] * 3


def test_a_family_that_cannot_run_in_parallel_gets_one_slot() -> None:
    world = machine(parallel=4)
    world.submit("a", work("r", "qwen3-vl:8b"), 0)

    loading = only(Loading, run(world))[0]

    assert (loading.parallel, loading.forced_serial) == (1, True)


def test_an_empty_request_loads_and_keep_alive_0_unloads() -> None:
    world = machine()
    world.submit("a", Work("load", CHAT, Kind.LOAD), 0)
    events = run(world, 10 * SECOND)
    assert only(Done, events)[0].reason == "load"
    assert list(world.instances["a"].loaded) == [CHAT]

    world.unload("a", CHAT, 10 * SECOND)

    assert world.instances["a"].loaded == {}
    assert only(Unloaded, run(world))[0].why == "unload"
    assert world.gpu.used == 0


def test_a_slot_is_free_at_once_when_its_client_leaves() -> None:
    world = machine(parallel=1)
    world.submit("a", work("r0", output=1000), 0)
    world.submit("a", work("r1"), 0)
    run(world, 5 * SECOND)
    world.cancel("a", "r0", 5 * SECOND)

    events = run(world)

    assert only(Started, events)[0].at == 5 * SECOND
    assert [event.where for event in only(Left, events)] == ["slot"]
    assert kinds(events, "r0") == []
    assert kinds(events, "r1") == ["Started", "Tokens", "Done"]


def test_a_client_may_leave_while_it_waits_for_a_slot_or_for_a_load() -> None:
    world = machine(parallel=1)
    for name in ("r0", "r1", "r2"):
        world.submit("a", work(name), 0)
    world.cancel("a", "r1", SECOND)
    run(world, 4 * SECOND)
    world.submit("a", work("r3"), 4 * SECOND)
    world.submit("a", work("r4"), 4 * SECOND)
    world.cancel("a", "r4", 4 * SECOND)

    events = run(world)

    assert {event.id for event in only(Done, events)} >= {"r3"}
    assert kinds(events, "r4") == kinds(events, "r1") == []
    assert world.instances["a"].counts[CHAT]["cancelled"] == 2


def test_a_load_is_aborted_when_the_client_that_caused_it_leaves() -> None:
    world = machine()
    world.submit("a", work("r0"), 0)
    world.submit("a", work("r1"), 0)
    world.cancel("a", "r0", SECOND)

    events = run(world)

    assert only(Unloaded, events)[0].why == "aborted"
    assert len(only(Loading, events)) == 2
    assert [event.id for event in only(Done, events)] == ["r1"]
