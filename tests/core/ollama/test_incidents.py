"""What the lines of a server's log make of it: each incident comes, stays, and goes by its rule."""

from collections.abc import Iterable

import pytest

from ollama_panel.core.ollama.incident import LASTS, Kind
from ollama_panel.core.ollama.incidents import GRACE_S
from ollama_panel.core.ollama.lost_cards import Card, Cards
from ollama_panel.core.ollama.serverlog_facts import OutOfMemory
from tests.fakes.incident_log import CARD, LOAD, LOADED, START, Log, load, loaded, observe

CPU = 'msg="inference compute" id=cpu library=cpu total="31.2 GiB"'
LISTENS = 'msg="Listening on 127.0.0.1:1 (version 0.32.1)"'
SPILLED, WHOLE = "load_tensors: offloaded 21/33 layers to GPU", "load_tensors: offloaded 33/33 layers to GPU"
NO_VULKAN = 'msg="experimental Vulkan support disabled.  To enable, set OLLAMA_VULKAN=1"'
NO_IGPU = 'msg="dropping integrated GPU; to enable, set OLLAMA_IGPU_ENABLE=1" description="Radeon 780M"'
CHOSEN = 'level=WARN msg="user overrode visible devices" CUDA_VISIBLE_DEVICES=1'
CLAMPED = 'msg="requested context size too large for model" num_ctx=8192 n_ctx_train=2048'
NO_TYPE = 'msg="kv cache type not supported by model" type=q8_0'
NO_FLASH = 'msg="quantized kv cache requested but flash attention disabled" type=q8_0'
NEEDS_FLASH = "llama_init_from_model: quantized V cache requires flash_attn to be enabled"
NO_ROOM = "ggml_gallocr_reserve_n_impl: failed to allocate CUDA0 buffer of size 1469841408"
FOR_COMPUTE = "graph_reserve: failed to allocate compute buffers"
FAULT = "Memory access fault by GPU node-1 (Agent handle: 0x1) on address 0x2. Reason: Unknown."
RESET = "Mar 02 08:15:03 box kernel: amdgpu 0000:03:00.0: amdgpu: GPU reset begin!"
NO_CODE = "CUDA error: no kernel image is available for execution on the device"
ENDED = 'level=ERROR msg="llama-server terminated" error="exit status 1" exit=1'
KILLED = 'level=WARN msg="llama-server process no longer running" string="signal: killed"'
KILLED_BY_KERNEL = "Mar 02 08:15:03 box kernel: Out of memory: Killed process 4711 (llama-server) total-vm:9000kB"
SLOW = 'msg="gpu VRAM usage didn\'t recover within timeout" seconds=5.1'
CUT = 'msg="truncating input prompt" limit=4096 prompt=9375 keep=5 new=4096'
FOLDER = "Error: mkdir /srv/models: file exists: ensure path elements are traversable"


def test_a_spilled_model_stays_spilled_until_it_is_loaded_whole() -> None:
    log = Log()
    assert log.say(CARD, *load("/a", SPILLED)) == [Kind.LAYERS_SPILLED]
    since = log.one.since
    assert log.say(*load("/b", WHOLE)) == [Kind.LAYERS_SPILLED], "another model's load says nothing of it"
    assert log.say(*load("/a", SPILLED)) == [Kind.LAYERS_SPILLED]
    assert (log.one.since, log.one.times, log.one.models) == (since, 2, ("/a",))
    assert log.say(*load("/a", WHOLE)) == []


def test_the_first_lines_of_a_load_do_not_end_what_the_last_ones_confirm() -> None:
    log = Log()
    log.say(CARD, *load("/a", SPILLED))
    assert log.say(LOAD.format("/a"), WHOLE) == [Kind.LAYERS_SPILLED]
    assert log.say(SPILLED, LOADED) == [Kind.LAYERS_SPILLED]


def test_who_asks_for_so_many_layers_gets_no_alert() -> None:
    log = Log()
    assert log.say(CARD, *load("/a -ngl 21", SPILLED)) == []
    assert log.say(*load("/a -ngl 30", SPILLED)) == [Kind.LAYERS_SPILLED]
    assert log.say(*load("/a -ngl 99", WHOLE)) == []


def test_layers_of_a_draft_model_are_not_the_models() -> None:
    buffers = ("load_tensors: CUDA0 model buffer size = 100.00 MiB", "x: CUDA0 compute buffer size = 9.00 MiB")
    assert Log().say(CARD, LOAD.format("/a"), WHOLE, *buffers, SPILLED, LOADED) == []


def test_a_machine_without_a_card_spills_nothing() -> None:
    assert Log().say(CPU, *load("/a", "load_tensors: offloaded 0/33 layers to GPU")) == []


def test_other_settings_end_what_was_said_of_loads_and_the_same_do_not() -> None:
    log = Log()
    log.say(START, LISTENS, CARD, *load("/a", SPILLED))
    assert log.say(START, LISTENS, CARD) == [Kind.LAYERS_SPILLED]
    assert log.say(START.replace("8192", "4096"), LISTENS, CARD) == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (CLAMPED, Kind.CONTEXT_REDUCED),
        (NO_TYPE, Kind.KV_TYPE_IGNORED),
        (NO_FLASH, Kind.FLASH_ATTENTION_OFF),
    ],
)
def test_what_is_said_before_a_load_is_about_its_model_until_its_next_load(line: str, kind: Kind) -> None:
    log = Log()
    assert log.say(line) == [], "it waits for the load"
    assert log.say(*load("/a")) == [kind]
    assert log.one.models == ("/a",)
    assert log.say(*load("/b"), line, *load("/a")) == [kind]
    assert log.say(*load("/a")) == []


def test_what_belongs_to_no_load_is_said_after_a_while() -> None:
    log = Log()
    assert log.say(CLAMPED, later=GRACE_S) == [Kind.CONTEXT_REDUCED]
    assert log.one.models == ()


def test_a_load_that_needs_flash_attention_fails_until_it_is_on() -> None:
    log = Log()
    assert log.say(LOAD.format("/a"), NEEDS_FLASH, NEEDS_FLASH) == [Kind.FLASH_ATTENTION_OFF]
    assert log.one.times == 1, "a trial and the load say the same"
    assert log.say(*load("/a")) == []


def test_the_lines_of_one_failed_load_are_one_alert_once_ollama_has_given_up() -> None:
    log = Log()
    assert log.say(LOAD.format("/a"), NO_ROOM, FOR_COMPUTE) == [], "Ollama may try again by itself"
    assert log.say(later=GRACE_S) == [Kind.OUT_OF_MEMORY]
    (fact,) = log.one.facts
    assert isinstance(fact, OutOfMemory)
    assert (fact.device, fact.size, fact.purpose, log.one.times) == ("CUDA0", 1_469_841_408, "compute", 1)
    log.say(LOAD.format("/a"), NO_ROOM, later=GRACE_S)
    assert log.one.times == 2
    assert log.say(*load("/a")) == []


def test_a_load_that_fails_before_its_runner_starts_is_of_the_model_that_the_server_names() -> None:
    line = 'msg="NewLlamaServer failed" model=/a error="model requires more system memory than is available"'
    log = Log()
    assert log.say(CLAMPED, line, later=GRACE_S) == [Kind.CONTEXT_REDUCED, Kind.OUT_OF_MEMORY]
    assert [one.models for one in log.active] == [("/a",), ("/a",)]
    log.say(line, later=GRACE_S)
    assert [one.times for one in log.active] == [1, 2]
    assert log.say(*load("/a")) == []


def test_the_end_of_a_runner_of_a_load_whose_start_is_not_known_is_told_with_its_cause_alone() -> None:
    log = Log()
    failed = f'level=INFO msg="Load failed" model=/a error="llama-server process has terminated: {NO_ROOM}"'
    assert log.say(ENDED, failed, later=GRACE_S) == [Kind.OUT_OF_MEMORY]
    assert log.one.models == ("/a",)


@pytest.mark.parametrize(
    "lines",
    [(NO_ROOM, ENDED), (KILLED_BY_KERNEL, KILLED), (KILLED, KILLED_BY_KERNEL), (NO_CODE, ENDED), (FAULT, ENDED)],
)
def test_the_end_of_a_runner_is_not_told_once_its_cause_is_over(lines: Iterable[str]) -> None:
    log = Log()
    (cause,) = log.say(*load("/a"), *lines, later=GRACE_S)
    assert cause is not Kind.RUNNER_CRASHED
    assert log.say(*load("/a"), later=GRACE_S) in ([], [Kind.GPU_CRASHED])


def test_an_end_without_a_cause_is_told_beside_an_earlier_one_of_memory() -> None:
    log = Log()
    log.say(LOAD.format("/a"), NO_ROOM, ENDED, later=60)
    assert log.say(LOAD.format("/b"), LOADED, ENDED, later=GRACE_S) == [Kind.OUT_OF_MEMORY, Kind.RUNNER_CRASHED]


def test_a_second_try_that_succeeds_is_no_alert() -> None:
    log = Log()
    assert log.say(LOAD.format("/a"), NO_ROOM, *load("/a"), later=60) == []


def test_a_load_with_a_shorter_context_tells_of_it() -> None:
    line = (
        'msg="llama-server load failed; reducing automatic context and retrying once" old_num_ctx=262144 '
        'new_num_ctx=32768 error="out of memory"'
    )
    log = Log()
    assert log.say(LOAD.format("/a"), NO_ROOM, line, *load("/a"), later=60) == [Kind.CONTEXT_REDUCED]
    assert log.say(*load("/a")) == []


@pytest.mark.parametrize(("line", "kind"), [(SLOW, Kind.VRAM_NOT_RECOVERED), (CUT, Kind.PROMPT_CUT)])
def test_a_burst_is_one_alert_that_ends_some_time_after_the_last(line: str, kind: Kind) -> None:
    log = Log()
    assert log.say(line, line, line) == [kind]
    assert log.one.times == 3
    assert log.say(later=LASTS[kind] - 1) == [kind]
    assert log.say(later=2) == []


def test_the_unknown_options_of_clients_are_one_alert() -> None:
    log = Log()
    lines = [f'msg="invalid option provided" option={name}' for name in ("tfs_z", "low_vram", "tfs_z")]
    assert log.say(*lines) == [Kind.OPTION_UNKNOWN]
    assert [fact.option for fact in log.one.facts] == ["tfs_z", "low_vram"]  # type: ignore[union-attr] # all are options


def test_a_card_that_an_earlier_start_has_found_is_missed_until_the_next_finds_one() -> None:
    log = Log()
    assert log.say(START, LISTENS, CARD, START, LISTENS, CPU) == [Kind.GPU_LOST]
    since = log.one.since
    assert log.say(START, LISTENS) == [Kind.GPU_LOST], "it stays while the server starts"
    assert log.say(CPU) == [Kind.GPU_LOST]
    assert log.one.since == since
    assert log.say(START, LISTENS, CARD) == []


def test_a_card_of_an_earlier_run_of_the_panel_is_missed() -> None:
    assert Log(Cards((Card("RTX 3080 Ti", "cuda"),))).say(START, LISTENS, CPU) == [Kind.GPU_LOST]
    assert Log().say(START, LISTENS, CPU) == []


def test_one_of_two_cards_is_missed_once_the_server_has_named_all() -> None:
    one, other = (CARD.replace("CUDA0", f"CUDA{place}") + f" pci_id=0000:0{place}:00.0" for place in (1, 2))
    log = Log()
    assert log.say(START, LISTENS, one, other, START, LISTENS, one, other, later=60) == []
    assert log.say(START, LISTENS, one) == [], "the other may be named in its next line"
    assert log.say(later=GRACE_S) == [Kind.GPU_LOST]
    assert log.say(START, LISTENS, one) == [Kind.GPU_LOST], "a further start without it does not make it less lost"
    assert log.say(START, LISTENS, CPU) == [Kind.GPU_LOST]
    assert log.say(START, LISTENS, one, other) == []


def test_an_integrated_gpu_that_a_newer_ollama_drops_is_not_missed() -> None:
    integrated = 'msg="inference compute" library=Vulkan description="Radeon 780M" type=iGPU'
    assert Log().say(START, LISTENS, integrated, CARD, START, LISTENS, NO_IGPU, CARD, later=60) == []
    only = Log().say(START, LISTENS, integrated, START, LISTENS, NO_IGPU, CPU, later=60)
    assert only == [Kind.INTEGRATED_GPU_DROPPED]


def test_a_card_that_the_user_hides_is_not_missed() -> None:
    hiding = 'msg="server config" env="map[CUDA_VISIBLE_DEVICES:-1]"'
    log = Log()
    assert log.say(START, LISTENS, CARD, hiding, LISTENS, CPU) == []
    assert log.say(START, LISTENS, CPU) == [Kind.GPU_LOST], "now it is"


@pytest.mark.parametrize(("line", "kind"), [(NO_VULKAN, Kind.VULKAN_DISABLED), (NO_IGPU, Kind.INTEGRATED_GPU_DROPPED)])
def test_what_would_find_a_card_matters_only_without_one(line: str, kind: Kind) -> None:
    assert Log().say(START, LISTENS, line, CARD) == []
    log = Log()
    assert log.say(START, LISTENS, line) == [], "the devices are still to come"
    assert log.say(CPU) == [kind]
    assert log.say(START, LISTENS, line) == [kind]
    assert log.say(CPU) == [kind]
    assert log.say(START, LISTENS, CPU) == []


def test_chosen_devices_are_told_until_a_start_without_the_choice() -> None:
    log = Log()
    assert log.say(START, LISTENS, CHOSEN, CARD) == [Kind.VISIBLE_DEVICES_SET]
    assert log.say(START, LISTENS) == [Kind.VISIBLE_DEVICES_SET]
    assert log.say(CARD) == []


def test_a_crash_of_the_card_and_the_reset_after_it_are_one() -> None:
    log = Log()
    assert log.say(FAULT, RESET) == [Kind.GPU_CRASHED]
    (fact,) = log.one.facts
    assert (fact.vendor, fact.reset, log.one.times) == ("amd", True, 1)  # type: ignore[union-attr] # it is a crash
    log.say(FAULT.replace("node-1", "node-2"), later=600)
    log.say(FAULT)
    assert log.one.times == 2
    assert log.say(later=3600) == []


def test_a_card_that_this_build_cannot_use_is_told_until_a_model_runs() -> None:
    log = Log()
    assert log.say(LOAD.format("/a"), "ROCm error: invalid device function") == [Kind.GPU_UNSUPPORTED]
    assert log.say(*load("/b")) == []


def test_a_folder_that_cannot_be_used_is_told_until_the_server_listens() -> None:
    log = Log()
    assert log.say(START, FOLDER) == [Kind.MODELS_FOLDER_UNUSABLE]
    assert log.say(START, LISTENS) == []


def test_a_model_with_one_slot_where_more_are_wanted_is_told_while_they_are() -> None:
    log = Log()
    assert observe(log, loaded("a:latest")) == [Kind.SLOTS_FORCED]
    assert observe(log) == [Kind.SLOTS_FORCED], "it would be so again at its next load"
    assert observe(log, wanted=1) == []


def test_a_model_with_the_slots_that_are_wanted_is_none() -> None:
    assert observe(Log(), loaded("a:latest", parallel=4)) == observe(Log(), loaded("a:latest"), wanted=1) == []


def test_without_a_log_the_server_itself_tells_that_a_model_is_spilled() -> None:
    log = Log()
    assert observe(log, loaded("a:latest", 70, 4)) == [Kind.LAYERS_SPILLED]
    assert observe(log) == [Kind.LAYERS_SPILLED]
    assert observe(log, loaded("a:latest", 100, 4)) == []
    assert observe(log, loaded("a:latest", 70, 4), gpu=False) == [], "without a card there is nothing to spill from"
    assert observe(log, loaded("a:latest", 0, 4)) == [], "it is meant for the processor"


def test_the_log_knows_better_than_the_servers_sizes() -> None:
    log = Log()
    log.say(CARD, *load("/a", WHOLE))
    assert observe(log, loaded("a:latest", 70, 4)) == []
