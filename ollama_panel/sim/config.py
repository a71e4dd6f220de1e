"""The configuration from the environment, read as Ollama 0.32 does (`envconfig/config.go`): invalid numbers warn.

The simulation's own variables are OLLAMA_SIM_*: PROFILE (machine), SPEED (time factor), GPU (run folder), CATALOG
(models), FAULTS, VERSION.
"""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec

from ollama_panel.core.ollama import durations
from ollama_panel.core.ollama.environment_kinds import plain
from ollama_panel.sim.durations import show
from ollama_panel.sim.machine.work import InstanceOptions

_DEFAULT_ORIGINS = [
    f"{scheme}://{host}{port}"
    for host in ("localhost", "127.0.0.1", "0.0.0.0")
    for port in ("", ":*")
    for scheme in ("http", "https")
] + ["app://*", "file://*", "tauri://*", "vscode-webview://*", "vscode-file://*"]
_NEVER_US = round(durations.LONGEST_S * 1e6)
_FALSE = {"0", "f", "F", "FALSE", "false", "False"}
_LEVELS = {"": "INFO", "0": "INFO", "false": "INFO", "2": "TRACE"}
_STRINGS = (
    "CUDA_VISIBLE_DEVICES",
    "GGML_VK_VISIBLE_DEVICES",
    "GPU_DEVICE_ORDINAL",
    "HIP_VISIBLE_DEVICES",
    "HSA_OVERRIDE_GFX_VERSION",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "LLAMA_ARG_FIT",
    "LLAMA_ARG_FIT_TARGET",
    "NO_PROXY",
    "OLLAMA_EDITOR",
    "OLLAMA_IGPU_ENABLE",
    "OLLAMA_KV_CACHE_TYPE",
    "OLLAMA_LLM_LIBRARY",
    "ROCR_VISIBLE_DEVICES",
    "http_proxy",
    "https_proxy",
    "no_proxy",
)


class Config(msgspec.Struct, frozen=True):
    """A server's configuration; `warnings`: (key, value, default) of invalid values; `shown`: the logged map."""

    host: str
    port: int
    origins: tuple[str, ...]
    options: InstanceOptions
    cloud_disabled: bool
    warnings: tuple[tuple[str, str, str], ...]
    shown: str


class _Reader:
    """Reads typed values from an environment and collects warnings about invalid ones."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.warnings: list[tuple[str, str, str]] = []

    def text(self, key: str) -> str:
        return plain(self._environment.get(key, ""))

    def number(self, key: str, default: int) -> int:
        text = self.text(key)
        if not text:
            return default
        if re.fullmatch(r"\+?\d+", text):
            return int(text)
        self.warnings.append((key, text, str(default)))
        return default

    def flag(self, key: str, default: bool = False) -> bool:
        text = self.text(key)
        return default if not text else text not in _FALSE

    def duration_us(self, key: str, default: int) -> int:
        seconds = durations.parse_setting(self.text(key))
        return default if seconds is None else round(seconds * 1e6)

    def address(self) -> tuple[str, str, int]:
        """Return the scheme, host and port of OLLAMA_HOST (`envconfig.Host`)."""
        text = self.text("OLLAMA_HOST")
        scheme, separator, rest = text.partition("://")
        if not separator:
            scheme, rest, default = "http", text, 11434
        else:
            default = 443 if scheme == "https" else 80
        parts = urlsplit("//" + rest)
        try:
            port = parts.port if parts.port is not None else default
        except ValueError:
            self.warnings.append(("port", rest.rpartition(":")[2], str(default)))
            port = default
        return scheme, parts.hostname or "127.0.0.1", port


def loopback(host: str) -> bool:
    """Return whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def read(environment: Mapping[str, str]) -> Config:
    """Return the configuration; an invalid value is replaced by its default."""
    reader = _Reader(environment)
    scheme, host, port = reader.address()
    extra = [origin for origin in reader.text("OLLAMA_ORIGINS").split(",") if origin]
    keep_alive = reader.duration_us("OLLAMA_KEEP_ALIVE", 300_000_000)
    load_timeout = reader.duration_us("OLLAMA_LOAD_TIMEOUT", 300_000_000)
    flash = reader.text("OLLAMA_FLASH_ATTENTION")
    options = InstanceOptions(
        parallel=max(1, reader.number("OLLAMA_NUM_PARALLEL", 1)),
        max_queue=reader.number("OLLAMA_MAX_QUEUE", 512),
        max_loaded=reader.number("OLLAMA_MAX_LOADED_MODELS", 0),
        keep_alive_us=keep_alive,
        context_length=reader.number("OLLAMA_CONTEXT_LENGTH", 0),
        kv_type=reader.text("OLLAMA_KV_CACHE_TYPE").lower(),
        flash_attention=None if not flash else flash not in _FALSE,
        cache_bytes=reader.number("LLAMA_ARG_CACHE_RAM", 8192) * 1024**2,
        load_timeout_us=load_timeout if load_timeout > 0 else _NEVER_US,
        threads=reader.number("LLAMA_ARG_THREADS", 0),
    )
    origins = (*extra, *_DEFAULT_ORIGINS)
    shown = _shown(reader, options, f"{scheme}://{host}:{port}", origins)
    no_cloud = reader.flag("OLLAMA_NO_CLOUD")
    return Config(host, port, origins, options, no_cloud, tuple(dict.fromkeys(reader.warnings)), shown)


def _duration(microseconds: int) -> str:
    """Return a duration as Ollama prints it; a negative one means for ever."""
    return show(microseconds / 1e6 if microseconds >= 0 else durations.LONGEST_S)


def _shown(reader: _Reader, options: InstanceOptions, host: str, origins: tuple[str, ...]) -> str:
    """Return the map that `server config` logs, as Go prints it."""
    values = {key: reader.text(key) for key in _STRINGS}
    for key in ("DEBUG_LOG_REQUESTS", "NOHISTORY", "NOPRUNE", "NO_CLOUD", "SCHED_SPREAD"):
        values["OLLAMA_" + key] = str(reader.flag("OLLAMA_" + key)).lower()
    values |= {
        "OLLAMA_CONTEXT_LENGTH": str(options.context_length),
        "OLLAMA_DEBUG": _LEVELS.get(reader.text("OLLAMA_DEBUG"), "DEBUG"),
        "OLLAMA_FLASH_ATTENTION": str(bool(options.flash_attention)).lower(),
        "OLLAMA_GO_TEMPLATE": str(reader.flag("OLLAMA_GO_TEMPLATE", default=True)).lower(),
        "OLLAMA_GPU_OVERHEAD": str(reader.number("OLLAMA_GPU_OVERHEAD", 0)),
        "OLLAMA_HOST": host,
        "OLLAMA_KEEP_ALIVE": _duration(options.keep_alive_us),
        "OLLAMA_LOAD_TIMEOUT": _duration(options.load_timeout_us),
        "OLLAMA_MAX_LOADED_MODELS": str(options.max_loaded),
        "OLLAMA_MAX_QUEUE": str(options.max_queue),
        "OLLAMA_MAX_TRANSFER_STREAMS": str(reader.number("OLLAMA_MAX_TRANSFER_STREAMS", 4)),
        "OLLAMA_MODELS": reader.text("OLLAMA_MODELS") or "simulated",
        "OLLAMA_NUM_PARALLEL": str(options.parallel),
        "OLLAMA_ORIGINS": "[" + " ".join(origins) + "]",
        "OLLAMA_REMOTES": "[" + (reader.text("OLLAMA_REMOTES") or "ollama.com") + "]",
        "OLLAMA_VULKAN": str(reader.flag("OLLAMA_VULKAN", default=True)).lower(),
    }
    return "map[" + " ".join(f"{key}:{values[key]}" for key in sorted(values)) + "]"
