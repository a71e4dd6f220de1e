"""Every text that the parser looks for, with a line that has it."""

from typing import get_args

import pytest

from ollama_panel.core.ollama.serverlog import _RAW_READERS, _SLOG_READERS, parse
from ollama_panel.core.ollama.serverlog_facts import (
    BackendDisabled,
    Buffer,
    BuffersListed,
    CacheTypeIgnored,
    ComputeFound,
    Configured,
    ContextClamped,
    DeviceMemory,
    DevicesRestricted,
    Evicting,
    Fact,
    Failure,
    FolderUnusable,
    GpuCrashed,
    GpuUnsupported,
    KvCache,
    Listening,
    MemoryNotRecovered,
    MemoryProjected,
    Offloaded,
    OptionUnknown,
    OutOfMemory,
    ParallelForced,
    PortInUse,
    ProjectorDevice,
    PromptTruncated,
    RunnerConfigured,
    RunnerStarted,
    RunnerStarting,
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
    "layers to GPU": ("load_tensors: offloaded 29/30 layers to GPU", Offloaded),
    " MiB free)": ("cmn  common_param:   - CUDA0   : NVIDIA L4 (22563 MiB, 22330 MiB free)", DeviceMemory),
    ": using device ": (
        "llama_prepare_model_devices: using device CUDA0 (NVIDIA L4) (0000:00:04.0) - 22330 MiB free",
        DeviceMemory,
    ),
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
    ("ggml_vulkan: vk::Queue::submit: ErrorDeviceLost", Failure),
    ("terminate called after throwing an instance of 'vk::DeviceLostError'", Failure),
    ("terminate called after throwing an instance of 'std::bad_alloc'", OutOfMemory),
    ("llama_model_load: error loading model: mmap failed: Cannot allocate memory", OutOfMemory),
    ("llama_model_load: error loading model: tensor 'x' data is not within the file bounds", Failure),
    ("llama_init_from_model: V cache quantization requires flash_attn", Failure),
    ("CUDA error: no kernel image is available for execution on the device", GpuUnsupported),
    ("Memory access fault by GPU node-2 (Agent handle: 0x1) on address 0x2. Reason: Unknown.", GpuCrashed),
    ("Error: mkdir /srv/models: permission denied: ensure path elements are traversable", FolderUnusable),
]


def test_every_reader_has_an_example_and_every_fact_a_reader() -> None:
    assert SLOG_EXAMPLES.keys() == dict(_SLOG_READERS).keys()
    assert RAW_EXAMPLES.keys() == dict(_RAW_READERS).keys()
    examples = [*SLOG_EXAMPLES.values(), *RAW_EXAMPLES.values(), *FAILURES]
    assert {kind for _, kind in examples} == set(get_args(Fact))


@pytest.mark.parametrize("needle", [*SLOG_EXAMPLES, *RAW_EXAMPLES])
def test_every_reader_reads_the_lines_that_it_is_for(needle):
    line, kind = (SLOG_EXAMPLES | RAW_EXAMPLES)[needle]
    readers = _SLOG_READERS if needle in SLOG_EXAMPLES else _RAW_READERS
    assert next(one for one, _ in readers if one in line) == needle, "an earlier reader takes the line"
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
