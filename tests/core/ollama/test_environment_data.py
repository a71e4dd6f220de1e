"""The data of the variables against what releases of Ollama print, take and refuse."""

import pytest

from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.environment import VARIABLES, check, check_pool, find
from ollama_panel.core.ollama.environment_kinds import Restarts
from ollama_panel.core.ollama.versions import numbers

PRINTED = {
    "0.1.39": (
        *("OLLAMA_DEBUG", "OLLAMA_FLASH_ATTENTION", "OLLAMA_HOST", "OLLAMA_KEEP_ALIVE", "OLLAMA_LLM_LIBRARY"),
        *("OLLAMA_MAX_LOADED_MODELS", "OLLAMA_MAX_QUEUE", "OLLAMA_MAX_VRAM", "OLLAMA_MODELS", "OLLAMA_NOHISTORY"),
        *("OLLAMA_NOPRUNE", "OLLAMA_NUM_PARALLEL", "OLLAMA_ORIGINS", "OLLAMA_RUNNERS_DIR", "OLLAMA_TMPDIR"),
    ),
    "0.1.45": (
        *("CUDA_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL", "HIP_VISIBLE_DEVICES", "HSA_OVERRIDE_GFX_VERSION"),
        *("OLLAMA_INTEL_GPU", "OLLAMA_SCHED_SPREAD", "ROCR_VISIBLE_DEVICES"),
    ),
    "0.3.10": ("OLLAMA_GPU_OVERHEAD", "OLLAMA_LOAD_TIMEOUT"),
    "0.3.11": ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
    "0.3.13": ("OLLAMA_MULTIUSER_CACHE",),
    "0.5.0": ("OLLAMA_KV_CACHE_TYPE",),
    "0.5.12": ("OLLAMA_NEW_ENGINE",),
    "0.5.13": ("OLLAMA_CONTEXT_LENGTH",),
    "0.11.5": ("OLLAMA_NEW_ESTIMATES",),
    "0.12.0": ("OLLAMA_REMOTES",),
    "0.12.6": ("GGML_VK_VISIBLE_DEVICES",),
    "0.12.11": ("OLLAMA_VULKAN",),
    "0.16.0": ("OLLAMA_EDITOR",),
    "0.16.2": ("OLLAMA_NO_CLOUD",),
    "0.18.3": ("OLLAMA_DEBUG_LOG_REQUESTS",),
    "0.23.3": ("OLLAMA_MAX_TRANSFER_STREAMS",),
    "0.30.0": ("LLAMA_ARG_FIT", "LLAMA_ARG_FIT_TARGET", "OLLAMA_GO_TEMPLATE", "OLLAMA_IGPU_ENABLE"),
}
"""What the line "server config" begins to print, by release (`envconfig/config.go AsMap` in all of them)."""

LAST_PRINTED = {
    "OLLAMA_RUNNERS_DIR": "0.3.10",
    "OLLAMA_TMPDIR": "0.5.1",
    "OLLAMA_NEW_ESTIMATES": "0.11.10",
    "OLLAMA_INTEL_GPU": "0.12.10",
    "OLLAMA_MULTIUSER_CACHE": "0.24.0",
    "OLLAMA_NEW_ENGINE": "0.24.0",
    "OLLAMA_MAX_VRAM": "0.2.7",
}
"""The last release that prints a variable, where newer ones do not."""


def said(name: str, value: str, version: str = "") -> str:
    problem = check(name, value, numbers(version) or (1000,))
    return render(problem.notice) if problem else ""


@pytest.mark.parametrize(("version", "name"), [(version, name) for version, names in PRINTED.items() for name in names])
def test_what_a_server_prints_is_known_and_read_by_the_releases_that_print_it(version: str, name: str) -> None:
    known = VARIABLES[name]
    last = LAST_PRINTED.get(name, "0.32.15")
    assert known.outside(numbers(version)) is None
    assert known.outside(numbers(last)) is None
    assert bool(known.until) == (name in LAST_PRINTED)


@pytest.mark.parametrize("known", VARIABLES.values(), ids=VARIABLES)
def test_defaults_of_older_releases_are_in_order_and_pass(known) -> None:
    befores = [numbers(one.before) for one in known.earlier]
    assert befores == sorted(befores)
    for one in known.earlier:
        assert check(known.name, one.value, numbers("0.24.0")) is None


@pytest.mark.parametrize(
    ("name", "version", "default"),
    [
        ("OLLAMA_NUM_PARALLEL", "0.1.48", "1"),
        ("OLLAMA_NUM_PARALLEL", "0.9.6", ""),
        ("OLLAMA_NUM_PARALLEL", "0.10.0", "1"),
        ("OLLAMA_CONTEXT_LENGTH", "0.6.6", "2048"),
        ("OLLAMA_CONTEXT_LENGTH", "0.9.6", "4096"),
        ("OLLAMA_CONTEXT_LENGTH", "0.32.15", ""),
        ("OLLAMA_VULKAN", "0.24.0", "0"),
        ("OLLAMA_VULKAN", "", "1"),
    ],
)
def test_the_default_is_that_of_the_version(name: str, version: str, default: str) -> None:
    assert VARIABLES[name].default_in(numbers(version)) == default


@pytest.mark.parametrize(
    ("given", "right"), [("gfx1030", "10.3.0"), ("gfx90a", "9.0.10"), ("GFX1100", "11.0.0"), ("gfx906", "9.0.6")]
)
def test_the_name_of_an_amd_gpus_type_is_told_as_numbers(given: str, right: str) -> None:
    for name in ("HSA_OVERRIDE_GFX_VERSION", "HSA_OVERRIDE_GFX_VERSION_1"):
        assert said(name, given) == f'{name} must be {right}, not "{given}": the driver reads only the form x.y.z.'
        assert said(name, right) == ""
    assert "must be a type such as 10.3.0" in said("HSA_OVERRIDE_GFX_VERSION", "navi31")


def test_a_gpu_of_its_own_is_a_variable_of_its_own() -> None:
    one = find("HSA_OVERRIDE_GFX_VERSION_1")
    assert one is not None
    assert one.name == "HSA_OVERRIDE_GFX_VERSION_1"
    assert find("HSA_OVERRIDE_GFX_VERSION_X") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CUDA_VISIBLE_DEVICES", "0, 1"),
        ("CUDA_VISIBLE_DEVICES", "-1"),
        ("CUDA_VISIBLE_DEVICES", "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6"),
        ("CUDA_VISIBLE_DEVICES", "MIG-GPU-8932f937-d72c-4106-c12f-20bd9faed9f6/1/2"),
        ("CUDA_DEVICE_ORDER", "PCI_BUS_ID"),
        ("ROCR_VISIBLE_DEVICES", "0,GPU-4b2c1a9f8e7d6c5b"),
        ("GGML_VK_VISIBLE_DEVICES", "1"),
        ("LLAMA_ARG_FIT_TARGET", "1024,512"),
        ("LLAMA_ARG_CACHE_TYPE_K", "q8_0"),
        ("OLLAMA_LLM_LIBRARY", "cuda_v13"),
        ("LLAMA_ARG_N_GPU_LAYERS", "all"),
        ("LLAMA_ARG_N_GPU_LAYERS", "33"),
        ("https_proxy", "http://10.0.0.1:3128"),
    ],
)
def test_right_values_pass(name: str, value: str) -> None:
    assert said(name, value) == ""


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("CUDA_VISIBLE_DEVICES", "RTX 4090", "the driver would leave out that and all after it"),
        ("CUDA_VISIBLE_DEVICES", "cuda:0", "must be the numbers or identifiers of devices"),
        ("GGML_VK_VISIBLE_DEVICES", "GPU-1", "must be the numbers or identifiers of devices"),
        ("CUDA_VISIBLE_DEVICES", '"0"', "must be the numbers or identifiers of devices"),
        ("LLAMA_ARG_FIT", "'off'", "must be one of on and off"),
        ("LLAMA_ARG_N_GPU_LAYERS", "every", "must be a whole number"),
        ("OLLAMA_MAX_QUEUE", '"64 "', "must be a whole number"),
        ("OLLAMA_LLM_LIBRARY", "cuda", "Ollama would find no GPU"),
        ("OLLAMA_GPU_OVERHEAD", "1024", "1024 MiB are 1073741824"),
        ("LLAMA_ARG_FIT_TARGET", "1073741824", "must be at most 1048576"),
        ("GGML_CUDA_ENABLE_UNIFIED_MEMORY", "0", "must be one of 1"),
        ("OLLAMA_AGENT_DISABLE_SHELL_", "1", "did you mean OLLAMA_AGENT_DISABLE_SHELL?"),
    ],
)
def test_a_wrong_value_says_why(name: str, value: str, why: str) -> None:
    assert why in said(name, value)


def test_what_the_installed_version_does_not_know_is_told() -> None:
    assert said("LLAMA_ARG_FIT", "off", "0.24.0") == (
        "LLAMA_ARG_FIT has no effect yet: 0.30.0 is the first version of Ollama that reads it."
    )
    assert "must be one of f16, q8_0 and q4_0" in said("OLLAMA_KV_CACHE_TYPE", "q5_1", "0.24.0")
    assert said("OLLAMA_KV_CACHE_TYPE", "q5_1", "0.30.0") == ""


@pytest.mark.parametrize(
    ("flash", "version", "why"),
    [
        ("0", "0.32.15", "no model would be loaded"),
        ("0", "0.24.0", "has no effect with OLLAMA_FLASH_ATTENTION=0"),
        (None, "0.24.0", "set OLLAMA_FLASH_ATTENTION, too"),
        (None, "0.32.15", ""),
        (None, "0.0.0", ""),
        ("1", "0.24.0", ""),
    ],
)
def test_a_quantised_cache_without_flash_attention_is_told(flash: str | None, version: str, why: str) -> None:
    environment = {"OLLAMA_KV_CACHE_TYPE": "q8_0"} | ({} if flash is None else {"OLLAMA_FLASH_ATTENTION": flash})
    problems = [render(one.notice) for one in check_pool(environment, numbers(version))]
    assert len(problems) == bool(why)
    assert why in "".join(problems)
    assert check_pool(environment | {"OLLAMA_KV_CACHE_TYPE": "f16"}, numbers(version)) == ()


def test_flash_attention_may_be_inherited() -> None:
    own, old = {"OLLAMA_KV_CACHE_TYPE": "q8_0"}, numbers("0.24.0")
    assert len(check_pool(own, old)) == 1
    assert check_pool(own, old, {"OLLAMA_FLASH_ATTENTION": "1"}) == ()
    assert len(check_pool(own, (), {"OLLAMA_FLASH_ATTENTION": "0"})) == 1
    assert check_pool({}, (), {"OLLAMA_KV_CACHE_TYPE": "q8_0", "OLLAMA_FLASH_ATTENTION": "0"}) == ()


def test_only_the_values_of_a_cache_need_flash_attention_on_their_own() -> None:
    off = {"OLLAMA_FLASH_ATTENTION": "0"}
    assert check_pool({"LLAMA_ARG_CACHE_TYPE_K": "q8_0", **off}) == ()
    (problem,) = check_pool({"LLAMA_ARG_CACHE_TYPE_V": "q8_0", **off})
    assert "no model would be loaded" in render(problem.notice)


def test_what_only_commands_read_restarts_nothing() -> None:
    nothing = {name for name, one in VARIABLES.items() if one.restarts is Restarts.NOTHING}
    assert {"OLLAMA_API_KEY", "OLLAMA_EDITOR", "OLLAMA_NOHISTORY"} <= nothing
    assert "OLLAMA_KEEP_ALIVE" not in nothing
