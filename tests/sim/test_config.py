"""The environment is read as `ollama serve` reads it."""

import pytest

from ollama_panel.sim import faults
from ollama_panel.sim.command import main
from ollama_panel.sim.config import read

RECORDED = (
    "map[CUDA_VISIBLE_DEVICES: GGML_VK_VISIBLE_DEVICES: GPU_DEVICE_ORDINAL: HIP_VISIBLE_DEVICES: "
    "HSA_OVERRIDE_GFX_VERSION: HTTPS_PROXY: HTTP_PROXY: LLAMA_ARG_FIT: LLAMA_ARG_FIT_TARGET: NO_PROXY: "
    "OLLAMA_CONTEXT_LENGTH:0 OLLAMA_DEBUG:INFO OLLAMA_DEBUG_LOG_REQUESTS:false OLLAMA_EDITOR: "
    "OLLAMA_FLASH_ATTENTION:true OLLAMA_GO_TEMPLATE:true OLLAMA_GPU_OVERHEAD:0 OLLAMA_HOST:http://127.0.0.1:21500 "
    "OLLAMA_IGPU_ENABLE: OLLAMA_KEEP_ALIVE:5m0s OLLAMA_KV_CACHE_TYPE: OLLAMA_LLM_LIBRARY: "
    "OLLAMA_LOAD_TIMEOUT:5m0s OLLAMA_MAX_LOADED_MODELS:0 OLLAMA_MAX_QUEUE:512 OLLAMA_MAX_TRANSFER_STREAMS:4 "
    "OLLAMA_MODELS:/home/user/.ollama/models OLLAMA_NOHISTORY:false OLLAMA_NOPRUNE:false OLLAMA_NO_CLOUD:true "
    "OLLAMA_NUM_PARALLEL:1 OLLAMA_ORIGINS:[http://localhost https://localhost http://localhost:* "
    "https://localhost:* http://127.0.0.1 https://127.0.0.1 http://127.0.0.1:* https://127.0.0.1:* http://0.0.0.0 "
    "https://0.0.0.0 http://0.0.0.0:* https://0.0.0.0:* app://* file://* tauri://* vscode-webview://* "
    "vscode-file://*] OLLAMA_REMOTES:[ollama.com] OLLAMA_SCHED_SPREAD:false OLLAMA_VULKAN:true "
    "ROCR_VISIBLE_DEVICES: http_proxy: https_proxy: no_proxy:]"
)


def test_bad_values_warn_and_fall_back_and_the_log_shows_what_ollama_showed() -> None:
    config = read(
        {
            "OLLAMA_NO_CLOUD": "1",
            "OLLAMA_HOST": "127.0.0.1:21500",
            "OLLAMA_NUM_PARALLEL": "many",
            "OLLAMA_KEEP_ALIVE": "soon",
            "OLLAMA_MAX_WORKERS": "3",
            "OLLAMA_FLASH_ATTENTION": "maybe",
            "OLLAMA_MODELS": "/home/user/.ollama/models",
        }
    )

    assert config.shown == RECORDED
    assert config.warnings == (("OLLAMA_NUM_PARALLEL", "many", "1"),)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("", ("127.0.0.1", 11434)),
        ("0.0.0.0", ("0.0.0.0", 11434)),
        ("localhost:8080", ("localhost", 8080)),
        ("http://box", ("box", 80)),
        ("https://box", ("box", 443)),
        ("http://[::1]:11436", ("::1", 11436)),
        (' "127.0.0.1:1" ', ("127.0.0.1", 1)),
        ("127.0.0.1:99999", ("127.0.0.1", 11434)),
    ],
)
def test_the_address_is_read(host: str, address: tuple[str, int]) -> None:
    config = read({"OLLAMA_HOST": host})

    assert (config.host, config.port) == address


@pytest.mark.parametrize(
    ("value", "microseconds"), [("300", 300_000_000), ("-1", -1_000_000), ("0", 0), ("2h", 7_200_000_000)]
)
def test_keep_alive_is_a_duration_or_seconds(value: str, microseconds: int) -> None:
    assert read({"OLLAMA_KEEP_ALIVE": value}).options.keep_alive_us == microseconds


@pytest.mark.parametrize(
    ("value", "shown"), [("90", "1m30s"), ("1.5h", "1h30m0s"), ("-1", "2562047h47m16.854775807s"), ("soon", "5m0s")]
)
def test_durations_are_shown_as_ollama_prints_them(value: str, shown: str) -> None:
    environment = {"OLLAMA_KEEP_ALIVE": value, "OLLAMA_LOAD_TIMEOUT": value}

    assert f" OLLAMA_KEEP_ALIVE:{shown} " in read(environment).shown
    assert f" OLLAMA_LOAD_TIMEOUT:{shown} " in read(environment).shown


def test_a_load_timeout_of_nothing_is_for_ever() -> None:
    config = read({"OLLAMA_LOAD_TIMEOUT": "0", "OLLAMA_KEEP_ALIVE": "0"})

    assert config.options.load_timeout_us > 10**15
    assert " OLLAMA_LOAD_TIMEOUT:2562047h47m16.854775807s " in config.shown
    assert " OLLAMA_KEEP_ALIVE:0s " in config.shown


def test_what_llama_server_would_read_is_read_too() -> None:
    options = read({"LLAMA_ARG_CACHE_RAM": "0", "LLAMA_ARG_THREADS": "1", "OLLAMA_KV_CACHE_TYPE": "Q8_0"}).options

    assert (options.cache_bytes, options.threads, options.kv_type) == (0, 1, "q8_0")


def test_faults_are_read_from_one_line() -> None:
    found = faults.read("slow-start=1.5, ignore-signals,runner-dies-after=50,crash-after=3")

    assert (found.slow_start, found.ignore_signals, found.crash_after) == (1.5, True, 3)
    assert found.machine.runner_dies_after == 50


def test_help_names_every_fault_and_variable(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--help"])

    printed = capsys.readouterr().out
    assert all(name in printed for name in faults.HELP)
    assert all("OLLAMA_SIM_" + name in printed for name in ("PROFILE", "SPEED", "GPU", "CATALOG", "FAULTS", "VERSION"))
