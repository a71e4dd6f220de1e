"""Every text that the parser looks for, with a line that has it."""

from typing import get_args

import pytest

from ollama_panel.core.ollama.serverlog import _FACTS_AMONG_IGNORED, _RAW_READERS, _SLOG_READERS, parse
from ollama_panel.core.ollama.serverlog_facts import (
    BackendDisabled,
    Batch,
    Buffer,
    BuffersListed,
    CacheTypeIgnored,
    ComputeFound,
    Configured,
    ContextClamped,
    ContextOpened,
    Crashed,
    DeviceMemory,
    DeviceNamed,
    DevicesRestricted,
    Evicting,
    Fact,
    Failure,
    FlashAttention,
    FlashAttentionMissing,
    FlashAttentionNeeded,
    FolderUnusable,
    GpuCrashed,
    GpuUnsupported,
    IntegratedDropped,
    KvCache,
    Listening,
    MemoryNotRecovered,
    MemoryProjected,
    MemoryTargetMissed,
    ModelFile,
    Offloaded,
    OptionUnknown,
    OutOfMemory,
    ParallelForced,
    PortInUse,
    ProjectorDevice,
    PromptCache,
    PromptTruncated,
    RunnerConfigured,
    RunnerStarted,
    RunnerStarting,
    Threads,
)

SLOG_EXAMPLES = {
    'msg="server config"': ('time=t level=INFO msg="server config" env="map[A_B:1 C_D:x y]"', Configured),
    'msg="Listening on': ('time=t level=INFO msg="Listening on 127.0.0.1:1 (version 0.32.1)"', Listening),
    'msg="inference compute"': ('time=t msg="inference compute" library=CUDA name=x total="8 GiB"', ComputeFound),
    'msg="starting llama-server"': ('msg="starting llama-server" cmd="/x/llama-server --model m"', RunnerStarting),
    'msg="starting llama server"': ('msg="starting llama server" cmd="/x/ollama runner --model m"', RunnerStarting),
    'msg="starting runner"': ('msg="starting runner" cmd="/x/ollama runner --model m --parallel 2"', RunnerStarting),
    'msg="starting mlx runner subprocess"': ('msg="starting mlx runner subprocess" model=q:7b port=1', RunnerStarting),
    "msg=load request=": (
        'msg=load request="{Operation:commit LoraPath:[] Parallel:2 B:1 KvSize:8 KvCacheType: N:1}"',
        RunnerConfigured,
    ),
    'msg="model weights"': ('time=t level=INFO msg="model weights" device=CUDA0 size="1.5 GiB"', Buffer),
    'msg="kv cache"': ('time=t level=INFO msg="kv cache" device=CUDA0 size="1.5 GiB"', Buffer),
    'msg="compute graph"': ('time=t level=INFO msg="compute graph" device=CPU size="5.0 MiB"', Buffer),
    'msg="total memory"': ('time=t level=INFO msg="total memory" size="4.0 GiB"', BuffersListed),
    'msg="offloaded ': ('time=t level=INFO msg="offloaded 29/30 layers to GPU"', Offloaded),
    'msg="llama runner started in ': ('time=t level=INFO msg="llama runner started in 1.25 seconds"', RunnerStarted),
    'msg="llama-server started in ': ('time=t level=INFO msg="llama-server started in 0.50 seconds"', RunnerStarted),
    'msg="mlx runner is ready"': ('time=t level=INFO msg="mlx runner is ready" port=1', RunnerStarted),
    'msg="model architecture does not currently support parallel requests"': (
        'msg="model architecture does not currently support parallel requests" architecture=x',
        ParallelForced,
    ),
    'msg="requested context size too large for model"': (
        'msg="requested context size too large for model" num_ctx=8192 num_parallel=4 n_ctx_train=512',
        ContextClamped,
    ),
    'msg="truncating input prompt"': ('msg="truncating input prompt" limit=8 prompt=9 keep=1 new=8', PromptTruncated),
    'msg="truncating input messages which exceed context length"': (
        'level=DEBUG msg="truncating input messages which exceed context length" truncated=3',
        PromptTruncated,
    ),
    'msg="truncating native chat messages which exceed context length"': (
        'level=DEBUG msg="truncating native chat messages which exceed context length" truncated=2',
        PromptTruncated,
    ),
    'msg="invalid option provided"': ('level=WARN msg="invalid option provided" option=x', OptionUnknown),
    'msg="kv cache type not supported by model"': (
        'level=WARN msg="kv cache type not supported by model" type=q4_0',
        CacheTypeIgnored,
    ),
    'msg="quantized kv cache requested but flash attention disabled"': (
        'level=WARN msg="quantized kv cache requested but flash attention disabled" type=q8_0',
        FlashAttentionMissing,
    ),
    'msg="OLLAMA_FLASH_ATTENTION must be enabled to use a quantized OLLAMA_KV_CACHE_TYPE"': (
        'level=WARN msg="OLLAMA_FLASH_ATTENTION must be enabled to use a quantized OLLAMA_KV_CACHE_TYPE" type=q4_0',
        FlashAttentionMissing,
    ),
    'msg="llama-server load failed; reducing automatic context': (
        'level=WARN msg="llama-server load failed; reducing automatic context and retrying once" error="out of memory"',
        OutOfMemory,
    ),
    ", evicting a model to make space": (
        'level=INFO msg="model requires more memory than is currently available, evicting a model to make space"',
        Evicting,
    ),
    'msg="llama-server model predicted to exceed available memory, evicting"': (
        'level=INFO msg="llama-server model predicted to exceed available memory, evicting" predicted="9.0 GiB"',
        Evicting,
    ),
    'msg="gpu VRAM usage didn\'t recover within timeout"': (
        'level=WARN msg="gpu VRAM usage didn\'t recover within timeout" seconds=5.25 model=/m',
        MemoryNotRecovered,
    ),
    'msg="experimental Vulkan support disabled': (
        'level=INFO msg="experimental Vulkan support disabled.  To enable, set OLLAMA_VULKAN=1"',
        BackendDisabled,
    ),
    'msg="dropping integrated GPU': (
        'level=INFO msg="dropping integrated GPU; to enable, set OLLAMA_IGPU_ENABLE=1" name=Vulkan0 description="A B"',
        IntegratedDropped,
    ),
    'msg="user overrode visible devices"': (
        'level=WARN msg="user overrode visible devices" HIP_VISIBLE_DEVICES=1,2',
        DevicesRestricted,
    ),
    'msg="Load failed"': ('level=INFO msg="Load failed" error="no such blob"', Failure),
    'msg="NewLlamaServer failed"': ('level=INFO msg="NewLlamaServer failed" error="no such blob"', Failure),
    'msg="llama-server load failed; ': (
        'level=WARN msg="llama-server load failed; evicting all other models and retrying once" error="out of memory"',
        OutOfMemory,
    ),
    'process no longer running"': (
        'level=WARN msg="llama-server process no longer running" sys=11 string="signal: segmentation fault"',
        Failure,
    ),
    "level=ERROR": ('time=t level=ERROR msg="something is wrong"', Failure),
}
RAW_EXAMPLES = {
    "INFO server config env=": ('2025/01/01 00:00:00 routes.go:1: INFO server config env="map[A_B:1]"', Configured),
    "KV self size": ("llama_init: KV self size  =  256.00 MiB, K (f16): 128.00 MiB", KvCache),
    "llama_kv_cache: size =": ("llama_kv_cache: size =  832.00 MiB ( 4096 cells)", KvCache),
    "llama_kv_cache_unified: size =": ("llama_kv_cache_unified: size =  832.00 MiB ( 4096 cells)", KvCache),
    "llama_memory_recurrent: size =": ("llama_memory_recurrent: size =   12.50 MiB (     1 cells)", KvCache),
    " buffer size": ("load_tensors:        CUDA0 model buffer size =   100.00 MiB", Buffer),
    "load_hparams: model size:": ("load_hparams: model size:         802.50 MiB", Buffer),
    "CLIP using ": ("clip_ctx: CLIP using CUDA0 backend", ProjectorDevice),
    "projected to use ": (
        "common_params_fit_impl: projected to use 10 MiB of device memory vs. 20 MiB of free device memory",
        MemoryProjected,
    ),
    "free memory target of ": (
        "common_params_fit_impl: cannot meet free memory target of 1024 MiB, need to reduce device memory by 540 MiB",
        MemoryTargetMissed,
    ),
    ": n_ctx_": ("llama_context: n_ctx_seq     = 4096", ContextOpened),
    ": n_ubatch ": ("llama_context: n_ubatch              = 1024", Batch),
    ": n_seq_max ": ("llama_context: n_seq_max             = 2", ContextOpened),
    ": flash_attn ": ("llama_context: flash_attn    = disabled", FlashAttention),
    ": Flash Attention ": ("sched_reserve: Flash Attention was auto, set to enabled", FlashAttention),
    "system_info: n_threads": ("cmn  common_param: system_info: n_threads = 2 (n_threads_batch = 2) / 2 | ", Threads),
    "layers to GPU": ("load_tensors: offloaded 29/30 layers to GPU", Offloaded),
    " MiB free)": ("cmn  common_param:   - CUDA0   : NVIDIA L4 (22563 MiB, 22330 MiB free)", DeviceMemory),
    "  Device ": ("  Device 0: NVIDIA GeForce RTX 9, compute capability 8.6, VMM: yes, ID: GPU-1", DeviceNamed),
    ": using device ": (
        "llama_prepare_model_devices: using device CUDA0 (NVIDIA L4) (0000:00:04.0) - 22330 MiB free",
        DeviceMemory,
    ),
}
AMONG_IGNORED_EXAMPLES = {
    "print_info: file size": ("print_info: file size   = 1.87 GiB (5.01 BPW) ", ModelFile),
    ": prompt cache is ": ("srv    load_model: prompt cache is enabled, size limit: 8192 MiB", PromptCache),
}
FAILURES = [
    ("Error: listen tcp 127.0.0.1:1: bind: address already in use", PortInUse),
    ("ggml_aligned_malloc: insufficient memory (attempted 1 MB)", OutOfMemory),
    ("allocating 20480 MiB on device 0: cudaMalloc failed: oom", OutOfMemory),
    ("mlx: runtime OOM", OutOfMemory),
    ("Error: could not connect", Failure),
    ("panic: nil map", Failure),
    ("fatal error: all goroutines are asleep - deadlock!", Failure),
    ("fatal error: runtime: out of memory", OutOfMemory),
    ("SIGSEGV: segmentation violation", Failure),
    ("/build/ggml/src/ggml-cpu/ops.cpp:99: not implemented", Failure),
    ("ggml-backend.cpp:1472: GGML_ASSERT(n > 0) failed", Failure),
    ("ggml_vulkan: vk::Queue::submit: ErrorDeviceLost", GpuCrashed),
    ("terminate called after throwing an instance of 'vk::DeviceLostError'", GpuCrashed),
    ("CUDA error: unspecified launch failure", GpuCrashed),
    ("ggml_cuda_init: failed to initialize CUDA: no CUDA-capable device is detected", GpuCrashed),
    ("CUDA error: an illegal memory access was encountered", Failure),
    ("terminate called after throwing an instance of 'std::bad_alloc'", OutOfMemory),
    ("llama_model_load: error loading model: mmap failed: Cannot allocate memory", OutOfMemory),
    ("llama_model_load: error loading model: tensor 'x' data is not within the file bounds", Failure),
    ("llama_init_from_model: V cache quantization requires flash_attn", FlashAttentionNeeded),
    ("llama_init_from_model: quantized V cache requires flash_attn to be enabled", FlashAttentionNeeded),
    ("CUDA error: no kernel image is available for execution on the device", GpuUnsupported),
    ("Memory access fault by GPU node-2 (Agent handle: 0x1) on address 0x2. Reason: Unknown.", GpuCrashed),
    ("Error: mkdir /srv/models: permission denied: ensure path elements are traversable", FolderUnusable),
]


def test_every_reader_has_an_example_and_every_fact_a_reader() -> None:
    assert SLOG_EXAMPLES.keys() == dict(_SLOG_READERS).keys()
    assert RAW_EXAMPLES.keys() == dict(_RAW_READERS).keys()
    assert AMONG_IGNORED_EXAMPLES.keys() == dict(_FACTS_AMONG_IGNORED).keys()
    read = SLOG_EXAMPLES | RAW_EXAMPLES | AMONG_IGNORED_EXAMPLES
    examples = [*read.values(), *FAILURES]
    assert {kind for _, kind in examples} == set(get_args(Fact)) - {Crashed}


@pytest.mark.parametrize("needle", [*SLOG_EXAMPLES, *RAW_EXAMPLES])
def test_every_reader_reads_the_lines_that_it_is_for(needle):
    line, kind = (SLOG_EXAMPLES | RAW_EXAMPLES)[needle]
    readers = _SLOG_READERS if needle in SLOG_EXAMPLES else _RAW_READERS
    assert next(one for one, _ in readers if one in line) == needle, "an earlier reader takes the line"
    assert type(parse(line)) is kind


@pytest.mark.parametrize(("line", "kind"), AMONG_IGNORED_EXAMPLES.values())
def test_a_fact_among_the_lines_that_are_ignored_is_read(line, kind):
    assert type(parse(line)) is kind


@pytest.mark.parametrize(
    "before", ["", "Mar 02 08:15:00 box ollama[77]: ", "2026-03-02T08:15:00+0100 box ollama: ", "ollama-1  | "]
)
@pytest.mark.parametrize(("line", "kind"), FAILURES)
def test_failures_are_told_by_what_their_library_says_with_and_without_a_logs_prefix(before, line, kind):
    assert type(parse(before + line)) is kind


@pytest.mark.parametrize("before", ["Mar 02 08:15:00 box nginx[8]: ", "postgres-1  | ", "Mar 02 08:15:00 box kernel: "])
@pytest.mark.parametrize(("line", "_kind"), [*FAILURES, ('time=t level=ERROR msg="something is wrong"', Failure)])
def test_another_programs_failures_are_not_ollamas(before, line, _kind):
    assert parse(before + line) is None


@pytest.mark.parametrize(
    ("line", "vendor", "reset"),
    [
        ("amdgpu 0000:03:00.0: amdgpu: GPU reset begin!", "amd", True),
        (
            "NVRM: Xid (PCI:0000:01:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.",
            "nvidia",
            False,
        ),
    ],
)
def test_the_kernel_tells_of_a_lost_card(line: str, vendor: str, reset: bool) -> None:
    fact = parse(f"Mar 02 08:15:00 box kernel: {line}")
    assert isinstance(fact, GpuCrashed)
    assert (fact.vendor, fact.reset) == (vendor, reset)


def test_a_fault_of_a_program_is_no_lost_card() -> None:
    assert parse("Mar 02 08:15:00 box kernel: NVRM: Xid (PCI:0000:01:00): 31, pid=7, name=game, MMU Fault") is None


def test_a_load_with_a_shorter_context_says_how_short() -> None:
    fact = parse(
        'time=t level=WARN source=sched.go:652 msg="llama-server load failed; reducing automatic context and retrying '
        'once" model=/m old_num_ctx=262144 effective_num_ctx=131072 new_num_ctx=32768 error="out of memory"'
    )
    assert isinstance(fact, OutOfMemory)
    assert (fact.asked, fact.given) == (131_072, 32_768)
