"""The variables that the libraries of graphics cards read, and those of the network, which Ollama's language reads.

Ollama prints most of them with its own (0.32 `envconfig/config.go AsMap`). `since` is left out where the driver reads
the variable, which has it in all versions.
"""

from typing import Any

from ollama_panel.core.ollama.environment_kinds import Kind, Reads, Variable


def _devices(name: str, meaning: str, **more: Any) -> Variable:
    return Variable(name, Kind.DEVICES, "", meaning, **more)


def _gfx(name: str) -> Variable:
    return Variable(
        name, Kind.GFX, "", "Take AMD GPUs for this type, such as 10.3.0 for gfx1030, on Linux.", since="0.1.29"
    )


def _proxy(name: str, meaning: str) -> Variable:
    return Variable(name, Kind.TEXT, "", meaning, reads=Reads.REQUEST)


_DOWNLOADS = "The proxy through which models are downloaded."
_CATCHES = "Better not set: it also catches the client's own requests to the server."
_DIRECT = "Hosts that are reached without the proxy."

DEVICES = (
    _devices("CUDA_VISIBLE_DEVICES", "Which NVIDIA GPUs may be used, by number or identifier; -1 is none."),
    Variable(
        "CUDA_DEVICE_ORDER",
        Kind.CHOICE,
        "FASTEST_FIRST",
        "How NVIDIA GPUs are numbered: PCI_BUS_ID is the order that nvidia-smi shows.",
        choices=("fastest_first", "pci_bus_id"),
    ),
    _devices("HIP_VISIBLE_DEVICES", "Which AMD GPUs may be used, by number; -1 is none."),
    _devices("ROCR_VISIBLE_DEVICES", "Which AMD GPUs may be used, by identifier or number, on Linux; -1 is none."),
    _devices("GPU_DEVICE_ORDINAL", "Which AMD GPUs may be used, by number."),
    _devices("GGML_VK_VISIBLE_DEVICES", "Which Vulkan devices may be used, by number.", since="0.12.6"),
    _gfx("HSA_OVERRIDE_GFX_VERSION"),
    Variable(
        "JETSON_JETPACK",
        Kind.TEXT,
        "",
        "The version of JetPack on an NVIDIA Jetson, which chooses the compute library.",
        since="0.1.30",
    ),
    Variable(
        "GGML_CUDA_ENABLE_UNIFIED_MEMORY",
        Kind.CHOICE,
        "",
        "Let NVIDIA GPUs use main memory when their own is full, which is slow; any value, even 0, switches it on.",
        since="0.3.13",
        choices=("1",),
        reads=Reads.LOAD,
    ),
    Variable(
        "GGML_CUDA_NO_PINNED",
        Kind.CHOICE,
        "",
        "Do not lock main memory for transfers to NVIDIA GPUs; any value, even 0, switches it on.",
        since="0.3.13",
        choices=("1",),
        reads=Reads.LOAD,
    ),
    _proxy("HTTPS_PROXY", _DOWNLOADS),
    _proxy("HTTP_PROXY", _CATCHES),
    _proxy("NO_PROXY", _DIRECT),
    _proxy("https_proxy", _DOWNLOADS),
    _proxy("http_proxy", _CATCHES),
    _proxy("no_proxy", _DIRECT),
)

CHOOSING = tuple(one.name for one in DEVICES if one.kind is Kind.DEVICES)
"""Those that choose among the cards."""


def of_one_device(name: str) -> Variable | None:
    """Return the variable of one AMD GPU, as HSA_OVERRIDE_GFX_VERSION_1 (`docs/gpu.mdx`), None if it is none."""
    base, _, number = name.rpartition("_")
    return _gfx(name) if base == "HSA_OVERRIDE_GFX_VERSION" and number.isdecimal() else None
