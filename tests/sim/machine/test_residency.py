"""Which models stay loaded: reloads, keep-alive, eviction, memory."""

from ollama_panel.core.records import LoadOptions
from ollama_panel.sim.machine.catalog import KNOWN
from ollama_panel.sim.machine.machine import Machine
from ollama_panel.sim.machine.service_time import GIB, PROFILES
from ollama_panel.sim.machine.work import (
    Done,
    Failed,
    InstanceOptions,
    Loaded,
    LoadFailed,
    Loading,
    MachineFaults,
    Unloaded,
)
from tests.sim.machine.worlds import CHAT, EMBED, OTHER, SECOND, machine, only, run, work


def test_other_load_options_reload_the_model_when_it_is_idle() -> None:
    world = machine()
    for number, context in enumerate((1024, 2048, 1024)):
        world.submit("a", work(f"r{number}", options=LoadOptions(num_ctx=context)), 0)

    events = run(world)

    assert [event.num_ctx for event in only(Loaded, events)] == [1024, 2048, 1024]
    assert world.instances["a"].counts[CHAT]["reloads"] == 2
    assert len(only(Done, events)) == 3


def test_the_context_is_clamped_to_what_the_model_was_trained_for_and_is_no_reason_to_reload() -> None:
    world = machine()
    world.submit("a", work("r0", "tiny:latest", options=LoadOptions(num_ctx=100_000)), 0)
    world.submit("a", work("r1", "tiny:latest", options=LoadOptions(num_ctx=8192)), 60 * SECOND)

    assert [event.num_ctx for event in only(Loaded, run(world))] == [8192]


def test_the_modelfile_wins_over_the_environment() -> None:
    world = machine(context_length=1024)
    world.submit("a", work("r", "small:latest"), 0)

    assert only(Loaded, run(world))[0].num_ctx == 2048


def test_an_idle_model_is_unloaded_when_its_keep_alive_is_over() -> None:
    world = machine(keep_alive_us=30 * SECOND)
    world.submit("a", work("r"), 0)

    events = run(world)

    done, gone = only(Done, events)[0], only(Unloaded, events)[0]
    assert gone.at - done.at == 30 * SECOND
    assert gone.why == "expired"


def test_a_new_request_starts_the_keep_alive_again_and_may_set_it() -> None:
    world = machine(keep_alive_us=30 * SECOND)
    world.submit("a", work("r0"), 0)
    run(world, 20 * SECOND)
    world.submit("a", work("r1", keep_alive_us=100 * SECOND), 20 * SECOND)

    events = run(world)

    assert only(Unloaded, events)[0].at - only(Done, events)[0].at == 100 * SECOND


def test_keep_alive_0_unloads_after_the_answer_and_a_negative_one_never() -> None:
    world = machine()
    world.submit("a", work("r0", keep_alive_us=0), 0)
    world.submit("a", work("r1", EMBED, keep_alive_us=-1), 30 * SECOND)

    events = run(world)

    assert [event.model for event in only(Unloaded, events)] == [CHAT]
    assert list(world.instances["a"].loaded) == [EMBED]


def test_a_model_is_evicted_for_another_when_as_many_as_allowed_are_loaded() -> None:
    world = machine(max_loaded=1)
    world.submit("a", work("r0"), 0)
    world.submit("a", work("r1", OTHER), 0)

    events = run(world)

    first = only(Unloaded, events)[0]
    assert (first.model, first.why) == (CHAT, "evicted")
    assert world.instances["a"].counts[CHAT]["evictions"] == 1
    assert len(only(Done, events)) == 2


def test_a_model_is_evicted_when_the_next_would_take_more_than_four_fifths_of_what_is_free() -> None:
    world = machine(context_length=65_536)
    for name, model in (("r0", CHAT), ("r1", "llama3.2:3b")):
        world.submit("a", work(name, model), 0)

    events = run(world)

    assert [event.model for event in only(Unloaded, events)][:1] == [CHAT]
    assert only(Done, events)[1].at > only(Unloaded, events)[0].at


def test_the_shortest_keep_alive_goes_first() -> None:
    world = machine(max_loaded=2)
    world.submit("a", work("r0", CHAT, keep_alive_us=500 * SECOND), 0)
    world.submit("a", work("r1", EMBED, keep_alive_us=100 * SECOND), 0)
    world.submit("a", work("r2", OTHER), 20 * SECOND)

    assert only(Unloaded, run(world, 60 * SECOND))[0].model == EMBED


def test_a_busy_model_is_evicted_only_when_its_requests_are_done() -> None:
    world = machine(max_loaded=1)
    world.submit("a", work("long", output=2000), 0)
    world.submit("a", work("other", OTHER), 5 * SECOND)

    events = run(world)
    order = [event for event in events if isinstance(event, Done | Unloaded)]

    assert [type(event).__name__ for event in order[:2]] == ["Done", "Unloaded"]


def test_what_does_not_fit_spills_to_the_host_and_is_slow() -> None:
    fits, spills = machine(context_length=8192), machine(context_length=131_072, parallel=2)
    for world in (fits, spills):
        world.submit("a", work("r", output=100), 0)

    (fast,), (slow,) = only(Done, run(fits)), only(Done, events := run(spills))
    (loaded,) = only(Loaded, events)

    assert loaded.vram < loaded.bytes
    assert slow.counters.output_us > 2 * fast.counters.output_us


def test_kv_beyond_all_memory_fails_with_the_text_of_ollama() -> None:
    world = machine(profile="cpu", parallel=256)
    world.submit("a", work("r", "small:latest", options=LoadOptions(num_ctx=524_288)), 0)

    (failed,) = only(Failed, run(world))

    assert failed.status == 500
    assert "failed to allocate buffer of size 68719476736" in failed.message
    assert "(attempted to allocate 65536.00 MB)" in failed.message


def test_a_load_that_runs_out_of_memory_evicts_all_and_is_tried_once_more() -> None:
    world = machine()
    world.submit("a", work("r0", EMBED), 0)
    run(world, 10 * SECOND)
    world.gpu._faults = MachineFaults(oom_loads=2)
    world.submit("a", work("r1"), 10 * SECOND)

    events = run(world, 60 * SECOND)

    assert len(only(LoadFailed, events)) == 1
    assert [event.model for event in only(Unloaded, events)] == [EMBED]
    assert [event.id for event in only(Done, events)] == ["r1"]


def test_quantised_kv_without_flash_attention_is_refused() -> None:
    world = Machine(PROFILES["rtx-4090"], KNOWN)
    world.add_instance("a", InstanceOptions(kv_type="q8_0", flash_attention=False))
    world.submit("a", work("r"), 0)

    assert "quantized V cache requires flash_attn" in only(Failed, run(world))[0].message


def test_quantised_kv_takes_about_half() -> None:
    sizes = []
    for kv_type in ("f16", "q8_0"):
        world = Machine(PROFILES["rtx-4090"], KNOWN)
        world.add_instance("a", InstanceOptions(parallel=4, context_length=8192, kv_type=kv_type))
        world.submit("a", work("r"), 0)
        sizes.append(only(Loading, run(world))[0].kv_bytes)

    assert sizes[0] == 4 * GIB
    assert sizes[1] == 4 * GIB * 34 // 64
