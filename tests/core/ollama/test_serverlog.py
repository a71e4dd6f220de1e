from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.serverlog import (
    exit_reason,
    is_status_poll,
    parallel_of,
    parse,
)
from ollama_panel.core.ollama.serverlog_facts import (
    ComputeFound,
    Configured,
    ContextClamped,
    Fact,
    Failure,
    KvCache,
    Listening,
    Offloaded,
    OutOfMemory,
    ParallelForced,
    PortInUse,
    PromptTruncated,
    RunnerConfigured,
    RunnerStarted,
    RunnerStarting,
)
from ollama_panel.core.ollama.serverlog_server import runner_arguments, runner_port

MIB = 1024**2
LOGS = Path(__file__).parents[2] / "data" / "ollama"
GENERATIONS = pytest.mark.parametrize("generation", ["0.9", "0.24", "0.32"])


def lines(generation: str, name: str) -> list[str]:
    return (LOGS / f"log-{generation}" / f"{name}.log").read_text(encoding="utf-8").splitlines()


def facts(generation: str, name: str, *kinds: type) -> list[Fact]:
    """Return the facts in a recorded log of that generation, by kind."""
    found = [parse(line) for line in lines(generation, name)]
    return [fact for fact in found if isinstance(fact, kinds)]


@GENERATIONS
def test_a_log_has_the_environment_address_and_device(generation):
    (configured,) = facts(generation, "np4_five_at_once", Configured)
    assert isinstance(configured, Configured)
    assert configured.environment["OLLAMA_NUM_PARALLEL"] == "4"
    assert configured.environment["OLLAMA_CONTEXT_LENGTH"] == "1024"
    assert configured.environment["OLLAMA_KEEP_ALIVE"] == "5m0s"
    assert configured.environment["OLLAMA_ORIGINS"].startswith("[http://localhost https://localhost ")
    assert facts(generation, "np4_five_at_once", Listening) == [Listening("127.0.0.1:21500", "0.0.0")]
    (device,) = facts(generation, "np4_five_at_once", ComputeFound)
    assert isinstance(device, ComputeFound)
    assert (device.library, device.total) == ("cpu", round(23.5 * 1024**3))


@GENERATIONS
def test_the_effective_parallel_and_context_are_found(generation):
    fact = facts(generation, "np4_five_at_once", RunnerStarting, RunnerConfigured)[-1]
    assert isinstance(fact, RunnerStarting | RunnerConfigured)
    assert (fact.parallel, fact.context) == (4, 8192)


@GENERATIONS
def test_an_embedding_model_got_one_slot_though_four_were_asked_for(generation):
    fact = facts(generation, "np4_embedding_forced_1", RunnerStarting, RunnerConfigured)[-1]
    assert isinstance(fact, RunnerStarting | RunnerConfigured)
    assert (fact.parallel, fact.context) == (1, 512)
    assert facts(generation, "np4_embedding_forced_1", ContextClamped) == [ContextClamped(4096, 512)]


@GENERATIONS
def test_the_model_is_named_by_its_blob(generation):
    started = facts(generation, "two_models_evict", RunnerStarting)
    blobs = {fact.model.rsplit("/", 1)[1][:15] for fact in started if isinstance(fact, RunnerStarting)}
    assert blobs == {"sha256-02174867", "sha256-ccb0dce3"}


@GENERATIONS
def test_the_size_of_the_cache_is_found(generation):
    found = facts(generation, "np4_five_at_once", KvCache)[-1]
    assert found == (KvCache(256 * MIB, "f16") if generation == "0.9" else KvCache(256 * MIB, "f16", 2048, 4))


def test_a_quantised_cache_is_parsed_with_its_type():
    (started,) = facts("0.32", "kv_q8_flash", RunnerStarting)
    assert isinstance(started, RunnerStarting)
    assert started.cache_type == "q8_0"
    assert facts("0.32", "kv_q8_flash", KvCache) == [KvCache(round(4.25 * MIB), "q8_0", 2048, 2)]
    assert facts("0.24", "kv_q8_flash", RunnerConfigured) == [RunnerConfigured(2, 4096, "q8_0", True, 2)]


@GENERATIONS
def test_a_load_has_its_duration(generation):
    seconds = [fact.seconds for fact in facts(generation, "np4_five_at_once", RunnerStarted)]  # type: ignore[union-attr]
    assert seconds
    assert all(0.2 < value < 2 for value in seconds)


@GENERATIONS
def test_a_taken_port_is_recognised(generation):
    assert facts(generation, "port_in_use", PortInUse) == [PortInUse("127.0.0.1:21500")]


def test_out_of_memory_is_recognised_in_the_texts_of_each_generation():
    assert [fact.message for fact in facts("0.9", "too_large_context", OutOfMemory)] == [  # type: ignore[union-attr]
        "NewLlamaServer failed: model requires more system memory (64.4 GiB) than is available (23.0 GiB)"
    ]
    first, *_, last = facts("0.32", "too_large_context", OutOfMemory)
    assert first == OutOfMemory("ggml_aligned_malloc: insufficient memory (attempted to allocate 65536.00 MB)")
    assert isinstance(last, OutOfMemory)
    assert last.message.startswith("Load failed: llama-server process has terminated: exit status 1: ggml_aligned")


@pytest.mark.parametrize(
    "line",
    [
        r'level=ERROR source=sched.go:1 msg="Load failed" error="cudaMalloc failed: \"big\"\nggml: at C:\\x\nmore"',
        r'level=ERROR source=sched.go:1 msg="Load failed: cudaMalloc failed: \"big\"\nggml: at C:\\x"',
    ],
)
def test_of_a_page_of_text_only_the_first_line_is_the_reason(line):
    assert parse(line) == OutOfMemory('Load failed: cudaMalloc failed: "big"')
    assert exit_reason([line]) == 'Load failed: cudaMalloc failed: "big"'


@pytest.mark.parametrize("operation", ["fit", "alloc", "close"])
def test_a_fitting_attempt_is_not_a_fact(operation):
    (line,) = (one for one in lines("0.24", "kv_q8_flash") if "Operation:commit" in one)
    assert parse(line) == RunnerConfigured(2, 4096, "q8_0", True, 2)
    assert parse(line.replace("Operation:commit", f"Operation:{operation}")) is None


def test_a_load_that_fails_for_another_reason_is_a_failure():
    assert exit_reason(lines("0.32", "kv_q8_no_flash")).endswith("quantized V cache requires flash_attn to be enabled")
    *_, last = facts("0.32", "kv_q8_no_flash", Failure)
    assert isinstance(last, Failure)
    assert last.message.endswith("quantized V cache requires flash_attn to be enabled")


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        (
            "time=t level=WARN source=sched.go:509 "
            'msg="model architecture does not currently support parallel requests" architecture=qwen35',
            ParallelForced("qwen35"),
        ),
        ("load_tensors: offloaded 29/29 layers to GPU", Offloaded(29, 29)),
        ('time=t level=INFO source=ggml.go:502 msg="offloaded 0/7 layers to GPU"', Offloaded(0, 7)),
        (
            "llama_kv_cache: size =  832.00 MiB (  4096 cells,  26 layers,  2/2 seqs), "
            "K (f16):  416.00 MiB, V (f16):  416.00 MiB",
            KvCache(832 * MIB, "f16", 4096, 2),
        ),
        (
            "Error: listen tcp 127.0.0.1:11434: bind: Only one usage of each socket address is normally permitted.",
            PortInUse("127.0.0.1:11434"),
        ),
        (
            "Error: listen tcp 10.0.0.9:80: bind: permission denied",
            Failure("Error: listen tcp 10.0.0.9:80: bind: permission denied"),
        ),
        (
            "ggml_backend_cuda_buffer_type_alloc_buffer: allocating 20480 MiB on device 0: cudaMalloc failed: oom",
            OutOfMemory(
                "ggml_backend_cuda_buffer_type_alloc_buffer: allocating 20480 MiB on device 0: cudaMalloc failed: oom"
            ),
        ),
        ("common_fit_params: failed: insufficient memory", None),
        ('time=t level=INFO msg="starting runner" cmd="/usr/bin/ollama runner --ollama-engine --port 43435"', None),
        ("", None),
    ],
)
def test_single_lines(line, fact):
    assert parse(line) == fact


def test_a_path_with_spaces_is_read_from_log_and_command_line():
    path = "/Users/me/My Models/blobs/sha256-1"
    line = f'time=t level=INFO msg="starting llama-server" cmd="/x y/llama-server --model {path} --port 1 -c 8 -np 2"'
    wanted = RunnerStarting(path, 2, 8, engine=Engine.LLAMA_SERVER)
    assert parse(line) == wanted
    assert runner_arguments(["/x y/llama-server", "--model", path, "--port", "1", "-c", "8", "-np", "2"]) == wanted


def test_a_windows_path_is_read_with_its_backslashes():
    command = r"C:\\nick\\llama-server.exe --model C:\\Users\\nick\\new\\sha256-1 --port 1 -c 8 -np 2"
    line = f'time=t level=INFO msg="starting llama-server" cmd="{command}"'
    assert parse(line) == RunnerStarting(r"C:\Users\nick\new\sha256-1", 2, 8, engine=Engine.LLAMA_SERVER)


def test_only_a_runners_command_line_is_one():
    assert runner_arguments(["/usr/bin/ollama", "serve"]) is None
    assert runner_arguments(["vim", "--model", "x"]) is None
    assert runner_arguments([]) is None


def test_the_port_of_a_runner_is_in_its_command_line() -> None:
    assert runner_port(["/usr/bin/ollama", "runner", "--ollama-engine", "--model", "/m", "--port", "4711"]) == 4711
    assert [runner_port(argv) for argv in (["ollama", "serve"], ["x", "--port"], ["x", "--port", "none"])] == [None] * 3


@GENERATIONS
def test_the_exit_of_a_server_is_explained_by_its_error(generation):
    assert exit_reason(lines(generation, "port_in_use")).endswith("bind: address already in use")
    taken = "Error: listen tcp 127.0.0.1:1: bind: address already in use"
    assert exit_reason([taken, "bye"]) == exit_reason(["bye", taken]) == taken
    assert exit_reason([taken, "bye"], errors_only=True) == taken
    assert exit_reason(["hello", "", "bye  ", " "]) == "bye"
    assert exit_reason(["level=INFO x", "panic: nil map", "goroutine 1"]) == "panic: nil map"
    assert exit_reason([]) == ""
    assert exit_reason(["ready", "[GIN] 2026/11/23 - 17:30:12 | 200"]) == "ready"
    assert exit_reason(["ready"], errors_only=True) == ""


ASSERT = "ggml.c:1648: GGML_ASSERT(obj_new) failed"
NO_SPACE = "alloc_tensor_range: failed to allocate ROCm0 buffer of size 4096"
TERMINATED = 'time=t level=ERROR source=llama_server.go:1 msg="llama-server terminated" error="exit status 1" exit=1'
FAILED = 'time=t level=INFO source=sched.go:1 msg="Load failed" error="llama-server process has terminated: x"'
STARTED = 'time=t level=INFO source=llama_server.go:1 msg="llama-server started in 1.50 seconds"'
KILLED = (
    'time=t level=WARN source=llama_server.go:1 msg="llama-server process no longer running" string="signal: killed"'
)


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ([NO_SPACE, "graph_reserve: failed to allocate compute buffers", TERMINATED, FAILED], NO_SPACE),
        ([ASSERT, "SIGABRT: abort", "goroutine 1 [running]:", TERMINATED, FAILED, "[GIN] x"], ASSERT),
        ([TERMINATED, ASSERT, FAILED], ASSERT),
        ([TERMINATED], "llama-server terminated: exit status 1"),
        ([TERMINATED, FAILED, TERMINATED], "Load failed: llama-server process has terminated: x"),
        ([NO_SPACE, STARTED, ASSERT], ASSERT),
        ([NO_SPACE, '[GIN] 2026/03/02 - 08:15:00 | 500 | 1.2s | 127.0.0.1 | POST "/api/chat"', ASSERT], ASSERT),
        ([STARTED, KILLED, KILLED], "llama-server process no longer running: signal: killed"),
        ([ASSERT, KILLED], ASSERT),
    ],
)
def test_a_dying_runner_is_explained_by_the_first_cause_since_it_was_well(log, reason):
    assert exit_reason(log) == reason


@GENERATIONS
def test_the_log_does_not_say_who_has_killed_a_runner(generation):
    kinds = facts(generation, "runner_killed", Failure, OutOfMemory)
    assert {type(fact) for fact in kinds} == {Failure}


@pytest.mark.parametrize(("text", "number"), [("4", 4), ("0", 1), ("many", None), ("", None)])
def test_what_the_environment_asks_for(text, number):
    assert parallel_of({"OLLAMA_NUM_PARALLEL": text}) == number


@GENERATIONS
@pytest.mark.parametrize(
    "name", ["np4_five_at_once", "np4_embedding_forced_1", "kv_q8_flash", "reload_on_num_ctx", "two_models_evict"]
)
def test_a_healthy_log_has_no_failures(generation, name):
    assert facts(generation, name, Failure, OutOfMemory, PortInUse) == []


NEEDLES = st.sampled_from(
    [
        'msg="server config" env="map[',
        "msg=load request=",
        "KV self size = ",
        "listen tcp ",
        'cmd="',
        "Listening on ",
        "started in 1.2.3 seconds",
    ]
)


@given(st.lists(NEEDLES | st.text(max_size=20), max_size=8).map("".join))
def test_no_line_raises(line):
    parse(line)


@pytest.mark.parametrize(
    ("line", "poll"),
    [
        ('[GIN] 2026/11/23 - 18:27:09 | 200 |     201.1\u00b5s |       127.0.0.1 | GET      "/api/ps"', True),
        ('[GIN] 2026/11/23 - 18:27:09 | 200 |     201.1\u00b5s |       127.0.0.1 | GET      "/api/version"', True),
        ('[GIN] 2026/11/23 - 18:27:09 | 200 |     201.1\u00b5s |       127.0.0.1 | HEAD     "/"', True),
        ('[GIN] 2026/11/23 - 18:27:09 | 500 |     201.1\u00b5s |       127.0.0.1 | GET      "/api/ps"', False),
        ('[GIN] 2026/11/23 - 18:27:09 | 200 |  1.2s |       127.0.0.1 | POST     "/api/chat"', False),
        ('time=2026-11-23T18:27:09Z level=INFO msg="GET /api/ps"', False),
    ],
)
def test_answered_polls_of_the_state_are_recognised(line, poll):
    assert is_status_poll(line) is poll


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        (
            "time=t level=WARN source=runner.go:129 "
            'msg="truncating input prompt" limit=4096 prompt=8900 keep=4 new=4096',
            PromptTruncated(4096, 8900, 4096),
        ),
        (
            "Mar 02 08:15:00 box ollama[77]: time=t level=WARN source=llama_server.go:317 "
            'msg="truncating input prompt" limit=3072 prompt=7000 keep=1 new=3072',
            PromptTruncated(3072, 7000, 3072),
        ),
        ('level=WARN msg="truncating input prompt" limit=2048 prompt=2100 numKeep=5', PromptTruncated(2048, 2100)),
        ('level=DEBUG msg="truncating input messages which exceed context length" truncated=3', PromptTruncated()),
        ("slot      release: id  0 | task 0 | stop processing: n_tokens = 71, truncated = 0", None),
        ("slot      release: id  0 | task 0 | stop processing: n_tokens = 4096, truncated = 1", None),
    ],
)
def test_a_prompt_that_was_cut_is_told_with_what_is_left_of_it(line, fact):
    assert parse(line) == fact


def test_a_clamped_context_is_per_slot():
    line = 'msg="requested context size too large for model" num_ctx=8192 num_parallel=4 n_ctx_train=512'
    assert parse(line) == ContextClamped(2048, 512)
    assert parse(line.replace("num_parallel=4", "")) == ContextClamped(8192, 512)
